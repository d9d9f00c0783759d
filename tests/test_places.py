"""Where somebody is: readers, reasons, a minute, and what an emergency or an opened case does not give."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils import timezone

from cases import operations as cases
from cases.models import Notice, Place, PlaceReader, PlaceReveal, PlaceText
from cases.operations.places import IN_AN_HOUR, TooMany
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from tests.world import today

ADDRESS = "Kanariegatan 7, portkod 1234"
DAY = timedelta(days=1)


def placed(world, **more):
    with acting(world.anna):
        return cases.add_place(by=world.anna, case=world.case, kind="address", text=ADDRESS, **more)


def name(world, place, whom, by=None, **more):
    by = by or world.anna
    with acting(by):
        return cases.name_reader(by=by, case=world.case, place=place, membership=whom, reason="Följer med.", **more)


def reads(world, who):
    """(in PostgreSQL's wall alone, in Python's answer): may this person read a text now?"""
    with acting(who), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_placetext")
        return cursor.fetchone()[0] > 0, PlaceText.objects.visible_to(who).exists()


def test_the_writer_is_the_first_reader(world):
    place = placed(world)
    world.join(world.maud)
    assert reads(world, world.anna) == (True, True)
    assert reads(world, world.maud) == (False, False), "opening the case opens no address"
    with acting(world.maud):
        assert Place.objects.visible_to(world.maud).get() == place, "that it is there, whom to ask"
        assert PlaceReader.objects.visible_to(world.maud).get().membership_id == world.anna.pk


def test_a_reader_names_the_next_and_ends_her_at_once(world):
    place = placed(world)
    world.join(world.leo)
    reader = name(world, place, world.leo)
    assert reads(world, world.leo) == (True, True)
    with acting(world.anna):
        cases.end_reader(by=world.anna, case=world.case, reader=reader)
    assert reads(world, world.leo) == (False, False)


@pytest.mark.parametrize("who", ["leo", "cilla", "sara", "mika"])
def test_only_a_colleague_who_has_the_case(world, who):
    place = placed(world)
    with pytest.raises(Refused, match="Bara den som har ärendet"):
        name(world, place, getattr(world, who))


def test_one_who_cannot_read_names_nobody(world):
    place = placed(world)
    world.join(world.leo)
    world.join(world.maud)
    with pytest.raises(NotAllowed, match="inte läsare"):
        name(world, place, world.leo, by=world.leo)
    with pytest.raises(NotAllowed, match="inte läsare"):
        name(world, place, world.maud, by=world.maud), "not even the manager, while there is somebody to ask"


def test_a_manager_names_somebody_when_nobody_is_left(world):
    place = placed(world)
    world.join(world.maud)
    with acting(world.anna):
        mine = PlaceReader.objects.get(place=place)
        cases.end_reader(by=world.anna, case=world.case, reader=mine)
    with pytest.raises(NotAllowed, match="inte läsare"):
        name(world, place, world.anna)
    with pytest.raises(NotAllowed, match="inte utse dig själv"):
        name(world, place, world.maud, by=world.maud)
    name(world, place, world.anna, by=world.maud)
    assert reads(world, world.anna) == (True, True)


def test_the_case_taken_away_takes_the_address(world):
    place = placed(world)
    world.join(world.leo)
    name(world, place, world.leo)
    with acting(world.anna):
        cases.end_access(by=world.anna, case=world.case, membership=world.leo, kind="team")
    assert reads(world, world.leo) == (False, False)


def wanted(world, place, by=None, **more):
    by = by or world.anna
    asked = {"reason": "meet", "words": "Hembesök i dag.", **more}
    with acting(by):
        return cases.reveal_place(by=by, case=world.case, place=place, **asked)


def shown(world, reveal, by=None):
    by = by or world.anna
    with acting(by):
        return cases.show_place(by=by, case=world.case, reveal=reveal)


def test_shown_once_for_a_reason(world):
    reveal = wanted(world, placed(world, note="Grön dörr"))
    text = shown(world, reveal)
    assert (text.text, text.note) == (ADDRESS, "Grön dörr")
    with pytest.raises(Refused, match="dold igen"):
        shown(world, reveal)
    with acting(world.anna):
        events = AuditEvent.objects.about_case(world.case).filter(action__startswith="place.").order_by("created_at")
        assert list(events.values_list("action", flat=True)) == ["place.added", "place.revealed", "place.shown"]
        assert events[1].details == {"reason": "meet"}
        assert not any("Kanarie" in str(event.details) or "Hembesök" in str(event.details) for event in events)


def test_a_minute_later_it_is_hidden(world):
    reveal = wanted(world, placed(world))
    later = patch("cases.operations.places.timezone.now", return_value=timezone.now() + timedelta(seconds=61))
    with later, pytest.raises(Refused, match="dold igen"):
        shown(world, reveal)


def test_nobody_else_uses_ones_reason(world):
    place = placed(world)
    world.join(world.leo)
    name(world, place, world.leo)
    reveal = wanted(world, place)
    with pytest.raises(PlaceReveal.DoesNotExist):
        shown(world, reveal, by=world.leo)


def test_a_reader_who_is_one_no_more_sees_nothing(world):
    """Between the reason and the showing."""
    reveal = wanted(world, placed(world))
    with acting(world.anna):
        cases.end_reader(by=world.anna, case=world.case, reader=PlaceReader.objects.get())
    with pytest.raises(NotAllowed, match="inte läsare"):
        shown(world, reveal)


def test_so_many_an_hour(world):
    place = placed(world)
    for _time in range(IN_AN_HOUR):
        wanted(world, place)
    with pytest.raises(TooMany, match="din chef får veta"):
        wanted(world, place)
    with patch("cases.operations.places.timezone.now", return_value=timezone.now() + timedelta(minutes=61)):
        wanted(world, place)


def test_the_manager_is_told_who_and_not_whose(world):
    with acting(world.anna):
        cases.report_reveals(by=world.anna, case=world.case)
    with acting(world.maud):
        notice = Notice.objects.visible_to(world.maud).get()
        assert (notice.about, notice.subject_id) == ("reveals", world.anna.pk)
        event = AuditEvent.objects.visible_to(world.maud).get(action="place.reveals_stopped")
        assert event.case_id is None and event.object_id is None
    with acting(world.leo):
        assert not Notice.objects.visible_to(world.leo).exists()


def test_what_a_place_needs(world):
    with acting(world.anna):
        with pytest.raises(Refused, match="Skriv vad platsen är"):
            cases.add_place(by=world.anna, case=world.case, kind="address", text="  ")
        with pytest.raises(Refused, match="ligger före"):
            cases.add_place(by=world.anna, case=world.case, kind="address", text="x", ends_on=today() - DAY)
        assert not Place.objects.exists()


def test_a_last_day_only_moves_earlier(world):
    place = placed(world, starts_on=today() - 9 * DAY)
    end = {"by": world.anna, "case": world.case, "place": place}
    with acting(world.anna):
        cases.end_place(**end, ends_on=today())
        with pytest.raises(Refused, match="bara bli tidigare"):
            cases.end_place(**end, ends_on=today() + DAY)
        with pytest.raises(Refused, match="ligger före"):
            cases.end_place(**end, ends_on=today() - 10 * DAY)
    assert reads(world, world.anna) == (True, True), "what was stays with its readers"


def test_readers_and_what_is_asked(world):
    place = placed(world)
    world.join(world.leo)
    with acting(world.anna):
        given = {"by": world.anna, "case": world.case, "place": place, "membership": world.leo}
        with pytest.raises(Refused, match="Skriv varför"):
            cases.name_reader(**given, reason=" ")
        with pytest.raises(Refused, match="redan varit"):
            cases.name_reader(**given, reason="x", ends_on=today() - DAY)
        reader = cases.name_reader(**given, reason="x")
        with pytest.raises(Refused, match="redan läsare"):
            cases.name_reader(**given, reason="x")
        cases.end_reader(by=world.anna, case=world.case, reader=reader)
        with pytest.raises(Refused, match="inte längre läsare"):
            cases.end_reader(by=world.anna, case=world.case, reader=reader)
        with pytest.raises(Refused, match="egna ord"):
            wanted(world, place, words=" ")


def test_an_emergency_opens_no_address(world):
    """Not even to one who once was a reader and is named still."""
    place = placed(world)
    world.join(world.leo)
    name(world, place, world.leo)
    with acting(world.anna):
        cases.end_access(by=world.anna, case=world.case, membership=world.leo, kind="team")
    emergency(world, world.leo)
    with acting(world.leo):
        assert Place.objects.visible_to(world.leo).exists(), "the case itself is open"
    assert reads(world, world.leo) == (False, False)


def emergency(world, who):
    """The grant as it stands when a case has been opened in an emergency."""
    with acting(who):
        cases.open_in_emergency(by=who, number=world.case.number, reason="life", reason_text="Fara för livet just nu.")
