"""The coordinator's day counted in presses (peers.md §5.1), in real Chromium and with axe on every page."""

import re
from datetime import timedelta

import pytest

from cases.models import Clock
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from plans.models import Measure
from teams import operations as teams
from teams.models import DELEGABLE
from tests.browser import Person
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
DESK = "/min-dag/"
TICK = re.compile(r"^Klart?\s*:")


@pytest.fixture
def desk(live_server, chromium):
    """Anna's desk, with Maria's plan agreed and a measure in it that should have been done yesterday."""
    world = World()
    world.consent(), world.coordinator()
    draft = world.draft()
    with acting(world.anna):
        begun, soon = today() - timedelta(days=30), today() + timedelta(days=10)
        draft = plans.save_version(by=world.anna, plan_version=draft, expected=None, starts_on=begun, follow_up_on=soon)
        plans.save_measure(
            by=world.anna, measure=draft.measures.get(), expected=None, ends_on=today() - timedelta(days=1)
        )
        plans.agree_version(by=world.anna, plan_version=draft)
    return world, Person(chromium, live_server, world.anna)


def measure(world):
    with acting(world.anna):
        return Measure.objects.get(case=world.case)


def row(anna, text="Traumasamtal"):
    return anna.page.locator(".row").filter(has_text=text)


def test_the_right_person_is_one_press_away(desk):
    world, anna = desk
    person = world.case.get_absolute_url()
    for start, opens in ((DESK, row(anna).get_by_role("link").first), ("/personer/", anna.page.get_by_role(
        "link", name="Maria Karlsson"))):  # fmt: skip
        anna.count_from(start)
        anna.go(opens.click)
        assert (anna.presses, anna.page.url) == (1, f"{anna.server}{person}")
    anna.count_from(DESK)
    anna.page.keyboard.press("/")
    anna.page.keyboard.type("Maria K")
    anna.go(lambda: anna.page.keyboard.press("Enter"))
    assert (anna.presses, anna.page.url) == (1, f"{anna.server}{person}")


@pytest.mark.parametrize("by_key", [False, True])
def test_a_measure_is_ticked_and_unticked_where_it_stands(desk, by_key):
    world, anna = desk
    anna.count_from(DESK)
    tick = row(anna).get_by_role("button", name=TICK)

    def press(button):
        button.focus() if by_key else None
        anna.page.keyboard.press("Enter") if by_key else button.click()

    press(tick)
    undo = row(anna).get_by_role("button", name="Ångra")
    undo.wait_for()
    anna.check()
    assert (anna.presses, measure(world).status) == (1, "done")
    assert anna.page.evaluate("document.activeElement.textContent").startswith("Ångra"), "the keyboard is not lost"
    press(undo)
    tick.wait_for()
    anna.check()
    assert (anna.presses, measure(world).status) == (2, "planned")
    assert anna.page.url.endswith(DESK)
    with acting(world.anna):
        assert AuditEvent.objects.filter(action="plan.measure_status").count() == 2


def test_a_measure_is_moved_with_a_reason_in_two(desk):
    world, anna = desk
    anna.count_from(DESK)
    row(anna).get_by_role("link", name="Flytta…").click()
    row(anna).get_by_label("Varför").fill("Väntar på tid")
    anna.check()
    later = today() + timedelta(days=5)
    row(anna).get_by_label("Ny dag").fill(str(later))
    row(anna).get_by_role("button", name="Flytta").click()
    row(anna).get_by_text("flyttad").wait_for()
    anna.check()
    assert anna.presses == 2 and anna.page.url.endswith(DESK)
    moved = measure(world)
    assert (moved.day, moved.ends_on, moved.moved_why) == (later, today() - timedelta(days=1), "Väntar på tid")


def test_a_move_without_a_reason_is_asked_for_in_place(desk):
    world, anna = desk
    anna.count_from(DESK)
    row(anna).get_by_role("link", name="Flytta…").click()
    row(anna).get_by_label("Ny dag").fill(str(today() + timedelta(days=5)))
    anna.problems.clear()
    row(anna).get_by_role("button", name="Flytta").click()
    row(anna).get_by_text("Något behöver rättas").wait_for()
    anna.problems.clear()  # the browser itself writes 422 in its console
    anna.check()
    assert row(anna).get_by_label("Ny dag").input_value() == str(today() + timedelta(days=5))
    row(anna).get_by_role("link", name="Avbryt").click()
    row(anna).get_by_role("button", name=TICK).wait_for()
    assert measure(world).moved_to is None


def test_what_is_watched_is_ticked_and_unticked_the_same_way(desk):
    world, anna = desk
    anna.count_from(DESK)
    line = row(anna, "Uppföljning av plan")
    line.get_by_role("button", name=TICK).click()
    undo = line.get_by_role("button", name="Ångra")
    undo.wait_for()
    anna.check()
    assert anna.presses == 1
    undo.click()
    line.get_by_role("button", name=TICK).wait_for()
    line.get_by_role("link", name="Flytta…").click()
    line.get_by_label("Ny dag").fill(str(today() + timedelta(days=12)))
    line.get_by_label("Varför").fill("Maria är bortrest")
    anna.check()
    line.get_by_role("button", name="Flytta").click()
    line.get_by_text("flyttad").wait_for()
    assert (anna.presses, anna.page.url) == (4, f"{anna.server}{DESK}")
    with acting(world.anna):
        clock = Clock.objects.open().get(case=world.case, kind="follow_up")
    assert clock.day == today() + timedelta(days=12)


