"""The meeting's pages, the shared screen, and the way out of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Measure, Meeting, MeetingCall, MeetingMinutes, MeetingPreparation
from teams import operations as teams
from tests.visits import AUTOSAVE, Visit, sees, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(world):
    return [world.join(world.leo), world.join(world.sara), world.join(world.mika)]


def called(world, members, starts_at):
    with acting(world.anna):
        return plans.call_meeting(
            by=world.anna, case=world.case, starts_at=starts_at, place="Rum 2", purpose="Boendet", members=members
        )


@pytest.fixture
def ahead(world, members):
    return called(world, members, timezone.now() + timedelta(days=2))


@pytest.fixture
def now(world, members):
    return called(world, members, timezone.now() + timedelta(seconds=1))


def test_a_suggested_time_is_enough(world, members):
    anna = Visit(world.anna)
    page = text_of(anna.get("plans:meeting_new", world.case))
    slot = page.split('name="slot" value="')[1].split('"')[0]
    answer = anna.post("plans:meeting_new", world.case, slot=slot, place="Video", members=members)
    with acting(world.anna):
        meeting = Meeting.objects.get()
        assert answer.url == reverse("plans:meeting", args=[meeting.pk])
        assert timezone.localtime(meeting.starts_at).strftime("%Y-%m-%dT%H:%M") == slot
        assert meeting.minutes_long == 60


def test_the_next_is_suggested_as_far_ahead_as_plans_are_followed_up(world, now):
    anna = Visit(world.anna)
    assert sees(anna.get("plans:meeting", now), "Nästa möte är inte bokat", f"?efter={now.pk}")
    page = text_of(anna.get("plans:meeting_new", world.case, data={"efter": str(now.pk)}))
    slots = [part.split('"')[0] for part in page.split('name="slot" value="')[1:]]
    wanted = timezone.localtime(now.starts_at).date() + timedelta(days=56)
    days = [abs((timezone.datetime.fromisoformat(slot).date() - wanted).days) for slot in slots]
    assert len(slots) >= 3 and min(days) <= 2 and max(days) <= 9
    anna.post("plans:meeting_new", world.case, slot=slots[0], place="Rum 2", members=[MemberOf(now, world)])
    assert not sees(anna.get("plans:meeting", now), "Nästa möte är inte bokat")


def MemberOf(meeting, world):  # noqa: N802
    with acting(world.anna):
        return meeting.calls.first().member_id


def test_a_call_in_the_guests_words(world, ahead):
    for who, word, other in ((world.sara, "Kallelse", "Inbjudan till möte"), (world.mika, "Inbjudan", "Kallelse")):
        visit = Visit(who)
        with acting(who):
            call = MeetingCall.objects.visible_to(who).get(membership=who)
        page = visit.get("plans:call_answer", call)
        assert sees(visit.get("plans:contributions"), word) and sees(page, f"{word} till möte", "Rum 2")
        assert not sees(page, other) and not sees(page, "Boendet") and not sees(page, "Maria")
        assert visit.get("plans:meeting", ahead).status_code == 403


def test_another_time_is_proposed_and_used(world, ahead):
    sara, anna = Visit(world.sara), Visit(world.anna)
    with acting(world.sara):
        call = MeetingCall.objects.visible_to(world.sara).get(membership=world.sara)
    day = timezone.localdate() + timedelta(days=9)
    half = sara.post("plans:call_answer", call, answer="other_time", day=day)
    assert half.status_code == 200 and sees(half, "både dag och tid", str(day))
    assert sara.post("plans:call_answer", call, answer="other_time", day=day, time="09:30").status_code == 302
    assert sees(anna.get("plans:meeting", ahead), "behöver en annan tid")
    assert sees(anna.get("plans:meeting_move", ahead), f'value="{day}T09:30"')
    moved = anna.post("plans:meeting_move", ahead, slot=f"{day}T09:30", place="Rum 2", reason="Sara kan inte")
    assert moved.status_code == 302
    assert sees(anna.get("plans:meeting", ahead), "Sara kan inte", "09:30", "Ändrat")
    assert sees(sara.get("plans:contributions"), "ändrat") and not sees(sara.get("plans:contributions"), "kan inte")


def test_a_cancelled_one_is_called_that_until_its_day(world, ahead):
    anna, sara = Visit(world.anna), Visit(world.sara)
    assert anna.post("plans:meeting_cancel", ahead, reason="").status_code == 200
    assert anna.post("plans:meeting_cancel", ahead, reason="Ingen kan").status_code == 302
    assert sees(anna.get("plans:meeting", ahead), "Inställt", "Ingen kan")
    assert sees(sara.get("plans:contributions"), "Inställt")
    for name in ("plans:my_day", "plans:meetings"):
        assert not sees(anna.get(name), str(ahead.pk))
    late = anna.post("plans:meeting_move", ahead, day="2099-01-02", time="10:00", place="Rum 2", reason="Ändå")
    assert late.status_code == 200 and sees(late, "Mötet är inställt.", "Ändå")


def test_lists_lead_to_the_meeting(world, ahead):
    anna = Visit(world.anna)
    for name, ids in (("plans:my_day", ()), ("plans:meetings", ()), ("plans:person", (world.case,))):
        assert sees(anna.get(name, *ids), reverse("plans:meeting", args=[ahead.pk]))


def test_preparation_saves_itself_and_a_stale_page_shows_both(world, ahead):
    anna = Visit(world.anna)
    first = anna.autosave("plans:meeting_prepare", ahead, version=0, what_matters="Att det är lugnt")
    assert first.json()["version"] == 1
    stale = anna.autosave("plans:meeting_prepare", ahead, version=0, what_matters="Något annat")
    assert stale.status_code == 409 and sees(stale, "Att det är lugnt", "Något annat")
    mine = anna.post(
        "plans:meeting_prepare", ahead, version=0, keep="mine", seen_version=1, what_matters="Något annat",
        must_not_come="Brodern",
    )  # fmt: skip
    assert mine.status_code == 302
    with acting(world.anna):
        assert MeetingPreparation.objects.get().what_matters == "Något annat"
    assert sees(anna.get("plans:meeting", ahead), "Något annat", "Brodern")


def test_minutes_to_a_measure_in_one_press(world, now):
    world.draft()
    anna = Visit(world.anna)
    with acting(world.anna):
        came = {f"came_{call.pk.hex}": "present" for call in now.calls.all()}
    saved = anna.autosave("plans:meeting_minutes", now, version=0, text="Anna ringer\nVi ses igen")
    assert saved.json()["version"] == 1
    refused = anna.post("plans:meeting_minutes", now, version=1, text="Anna ringer\nVi ses igen", sign=1)
    assert refused.status_code == 200 and sees(refused, "Fyll i om personen var med.", "Vi ses igen")
    given = {"version": 1, "text": "Anna ringer\nVi ses igen", "sign": 1, "person": "present"}
    assert anna.post("plans:meeting_minutes", now, **given, **came).status_code == 302
    page = anna.get("plans:meeting", now)
    assert sees(page, "Signerat", "Gör till insats", "var med")
    goal = text_of(page).split('name="goal" value="')[1].split('"')[0]
    anna.post("plans:meeting_measure", now, version=2, line=1, goal=goal)
    with acting(world.anna):
        assert Measure.objects.filter(goal_id=goal).count() == 2
        assert MeetingMinutes.objects.get().signed_by_id == world.anna.pk
    assert sees(anna.get("plans:meeting", now), "Insats i utkastet")
    for wrong in ({"line": 99}, {"line": "x"}, {"goal": "x"}, {"version": 1}):
        answer = anna.post(
            "plans:meeting_measure", now, follow=True, **{"version": 2, "line": 2, "goal": goal, **wrong}
        )
        assert answer.status_code == 200
    with acting(world.anna):
        assert Measure.objects.filter(goal_id=goal).count() == 2


def test_a_form_that_is_sent_without_a_field_loses_nothing(world, now):
    anna = Visit(world.anna)
    anna.autosave("plans:meeting_minutes", now, version=0, text="Vi sågs", person="video")
    odd = anna.post("plans:meeting_minutes", now, version=1, text="Vi sågs länge", person="någon")
    assert odd.status_code == 200 and sees(odd, "Vi sågs länge")
    assert anna.post("plans:meeting_minutes", now, headers=AUTOSAVE, version=1, person="x").status_code == 422


def test_the_calendar_is_for_those_called(world, ahead):
    for who, status in ((world.anna, 200), (world.sara, 200), (world.mika, 200), (world.cilla, 404)):
        answer = Visit(who).get("plans:meeting_calendar", ahead)
        assert answer.status_code == status
        if status == 200:
            assert answer["Content-Disposition"] == 'attachment; filename="mote.ics"'
            assert "SUMMARY:Möte" in text_of(answer) and "Rum" not in text_of(answer)
    assert "meeting.calendar_taken" in Visit(world.sara).logged(world.anna)


def test_a_coordinator_of_the_boards_own_takes_the_calendar(world):
    given = {"by": world.cilla, "case": world.elsewhere}
    with acting(world.cilla):
        member = teams.invite_member(**given, membership=world.rut, function="stöd", reason="behövs i planen")
    world.answers(world.rut, world.elsewhere)
    with acting(world.cilla):
        ahead = timezone.now() + timedelta(days=2)
        meeting = plans.call_meeting(**given, starts_at=ahead, place="Rum 2", purpose="Boendet", members=[member])
    assert Visit(world.rut).get("plans:meeting_calendar", meeting).status_code == 200


def test_what_the_person_sees_on_the_shared_screen(world, ahead):
    draft = world.draft()
    with acting(world.anna):
        plans.save_version(
            by=world.anna, plan_version=draft, expected=draft.version, current_situation="Kanarieläget",
            risk_plan="Kanarierisken", strengths="Kanariestyrkan",
        )  # fmt: skip
        plans.save_preparation(by=world.anna, meeting=ahead, must_not_come="Kanariebrodern")
    page = Visit(world.anna).get("plans:together", world.case)
    assert sees(page, "Lugn", "Sova en hel natt", "Traumasamtal", "Lämna snabbt", 'href="/vila/"', "Vi ses")
    hidden = ("Kanarie", world.case.number, "Maria", "Karlsson", "Anna Berg", "Leo", "Rum 2", "Boendet", "Exitprogram")
    assert not [word for word in hidden if sees(page, word)]
    assert "<title>Översikt – Planering</title>" in text_of(page)
    assert page["Cache-Control"].find("no-store") >= 0
    visit = Visit(world.anna)
    visit.get("plans:together", world.case)
    assert "case.viewed.together" in visit.logged()
    assert Visit(world.leo).get("plans:together", world.elsewhere).status_code == 404


def test_the_way_out_is_open_to_all_and_says_nothing():
    page = Visit().get("plans:rest")
    assert page.status_code == 200 and not page.cookies
    assert not [word for word in ("Exitprogram", "Logga", "ärende") if sees(page, word)]
