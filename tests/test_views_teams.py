"""The team, its coordinator, the invited person's answer, and meetings."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import operations as cases
from cases.models import AccessGrant, Consent
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Meeting, MeetingCall
from teams.models import CoordinatorAppointment, OutsideMember, TeamMember
from teams.operations import invite_member
from tests.visits import Visit, sees
from tests.world import today

INVITE = {"function": "stöd", "reason": "behövs i planen"}


def members(world):
    with acting(world.anna):
        return list(TeamMember.objects.select_related("membership").order_by("created_at"))


def test_a_colleague_joins_at_once_and_may_open_the_case(world):
    anna, leo = Visit(world.anna), Visit(world.leo)
    assert leo.get("plans:person", world.case).status_code == 404
    hostile = {"state": "ended", "authority": world.soderhamn, "invited_by": world.leo, "role": "administrator"}
    response = anna.post("teams:team", world.case, membership=world.leo, **INVITE, **hostile)
    assert response.url == reverse("teams:team", args=[world.case.pk])
    [member] = members(world)
    assert (member.state, member.authority_id, member.invited_by_id) == ("joined", world.bollnas.pk, world.anna.pk)
    assert leo.get("plans:person", world.case).url == reverse("teams:question", args=[world.case.pk])
    assert leo.post("teams:question", world.case, no="1").url == reverse("plans:person", args=[world.case.pk])
    assert leo.get("plans:person", world.case).status_code == 200
    assert {"team.joined", "access.granted"} <= set(anna.logged())


def test_somebody_from_elsewhere_is_invited_and_the_case_stays_closed(world):
    anna, sara = Visit(world.anna), Visit(world.sara)
    anna.post("teams:team", world.case, membership=world.sara, presented_as="M", **INVITE)
    [member] = members(world)
    assert (member.state, member.is_outside) == ("invited", True)
    assert "team.invited" in anna.logged()
    assert sees(anna.get("plans:my_day"), "Sara Lind har inte svarat")
    assert sees(sara.get("plans:contributions"), "Inbjudan till ett team", "från Anna Berg")
    page = sara.get("teams:invitation", member)
    assert sees(page, "<dd>Personen i planen</dd>", "behövs i planen", "Jag är med"), "no consent yet: not even an M"
    assert not sees(page, "Maria")
    assert not sees(page, world.case.number)
    assert sara.get("plans:person", world.case).status_code == 403


def test_joining_needs_the_answer_about_conflict(world):
    Visit(world.anna).post("teams:team", world.case, membership=world.sara, **INVITE)
    [member], sara = members(world), Visit(world.sara)
    refused = sara.post("teams:invitation", member, accept="1")
    assert sees(refused, "Svara först att du inte har någon privat koppling till personen.")
    response = sara.post("teams:invitation", member, accept="1", no_conflict="on", state="ended", function="chef")
    assert response.url == reverse("plans:contributions")
    [member] = members(world)
    assert (member.state, member.function) == ("joined", "stöd")
    assert "team.joined" in sara.logged(world.anna)
    again = sara.post("teams:invitation", member, decline="1")
    assert sees(again, "Du har svarat: med i teamet.")
    assert members(world)[0].state == "joined"


def test_saying_no_is_an_answer(world):
    Visit(world.anna).post("teams:team", world.case, membership=world.mika, **INVITE)
    [member], mika = members(world), Visit(world.mika)
    assert mika.post("teams:invitation", member, decline="1").status_code == 302
    assert members(world)[0].state == "declined"
    assert "team.declined" in mika.logged(world.anna)
    for who in (world.sara, world.cilla, world.leo):
        assert Visit(who).get("teams:invitation", member).status_code == 404


@pytest.mark.parametrize("who", ["cilla", "siv", "rut", "adam", "ragnar", "anna", uuid.UUID(int=3), ""])
def test_those_who_cannot_be_called_look_like_nobody(world, who):
    membership = getattr(world, str(who), who)
    response = Visit(world.anna).post("teams:team", world.case, membership=membership, **INVITE)
    assert response.status_code == 200
    assert sees(response, "Något behöver rättas", 'value="behövs i planen"')
    assert members(world) == []
    assert not sees(response, "Cilla")


@pytest.mark.parametrize("who", ["leo", "sara"])
def test_an_end_before_the_start(world, who):
    sent = {"membership": getattr(world, who), "ends_on": today() - timedelta(days=1), **INVITE}
    response = Visit(world.anna).post("teams:team", world.case, **sent)
    assert sees(response, "Sista dagen ligger före första dagen.", 'value="behövs i planen"')
    assert members(world) == []


def test_leaving_needs_a_reason_and_closes_at_once(world):
    member, anna, leo = world.join(world.leo), Visit(world.anna), Visit(world.leo)
    assert leo.get("plans:person", world.case).status_code == 200
    assert sees(anna.post("teams:leave", world.case, member, reason=" "), "Något behöver rättas")
    response = anna.post("teams:leave", world.case, member, reason="Byter tjänst", state="joined")
    assert response.url == reverse("teams:team", args=[world.case.pk])
    assert members(world)[0].state == "ended"
    assert leo.get("plans:person", world.case).status_code == 404
    assert {"team.left", "access.ended"} <= set(anna.logged())
    assert sees(anna.get("teams:team", world.case), "har slutat: Byter tjänst")
    assert sees(anna.post("teams:leave", world.case, member, reason="Igen"), "Personen är inte med i teamet.")


def test_a_guest_who_has_left_sees_nothing_more(world):
    world.waiver(world.region, "health")
    member, anna, sara = world.join(world.sara), Visit(world.anna), Visit(world.sara)
    version = world.draft()
    with acting(world.anna):
        section = plans.request_section(
            by=world.anna, plan_version=version, member=member, area="health", question="Vad?"
        )
    assert sara.get("plans:section", section).status_code == 200
    anna.post("teams:leave", world.case, member, reason="Klart")
    assert sara.get("plans:section", section).status_code == 404
    assert not sees(sara.get("plans:contributions"), "Avsnitt")


def test_a_coordinator_is_appointed_and_may_open_the_case(world):
    anna, leo = Visit(world.anna), Visit(world.leo)
    response = anna.post("teams:coordinator", world.case, membership=world.leo, kind="coordinator", ends_on=today())
    assert response.url == reverse("teams:team", args=[world.case.pk])
    with acting(world.anna):
        appointment = CoordinatorAppointment.objects.get()
        grant = AccessGrant.objects.get(membership=world.leo)
    assert (appointment.membership_id, appointment.ends_on, grant.kind) == (world.leo.pk, None, "coordinator")
    assert "coordinator.appointed.coordinator" in anna.logged()
    world.answers(world.leo)
    assert sees(leo.get("plans:person", world.case), "Samordnare Leo Ek")
    again = anna.post("teams:coordinator", world.case, membership=world.leo, kind="coordinator")
    assert sees(again, "Leo Ek är redan samordnare.")
    other = anna.post("teams:coordinator", world.case, membership=world.anna, kind="coordinator")
    assert sees(other, "Byt tidigast i morgon.")


def test_a_part_with_a_last_day_appoints_nobody(world):
    """Leo is in the team until tomorrow: appointed by himself he would have had the case for ever."""
    world.join(world.leo, ends_on=today() + timedelta(days=1))
    leo = Visit(world.leo)
    for whom in (world.leo, world.anna):
        answer = leo.post("teams:coordinator", world.case, membership=whom, kind="coordinator")
        assert sees(answer, "Bara den som handlägger ärendet, samordnaren eller enhetschefen kan utse samordnare.")
    with acting(world.anna):
        assert CoordinatorAppointment.objects.count() == 0
        assert list(AccessGrant.objects.filter(membership=world.leo).values_list("kind", flat=True)) == ["team"]


@pytest.mark.parametrize("who, kind", [("leo", "coordinator"), ("maud", "team")])
def test_a_coordinator_and_the_manager_appoint(world, who, kind):
    by = getattr(world, who)
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=world.case, membership=by, kind=kind, reason="behövs")
    assert Visit(by).post("teams:coordinator", world.case, membership=world.anna, kind="deputy").status_code == 302


def test_leaving_ends_also_what_had_not_begun(world):
    member = world.join(world.leo, starts_on=today() + timedelta(days=3))
    Visit(world.anna).post("teams:leave", world.case, member, reason="Blev inte av")
    with acting(world.anna):
        assert AccessGrant.objects.get(membership=world.leo).ended_at is not None


@pytest.mark.parametrize("who", ["cilla", "sara", "maud", "adam", uuid.UUID(int=3)])
def test_only_ones_own_case_workers_coordinate(world, who):
    membership = getattr(world, str(who), who)
    response = Visit(world.anna).post("teams:coordinator", world.case, membership=membership, kind="coordinator")
    assert sees(response, "Något behöver rättas")
    with acting(world.anna):
        assert CoordinatorAppointment.objects.count() == 0


def test_a_double_press_invites_once(world):
    anna, key = Visit(world.anna), uuid.uuid4()
    answers = [
        anna.post("teams:team", world.case, form_key=key, membership=world.sara, **INVITE) for _ in range(2)
    ]  # fmt: skip
    assert {answer.status_code for answer in answers} == {302}
    assert len(members(world)) == 1


def tomorrow(hour="14:30"):
    return {"day": timezone.localdate() + timedelta(days=1), "time": hour, "place": "Rum 2"}


def test_a_meeting_calls_the_team_and_each_answers_for_herself(world):
    leo, sara = world.join(world.leo), world.join(world.sara)
    anna, guest = Visit(world.anna), Visit(world.sara)
    response = anna.post("plans:meeting_new", world.case, members=[leo, sara], called_by=world.leo, **tomorrow())
    with acting(world.anna):
        meeting = Meeting.objects.get()
        assert response.url == reverse("plans:meeting", args=[meeting.pk])
        call = MeetingCall.objects.get(membership=world.sara)
        assert (meeting.calls.count(), meeting.called_by_id) == (2, world.anna.pk)
        assert timezone.localtime(meeting.starts_at).strftime("%H:%M") == "14:30"
    assert "meeting.called" in anna.logged()
    assert sees(anna.get("plans:meetings"), world.case.number, "Rum 2 · 2 kallade")
    assert not sees(anna.get("plans:meetings"), "Maria")
    assert sees(guest.get("plans:contributions"), "Rum 2", "Kommer inte")
    assert guest.post("plans:call_answer", call, answer="ingen aning").status_code == 200
    assert guest.post("plans:call_answer", call, answer="video").status_code == 302
    assert Visit(world.mika).post("plans:call_answer", call, answer="no").status_code == 404
    with acting(world.anna):
        assert MeetingCall.objects.get(pk=call.pk).answer == "video"
    assert guest.logged(world.anna).count("meeting.answered") == 1


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"day": "2020-01-01"}, "Mötet måste ligga framåt i tiden."),
        ({"time": "halv tre"}, "Skriv tiden som timmar och minuter"),
        ({"time": "25:00"}, "Skriv tiden som timmar och minuter"),
        ({"place": ""}, "måste fyllas i"),
        ({"members": "elsewhere"}, "Något behöver rättas"),
        ({"members": uuid.UUID(int=5)}, "inte längre med i teamet"),
        ({"members": []}, "Välj minst en som ska kallas."),
        ({"day": "", "time": ""}, "Välj en av tiderna"),
        ({"time": ""}, "Skriv tiden."),
        ({"slot": "2099-01-05T10:00"}, "Välj antingen en av tiderna"),
    ],
)
def test_a_meeting_that_cannot_be(world, fault, sentence):
    if fault.get("members") == "elsewhere":
        with acting(world.cilla):
            fault = {"members": invite_member(by=world.cilla, case=world.elsewhere, membership=world.rut, **INVITE)}
    given = {**tomorrow(), "purpose": "Boendet", "members": world.join(world.leo), **fault}
    response = Visit(world.anna).post("plans:meeting_new", world.case, **given)
    assert response.status_code == 200
    assert sees(response, sentence, "Boendet")
    with acting(world.anna):
        assert Meeting.objects.count() == 0


def test_the_unit_by_number_for_the_manager(world):
    world.agreed, world.elsewhere  # noqa: B018
    page = Visit(world.maud).get("teams:unit")
    assert sees(page, world.case.number, "Anna Berg")
    assert not [word for word in ("Maria", "Karlsson", "Elsa", "Cilla") if sees(page, word)]
    assert Visit(world.maud).get("plans:person", world.case).status_code == 404, "numbers, not content"


# Without an account


OUTSIDE = {
    "kind": "other",
    "name": "Vera Värd",
    "organisation": "Bollnäs bostäder",
    "function": "hyresvärd",
    "reason": "Lägenheten",
}


def test_somebody_without_an_account_is_written_down_and_opens_nothing(world):
    anna = Visit(world.anna)
    page = anna.post("teams:outside_add", world.case, **OUTSIDE, follow=True)
    assert sees(page, "Vera Värd är med i teamet", "Bollnäs bostäder", "hyresvärd")
    with acting(world.anna):
        row = OutsideMember.objects.get(case=world.case)
        assert not AccessGrant.objects.exclude(kind="worker").exists()
    page = anna.post("teams:outside_end", world.case, row, reason="", follow=True)
    assert sees(page, "error")
    page = anna.post("teams:outside_end", world.case, row, reason="Flyttat", follow=True)
    assert sees(page, "Vera Värd är inte längre med", "Flyttat")
    assert anna.get("teams:outside_end", world.case, row).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"name": ""}, "error"), ({"reason": " "}, "error"), ({"ends_on": "2020-01-01"}, "före första")],
)
def test_a_fault_about_somebody_without_an_account_is_said(world, wrong, says):
    page = Visit(world.anna).post("teams:outside_add", world.case, **(OUTSIDE | wrong))
    assert sees(page, says, "hyresvärd")
    with acting(world.anna):
        assert not OutsideMember.objects.exists()


def test_an_invitation_says_which_areas_before_the_answer(world):
    world.waiver(world.region, "health", "debts")
    with acting(world.anna):
        member = invite_member(by=world.anna, case=world.case, membership=world.sara, **INVITE)
    sara = Visit(world.sara)
    page = sara.get("teams:invitation", member)
    assert sees(page, "Hälsa, Skulder") and not sees(page, "Boende")
    with acting(world.anna):
        for consent in Consent.objects.filter(case=world.case):
            cases.withdraw_consent(by=world.anna, case=world.case, consent=consent)
    assert sees(sara.get("teams:invitation", member), "ingenting än")