def test_a_note_is_written_and_signed_in_two(desk):
    world, anna = desk
    anna.count_from(world.case.get_absolute_url())
    anna.go(anna.page.locator(".case-acts").get_by_role("link", name="Anteckning").click)
    assert anna.page.get_by_label("Slag").input_value() == "call", "chosen beforehand"
    anna.fill(source="Maria", fact="Ringde och berättade.", follow_up_on=str(today() + timedelta(days=3)))
    anna.page.locator("main").get_by_text("Sparat ").wait_for(timeout=5_000)
    anna.press("Signera")
    assert anna.presses == 2 and anna.sees("Anteckningen är signerad.")
    anna.count_from(DESK)
    line = row(anna, "Något att följa upp")
    anna.go(line.get_by_role("link").first.click)
    assert anna.sees("Ringde och berättade.") and anna.presses == 1


def test_a_draft_is_saved_within_five_seconds_also_while_one_types(desk):
    world, anna = desk
    anna.page.goto(f"{anna.server}{world.case.get_absolute_url()}anteckning/")
    anna.fill(source="Maria")
    anna.page.locator("[name=fact]").press_sequentially("Hon berättar mer. " * 3, delay=110)  # six seconds, no pause
    assert "Sparat" in anna.page.locator("[data-saved]").first.inner_text()


def test_a_consent_is_withdrawn_in_three_with_the_effect_shown_first(desk):
    world, anna = desk
    world.waiver(world.region, "health")
    world.join(world.sara)
    anna.count_from(world.case.get_absolute_url())
    anna.go(anna.page.locator("main").get_by_role("link", name="Samtycken").click)
    line = anna.page.locator("main tr").filter(has_text="Region Gävleborg")
    anna.go(line.get_by_role("link", name="Återkalla…").click)
    assert anna.sees("Vad som händer") and anna.sees("Sara Lind")
    anna.press("Återkalla nu")
    assert anna.presses == 3 and anna.sees("Samtycket är återkallat")


def test_a_decision_is_made_in_four(desk):
    world, anna = desk
    rows = [
        {"number": str(place), "kind": kind, "law": "11 kap. 1 § SoL", "role": Role.SOCIAL_WORKER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today(), rows=rows)
    anna.count_from(world.case.get_absolute_url())
    anna.go(anna.page.locator(".case-acts").get_by_role("link", name="Beslut").click)
    anna.press("Resa")
    anna.fill(what="Resa till mötet, tur och retur")
    anna.press("Kontrollera")
    assert anna.sees("Du kan besluta enligt rad")
    anna.fill(reasons="Hon kan inte ta sig dit på annat sätt.")
    anna.press("Bifall")
    assert anna.presses == 4 and anna.sees("Beslutet är fattat och låst.")


def test_somebody_in_danger_is_added_in_three(desk):
    world, anna = desk
    anna.count_from(DESK)
    anna.page.keyboard.press("/")
    anna.page.keyboard.type("Lilla Fågel")
    anna.go(lambda: anna.page.keyboard.press("Enter"))
    assert anna.sees("Ingen träff hos er.")
    anna.press("Fara nu: bara ett namn")
    assert anna.page.locator("[name=alias]").input_value() == "Lilla Fågel"
    anna.press("Öppna ärende")
    assert anna.presses == 3 and anna.sees("Börja med det som behöver göras genast.")
    anna.go(anna.page.locator(".case-who").click)
    anna.press("Hur det började är inte ifyllt")
    anna.fill(contact_way="polisen", target_group="Utsatt för prostitution")
    anna.press("Spara")
    assert anna.sees("Det är sparat.") and not anna.sees("Hur det började är inte ifyllt")


def test_from_every_page_of_a_person_each_act_is_one_press_away(desk):
    world, anna = desk
    anna.page.goto(f"{anna.server}{world.case.get_absolute_url()}")
    pages = [link.get_attribute("href") for link in anna.page.locator("nav[aria-label=Akten] a").all()]
    assert len(pages) > 20
    wanted = ["Anteckning", "Åtgärd", "Beslut", "Möte", "PDF"]
    for page in [world.case.get_absolute_url(), *pages]:
        anna.page.goto(f"{anna.server}{page}")
        acts = anna.page.locator(".case-acts .case-act:visible span")
        assert [text.strip() for text in acts.all_inner_texts()] == wanted, page
    for key in "AQBMP":
        anna.count_from(world.case.get_absolute_url())
        with anna.page.expect_navigation():
            anna.page.keyboard.press(f"Alt+Shift+Key{key}")
        assert anna.presses == 1


def test_the_desk_is_worked_by_keyboard_alone(desk):
    """Tab reaches each thing to do, in the order in which it stands, and the place is not lost when a line changes."""
    world, anna = desk
    anna.count_from(DESK)
    wanted = anna.page.locator("main :is(a, button):visible").count()
    reached = []
    for _ in range(40):
        anna.page.keyboard.press("Tab")
        if anna.page.evaluate("document.activeElement.closest('main') !== null"):
            reached.append(anna.page.evaluate("document.activeElement.textContent.trim()"))
        elif reached:
            break
    assert len(reached) == wanted
    row(anna).get_by_role("link", name="Flytta…").focus()
    anna.page.keyboard.press("Enter")
    row(anna).get_by_label("Ny dag").wait_for()
    assert anna.page.evaluate("document.activeElement.name") == "moved_to"
