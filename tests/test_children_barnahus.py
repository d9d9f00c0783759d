"""Consultations at the children's house: nothing tells who the child is, or each who knew it had a ground."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from cases import operations as cases
from cases.models import Clock, Disclosure, Notice
from children import operations
from children.models import Consultation
from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.rules import all_rules
from exitprogram.tenancy.acting import acting
from tests.guardianship import beside
from tests.visits import Visit, sees
from tests.world import today

NUMBER = "201602242396"
CRIME = "secrecy.exception.crime_against_child"


@pytest.fixture
def case(world):
    world.child_worker("anna")
    child = world.child_case(name="Kim Ung", alias="Lilla Stjärnan", number=NUMBER)
    beside(world.anna, child, "Örjan Björk", kind="")
    return child


def given(**more):
    return {"day": today(), "kind": "planning", "named": False, "parties": ["social", "police"],
            "asked": "Vad vi gör först", "agreed": "Förhör först, samtal sedan", **more}  # fmt: skip


def consult(world, case, **more):
    return operations.record_consultation(by=world.anna, case=case, **given(**more))


def named(**more):
    return {"named": True, "grounds": ["secrecy.waiver"], "ground_why": "Hon vill det själv.", **more}


TELLING = [
    "Kim", "kims mamma", "Kim  UNG", "lilla stjärnan", "Lilla Stjärnans skola", "NUMBER", "19NUMBER", "Björk", "orjan",
    "kim.ung@skola.example", "https://exempel.invalid/x", "0701234567",
]  # fmt: skip


@pytest.mark.parametrize("field, clue", [
    *(("agreed", clue) for clue in TELLING),
    *((field, "Kim") for field in ("asked", "present", "next_step", "next_who")),
])  # fmt: skip
def test_without_identity_no_text_tells_who(world, case, field, clue):
    clue = clue.replace("19NUMBER", f"{NUMBER[2:8]} {NUMBER[8:]}").replace("NUMBER", f"{NUMBER[:8]}-{NUMBER[8:]}")
    more = {"next_step": "ringa", "next_who": "utredaren"} if field.startswith("next") else {}
    with acting(world.anna):
        with pytest.raises(Refused, match="innehåll"):
            consult(world, case, **{**more, field: f"Det gäller {clue} och syskonen."})
        assert not Consultation.objects.exists()


def test_the_cases_number_tells_too_and_other_words_do_not(world, case):
    with acting(world.anna):
        with pytest.raises(Refused, match="ärendets nummer"):
            consult(world, case, asked=f"Se {case.number}.")
        row = consult(world, case, agreed="En ungdom, tretton år; stjärnan på kartan, kimono och ungefär så.")
        assert (row.named, row.grounds, row.ground_why) == (False, [], "")


def test_a_protected_name_is_looked_for_too(world):
    world.child_worker("anna")
    hidden = world.child_case(name="Dold Unge", protection="secrecy_mark")
    with acting(world.anna), pytest.raises(Refused, match="ett namn"):
        consult(world, hidden, asked="Om Dold.")


def test_nothing_of_it_leaves_the_house(world, case):
    with acting(world.anna):
        disclosures, notices = Disclosure.objects.count(), Notice.objects.count()
        consult(world, case)
        consult(world, case, **named())
        assert (Disclosure.objects.count(), Notice.objects.count()) == (disclosures, notices)


@pytest.mark.parametrize("more, why", [
    ({"grounds": []}, "Välj vad det vilar på"), ({"ground_why": " "}, "hur ni har prövat"),
    ({"grounds": [CRIME], "parties": ["police", "psychiatry"]}, "räcker till BUP"),
    ({"grounds": [CRIME, "secrecy.waiver"], "parties": ["psychiatry"]}, "når ingen"),
    ({"grounds": ["påhittad"], "parties": ["police"]}, "räcker till Polisen"),
])  # fmt: skip
def test_with_identity_each_who_was_there_has_a_ground(world, case, more, why):
    with acting(world.anna):
        with pytest.raises(Refused, match=why):
            consult(world, case, **named(**more))
        row = consult(world, case, **named(grounds=[CRIME, "secrecy.exception.social_young"],
                                           parties=["social", "police", "prosecutor", "psychiatry"]))  # fmt: skip
        assert row.grounds == [CRIME, "secrecy.exception.social_young"]


def test_the_ground_is_of_the_day_of_the_consultation(world, case):
    """OSL 10:15 a has its own first day."""
    [law] = [one for one in all_rules() if one.id == "secrecy.exception.crime_prevention"]
    more = named(grounds=[law.id], parties=["police"])
    with acting(world.anna):
        with pytest.raises(Refused, match="räcker till Polisen"):
            consult(world, case, day=law.valid_from - timedelta(days=1), **more)
        assert consult(world, case, day=law.valid_from, **more).day == date(2025, 12, 1)


@pytest.mark.parametrize("more", [
    {"day": today() + timedelta(days=1)}, {"parties": []}, {"parties": ["skolan"]}, {"agreed": " "}, {"kind": "x"},
    {"next_step": "ringa"}, {"next_on": today()}, 
    {"next_step": "a", "next_who": "b", "next_on": today() - timedelta(days=1)},
])  # fmt: skip
def test_what_is_not_whole_is_refused(world, case, more):
    with acting(world.anna):
        with pytest.raises(Refused):
            consult(world, case, **more)
        assert not Consultation.objects.exists()


def test_the_next_step_has_a_day_that_only_its_result_ends(world, case):
    with acting(world.anna):
        row = consult(world, case, next_step="Ringa", next_who="Utredaren", next_on=today())
        clock = Clock.objects.open().get(case=case, kind="barnahus_next")
        assert clock.due_on == today()
        with pytest.raises(Refused, match="hur nästa steg gick"):
            cases.finish_clock(by=world.anna, case=case, clock=clock)
        with pytest.raises(DatabaseError), transaction.atomic():
            Clock.objects.filter(pk=clock.pk).update(done_at="2026-01-01T00:00Z", done_by=world.anna)
        with pytest.raises(Refused, match="ett namn"):
            operations.finish_consultation_step(by=world.anna, case=case, consultation=row, result="Kim är hörd.")
        operations.finish_consultation_step(by=world.anna, case=case, consultation=row, result="Förhöret är gjort.")
        assert not Clock.objects.open().filter(kind="barnahus_next").exists()
        with pytest.raises(Refused, match="redan klart"):
            operations.finish_consultation_step(by=world.anna, case=case, consultation=row, result="Igen.")


def test_the_database_asks_it_too(world, case):
    row = {"authority_id": case.authority_id, "case": case, "day": today(), "kind": "planning", "parties": ["police"],
           "asked": "x", "agreed": "x", "written_by": world.anna}  # fmt: skip
    grown_up = world.open_case()
    with acting(world.anna):
        for fault in ({"named": True}, {"named": False, "grounds": ["x"]}, {"named": False, "parties": []},
                      {"named": False, "case": grown_up}):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                Consultation(**{**row, **fault}).save(force_insert=True)
        said = consult(world, case)
        with pytest.raises(DatabaseError), transaction.atomic():
            Consultation.objects.filter(pk=said.pk).update(named=True)
        with pytest.raises(Refused, match="ett barns ärende"):
            consult(world, grown_up)


def test_only_one_who_has_the_childs_case_writes_and_reads(world, case):
    with acting(world.anna):
        consult(world, case)
    for who in (world.leo, world.cilla):
        with acting(who):
            assert not Consultation.objects.visible_to(who).exists()
            with pytest.raises((NotAllowed, Refused)):
                operations.record_consultation(by=who, case=case, **given())


def test_it_is_written_and_read_on_the_screens(world, case):
    anna = Visit(world.anna)
    page = anna.get("children:consultations", case)
    assert sees(page, "Inget samråd är skrivet än.", "Skriv utan identitet", "26 kap. 1 §")
    said = {"day": today(), "kind": "planning", "parties": ["police"], "asked": "Om Kim", "agreed": "Förhör först"}
    page = anna.post("children:consultation_unnamed", case, **said)
    assert sees(page, "ett namn på barnet", "Om Kim", "Förhör först")
    step = {"next_step": "Ringa åklagaren", "next_who": "Utredaren", "next_on": today()}
    page = anna.post("children:consultation_unnamed", case, **{**said, "asked": "Första steget"}, **step, follow=True)
    assert sees(page, "Samrådet är skrivet.", "utan identitet", "Ringa åklagaren", "I dag")
    page = anna.post("children:consultation_named", case, **said, grounds=["secrecy.waiver"], ground_why="Hon vill.",
                     follow=True)  # fmt: skip
    assert sees(page, "med identitet", "10 kap. 1 §", "Hon vill.")
    with acting(world.anna):
        waits = Consultation.objects.get(next_on=today())
    page = anna.post("children:consultation_step", case, waits, result="Ringt.", follow=True)
    assert sees(page, "Nästa steg är klart.", "Ringt.")
