"""What no form foresaw, in real Chromium: two tabs, two clicks, no mouse, a narrow window."""

import re
import uuid

import pytest

from cases.models import Case, CaseNote, SafeContact
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member
from plans import operations as plans
from plans.models import PlanVersion, Section
from teams import operations as teams
from tests.browser import Person, sign_in
from tests.furniture import furnish
from tests.world import World

SAVED = re.compile(r"^Sparat \d\d:\d\d$")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(live_server, chromium):
    world = World()
    return world, lambda membership: Person(chromium, live_server, membership)


@pytest.fixture
def furnished(town):
    world, sit_down = town
    furnish(world)
    with acting(world.anna):
        draft = PlanVersion.objects.filter(case=world.case).get(state="draft")
        member = world.case.team.get(membership=world.sara)
        world.section = plans.request_section(
            by=world.anna, plan_version=draft, member=member, area="health", question="Vad kan ni göra nu?"
        )
    world.version = draft
    return world, sit_down


def go(person, path):
    person.page.goto(f"{person.server}{path}")
    person.check()


def test_a_double_click_opens_one_case(town):
    world, sit_down = town
    anna = sit_down(world.anna)
    anna.page.locator("[name=q]").fill("Maria Karlsson")
    anna.press("Sök")
    anna.press("Lägg till ny person")
    anna.fill(contact_way="personen själv", target_group="Utsatt för prostitution")
    address = anna.page.url
    form = anna.page.locator("main form").first.evaluate("f => Object.fromEntries(new FormData(f))")
    with anna.page.expect_navigation():
        anna.page.get_by_role("button", name="Öppna ärende").dblclick()
    anna.page.get_by_text("är öppnat").wait_for()
    # And what "back" and "send again" would do a while later.
    again = anna.page.request.post(address, form=form, headers={"Referer": anna.server})
    assert again.url == anna.page.url
    with acting(world.anna):
        assert Case.objects.count() == 1


def test_two_tabs_show_both_texts_and_keep_the_chosen(furnished):
    world, sit_down = furnished
    anna = sit_down(world.anna)
    path = f"/plan/{world.version.pk}/text/viktigt/"
    other = anna.page.context.new_page()
    for keep, kept in (("Behåll min text", "I min flik"), ("Ta texten", "I den andra fliken")):
        go(anna, path)
        other.goto(f"{anna.server}{path}")
        other.locator("[name=what_matters]").fill("I den andra fliken")
        other.get_by_text(SAVED).wait_for()
        anna.page.locator("[name=what_matters]").fill("I min flik")
        anna.page.get_by_text("Ingenting är borta.").wait_for()
        assert anna.sees("I den andra fliken")
        assert anna.page.locator("[name=what_matters]").input_value() == "I min flik", "what is typed stays"
        anna.problems.clear()  # Chromium writes every 409 to the console
        anna.check()
        anna.press(keep, exact=False)
        with acting(world.anna):
            assert PlanVersion.objects.get(pk=world.version.pk).what_matters == kept


def test_without_javascript_a_stale_card_shows_both(furnished, live_server, chromium):
    """No page needs the scripts: the same conflict through the form alone."""
    world, sit_down = furnished
    anna = sit_down(world.anna)
    plain = chromium.new_context(java_script_enabled=False, storage_state=anna.page.context.storage_state()).new_page()
    url = f"{live_server.url}/arende/{world.case.pk}/saker-kontakt/"
    plain.goto(url)
    go(anna, f"/arende/{world.case.pk}/saker-kontakt/")
    anna.page.locator("[name=code_word]").fill("blåklocka")
    anna.press("Spara")
    plain.locator("[name=code_word]").fill("prästkrage")
    plain.get_by_role("button", name="Spara", exact=True).click()
    assert "prästkrage" in plain.inner_text("main")
    assert "blåklocka" in plain.inner_text("main")
    plain.get_by_role("button", name="Behåll min text").click()
    with acting(world.anna):
        assert SafeContact.objects.get(individual=world.case.individual).code_word == "prästkrage"


