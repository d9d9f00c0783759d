"""A meeting from the summons to signed minutes: who may, what is told to whom, and what the database refuses alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from icalendar import Calendar

from cases import operations as cases
from cases.models import Notice
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.calendar import calendar_file
from plans.models import Measure, Meeting, MeetingCall, MeetingMinutes, MeetingPreparation, PlanVersion
from teams import operations as teams
from tests.connections import connected

pytestmark = pytest.mark.django_db


def in_days(days=1):
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def meeting(world):
    members = [world.join(world.leo), world.join(world.sara), world.join(world.mika)]
    return called(world, members)


def called(world, members, starts_at=None, **more):
    with acting(world.anna):
        return plans.call_meeting(
            by=world.anna, case=world.case, starts_at=starts_at or in_days(), place="Rum 2", purpose="Boendet",
            members=members, **more,
        )  # fmt: skip


@pytest.fixture
def today_meeting(world):
    """One that begins in a moment, so that it can be written up."""
    return called(world, [world.join(world.leo)], timezone.now() + timedelta(seconds=1))


def told():
    """Who is told of what, read by the role that is bound by nothing."""
    with connected("backup") as everything:
        rows = everything.execute("SELECT about, recipient_id, subject_id FROM cases_notice").fetchall()
    return [(about, who) for about, who, _subject in rows if about.startswith("meet")], rows


def call_of(world, who):
    with acting(who):
        return MeetingCall.objects.visible_to(who).get(membership=who)


def test_principals_are_summoned_and_others_invited(world, meeting):
    words = {who: call_of(world, who).word for who in (world.sara, world.mika, world.leo)}
    assert words == {world.sara: "kallelse", world.mika: "inbjudan", world.leo: "kallelse"}


@pytest.mark.django_db(transaction=True)
def test_everybody_called_is_told_of_each_change(world, meeting):
    everybody = {world.leo.pk, world.sara.pk, world.mika.pk}
    with acting(world.anna):
        for hour in (1, 2):
            plans.move_meeting(
                by=world.anna,
                meeting=meeting,
                starts_at=in_days(3) + timedelta(hours=hour),
                place="Rum 2",
                reason="Sjuk",
            )
        plans.cancel_meeting(by=world.anna, meeting=meeting, reason="Ingen kan")
    about, rows = told()
    assert sorted(about) == sorted([("meeting", w) for w in everybody] + 3 * [("meet_moved", w) for w in everybody])
    assert len({subject for kind, _who, subject in rows if kind == "meet_moved"}) == 3, "each change its own mail"


def test_one_who_left_is_not_told(world, meeting):
    with acting(world.anna):
        member = world.case.team.get(membership=world.leo)
        teams.leave_team(by=world.anna, case=world.case, member=member, reason="slutar")
        plans.cancel_meeting(by=world.anna, meeting=meeting, reason="Ingen kan")
    with acting(world.leo):
        assert not Notice.objects.filter(about="meet_moved").exists()
    with acting(world.sara):
        assert Notice.objects.filter(about="meet_moved").exists()


def test_an_answer_may_be_changed_and_another_time_proposed(world, meeting):
    call = call_of(world, world.sara)
    with acting(world.sara):
        call = plans.answer_call(by=world.sara, call=call, answer="other_time", proposed_at=in_days(5))
        assert call.proposed_at is not None
        with pytest.raises(Refused, match="redan varit"):
            plans.answer_call(by=world.sara, call=call, answer="other_time", proposed_at=in_days(-1))
        call = plans.answer_call(by=world.sara, call=call, answer="video", proposed_at=in_days(5))
        assert (call.answer, call.proposed_at) == ("video", None)


def test_a_new_time_asks_again_and_a_new_place_does_not(world, meeting):
    with acting(world.sara):
        plans.answer_call(by=world.sara, call=call_of(world, world.sara), answer="yes")
    with acting(world.anna):
        plans.move_meeting(by=world.anna, meeting=meeting, starts_at=meeting.starts_at, place="Rum 9", reason="Trångt")
        assert MeetingCall.objects.get(membership=world.sara).answer == "yes"
        plans.move_meeting(by=world.anna, meeting=meeting, starts_at=in_days(4), place="Rum 9", reason="Sjuk")
        assert MeetingCall.objects.get(membership=world.sara).answer == "none"


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"starts_at": datetime(2020, 1, 1, tzinfo=UTC)}, "framåt i tiden"),
        ({"reason": " "}, "Skriv varför"),
        ({"starts_at": None}, "redan de"),
    ],
)
def test_a_move_that_cannot_be(world, meeting, given, sentence):
    given = {"starts_at": in_days(2), "place": "Rum 2", "reason": "Sjuk", **given}
    given["starts_at"] = given["starts_at"] or meeting.starts_at
    with acting(world.anna), pytest.raises(Refused, match=sentence):
        plans.move_meeting(by=world.anna, meeting=meeting, **given)


def test_a_cancelled_meeting_is_over(world, meeting):
    with acting(world.anna):
        plans.cancel_meeting(by=world.anna, meeting=meeting, reason="Ingen kan")
        for act, given in (
            (plans.cancel_meeting, {"reason": "igen"}),
            (plans.move_meeting, {"starts_at": in_days(2), "place": "Rum 2", "reason": "ändå"}),
            (plans.save_preparation, {"leads": "Maria"}), (plans.save_minutes, {"text": "Vi sågs."}),
        ):  # fmt: skip
            with pytest.raises(Refused, match="inställt"):
                act(by=world.anna, meeting=meeting, **given)
    with acting(world.sara), pytest.raises(Refused, match="inställt"):
        plans.answer_call(by=world.sara, call=call_of(world, world.sara), answer="yes")


def test_nobody_called_and_nobody_who_left(world):
    member = world.join(world.leo)
    with pytest.raises(Refused, match="minst en"):
        called(world, [])
    with acting(world.anna):
        member = teams.leave_team(by=world.anna, case=world.case, member=member, reason="slutar")
    with pytest.raises(Refused, match="med i teamet"):
        called(world, [member])


@pytest.mark.parametrize("typed", ["Storgatan 3, Bollnäs", "storgatan 3", "Hemma hos Maria: Storgatan 3 Bollnäs"])
def test_the_place_is_never_where_the_person_is(world, typed):
    member = world.join(world.leo)
    with acting(world.anna):
        cases.add_place(by=world.anna, case=world.case, kind="address", text="Storgatan 3, Bollnäs")
        given = {"case": world.case, "starts_at": in_days(), "purpose": "", "members": [member]}
        with pytest.raises(Refused, match="ska skyddas"):
            plans.call_meeting(by=world.anna, place=typed, **given)
        assert plans.call_meeting(by=world.anna, place="Biblioteket, Bollnäs", **given)


def test_one_who_may_not_read_the_place_learns_nothing_by_typing(world):
    """Maud has the case through the team and is no reader of the address: the refusal must not be a way to guess."""
    member = world.join(world.maud)
    with acting(world.anna):
        cases.add_place(by=world.anna, case=world.case, kind="address", text="Storgatan 3, Bollnäs")
    with acting(world.maud):
        assert plans.call_meeting(
            by=world.maud, case=world.case, starts_at=in_days(), place="Storgatan 3", purpose="", members=[member]
        )


def test_what_was_prepared_is_read_by_those_who_have_the_case_alone(world, meeting):
    with acting(world.anna):
        plans.save_preparation(by=world.anna, meeting=meeting, must_not_come="Brodern", leads="Maria själv")
        assert MeetingPreparation.objects.get().must_not_come == "Brodern"
        with pytest.raises(Stale):
            plans.save_preparation(by=world.anna, meeting=meeting, leads="Anna", expected=0)
        assert (
            plans.save_preparation(by=world.anna, meeting=meeting, leads="Anna", expected=1).must_not_come == "Brodern"
        )
    for who in (world.sara, world.mika, world.cilla):
        with acting(who):
            assert not MeetingPreparation.objects.exists() and not MeetingMinutes.objects.exists()
    with acting(world.sara):
        assert Meeting.objects.visible_to(world.sara).get() == meeting


def test_minutes_are_saved_then_signed_and_then_nothing_moves(world, today_meeting):
    with acting(world.anna):
        call = MeetingCall.objects.get(meeting=today_meeting)
        given = {"by": world.anna, "meeting": today_meeting}
        plans.save_minutes(**given, text="Vi ses igen")
        assert Meeting.objects.get().held
        with pytest.raises(Stale):
            plans.save_minutes(**given, text="Något annat")
        signs = {**given, "text": "Vi ses igen.", "person": "present", "expected": 1}
        with pytest.raises(Refused, match="vilka som var med"):
            plans.sign_minutes(**signs, attendance={})
        with pytest.raises(Refused, match="Skriv något"):
            plans.sign_minutes(**{**signs, "text": " "}, attendance={str(call.pk): "video"})
        with pytest.raises(Refused, match="personen var med"):
            plans.sign_minutes(**{**signs, "person": "none"}, attendance={str(call.pk): "video"})
        row = plans.sign_minutes(**signs, attendance={str(call.pk): "input"})
        assert (row.signed_by_id, MeetingCall.objects.get().attendance) == (world.anna.pk, "input")
        with pytest.raises(Refused, match="låsta"):
            plans.save_minutes(**given, text="Efteråt", expected=row.row_version)


def test_the_database_alone_keeps_what_is_signed(world, today_meeting):
    with acting(world.anna):
        call = MeetingCall.objects.get(meeting=today_meeting)
        plans.sign_minutes(
            by=world.anna, meeting=today_meeting, text="Klart.", person="present", attendance={str(call.pk): "present"}
        )
        for rows, change in (
            (MeetingMinutes.objects, {"person": "absent"}), (MeetingCall.objects, {"attendance": "absent"}),
            (Meeting.objects, {"starts_at": in_days()}), (Meeting.objects, {"held": False}),
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)


def test_nobody_answers_for_another_and_no_guest_writes_who_came(world, meeting):
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        MeetingCall.objects.filter(membership=world.sara).update(answer="yes")
    with acting(world.sara), pytest.raises(DatabaseError), transaction.atomic():
        MeetingCall.objects.filter(membership=world.sara).update(attendance="present")


def test_minutes_of_a_meeting_that_has_not_been(world, meeting):
    with acting(world.anna), pytest.raises(Refused, match="inte varit än"):
        plans.save_minutes(by=world.anna, meeting=meeting, text="Vi sågs")


def test_a_line_becomes_a_measure_once(world, today_meeting):
    draft = world.draft()
    with acting(world.anna):
        goal = draft.goals.get()
        given = {"by": world.anna, "meeting": today_meeting}
        plans.save_minutes(**given, text="Vi talade länge.\n\n- Anna ringer bostadsbolaget\n")
        line = {**given, "line": 1, "expected": 1, "goal": goal}
        made = plans.measure_from_minutes(**line)
        assert (made.title, made.principal_id) == ("Anna ringer bostadsbolaget", world.bollnas.pk)
        with pytest.raises(Refused, match="redan en insats"):
            plans.measure_from_minutes(**line)
        with pytest.raises(Stale):
            plans.measure_from_minutes(**{**line, "expected": 9})
        for place in (-1, 2):
            with pytest.raises(Refused, match="finns inte"):
                plans.measure_from_minutes(**{**line, "line": place})
        assert Measure.objects.filter(title__isnull=False, version=PlanVersion.objects.get()).count() == 2


def test_the_calendar_file_says_a_time_and_nothing_else(world, meeting):
    files = []
    with acting(world.anna):
        files.append(calendar_file(meeting, at=timezone.now()))
        moved = plans.move_meeting(by=world.anna, meeting=meeting, starts_at=in_days(2), place="Rum 3", reason="Sjuk")
        files.append(calendar_file(moved, at=timezone.now()))
        gone = plans.cancel_meeting(by=world.anna, meeting=meeting, reason="Ingen kan")
        files.append(calendar_file(gone, at=timezone.now()))
    events = [Calendar.from_ical(file).walk("VEVENT")[0] for file in files]
    assert {str(event["uid"]) for event in events} == {str(meeting.pk)}
    assert [event["sequence"] for event in events] == [0, 1, 2]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[1]["dtstart"].dt == moved.starts_at.replace(microsecond=0)
    assert (events[1]["dtend"].dt - events[1]["dtstart"].dt) == timedelta(hours=1)
    for event, file in zip(events, files, strict=True):
        assert (str(event["summary"]), str(event["location"])) == ("Möte", "Se systemet")
        words = file.decode()
        secret = ("Maria", "Anna", "Rum", "Boendet", world.case.number, "Bollnäs", "exit", str(world.case.pk))
        assert not [word for word in secret if word.lower() in words.lower()]
        assert set(event) == {
            "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "CLASS", "STATUS"
        }  # fmt: skip


def test_closing_the_case_waits_for_the_signature_and_tells_those_called(world, today_meeting):
    sara = world.join(world.sara)
    ahead = called(world, [sara], in_days(9))
    closing = {"by": world.anna, "case": world.case, "kind": "enough", "reason": "Allt är bra"}
    with acting(world.anna):
        plans.save_minutes(by=world.anna, meeting=today_meeting, text="Klart.")
        with pytest.raises(Refused, match="Osignerat från mötet"):
            plans.close_case(**closing)
        came = {str(pk): "present" for pk in today_meeting.calls.values_list("pk", flat=True)}
        plans.sign_minutes(
            by=world.anna, meeting=today_meeting, text="Klart.", person="present", attendance=came, expected=1
        )
        plans.close_case(**closing)
        assert Meeting.objects.get(pk=ahead.pk).cancelled_at
    with acting(world.sara):
        assert Notice.objects.filter(about="meet_moved").count() == 1
