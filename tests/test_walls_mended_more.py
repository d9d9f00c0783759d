"""More attacks that once went through, by people with a true context; beside each, what an honest hand still may do."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from cases import operations as cases
from cases.models import (
    AccessGrant,
    CaseNote,
    Disclosure,
    EmergencyAccess,
    Individual,
    RetentionMark,
    SafeContact,
    TransferRequest,
)
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from tests import leaving, shut
from tests.papers import old_case
from tests.test_disposal import carried_out, prepared, signed
from tests.test_walls_writing import tried
from tests.visits import Visit


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def answer(who, question, *values):
    """What the database says to the web's role, acting for somebody."""
    with acting(who), connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


# Destruction takes what is on the list.


def signed_note(by, case):
    with acting(by):
        note = cases.save_note(by=by, case=case, kind="call", event_on=timezone.localdate(), source="x", fact="Kvar")
        return cases.sign_note(by=by, case=case, note=note)


@pytest.mark.parametrize("whose", ["case", "elsewhere"])
def test_a_borrowed_id_takes_nobody_elses_row(world, whose):
    """An id is chosen by whoever inserts the row. One that is a note's, in another table of the listed case, took the
    note with it: another case's, or another authority's."""
    by = world.anna if whose == "case" else world.cilla
    note = signed_note(by, getattr(world, whose))
    due = old_case(world)
    with acting(world.anna):
        given = {"authority_id": due.authority_id, "case": due, "kind": "not_placed", "set_by": world.anna}
        RetentionMark(pk=note.pk, **given, reason="x").save(force_insert=True)
    carried_out(signed(prepared(world, due), world.maud, world.adam), world.adam)
    with acting(by):
        assert CaseNote.objects.visible_to(by).filter(pk=note.pk).exists()
    with acting(world.anna):
        assert not RetentionMark.objects.filter(pk=note.pk).exists()


# «Just added» is over when she turns out to be somebody with a case.


def merged_and_gone(world):
    """Leo adds a row, puts it together with a case he has, and loses that case."""
    case = world.case
    world.join(world.leo)
    row = world.person(world.leo, "Mia Karlsson")
    with acting(world.leo):
        cases.merge_people(by=world.leo, kept=case.individual, merged=row, reason="Samma person.")
    with acting(world.anna):
        cases.end_access(by=world.anna, case=case, membership=world.leo, kind="team")
    return case, row


def test_a_row_of_ones_own_leads_to_nobody_elses_case(world):
    case, row = merged_and_gone(world)
    with acting(world.anna):
        SafeContact(authority_id=row.authority_id, individual=row, channels="sms").save(force_insert=True)
    with acting(world.leo):
        assert not Individual.objects.visible_to(world.leo).filter(pk=row.pk).exists()
    assert answer(world.leo, "SELECT id FROM cases_individual WHERE id = %s", row.pk) == []
    assert answer(world.leo, "SELECT id FROM cases_safecontact WHERE individual_id = %s", row.pk) == []
    with acting(world.anna):
        assert Individual.objects.visible_to(world.anna).filter(pk=row.pk).exists()


def test_nor_can_a_case_be_opened_by_it(world):
    case, row = merged_and_gone(world)
    with pytest.raises(Individual.DoesNotExist):
        world.open_case(world.leo, row)
    with acting(world.leo):
        assert not Individual.objects.visible_to(world.leo).filter(pk=case.individual_id).exists()
    assert world.open_case(world.leo, world.person(world.leo, "Ny Annan")), "what is really new, one opens"


# A block goes before what was sent by name.


def test_what_was_sent_closes_by_a_block(world):
    copy = leaving.sent(world.anna, world.case, world.mika)
    found = "SELECT id FROM cases_disclosure WHERE id = %s"
    words = "SELECT id FROM cases_discloseditem WHERE disclosure_id = %s"
    assert len(answer(world.mika, found, copy.pk)) == 1 and answer(world.mika, words, copy.pk)
    shut.block(world.anna, world.case, world.mika)
    assert answer(world.mika, found, copy.pk) == [] == answer(world.mika, words, copy.pk)
    with acting(world.mika), pytest.raises(NotAllowed):
        cases.open_received(by=world.mika, disclosure=copy)


def test_nothing_is_sent_to_the_blocked(world):
    shut.block(world.anna, world.case, world.mika)
    with pytest.raises(Refused):
        leaving.sent(world.anna, world.case, world.mika)
    with acting(world.anna):
        assert not Disclosure.objects.exists()


