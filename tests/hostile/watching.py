"""A browser that tells what a page tried: boxes, breaches of the content policy, requests elsewhere, planted markup."""

from urllib.parse import urlsplit

LISTENING = """
    window.tried = [];
    const broken = (event) => tried.push(`policy ${event.violatedDirective} ${event.blockedURI}`);
    addEventListener("securitypolicyviolation", broken);
    for (const box of ["alert", "confirm", "prompt", "print"]) window[box] = () => tried.push(`box ${box}`);
"""
OPENING = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
WAITS = "document.querySelector('[hx-get]') !== null"
PLANTED = """
    [...document.querySelectorAll('[data-planted], a[href^="javascript:" i]')].map((el) => el.outerHTML.slice(0, 90))
"""
VIEWER = ("chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/", "chrome://")  # Chromium's own, of a PDF
MARKS = "document.documentElement.outerHTML.includes('data-planted')"


class Watched:
    """Somebody's pages, one at a time. ``found``: what should not have happened; ``marked``: pages where a hostile text
    was shown at all."""

    def __init__(self, browser, product, membership=None):
        self.url, self.found, self.pages, self.marked = product.url, [], 0, 0
        self.context = browser.new_context(ignore_https_errors=True, locale="sv-SE")
        if membership is not None:
            self.context.add_cookies([product.cookie(membership)])
        self.context.add_init_script(LISTENING)
        self.context.on("request", self._requested)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("dialog", lambda box: (self.found.append(f"box {box.message}"), box.dismiss()))

    def _requested(self, request):
        if not request.url.startswith((f"{self.url}/", "about:", "blob:", *VIEWER)):
            self.found.append(f"request {request.url[:60]} from {urlsplit(self.page.url).path}")

    def look(self, path):
        """The status, or None for a file that was taken down and not shown."""
        try:
            answer = self.page.goto(f"{self.url}{path}", wait_until="load")
        except Exception as why:
            if "Download is starting" in str(why) or "ERR_ABORTED" in str(why):
                return None
            raise
        self.page.evaluate(OPENING)
        if self.page.evaluate(WAITS):
            self.page.wait_for_timeout(300)  # what the folds have fetched
        self.tell(path)
        return answer.status

    def tell(self, path):
        self.pages += 1
        self.marked += self.page.evaluate(MARKS)
        for what in [*self.page.evaluate("window.tried || []"), *self.page.evaluate(PLANTED)]:
            self.found.append(f"{path}: {what}")

    def close(self):
        self.context.close()
