"""From a mail to the thing itself; what the contributor's start page holds; what those who hold the case are told."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from cases.models import Notice
from cases.tasks import send_due_notices
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from plans.models import Measure, Section
from teams.models import TeamMember
from tests.connections import logged_in_as
from tests.visits import Visit, sees, text_of
from tests.world import World, today


@pytest.fixture
def asked(world):
    """Sara is asked about health in a draft; the plan in force has a measure of hers."""
    world.consent(), world.coordinator()
    world.waiver(world.region, "health")
    world.in_team = world.join(world.sara, presented_as="M, 30 år")
    version = world.draft()
    with acting(world.anna):
        goal = version.goals.get()
        world.measure = plans.add_measure(
            by=world.anna, goal=goal, title="Sömnskola", need="Sover inte", principal_kind="health",
            principal=world.region, responsible=world.in_team,
        )  # fmt: skip
        agreed = plans.agree_version(by=world.anna, plan_version=version)
        world.draft_version = plans.new_version(by=world.anna, plan=agreed.plan)
        return plans.request_section(
            by=world.anna, plan_version=world.draft_version, member=world.in_team, area="health", question="Vad?"
        )


def notice(by, about):
    with acting(by):
        return Notice.objects.visible_to(by).get(about=about)


@pytest.mark.django_db(transaction=True)
def test_the_mail_leads_through_sign_in_to_the_section():
    world = World()
    world.waiver(world.region, "health")
    member, version = world.join(world.sara), world.draft()
    deliver()  # the invitation; two things at once would be found on the start page
    with acting(world.anna):
        row = plans.request_section(by=world.anna, plan_version=version, member=member, area="health", question="Vad?")
    deliver()
    [link] = re.findall(r"https?://\S+", mail.outbox[-1].body)
    assert re.fullmatch(r"http://[^/]+/till/[0-9a-f-]{36}/", link)
    path = "/" + link.split("/", 3)[3]
    door = Visit().client.get(path)
    assert door.status_code == 302 and door.url == f"/logga-in/?next={path}"
    assert Visit(world.sara).client.get(path).url == reverse("plans:section", args=[row.pk])


def deliver():
    with logged_in_as("worker"):
        send_due_notices()


def test_each_kind_leads_to_its_own_page(world, asked):
    sara, anna = Visit(world.sara), Visit(world.anna)
    with acting(world.anna):
        meeting = plans.call_meeting(
            by=world.anna, case=world.case, starts_at=timezone.now() + timedelta(days=1), place="Rum 2", purpose="",
            members=[world.in_team],
        )  # fmt: skip
        call = meeting.calls.get()
    with acting(world.sara):
        plans.report_stuck(by=world.sara, measure=world.measure, until=today(), why="Ingen tid")
    for visit, about, where in (
        (sara, "section", reverse("plans:section", args=[asked.pk])),
        (sara, "invitation", reverse("teams:invitation", args=[world.in_team.pk])),
        (sara, "meeting", reverse("plans:call_answer", args=[call.pk])),
        (anna, "stuck", "/"),
    ):
        answer = visit.get("plans:onward", notice(visit.by, about))
        assert (answer.status_code, answer.url) == (302, where), about
        assert visit.client.get(where, follow=True).status_code == 200


def test_the_wrong_person_finds_a_page_that_is_not_there(world, asked):
    mine = notice(world.sara, "section")
    nobody = uuid.uuid4()
    for who in (world.anna, world.leo, world.mika, world.cilla, world.adam):
        visit = Visit(who)
        there, not_there = visit.get("plans:onward", mine), visit.get("plans:onward", nobody)
        assert there.status_code == not_there.status_code == 404
        assert there.content == not_there.content


def test_who_works_at_two_places_comes_to_the_right_one(world, asked):
    """Sara is a mentor of the partner's as well, and has chosen that one."""
    with acting(world.pia):
        other = add_member(by=world.pia, email=world.sara.user.email, name="Sara Lind", role=Role.PARTNER)
    visit = Visit(world.sara)
    assert visit.get("plans:contributions").url == reverse("tenancy:choose")
    visit.client.post(reverse("tenancy:switch"), {"membership": str(other.pk)})
    assert visit.get("plans:section", asked).status_code == 404
    answer = visit.get("plans:onward", notice(world.sara, "section"))
    assert visit.client.get(answer.url).status_code == 200


def test_the_start_page_is_what_is_hers(world, asked):
    sara = Visit(world.sara)
    page = sara.get("plans:contributions")
    assert sees(page, "Att skriva", "för M, 30 år", "Mina insatser", "Sömnskola", "Sover inte")
    assert not sees(page, "Sova en hel natt"), "who it is and what she longs for are not told at one glance"
    assert sees(page, "Team du är med i", "samordnare Anna Berg")
    assert not sees(page, "Traumasamtal"), "another's measure in the same area"
    for hidden in ("Maria", "Karlsson", world.case.number, 'role="search"', str(world.case.pk)):
        assert hidden not in text_of(page)
    assert sara.logged(world.anna).count("measure.viewed") == 1