def test_a_request_is_not_there_for_a_blocked_manager(world):
    nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    transfer = leaving.asked(world.anna, world.case, world.soderhamn, nora, world.cilla)
    found = "SELECT id FROM cases_transferrequest WHERE id = %s"
    assert len(answer(nora, found, transfer.pk)) == 1 == len(answer(world.cilla, found, transfer.pk))
    shut.block(world.anna, world.case, nora)
    assert answer(nora, found, transfer.pk) == []
    with acting(nora):
        assert not TransferRequest.objects.asked_of(nora).exists()
    assert len(answer(world.cilla, found, transfer.pk)) == 1


# Nobody makes herself the last reader of an address.


def placed_with_manager(world):
    world.join(world.maud)
    with acting(world.anna):
        return cases.add_place(by=world.anna, case=world.case, kind="address", text="Kanariegatan 3")


def test_a_manager_does_not_empty_an_address_of_readers_for_herself(world):
    place = placed_with_manager(world)
    with acting(world.maud):
        cases.end_reader(by=world.maud, case=world.case, reader=place.readers.get())
        with pytest.raises((Refused, NotAllowed)):
            cases.name_reader(by=world.maud, case=world.case, place=place, membership=world.maud, reason="x")
    asked = "SELECT wall.may_name_reader(%s, %s)"
    assert answer(world.maud, asked, place.pk, world.maud.pk) == [(False,)]
    assert answer(world.maud, asked, place.pk, world.anna.pk) == [(True,)], "but somebody else"


def test_a_reader_gives_herself_no_more_days(world):
    world.join(world.leo)
    with acting(world.anna):
        place = cases.add_place(by=world.anna, case=world.case, kind="address", text="Kanariegatan 3")
        given = {"by": world.anna, "case": world.case, "place": place, "membership": world.leo, "reason": "x"}
        cases.name_reader(**given, ends_on=timezone.localdate())
    asked = "SELECT wall.may_name_reader(%s, %s)"
    assert answer(world.leo, asked, place.pk, world.leo.pk) == [(False,)]
    assert answer(world.anna, asked, place.pk, world.leo.pk) == [(True,)]


# Who has a case for a time has it for no longer.


def test_nobody_gives_herself_the_case_for_longer(world):
    day = timezone.localdate() + timedelta(days=2)
    world.join(world.leo, ends_on=day)
    again = (
        "INSERT INTO cases_accessgrant SELECT (jsonb_populate_record(g, jsonb_build_object('id', gen_random_uuid(),"
        " 'kind', 'named', 'ends_on', %s::text, 'granted_by_id', %s::text))).* FROM cases_accessgrant g"
        " WHERE membership_id = %s AND ended_at IS NULL"
    )
    for last_on in (None, str(day + timedelta(days=1))):
        assert tried(world.leo, (again, [last_on, world.leo.pk, world.leo.pk])) is InsufficientPrivilege
    assert tried(world.leo, (again, [str(day), world.leo.pk, world.leo.pk])) == 1
    assert tried(world.anna, (again, [None, world.anna.pk, world.leo.pk])) == 1


# What may be read in an emergency is shown.


def test_an_answered_request_is_shown_in_an_emergency(world):
    nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    leaving.answered(nora, leaving.asked(world.anna, world.case, world.soderhamn, nora, world.cilla))
    opened(world, world.leo, world.case)
    assert Visit(world.leo).get("cases:transfer", world.case.pk).status_code == 200
    with acting(world.anna):
        assert world.case.transfers.get().answer_read_at is None, "seen by those who hold the case"


# Nothing is kept for later by sending it to oneself.


def test_a_copy_is_not_sent_to_ones_other_self(world):
    with acting(world.pia):
        other = add_member(by=world.pia, email=world.anna.user.email, name="Anna Berg", role=Role.PARTNER)
    with pytest.raises(Refused):
        leaving.sent(world.anna, world.case, other)
    copy = leaving.sent(world.anna, world.case, world.mika)
    again = (
        "INSERT INTO cases_disclosure SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),"
        " 'copy_number', 9, 'receiver_id', %s::uuid))).* FROM cases_disclosure d WHERE d.id = %s"
    )
    assert tried(world.anna, (again, [other.pk, copy.pk])) is InsufficientPrivilege
    assert tried(world.anna, (again, [world.mika.pk, copy.pk])) == 1


def test_a_case_is_not_taken_over_by_an_emergency(world):
    """The hour is for reading and for notes; responsibility is taken by somebody who holds the case."""
    nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    transfer = leaving.asked(world.anna, world.case, world.soderhamn, nora, world.cilla)
    leaving.answered(nora, transfer)
    leaving.handed(world.anna, world.case, transfer, nora)
    own = world.elsewhere
    with acting(nora):
        cases.open_in_emergency(by=nora, number=own.number, **shut.WHY)
        with pytest.raises(NotAllowed):
            cases.take_over(by=nora, transfer=transfer, case=own)
    assert answer(nora, "SELECT wall.is_open_case(%s)", own.pk) == [(False,)]
    with acting(world.cilla):
        assert cases.take_over(by=world.cilla, transfer=transfer, case=own).step == "taken"


