"""Marks that protect a person, what the screen says to do, the safe-contact card, and a case that is not there."""

from datetime import timedelta

import pytest

from cases import operations as cases
from cases.models import Clock, Individual, ProtectionMark
from cases.protection import SENTENCES, STRICTEST_FIRST, next_review, what_to_do
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees
from tests.world import today

KNOWN = {"name": "Maria Karlsson", "alias": "", "birth_date": None, "language": "svenska", "needs_interpreter": False}
DAY = timedelta(days=1)


def protect(world, **marks):
    """Maria's card, saved with these marks."""
    with acting(world.anna):
        person = Individual.objects.get(pk=world.case.individual_id)
        marks = {"protection": "none", "local_threat": False, **marks}
        return cases.save_person(by=world.anna, case=world.case, version=person.version, **KNOWN, **marks)


def open_marks(world):
    with acting(world.anna):
        return {m.kind: m for m in ProtectionMark.objects.open().filter(individual=world.case.individual_id)}


def clocks(world):
    with acting(world.anna):
        return list(Clock.objects.open().filter(case=world.case, kind="protection_review"))


@pytest.mark.parametrize(
    ("marks", "guarded"),
    [({}, False), ({"protection": "secrecy_mark"}, True), ({"protection": "protected_registration"}, True),
     ({"local_threat": True}, True), ({"protection": "secrecy_mark", "local_threat": True}, True)],
)  # fmt: skip
def test_a_threat_of_ones_own_judgement_guards_like_a_formal_mark(world, marks, guarded):
    person = protect(world, **marks)
    with acting(world.anna):
        person.refresh_from_db()
    assert (person.guarded, person.is_protected) == (guarded, guarded)
    assert (person.name, person.sealed_name) == (("", "Maria Karlsson") if guarded else ("Maria Karlsson", ""))
    assert person.shown_name == "Maria Karlsson"


def test_guarded_cannot_be_wrong(world):
    """Said by a constraint: nobody makes a protected person plain by writing the one and not the other."""
    from django.db import IntegrityError, transaction

    protect(world, local_threat=True)
    for wrong in ({"guarded": False}, {"local_threat": False}, {"name": "Maria"}):
        with acting(world.anna), pytest.raises(IntegrityError), transaction.atomic():
            Individual.objects.filter(pk=world.case.individual_id).update(**wrong)


def test_each_mark_has_its_day_and_its_watch(world):
    protect(world, protection="secrecy_mark", local_threat=True)
    marks = open_marks(world)
    assert {kind: m.review_on for kind, m in marks.items()} == {
        "secrecy_mark": next_review("secrecy_mark", on=today()),
        "local_threat": next_review("local_threat", on=today()),
    }
    assert {c.due_on for c in clocks(world)} == {m.review_on for m in marks.values()}
    assert {c.owner_id for c in clocks(world)} == {world.anna.pk}


def test_the_yearly_watch_and_a_leap_day():
    from datetime import date

    assert next_review("secrecy_mark", on=date(2028, 2, 29)) == date(2029, 2, 28)
    assert next_review("local_threat", on=date(2026, 11, 30)) == date(2027, 2, 28)


def test_protected_before_there_was_a_case(world):
    world.case = world.open_case(individual=world.person(name="Maria Karlsson", protection="secrecy_mark"))
    assert set(open_marks(world)) == {"secrecy_mark"}
    assert len(clocks(world)) == 1


def test_looked_at_again_it_goes_on(world):
    protect(world, protection="secrecy_mark")
    mark, since = open_marks(world)["secrecy_mark"], today() - 400 * DAY
    given = {"by": world.anna, "case": world.case, "mark": mark, "since_on": since, "review_on": today() + 300 * DAY}
    with acting(world.anna):
        cases.review_mark(**given)
        with pytest.raises(Stale):
            cases.review_mark(**given)
    renewed = open_marks(world)["secrecy_mark"]
    assert (renewed.since_on, renewed.review_on) == (since, today() + 300 * DAY)
    assert [c.due_on for c in clocks(world)] == [renewed.review_on]


@pytest.mark.parametrize(
    ("since", "review", "sentence"), [(1, 30, "inte har varit"), (-1, 0, "framåt i tiden"), (-1, -5, "framåt i tiden")]
)
def test_days_of_a_mark_in_order(world, since, review, sentence):
    protect(world, protection="secrecy_mark")
    mark = open_marks(world)["secrecy_mark"]
    with acting(world.anna), pytest.raises(Refused, match=sentence):
        cases.review_mark(
            by=world.anna, case=world.case, mark=mark, since_on=today() + since * DAY, review_on=today() + review * DAY
        )


def test_taken_away_it_ends_with_its_watch(world):
    protect(world, protection="secrecy_mark")
    protect(world)
    assert (open_marks(world), clocks(world)) == ({}, [])
    with acting(world.anna):
        assert ProtectionMark.objects.get().ended_by_id == world.anna.pk
        assert AuditEvent.objects.about_case(world.case).filter(action="person.mark_ended").count() == 1


