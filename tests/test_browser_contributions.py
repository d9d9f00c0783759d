"""The contributor's five tasks in real Chromium, each press counted, and axe on every page on the way."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from cases.tasks import send_due_notices
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.contributions import own_measures
from plans.models import MeetingCall, Section
from tests.browser import PASSWORD, Person, show_who
from tests.connections import logged_in_as
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server):
    """Sara is in Maria's team, responsible for a measure of the plan in force, and asked for a section of the next."""
    made = World()
    made.consent(), made.coordinator(), made.waiver(made.region, "health")
    made.member = made.join(made.sara, presented_as="M, 30 år")
    version = made.draft()
    with acting(made.anna):
        plans.add_measure(
            by=made.anna, goal=version.goals.get(), title="Sömnskola", principal_kind="health", principal=made.region,
            responsible=made.member,
        )  # fmt: skip
        version = plans.agree_version(by=made.anna, plan_version=version)
        made.version = plans.new_version(by=made.anna, plan=version.plan)
    return made


def ask(world):
    with acting(world.anna):
        return plans.request_section(
            by=world.anna, plan_version=world.version, member=world.member, area="health", question="Vad kan ni göra?"
        )


def counted(person):
    person.count_from("/bidrag/")
    return person


def deliver():
    mail.outbox.clear()
    with logged_in_as("worker"):
        send_due_notices()


def test_from_the_mail_to_the_section(world, live_server, chromium):
    """One press, on the link, and the sign-in: nothing more."""
    deliver()
    section = ask(world)
    deliver()
    sara = Person(chromium, live_server, world.sara)
    sara.page.goto(f"{sara.server}/bidrag/")
    sara.page.context.clear_cookies()
    [path] = re.findall(r"/till/\S+", mail.outbox[0].body)
    sara.page.goto(sara.server + path)
    sara.page.get_by_label("E-post").fill(world.sara.user.email)
    sara.page.get_by_label("Lösenord").fill(PASSWORD)
    sara.press("Logga in")
    show_who(sara.page, world.sara.user)
    assert sara.page.url.endswith(f"/bidrag/{section.pk}/")
    assert sara.page.title() == "Avsnitt – Planering"
    assert sara.sees("Vad kan ni göra?") and sara.sees("”Sova en hel natt”")
    mika = Person(chromium, live_server, world.mika)
    assert mika.page.goto(mika.server + path).status == 404


def test_written_and_signed(world, live_server, chromium):
    """Written with no press but the one to the section, signed with two."""
    section = ask(world)
    sara = counted(Person(chromium, live_server, world.sara))
    sara.go(sara.page.locator(f"a[href$='{section.pk}/']").click)
    sara.page.locator("[name=what]").fill("Sömnskola i grupp.")
    sara.page.locator("[name=when]").fill("Onsdagar")
    sara.page.locator("main").get_by_text("Sparat ").wait_for()
    assert sara.presses == 1
    sara.press("Signera…")
    assert sara.sees("De här kan läsa det") and sara.sees("Anna Berg, samordnare")
    sara.press("Signera och lås")
    assert sara.presses == 3
    with acting(world.sara):
        row = Section.objects.visible_to(world.sara).get()
        assert (row.state, row.text) == ("signed", "Vad vi gör:\nSömnskola i grupp.\n\nNär:\nOnsdagar")


def test_a_summons_is_answered(world, live_server, chromium):
    with acting(world.anna):
        plans.call_meeting(
            by=world.anna, case=world.case, starts_at=timezone.now() + timedelta(days=2), place="Rum 2", purpose="",
            members=[world.member],
        )  # fmt: skip
    sara = counted(Person(chromium, live_server, world.sara))
    sara.press("Är med på video")
    assert sara.presses == 1
    with acting(world.sara):
        assert MeetingCall.objects.visible_to(world.sara).get().answer == "video"


def test_done_in_one_stuck_in_two(world, live_server, chromium):
    sara = counted(Person(chromium, live_server, world.sara))
    row = sara.page.locator(".row", has_text="Sömnskola")
    sara.go(row.get_by_role("button", name="Klar").click)
    assert sara.presses == 1
    with acting(world.sara):
        assert own_measures(world.sara).get().status == "done"
    sara.page.locator("summary", has_text="Klart").click()
    sara.go(row.get_by_role("button", name="Ångra").click)
    sara = counted(sara)
    sara.go(row.get_by_role("link", name="Står still…").click)
    sara.page.locator("[name=why]").fill("Ingen tid förrän i januari.")
    sara.press("Säg till samordnaren")
    assert sara.presses == 2
    with acting(world.sara):
        measure = own_measures(world.sara).get()
        assert (measure.status, measure.stuck_on) == ("ongoing", today())


def test_she_leaves_in_three(world, live_server, chromium):
    ask(world)
    sara = counted(Person(chromium, live_server, world.sara))
    sara.page.locator("summary", has_text="Team du är med i").click()
    sara.go(sara.page.get_by_role("link", name="Lämna…").click)
    sara.page.locator("[name=successor]").fill("Nils Vik, samma mottagning")
    sara.press("Lämna teamet nu")
    assert sara.presses == 3
    assert sara.sees("Du har lämnat teamet") and not sara.sees("Att skriva")
