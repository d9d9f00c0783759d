"""Refusals that are about the state of things: each with its Swedish sentence, and nothing written."""

from datetime import timedelta

import pytest

from cases import operations as cases
from cases.models import CaseNote, Individual, Notice
from cases.names import birth_date_of, folded, identity_number
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import PlanVersion
from teams import operations as teams
from tests.world import today

TOMORROW = timedelta(days=1)


@pytest.mark.parametrize(
    ("written", "digits", "kind"),
    [
        ("19661023-2842", "196610232842", "personal"),
        ("661023-2842", "196610232842", "personal"),
        ("6610232842", "196610232842", "personal"),
        (" 1966 1023 2842 ", "196610232842", "personal"),
        ("19661023–2842", "196610232842", "personal"),
        ("196005812380", "196005812380", "coordination"),
    ],
)
def test_numbers_as_people_write_them(written, digits, kind):
    assert identity_number(written) == (digits, kind)


@pytest.mark.parametrize("written", ["19661023-2843", "19661323-2842", "abc", "", "123", "0000000000"])
def test_a_wrong_number_is_a_sentence(written):
    with pytest.raises(Refused, match="Numret stämmer inte"):
        identity_number(written)


def test_a_birth_date_in_a_number():
    assert birth_date_of("196610232842").isoformat() == "1966-10-23"
    assert birth_date_of("196005812380").isoformat() == "1960-05-21"


@pytest.mark.parametrize("one", ["Åsa", "asa", "ÅSA", "Aasa", "Åsa "])
def test_one_name_in_many_spellings(one):
    assert folded(one) == "asa"


def refused(sentence):
    return pytest.raises(Refused, match=sentence)


def test_a_person_is_searched_for_first(world):
    with acting(world.anna):
        with refused("Sök först"):
            cases.add_person(by=world.anna, after_search=None, name="Ny Person")
        with acting(world.leo):
            _hits, leos = cases.search_people(by=world.leo, query="Ny Person")
        with refused("Sök först"):
            cases.add_person(by=world.anna, after_search=leos, name="Ny Person")
        with refused("minst tre bokstäver"):
            cases.search_people(by=world.anna, query="Ny")
        assert not Individual.objects.visible_to(world.anna).exists()


def test_a_number_is_there_once_in_a_board_and_says_nothing_elsewhere(world):
    world.person(number="19661023-2842")
    with refused("Numret finns redan hos er"):
        world.person(name="Samma Nummer", number="196610232842")
    assert world.person(world.cilla, "Samma Nummer", number="196610232842").name == "Samma Nummer"


def test_days_in_order(world):
    case, when = world.case, today()
    with acting(world.anna):
        with refused("ligger före"):
            cases.record_consent(
                by=world.anna, case=case, form="oral", taken_on=when, starts_on=when, ends_on=when - TOMORROW
            )
        with refused("inte har varit"):
            cases.record_consent(by=world.anna, case=case, form="oral", taken_on=when + TOMORROW)
        with refused("i framtiden"):
            cases.save_note(by=world.anna, case=case, kind="call", event_on=when + TOMORROW, source="x", fact="x")
        with refused("ligger före"):
            teams.invite_member(
                by=world.anna, case=case, membership=world.leo, function="x", reason="x", ends_on=when - TOMORROW
            )
        with refused("redan ett öppet ärende"):
            world.open_case(individual=case.individual)


@pytest.mark.parametrize(("years", "programme", "sentence"), [(17, "adult", "under 18"), (18, "child", "fyllt 18")])
def test_the_programme_fits_the_age(world, years, programme, sentence):
    born = today().replace(year=today().year - years, day=1)
    with refused(sentence):
        world.open_case(individual=world.person(birth_date=born), programme=programme)


def test_somebody_saved_meanwhile(world):
    with acting(world.anna):
        note = cases.save_note(by=world.anna, case=world.case, kind="call", event_on=today(), source="x", fact="Ett")
        given = {"by": world.anna, "case": world.case, "kind": "call", "event_on": today(), "source": "x", "note": note}
        cases.save_note(**given, fact="Två", version=1)
        with pytest.raises(Stale) as stale:
            cases.save_note(**given, fact="Tre", version=1)
        assert stale.value.current.fact == "Två"
        assert CaseNote.objects.get(pk=note.pk).fact == "Två"


def test_a_signed_note_is_added_to_and_not_changed(world):
    """By anybody who has the case, also somebody else than its author."""
    world.join(world.maud)
    with acting(world.anna):
        note = cases.save_note(by=world.anna, case=world.case, kind="call", event_on=today(), source="x", fact="Ett")
        with refused("utkast"):
            cases.add_to_note(by=world.anna, case=world.case, note=note, kind="correction", text="x")
        cases.sign_note(by=world.anna, case=world.case, note=note)
        with refused("signerad och låst"):
            cases.save_note(
                by=world.anna, case=world.case, kind="call", event_on=today(), source="x", fact="Två", note=note
            )
    with acting(world.maud):
        added = cases.add_to_note(by=world.maud, case=world.case, note=note, kind="objection", text="Så var det inte.")
    assert added.author_id == world.maud.pk


def test_told_once_a_day(world):
    """However often it is asked for."""
    with acting(world.anna):
        for _twice in range(2):
            cases.notify(
                by=world.anna, case=world.case, about="invitation", subject_id=world.case.pk, membership=world.sara
            )
    with acting(world.sara):
        assert Notice.objects.visible_to(world.sara).count() == 1


def test_without_consent_there_is_no_plan(world):
    world.coordinator()
    version = world.draft()
    with acting(world.anna), refused("Utan samtycke"):
        plans.agree_version(by=world.anna, plan_version=version)


def test_an_agreed_version_is_closed(world):
    agreed = world.agreed
    with acting(world.anna):
        with refused("överenskommen och låst"):
            plans.add_goal(by=world.anna, plan_version=agreed, area="health", own_words="Mer")
        with refused("redan en plan"):
            plans.start_plan(by=world.anna, case=world.case)
        plans.new_version(by=world.anna, plan=agreed.plan)
        with refused("redan ett utkast"):
            plans.new_version(by=world.anna, plan=agreed.plan)
        assert PlanVersion.objects.filter(case=world.case).count() == 2


def test_no_section_without_cover(world):
    member = world.join(world.sara)
    version = world.draft()
    with acting(world.anna), refused("Inget samtycke täcker"):
        plans.request_section(by=world.anna, plan_version=version, member=member, area="health", question="?")


def test_no_copy_without_cover(world):
    world.join(world.sara)
    agreed = world.agreed
    with acting(world.anna):
        member = world.case.team.get(membership=world.sara)
        with refused("inget samtycke eller annan grund"):
            plans.release_copy(by=world.anna, plan_version=agreed, recipient_key=str(member.pk))


def test_nobody_can_be_called_without_an_agreement(world):
    """Söderhamn has none with the region: Sara cannot be asked, and is not even seen."""
    with acting(world.cilla), refused("saknas en överenskommelse"):
        teams.invite_member(
            by=world.cilla, case=world.elsewhere, membership=world.sara, function="vård", reason="behövs"
        )


def test_joining_needs_an_answer_about_conflict(world):
    with acting(world.anna):
        member = teams.invite_member(
            by=world.anna, case=world.case, membership=world.sara, function="vård", reason="behövs"
        )
    with acting(world.sara), refused("privat koppling"):
        teams.answer_invitation(by=world.sara, member=member, accept=True)