# What to do, at the moment it matters.


def test_a_sentence_for_each_moment_and_kind():
    said = [sentence for kinds in SENTENCES.values() for sentence in kinds.values()]
    assert all(set(kinds) == set(STRICTEST_FIRST) == set(ProtectionMark.Kind) for kinds in SENTENCES.values())
    assert len(set(said)) == len(said) == 15, "a different one each time"
    assert all(sentence.endswith(".") and "skydda" not in sentence.lower() for sentence in said), "an act, no label"


def test_whoever_has_several_gets_the_one_that_asks_for_most():
    person = Individual(protection="secrecy_mark", local_threat=True)
    assert what_to_do(person, "pdf") == SENTENCES["pdf"]["local_threat"]
    assert what_to_do(Individual(), "pdf") == ""


PAGES = {
    "plans:person": "opening", "plans:meeting_new": "meeting", "plans:copies": "pdf", "teams:team": "message",
    "plans:insight": "printing", "cases:safe_contact": "message",
}  # fmt: skip


@pytest.mark.parametrize("kind", STRICTEST_FIRST)
def test_the_screen_says_it(world, kind):
    protect(world, **({"local_threat": True} if kind == "local_threat" else {"protection": kind}))
    world.draft()
    anna = Visit(world.anna)
    for page, moment in PAGES.items():
        assert sees(anna.get(page, world.case), SENTENCES[moment][kind]), page
        assert sees(anna.get(page, world.case), f'<p class="print-only">{SENTENCES["printing"][kind]}</p>'), page


def test_and_says_nothing_of_somebody_without_protection(world):
    world.draft()
    anna = Visit(world.anna)
    for page in PAGES:
        response = anna.get(page, world.case)
        assert not any(sees(response, s) for kinds in SENTENCES.values() for s in kinds.values()), page


def test_assumed_identity_has_no_field_and_a_sentence(world):
    fields = {field.name for model in (Individual, ProtectionMark) for field in model._meta.get_fields()}
    assert not any("assumed" in name or "identity" in name for name in fields - {"identities"})
    anna = Visit(world.anna)
    for page in ("cases:person_edit", "cases:protection"):
        assert sees(anna.get(page, world.case), "ingenting som leder till den gamla")


# The card of safe contact.


def card(world, **more):
    with acting(world.anna):
        return cases.save_safe_contact(
            by=world.anna, case=world.case, version=0, channels="sms", hours="kväll", code_word="böckerna",
            never_answer="sambon", may_leave_message=False, **more,
        )  # fmt: skip


def test_shown_where_somebody_is_about_to_make_contact(world):
    card(world)
    world.draft()
    anna = Visit(world.anna)
    for page in ("plans:person", "plans:meeting_new", "plans:copies"):
        assert sees(anna.get(page, world.case), "säg ”böckerna”", "lämna aldrig meddelande", "sambon"), page


@pytest.mark.parametrize(("days", "old"), [(30, False), (31, True)])
def test_a_month_later_it_is_asked_about(world, days, old):
    row = card(world)
    with acting(world.anna):
        type(row).objects.filter(pk=row.pk).update(verified_on=today() - days * DAY)
    anna = Visit(world.anna)
    page = anna.get("plans:person", world.case)
    assert sees(page, "kontrollera att det fortfarande gäller") is old
    assert sees(page, "Det stämmer fortfarande") is old
    assert anna.post("cases:contact_confirm", world.case, version=1).status_code == 302
    with acting(world.anna):
        row.refresh_from_db()
    assert row.verified_on == today()
    assert "person.safe_contact_confirmed" in anna.logged()
    assert not sees(anna.get("plans:person", world.case), "kontrollera att det fortfarande gäller")


def test_what_was_changed_meanwhile_is_not_confirmed(world):
    card(world)
    with acting(world.anna), pytest.raises(Stale, match="ändrats"):
        cases.confirm_safe_contact(by=world.anna, case=world.case, version=7)
    other = world.open_case(individual=world.person(name="Utan Kort"))
    with acting(world.anna), pytest.raises(Refused, match="inget kort"):
        cases.confirm_safe_contact(by=world.anna, case=other, version=0)


# A case that is not there.


def test_the_manager_opens_no_case_of_somebody_protected(world):
    """She does not see that it is there; with its id in her hand she gets the sentence, not a fault."""
    case = world.open_case(individual=world.person(name="Stina Skyddad", local_threat=True))
    given = {"by": world.maud, "membership": world.leo, "kind": "named", "reason": "ersätter"}
    with acting(world.maud):
        with pytest.raises(NotAllowed, match="Bara den som har ärendet"):
            cases.grant_access(case=case, **given)
        assert cases.grant_access(case=world.case, **given).membership_id == world.leo.pk


def test_the_reviewed_rule_has_its_source():
    from exitprogram.law.rules import rule

    found = rule("protection.review", on=today())
    assert found.values["months"]["secrecy_mark"] == 12 and "Skatteverket" in found.citation