def test_without_a_name_the_rows_are_told_apart_by_own_words(world, asked):
    with acting(world.anna):
        TeamMember.objects.filter(case=world.case, membership=world.sara).update(presented_as=b"")
    page = Visit(world.sara).get("plans:contributions")
    assert sees(page, "”Sova en hel natt”", "Sömnskola") and not sees(page, "M, 30 år")


def test_done_stuck_and_back(world, asked):
    sara, row = Visit(world.sara), world.measure
    assert sara.post("plans:own_done", row).url == reverse("plans:contributions")
    assert sees(sara.get("plans:contributions"), "Klart. Samordnaren ser det i planen.", "Ångra")
    sara.post("plans:own_ongoing", row)
    page = sara.post("plans:own_stuck", row, until="i övermorgon", why="Ingen tid")
    assert sees(page, "Skriv datumet som", "Ingen tid"), "nothing typed is lost"
    sara.post("plans:own_stuck", row, until=today() + timedelta(days=14), why="Ingen tid förrän i januari")
    assert sees(sara.get("plans:contributions"), "Står still", "Ingen tid förrän i januari")
    with acting(world.anna):
        assert (Measure.objects.get(pk=row.pk).status, row.stuck_on) == ("ongoing", None)
    anna = Visit(world.anna)
    assert sees(anna.get("plans:my_day"), "Från teamet", "Sara Lind: en insats")
    assert not sees(anna.get("plans:my_day"), "Ingen tid"), "a list of many cases says nothing of any"
    assert sees(anna.get("plans:measure_status", row), "Ingen tid förrän i januari")
    assert not sees(Visit(world.leo).get("plans:my_day"), "Från teamet")
    sara.post("plans:own_moving", row)
    assert not sees(anna.get("plans:my_day"), "Från teamet")


def test_cannot_contribute_is_an_answer(world, asked):
    sara, anna = Visit(world.sara), Visit(world.anna)
    assert sees(sara.post("plans:section_decline", asked, kind="", because=""), "Fel:")
    sara.post("plans:section_decline", asked, kind="not_mine", because="Fråga öppenvården")
    assert sees(anna.get("plans:my_day"), "Sara Lind svarar inte för avsnittet")
    plan = anna.get("plans:version", world.draft_version)
    assert sees(plan, "Fråga öppenvården", "Ta tillbaka frågan") and not sees(plan, "Signatur från")
    assert sees(sara.get("plans:section", asked), "Jag kan bidra ändå")
    sara.post("plans:section_take_up", asked)
    assert sees(anna.get("plans:version", world.draft_version), "Signatur från")
    anna.post("plans:section_drop", asked)
    assert sara.get("plans:section", asked).status_code == 404


def test_she_leaves_and_names_somebody(world, asked):
    sara, anna = Visit(world.sara), Visit(world.anna)
    assert sees(sara.get("plans:leave_own", world.in_team), "1 avsnitt inte blev skrivet", "1 insats behöver")
    sara.post("plans:leave_own", world.in_team, reason="Nytt arbete", successor="Nils Vik, nils@exempel.invalid")
    assert sees(anna.get("plans:my_day"), "Har lämnat", "med förslag på efterträdare")
    assert sees(anna.get("teams:team", world.case), "Nils Vik, nils@exempel.invalid", "Nytt arbete")
    page = sara.get("plans:contributions")
    assert not sees(page, "Att skriva") and not sees(page, "Sömnskola")
    for name, row in (("plans:section", asked), ("plans:own_stuck", world.measure), ("plans:leave_own", world.in_team)):
        assert sara.get(name, row).status_code == 404


def test_before_signing_it_says_who_will_read(world, asked):
    """By team, grant and cover of today; Mika is in the team and covered for nothing of it."""
    world.join(world.mika), world.join(world.leo)
    sara = Visit(world.sara)
    sara.autosave("plans:section", asked, what="Sömnskola", version=1)
    page = sara.get("plans:section_sign", asked)
    assert sees(page, "Anna Berg, samordnare; Leo Ek, stöd", "M, 30 år, som planen gäller") and not sees(page, "Mika")
    world.waiver(world.partner, "health")
    assert sees(sara.get("plans:section_sign", asked), "Föreningen Nya Steg", "Mika Sandell, stöd")


def test_what_was_signed_last_time_stands_beside(world, asked):
    with acting(world.sara):
        plans.sign_section(by=world.sara, section=asked, text="Samtal i höst")
    with acting(world.anna):
        draft = plans.save_version(
            by=world.anna, plan_version=world.draft_version, expected=None, follow_up_on=today() + timedelta(days=9)
        )
        plans.agree_version(by=world.anna, plan_version=draft)
        draft = plans.new_version(by=world.anna, plan=draft.plan)
        again = plans.request_section(
            by=world.anna, plan_version=draft, member=world.in_team, area="health", question="Och nu?"
        )
    assert sees(Visit(world.sara).get("plans:section", again), "Så skrev ni förra gången", "Samtal i höst", "Och nu?")
    with acting(world.anna):
        assert Section.objects.get(pk=again.pk).text == ""
