"""A child's day in real Chromium, counted in presses (peers.md §5): a report and the assessment of the same day, a
talk, one paper released to one guardian. And the child's pages on a phone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import operations as cases
from children import operations as children
from children.models import ChildVisit, GuardianRelease, ProtectionAssessment
from exitprogram.tenancy.acting import acting
from tests import guardianship, papers
from tests.browser import Person
from tests.chains import consultation
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
PAGES = ("reports", "protection", "guardians", "voices", "consultations", "consultation_unnamed", "consultation_named",
         "chain", "next", "placements", "place", "health_offer", "visits", "age", "court", "court_new")  # fmt: skip


@pytest.fixture
def desk(live_server, chromium):
    world = World()
    world.day_case = guardianship.a_child(world)
    return world, Person(chromium, live_server, world.anna)


def page_of(case, name):
    return reverse(f"children:{name}", args=[case.pk])


def test_a_report_and_the_assessment_of_the_same_day_in_six(desk):
    world, anna = desk
    anna.count_from("/barn/")
    anna.page.get_by_label("Sök barnet först").fill("Nova Lind")
    anna.go(lambda: anna.page.keyboard.press("Enter"))
    anna.press("Orosanmälan om ett barn")
    anna.fill(text="En bild sprids i klassen.", received_time=f"{timezone.localtime():%H:%M}", source="polisen")
    anna.press("Ta emot")
    assert anna.sees("Anmälan är mottagen") and anna.sees("En bild sprids i klassen.")
    anna.fill(need="Nej, barnet behöver inte omedelbart skydd", tonight="Hemma.", reasons="Samtal med polisen.")
    anna.press("Signera")
    assert anna.sees("Skyddsbedömningen är signerad.") and anna.presses == 6
    with acting(world.anna):
        assert ProtectionAssessment.objects.get().tonight == "Hemma."


def test_a_talk_with_a_child_is_noted_in_three(desk):
    world, anna = desk
    anna.count_from(world.day_case.get_absolute_url())
    assert anna.sees("13 år.") and anna.sees("Fyller 15 år")
    anna.go(anna.page.locator("main").get_by_role("link", name="Besök och samtal").click)
    anna.fill(who="barnet, i enrum", words="Vi promenerade.")
    anna.press("Spara")
    assert anna.sees("Vi promenerade.") and anna.presses == 3
    with acting(world.anna):
        assert ChildVisit.objects.get().who == "alone"


def test_one_paper_is_released_to_one_guardian_in_four(desk):
    world, anna = desk
    guardianship.beside(world.anna, world.day_case)
    with acting(world.anna):
        cases.add_document(**papers.paper(world.day_case, world.anna))
    anna.count_from(page_of(world.day_case, "guardians"))
    anna.press("Släpp något… till Kanarieförälder")
    anna.page.locator("main [value^='document:']").check()
    anna.page.locator("main [name=ground]").first.check()
    anna.fill(reason="Mamma har själv lämnat den, och barnet vill det.")
    anna.press("Släpp")
    assert anna.sees("1 uppgifter får lämnas") and anna.presses == 4
    with acting(world.anna):
        assert GuardianRelease.objects.get().kind == "document"


def test_the_childs_pages_hold_on_a_phone(desk):
    """Nothing scrolls sideways, and whatever axe asks of a page holds there too."""
    world, anna = desk
    case = world.day_case
    mother = guardianship.beside(world.anna, case, kind="sole")
    with acting(world.anna):
        children.place(by=world.anna, case=case, home="foster", starts_on=today(), consent="Mamma", guardians=[mother])
        consultation(world.anna, case)
    anna.page.set_viewport_size(PHONE)
    for name in PAGES:
        anna.page.goto(f"{anna.server}{page_of(case, name)}")
        anna.check()
        assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