# That somebody is protected is in no log but her case's.


@pytest.mark.parametrize("who", ["maud", "adam"])
def test_the_log_of_no_case_tells_of_no_protection(world, who):
    who = getattr(world, who)
    world.open_case(individual=world.person(name="Gömd Person", protection="secrecy_mark"))
    asked = "SELECT action, object_type, details::text FROM audit_auditevent"
    told = [row for row in answer(who, asked) if "mark" in " ".join(row)]
    assert told == []
    with acting(who):
        assert not AuditEvent.objects.visible_to(who).filter(action__contains="mark").exists()
    assert [row for row in answer(world.anna, asked) if row[0] == "person.mark_noted"]


# An emergency is judged by somebody who holds more than one.


def opened(world, who, case):
    with acting(who):
        return cases.open_in_emergency(by=who, number=case.number, **shut.WHY).emergency


def reviewing(emergency, who):
    return (
        "UPDATE cases_emergencyaccess SET reviewed_at = now(), reviewed_by_id = %s, judgement = 'justified',"
        " review_note = %s WHERE id = %s",
        [who.pk, b"x", emergency.pk],
    )


def test_two_in_an_emergency_do_not_review_each_other(world):
    lars = world._member(world.adam, "Lars Ny", Role.SOCIAL_WORKER)
    emergency = opened(world, world.leo, world.case)
    opened(world, lars, world.case)
    assert tried(lars, reviewing(emergency, lars)) is RestrictViolation
    assert tried(world.maud, reviewing(emergency, world.maud)) == 1


@pytest.mark.parametrize("act", ["intake", "avoid", "addition"])
def test_the_hour_is_for_notes_alone(world, act):
    """Python let through all that asks for the right to write a note; the database stopped it with a fault."""
    case = world.case
    note = signed_note(world.anna, case)
    opened(world, world.leo, case)
    given = {"by": world.leo, "case": case}
    with acting(world.leo), pytest.raises(NotAllowed, match="nödåtkomst"):
        if act == "intake":
            cases.save_intake(**given, version=0, screening={}, triage={}, needs=[])
        elif act == "avoid":
            cases.add_avoid_place(**given, place="Torget", why="x")
        else:
            cases.add_to_note(**given, note=note, kind="correction", text="x")
    assert signed_note(world.leo, case).signed_at


def test_an_early_end_hides_no_trace(world):
    """Ended, by raw SQL, before it was used: the grant still stood, and the reviewer was shown nothing."""
    emergency = opened(world, world.leo, world.case)
    with acting(world.leo):
        EmergencyAccess.objects.filter(pk=emergency.pk).update(ended_at=emergency.started_at - timedelta(minutes=1))
        assert AccessGrant.objects.filter(membership=world.leo, kind="emergency", ended_at=None).exists()
    seen = {action for _at, action in answer(world.maud, "SELECT * FROM wall.emergency_traces(%s)", emergency.pk)}
    assert "emergency.opened" in seen


# Functions that run with the wall's own eyes, asked about what is not one's own.


def test_nothing_is_told_of_another_authoritys_case(world):
    hers = world.elsewhere
    assert answer(world.anna, "SELECT last_on FROM wall.last_days(ARRAY[%s]::uuid[])", hers.pk) == []
    assert len(answer(world.cilla, "SELECT last_on FROM wall.last_days(ARRAY[%s]::uuid[])", hers.pk)) == 1


STEPS = ["wall.same_people('{}')", "wall.people_of_cases('{}')"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_wall_is_not_for_the_web(world, step):
    assert tried(world.anna, f"SELECT {step}") is InsufficientPrivilege


def test_the_blocked_is_not_told_that_she_is(world):
    """She had the case once, and knows its id."""
    asked = "SELECT wall.is_blocked(%s, %s)"
    world.join(world.leo)
    shut.block(world.anna, world.case, world.leo)
    assert answer(world.leo, asked, world.case.pk, world.leo.pk) == answer(world.leo, asked, uuid4(), world.leo.pk)
    assert answer(world.anna, asked, world.case.pk, world.leo.pk) == [(True,)]


def test_a_closed_case_is_not_listed_for_the_blocked(world):
    due = old_case(world)
    asked = "SELECT case_id FROM wall.retention_facts()"
    assert (due.pk,) in answer(world.maud, asked)
    shut.block(world.anna, due, world.maud)
    assert answer(world.maud, asked) == []
    assert (due.pk,) in answer(world.adam, asked)
