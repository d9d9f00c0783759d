"""Another site in real Chromium, against the product behind TLS: it frames nothing, sends nothing, reads nothing, hears
of nothing. And what our own pages must do meanwhile: sign in by form, with cookies that only our own address has."""

from http.server import BaseHTTPRequestHandler

import pytest
from django.urls import reverse

from cases.models import CaseNote
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.passwords import set_password
from tests.browser import PASSWORD
from tests.hostile.watching import Watched
from tests.serving import certificate, listening

SENDING = """<form method=post action="{url}"><input name=form_key value=x></form>
    <script>document.forms[0].submit()</script>"""
FRAMING = "".join(
    f'<{tag} src="{{url}}" data="{{url}}" width=600 height=400></{tag}>' for tag in ("iframe", "embed", "object")
)
TOLD = 'onload="document.title += 1" onerror="document.title += 0"'
READING = f"""<title>x</title><img src="{{url}}{{icon}}" {TOLD}><link rel=stylesheet href="{{url}}{{style}}" {TOLD}>
    <script src="{{url}}{{script}}" {TOLD}></script>"""


class Elsewhere(BaseHTTPRequestHandler):
    """Another site: it shows ``page`` and writes down what it is asked."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        body = self.server.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    with listening(Elsewhere, certificate(tmp_path_factory.mktemp("elsewhere")), page="x", asked=[]) as server:
        server.url = f"https://127.0.0.1:{server.server_address[1]}"  # another site than https://localhost
        yield server


@pytest.fixture(scope="module")
def anna(standing, behind_tls, chromium):
    watched = Watched(chromium, behind_tls, standing.anna)
    yield watched
    watched.close()


def shown(watched):
    """What all frames of the page say."""
    words = []
    for frame in watched.page.frames:
        words.append(frame.evaluate("document.body ? document.body.innerText : ''"))
    return "\n".join(words)


def test_nobody_frames_us(anna, elsewhere, behind_tls):
    anna.look("/min-dag/")
    assert "Exitprogram" in shown(anna)
    elsewhere.page = FRAMING.format(url=f"{behind_tls.url}/min-dag/")
    anna.page.goto(elsewhere.url)
    anna.page.wait_for_timeout(500)
    assert len(anna.page.frames) > 1 and "Exitprogram" not in shown(anna)
    elsewhere.page = '<iframe srcdoc="<p>Exitprogram</p>"></iframe>'
    anna.page.goto(elsewhere.url)
    assert "Exitprogram" in shown(anna), "what may be framed would have been found"


def test_a_form_of_another_site_does_nothing(anna, elsewhere, behind_tls, standing):
    with acting(standing.anna):
        before = CaseNote.objects.count()
    for path in (reverse("tenancy:sign_out"), reverse("cases:note_new", args=[standing.case.pk])):
        elsewhere.page = SENDING.format(url=behind_tls.url + path)
        with anna.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            anna.page.goto(elsewhere.url)
        assert sent.value.status in (302, 403) and "session" not in str(sent.value.request.all_headers().get("cookie"))
        if sent.value.status == 302:
            assert "/logga-in/" in sent.value.headers["location"]
    with acting(standing.anna):
        assert CaseNote.objects.count() == before
    assert anna.look("/min-dag/") == 200 and "/logga-in/" not in anna.page.url, "still signed in"


def test_another_site_reads_nothing(anna, elsewhere, behind_tls):
    anna.look("/min-dag/")
    files = anna.page.evaluate("""Object.fromEntries([["icon", "link[rel=icon]", "href"], ["script", "script", "src"],
        ["style", "link[rel=stylesheet]", "href"]].map(([name, what, where]) =>
        [name, new URL(document.querySelector(what)[where]).pathname]))""")
    elsewhere.page = READING.format(url=behind_tls.url, **files)
    anna.page.goto(elsewhere.url)
    assert anna.page.title() == "x000" and anna.page.evaluate("typeof ourAnswer") == "undefined"
    asked = "fetch(url, {mode: 'no-cors', credentials: 'include'}).then(() => 'read', () => 'refused')"
    for path in ("/min-dag/", "/halsa/", "/api/schema/"):
        assert anna.page.evaluate(f"(url) => {asked}", behind_tls.url + path) == "refused"


def test_nobody_hears_where_one_came_from(anna, elsewhere, behind_tls, standing):
    path = reverse("plans:person", args=[standing.case.pk])
    own, elsewhere.asked[:] = [], []
    anna.page.on("request", lambda request: own.append((request.url, request.all_headers().get("referer"))))
    for rel in ("", "noopener"):
        anna.look(path)
        anna.page.evaluate(
            "([url, rel]) => document.body.append(Object.assign(document.createElement('a'),"
            " {href: url, rel, id: 'away', textContent: 'bort'}))", [elsewhere.url, rel],
        )  # fmt: skip
        anna.page.locator("#away").evaluate("link => link.click()")
        anna.page.wait_for_url(f"{elsewhere.url}/**")
    arrived = [headers for path, headers in elsewhere.asked if path == "/"]  # and not its own icon
    assert len(arrived) == 2 and all("Referer" not in headers and "Cookie" not in headers for headers in arrived)
    inside = [referer for url, referer in own if url.startswith(behind_tls.url) and referer]
    assert any(path in referer for referer in inside), "within the product it is told, as Django needs"


def test_our_own_page_sends_nothing_elsewhere(anna, elsewhere):
    """Were there a hole: the policy stops form, picture, script, connection and frame on the way."""
    elsewhere.asked[:] = []
    target = elsewhere.url + "/sent"  # the other site's own page of before may still ask it for an icon
    anna.look("/min-dag/")
    anna.page.evaluate("""(url) => {
        const form = Object.assign(document.createElement("form"), {action: url, method: "post"});
        document.body.append(form);
        form.submit();
        for (const [tag, where] of [["img", "src"], ["iframe", "src"], ["embed", "src"], ["object", "data"]])
            try { document.body.append(Object.assign(document.createElement(tag), {[where]: url})); } catch { /* no */ }
        fetch(url).catch(() => 0); navigator.sendBeacon(url, "x");
        try { new WebSocket(url.replace("https", "wss")); } catch { /* refused at once */ }
    }""", target)  # fmt: skip
    anna.page.wait_for_timeout(500)
    assert [path for path, _ in elsewhere.asked if path.startswith("/sent")] == []
    broken = {what.split()[1] for what in anna.page.evaluate("window.tried")}
    assert broken >= {"form-action", "img-src", "connect-src", "frame-src"}


def test_script_writes_no_markup_and_runs_no_text(anna):
    """Trusted types: only what our own server has just answered becomes markup."""
    anna.look("/min-dag/")
    for act in ("document.body.innerHTML = '<b>x</b>'", "document.body.insertAdjacentHTML('beforeend', '<b>x</b>')",
                "document.write('x')", "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
                "document.createElement('script').src = '/x.js'",
                "trustedTypes.createPolicy('mine', {createHTML: (html) => html})"):  # fmt: skip
        stopped = anna.page.evaluate(
            "(act) => { try { (" + "() => {" + act + "})(); return false } catch { return true } }", act
        )
        assert stopped, act
    # Later, when the debugger that asks here has let go: it may run text itself.
    anna.page.evaluate("""setTimeout(() => {
        const run = "window.ran = 1";
        for (const act of [() => eval(run), () => new Function(run)(), () => setTimeout(run)])
            try { act(); } catch { /* stopped */ }
    })""")
    anna.page.wait_for_timeout(100)
    assert anna.page.evaluate("typeof window.ran") == "undefined"


def test_sign_in_by_form_over_tls(behind_tls, chromium, standing, settings):
    """The token holds with this referrer policy, and the cookies are of our own address only."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # as the product has them
    set_password(standing.leo.user, PASSWORD)
    watched = Watched(chromium, behind_tls)
    watched.look("/logga-in/")
    watched.page.get_by_label("E-post").fill(standing.leo.user.email)
    watched.page.get_by_label("Lösenord").fill(PASSWORD)
    with watched.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        watched.page.get_by_role("button", name="Logga in", exact=True).click()
    assert sent.value.status == 302 and sent.value.request.headers["referer"] == f"{behind_tls.url}/logga-in/"
    watched.page.wait_for_load_state()
    assert "/logga-in/" not in watched.page.url
    kept = {cookie["name"]: cookie for cookie in watched.context.cookies()}
    assert set(kept) == {"__Host-session", "__Host-csrf"}
    for cookie in kept.values():
        facts = (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["path"], cookie["domain"])
        assert facts == (True, True, "Lax", "/", "localhost")
    assert kept["__Host-session"]["expires"] == -1, "gone with the browser"
    watched.close()
