"""Passkeys in real Chromium with its virtual authenticator: made, used, and each way of cheating refused."""

import json
from urllib.parse import urlsplit

import pytest

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import Passkey
from tests.browser import PASSWORD, Person
from tests.world import World

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
DOOR = "/logga-in/"
pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """Anna at a browser with an authenticator of its own, on ``localhost``: browsers make no passkey for an address."""

    def __init__(self, world, server, chromium):
        self.world, self.user = world, world.anna.user
        self.person = Person(chromium, server, world.anna)
        self.page, self.base = self.person.page, server.url
        self.cdp = self.page.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        self.key = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def make(self, name="Jobbdatorn"):
        self.page.goto(f"{self.base}/inloggning/passnyckel/")
        self.person.check()
        self.page.get_by_label("Vad ska den heta?").fill(name)
        self.person.press("Skapa passnyckel")

    def leave(self):
        self.page.context.clear_cookies()
        self.page.goto(f"{self.base}/logga-in/")
        self.person.check()

    def use(self):
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Logga in med passnyckel").click()

    @property
    def is_in(self):
        return urlsplit(self.page.goto(f"{self.base}/min-dag/").url).path == "/min-dag/"

    def credential(self):
        [one] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.key})["credentials"]
        return one

    def put_back(self, credential):
        self.cdp.send(
            "WebAuthn.removeCredential", {"authenticatorId": self.key, "credentialId": credential["credentialId"]}
        )
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.key, "credential": credential})


class Server:
    def __init__(self, live_server):
        self.url = live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def desk(live_server, chromium, settings):
    server = Server(live_server)
    settings.BASE_URL, settings.ALLOWED_HOSTS = server.url, ["localhost", "127.0.0.1"]
    return Desk(World(), server, chromium)


def stored(desk):
    with acting_as_user(desk.user):
        return Passkey.objects.get(user=desk.user)


def test_made_and_used_without_a_password(desk):
    desk.make()
    assert desk.person.sees("Jobbdatorn") and desk.person.sees("Inte använd än")
    desk.leave()
    desk.use()
    assert desk.is_in
    desk.page.goto(f"{desk.base}/inloggning/")
    desk.person.check()
    assert desk.person.sees("Använd i dag")
    first = stored(desk).counter
    desk.leave()
    desk.use()
    assert desk.is_in and stored(desk).counter > first


def test_as_the_second_step_and_again_where_it_is_sensitive(desk):
    desk.make()
    desk.leave()
    desk.page.get_by_label("E-post").fill(desk.user.email)
    desk.page.get_by_label("Lösenord").fill(PASSWORD)
    desk.person.press("Logga in")
    assert desk.person.sees("Visa att det är du")
    desk.person.press("Använd passnyckel")
    assert desk.is_in
    desk.page.goto(f"{desk.base}/losenord-igen/?next=/personer/")
    desk.person.press("Använd passnyckel")
    assert desk.page.url.endswith("/personer/")


def test_without_the_finger_or_pin_it_is_refused(desk):
    desk.make()
    desk.leave()
    desk.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": desk.key, "isUserVerified": False})
    desk.page.get_by_role("button", name="Logga in med passnyckel").click()
    desk.page.get_by_text("Det blev avbrutet").wait_for()
    assert not desk.is_in


def test_a_copy_whose_counter_has_gone_back_is_refused(desk):
    desk.make()
    copy = desk.credential()
    for _ in range(2):
        desk.leave()
        desk.use()
    assert desk.is_in
    desk.leave()
    desk.put_back(copy)
    desk.use()
    assert desk.person.sees("Passnyckeln gick inte att använda") and not desk.is_in
    with acting(desk.world.anna):
        assert AuditEvent.objects.filter(action="sign_in.copied_passkey_refused").count() == 1


CAUGHT = """() => {
    HTMLFormElement.prototype.submit = function () { window.caught = this.elements.credential.value; };
}"""


def caught(desk):
    """The answer that the browser was about to send."""
    desk.page.evaluate(CAUGHT)
    desk.page.get_by_role("button", name="Logga in med passnyckel").click()
    for _ in range(100):  # the content policy lets nobody wait for a text of script
        if found := desk.page.evaluate("() => window.caught"):
            return found
        desk.page.wait_for_timeout(100)
    raise AssertionError("the passkey gave no answer")


def sent(desk, credential):
    token = desk.page.locator("form[data-passkey] [name=csrfmiddlewaretoken]").input_value()
    form = {"csrfmiddlewaretoken": token, "credential": credential}
    return desk.page.request.post(
        f"{desk.base}/logga-in/passnyckel/", form=form, headers={"Referer": desk.base}, max_redirects=0
    ).headers["location"]


def ask(desk):
    token = desk.page.locator("form[data-passkey] [name=csrfmiddlewaretoken]").input_value()
    desk.page.request.post(f"{desk.base}/logga-in/passnyckel/fraga/", form={"csrfmiddlewaretoken": token})


def test_an_answer_is_good_once_and_for_its_own_question(desk):
    desk.make()
    desk.leave()
    answer = caught(desk)
    assert sent(desk, answer) == "/", "the positive control: as it stands it opens"
    desk.leave()
    assert sent(desk, answer) == DOOR, "nothing was asked"
    ask(desk)
    assert sent(desk, answer) == DOOR, "another question"
    assert not desk.is_in


def test_from_another_origin_it_is_refused(desk, settings):
    """What a look-alike would send on: signed for the address where the browser stood."""
    desk.make()
    desk.leave()
    answer = caught(desk)
    settings.BASE_URL = desk.base.replace("localhost", "localhost.annan.invalid")
    assert sent(desk, answer) == DOOR
    settings.BASE_URL = desk.base.rsplit(":", 1)[0] + ":1"
    desk.leave()
    answer = caught(desk)
    assert sent(desk, answer) == DOOR, "another port is another origin"
    settings.BASE_URL = desk.base
    desk.leave()
    assert sent(desk, caught(desk)) == "/"


@pytest.mark.parametrize("spoil", ["signature", "authenticatorData", "clientDataJSON", "userHandle"])
def test_a_changed_answer_is_refused(desk, spoil):
    desk.make()
    desk.leave()
    answer = json.loads(caught(desk))
    text = answer["response"][spoil]
    answer["response"][spoil] = ("B" if text[8] == "A" else "A").join([text[:8], text[9:]])
    assert sent(desk, json.dumps(answer)) == DOOR
    assert not desk.is_in


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", "inte json", '{"response": 1}', "9" * 30_000])
def test_what_is_no_answer_is_refused(client, db, answer):
    client.post("/logga-in/passnyckel/fraga/")
    assert client.post("/logga-in/passnyckel/", {"credential": answer}).url == DOOR


def test_in_production_the_origin_is_the_installations_own(rf, settings):
    from exitprogram.tenancy.passkeys import origin_of, possible

    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://planering.example", ["*"]
    asked = rf.get("/", HTTP_HOST="annan.invalid")
    assert origin_of(asked) == "https://planering.example" and possible(asked)
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert not possible(asked)
