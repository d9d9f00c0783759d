"""Real Chromium against a live server, and axe on every page it shows."""

import os

from axe_playwright_python.sync_playwright import Axe

from exitprogram.tenancy.codes import code_at, step_now
from exitprogram.tenancy.passwords import set_password
from tests.signins import set_app

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's sync API runs a loop in this thread
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=sv-SE",
]  # fmt: skip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# A press is a pointer that goes down or a key that commits; typing, tabbing and the arrow keys are free (peers.md §5).
COUNTER = """
    const counted = () => Number(sessionStorage.getItem("presses") || 0);
    const more = (event) => { if (event.isTrusted) sessionStorage.setItem("presses", counted() + 1); };
    const writes = (el) => el.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit])");
    addEventListener("pointerdown", more, true);
    addEventListener("keydown", (event) => {
        const commits = event.key === "Enter" ? !event.target.matches("textarea")
            : event.key === " " ? !writes(event.target)
            : event.altKey && event.shiftKey && event.code.startsWith("Key");
        if (commits && !event.repeat) more(event);
    }, true);
"""
PASSWORD = "planering-i-lugn-och-ro"


def with_app(user):
    """Gives ``user`` an app, and returns what it shows now. The same key each time, with no code used yet."""
    secret = user.pk.bytes + b"-app"
    set_app(user, secret)
    return code_at(secret, step_now())


def sign_in(page, server, user):
    """At the door, in this tab: a password, and then what the app shows."""
    code = with_app(user)
    page.goto(f"{server}/logga-in/")
    page.get_by_label("E-post").fill(user.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Logga in", exact=True).click()
    page.get_by_label("Kod").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="Fortsätt").click()


def show_who(page, user):
    """Where what is sensitive asks once more."""
    page.get_by_label("Kod").fill(with_app(user))
    with page.expect_navigation():
        page.get_by_role("button", name="Fortsätt").click()


class Person:
    """Somebody at a screen of her own. Every page she reaches is checked by axe; a violation fails the test."""

    def __init__(self, browser, server, membership):
        self.server = server.url
        self.user = user = membership.user
        set_password(user, PASSWORD)
        self.page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="sv-SE").new_page()
        self.page.set_default_timeout(15_000)
        self.problems, self.counts = [], False
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        sign_in(self.page, self.server, user)
        self.check()

    def press(self, name, exact=True):
        """Press the button or link with this name and wait for the page it leads to."""
        target = self.page.get_by_role("button", name=name, exact=exact)
        if not target.count():
            target = self.page.get_by_role("link", name=name, exact=exact)
        self.go(target.first.click)

    def go(self, act):
        """Do something that leads to a new page, wait for it, and let axe look."""
        with self.page.expect_navigation():
            act()
        self.check()

    def fill(self, **texts):
        """Fill fields by their form name."""
        for name, value in texts.items():
            field = self.page.locator(f"main [name={name}]").first
            kind = field.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
            if kind == "select":
                field.select_option(label=value)
            elif kind in ("radio", "checkbox"):
                self.page.locator("main").get_by_label(value, exact=True).check()
            else:
                field.fill(value)

    def count_from(self, path):
        """Open this page and count presses from there."""
        if not self.counts:
            self.page.context.add_init_script(COUNTER)
        self.counts = True
        self.page.goto(f"{self.server}{path}")
        self.page.evaluate("sessionStorage.setItem('presses', 0)")
        self.check()

    @property
    def presses(self):
        return self.page.evaluate("Number(sessionStorage.getItem('presses'))")

    def check(self):
        found = Axe().run(self.page, options=RULES).response["violations"]
        assert found == [], [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found]
        assert self.problems == []

    def sees(self, text):
        return text in self.text

    @property
    def text(self):
        return self.page.inner_text("body")