def test_the_keyboard_is_enough(furnished):
    world, sit_down = furnished
    anna = sit_down(world.anna)
    keys = anna.page.keyboard
    go(anna, f"/arende/{world.case.pk}/")
    keys.press("Tab")
    assert anna.page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
    assert anna.page.locator("a.skip").is_visible()
    keys.press("Enter")
    assert anna.page.evaluate("document.activeElement.id") == "main"
    keys.press("/")
    assert anna.page.evaluate("document.activeElement.id") == "search"
    keys.type("a/b?")
    assert anna.page.locator("#search").input_value() == "a/b?", "a key that is text is text"
    anna.go(lambda: keys.press("Alt+Shift+A"))
    assert anna.page.title() == "Anteckning – Planering"
    anna.page.locator("[name=fact]").focus()
    keys.type("Skriven utan mus.")
    anna.page.get_by_text(SAVED).wait_for()
    with acting(world.anna):
        assert CaseNote.objects.filter(fact__isnull=False, signed_at=None).exists()
    for key, title in (("Q", "Insats"), ("B", "Nytt beslut"), ("M", "Möte"), ("P", "PDF")):
        anna.go(lambda key=key: keys.press(f"Alt+Shift+{key}"))
        assert anna.page.title() == f"{title} – Planering"


def test_typing_survives_a_session_that_has_ended(furnished):
    world, sit_down = furnished
    sara = sit_down(world.sara)
    go(sara, f"/bidrag/{world.section.pk}/")
    sara.page.context.clear_cookies()
    sara.page.locator("[name=what]").fill("Skrivet efter kvarten.")
    sara.page.locator("main").get_by_text("Inte sparat: du har loggats ut.").wait_for()
    assert sara.page.locator("[name=what]").input_value() == "Skrivet efter kvarten."
    sara.page.get_by_role("button", name="Signera").click()
    assert sara.page.locator("[name=what]").input_value() == "Skrivet efter kvarten.", "pressing on loses nothing"
    other = sara.page.context.new_page()
    sign_in(other, sara.server, world.sara.user)
    sara.page.locator("[name=what]").press_sequentially(" Och lite till.")
    sara.page.locator("main").get_by_text(SAVED).wait_for()
    with acting(world.anna):
        assert Section.objects.get(pk=world.section.pk).text == "Skrivet efter kvarten. Och lite till."


def test_a_narrow_screen_does_not_scroll_sideways(furnished):
    world, sit_down = furnished
    anna, sara = sit_down(world.anna), sit_down(world.sara)
    case, version = world.case.pk, world.version.pk
    pages = [(anna, path) for path in ("/min-dag/", f"/arende/{case}/", f"/plan/{version}/", f"/arende/{case}/team/")]
    pages.append((sara, f"/bidrag/{world.section.pk}/"))
    for person, path in pages:
        person.page.set_viewport_size({"width": 320, "height": 640})
        go(person, path)
        wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path


def test_axe_finds_nothing_on_the_other_screens(furnished):
    world, sit_down = furnished
    case = world.case.pk
    with acting(world.anna):
        consent = world.case.consents.get(kind="waiver")
        decision = teams.propose_decision(by=world.anna, case=world.case, kind="travel", what="Resa till mötet")
    with acting(world.siv):
        add_member(by=world.siv, email=world.rut.user.email, name="Rut Region", role="social_worker")
    screens = {
        "anna": ["/personer/", f"/arende/{case}/anteckningar/", f"/arende/{case}/samtycken/{consent.pk}/aterkalla/",
                 "/beslut/", f"/beslut/{decision.pk}/", "/moten/"],
        "maud": ["/enheten/"],
        "adam": ["/personal/", "/samverkan/"],
        "rut": ["/uppdrag/"],
    }  # fmt: skip
    for who, paths in screens.items():
        person = sit_down(getattr(world, who))
        for path in paths:
            go(person, path)
        if who == "maud":
            person.page.goto(f"{person.server}/arende/{uuid.uuid4()}/")
            person.problems.clear()  # Chromium writes every 404 to the console
            person.check()
            assert person.sees("Sidan finns inte, eller så har du inte tillgång till den.")
