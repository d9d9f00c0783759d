"""Trafficking and people from other countries: what the operations refuse, what the clocks do, what stops a return."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as cases
from cases.before_meeting import before_meeting
from cases.models import AvoidPlace, Clock, Disclosure, Identification, Permit, ReturnConsent, ReturnPlan, ReturnShare
from cases.residence import entitlements, last_day, longest, may_apply, months_later
from cases.signs import all_signs, texts
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.law.rules import NoRule
from exitprogram.tenancy.acting import acting
from tests import abroad
from tests.world import today

NEW_LAW = date(2022, 8, 1)  # the social board may apply, by lag (2022:1015)
DAYS = st.dates(date(2008, 1, 1), date(2040, 12, 31))


def days(number):
    return today() + timedelta(days=number)


@pytest.fixture
def anna(world):
    with acting(world.anna):
        yield world.anna


# Identification


def test_an_identification_is_signed_and_locked(world, anna):
    row = abroad.identified(anna, world.case)
    assert texts(row.sign_ids) == [all_signs()["watched"].text, all_signs()["debt"].text]
    with pytest.raises(Refused, match="signerad och låst"):
        cases.sign_identification(by=anna, case=world.case, identification=row)
    with pytest.raises(IntegrityError, match="låst"), transaction.atomic():
        Identification.objects.filter(pk=row.pk).update(identified_on=days(-1))


def test_a_draft_is_seen_by_its_author_alone(world, anna):
    draft = abroad.identified(anna, world.case, signed=False)
    world.join(world.maud)
    with acting(world.maud):
        assert not Identification.objects.visible_to(world.maud).exists()
        with pytest.raises((NotAllowed, Identification.DoesNotExist)):
            cases.sign_identification(by=world.maud, case=world.case, identification=draft)


def test_an_identification_says_on_what_it_rests(world, anna):
    given_ = {"made_by": "police", "identified_on": today(), "standing": "presumed"}
    empty = cases.save_identification(by=anna, case=world.case, signs=["no_such_sign"], **given_)
    assert empty.sign_ids == []
    with pytest.raises(Refused, match="tecken"):
        cases.sign_identification(by=anna, case=world.case, identification=empty)
    silent = cases.save_identification(by=anna, case=world.case, signs=["debt"], told_on=today(), **given_)
    with pytest.raises(Refused, match="språk"):
        cases.sign_identification(by=anna, case=world.case, identification=silent)
    with pytest.raises(Refused, match="framtiden"):
        cases.save_identification(by=anna, case=world.case, signs=[], **{**given_, "identified_on": days(1)})
    with pytest.raises(Stale):
        cases.save_identification(
            by=anna, case=world.case, signs=[], identification=silent, version=silent.version + 1, **given_
        )


# Permits: the law of the day of the event, on both sides of the day


@given(DAYS)
@settings(deadline=None)
def test_who_may_apply_goes_by_the_day_of_the_application(on):
    assert ("social_board" in may_apply("reflection", on=on)) is (on >= NEW_LAW)
    assert may_apply("proceedings", on=on) == ["investigation_leader"]


def test_a_day_before_any_rule_is_a_stop(world, anna):
    with pytest.raises(NoRule):
        may_apply("reflection", on=date(2007, 6, 30))
    with pytest.raises(Refused, match="inte inlagda"):
        cases.record_permit(
            by=anna, case=world.case, kind="reflection", applied_by="investigation_leader", applied_on=date(2007, 6, 30)
        )


@pytest.mark.parametrize(("on", "allowed"), [(NEW_LAW - timedelta(days=1), False), (NEW_LAW, True)])
def test_the_board_applies_from_the_first_of_august(world, anna, on, allowed):
    wanted = {"by": anna, "case": world.case, "kind": "reflection", "applied_by": "social_board", "applied_on": on}
    if allowed:
        assert cases.record_permit(**wanted).applied_on == on
    else:
        with pytest.raises(Refused, match="förundersökningsledaren"):
            cases.record_permit(**wanted)


@given(DAYS)
@settings(deadline=None)
def test_thirty_days_are_thirty_days(first):
    last = last_day("reflection", first, applied_on=first)
    assert len({first + timedelta(days=n) for n in range((last - first).days + 1)}) == 30
    assert last_day("other", first, applied_on=first) is None


@given(DAYS, st.integers(min_value=1, max_value=30))
@settings(deadline=None)
def test_months_never_skip_one(first, months):
    later = months_later(first, months)
    assert (later.year * 12 + later.month) - (first.year * 12 + first.month) == months
    assert later.day == first.day or (later + timedelta(days=1)).day == 1 and later.day < first.day


@given(st.integers(min_value=-40, max_value=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_permit_is_watched_until_its_last_day(world, offset):
    """Granted so that its last day is ``offset`` days from today: watched today and before, not when it has passed."""
    last, case = days(offset), world.case
    point = transaction.savepoint()
    with acting(world.anna):
        row = abroad.permitted(world.anna, case, first=last - timedelta(days=29)) if offset <= 29 else None
        if row is not None:
            clocks = Clock.objects.open().filter(case=case, subject_id=row.pk)
            assert [clock.due_on for clock in clocks] == ([last] if offset >= 0 else [])
            held = Permit.objects.filter(case=case)
            assert held.in_force(on=last).exists() and not held.in_force(on=last + timedelta(days=1)).exists()
            assert held.in_force(on=row.starts_on).exists() and not held.in_force(on=row.starts_on - ONE).exists()
    transaction.savepoint_rollback(point)


ONE = timedelta(days=1)


def test_a_longer_reflection_period_is_a_new_application(world, anna):
    case = world.case
    with pytest.raises(Refused, match="förlängning"):
        abroad.permitted(anna, case, days=31)
    first = abroad.permitted(anna, case)
    longer = abroad.permitted(anna, case, first=days(0), days=60, extends=first)
    watched = Clock.objects.open().filter(case=case, kind="permit_ends")
    assert [(clock.subject_id, clock.due_on) for clock in watched] == [(longer.pk, longer.ends_on)]
    with pytest.raises(Refused, match="samma slag"):
        cases.record_permit(by=anna, case=case, kind="other", applied_by="person", applied_on=today(), extends=first)
    with pytest.raises(Refused, match="redan infört"):
        cases.decide_permit(by=anna, case=case, permit=longer, outcome="refused", decided_on=today())


@pytest.mark.parametrize(("begins", "taken_over"), [(29, True), (30, True), (31, False)])
def test_a_permit_that_takes_over_without_a_gap_ends_the_watch(world, anna, begins, taken_over):
    """The reflection period's last day is the twenty-ninth from today."""
    first = abroad.permitted(anna, world.case)
    later = cases.record_permit(by=anna, case=world.case, kind="other", applied_by="person", applied_on=today())
    cases.decide_permit(
        by=anna, case=world.case, permit=later, outcome="granted", decided_on=today(), starts_on=days(begins),
        ends_on=days(300),
    )  # fmt: skip
    assert Clock.objects.open().filter(subject_id=first.pk).exists() is not taken_over


def test_proceedings_are_at_least_six_months(world, anna):
    bound = last_day("proceedings", today(), applied_on=today())
    with pytest.raises(Refused, match="minst"):
        abroad.permitted(anna, world.case, kind="proceedings", days=(bound - today()).days)
    row = abroad.permitted(anna, world.case, kind="proceedings", days=(bound - today()).days + 1)
    assert row.ends_on == bound


def test_a_decision_is_fixed_also_in_the_database(world, anna):
    row = abroad.permitted(anna, world.case)
    for change in ({"ends_on": days(300)}, {"decided_on": None}, {"applied_on": days(-9)}):
        with pytest.raises(IntegrityError, match="låst"), transaction.atomic():
            Permit.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Permit.objects.filter(pk=row.pk).delete()


def test_a_revoked_permit_is_no_longer_watched(world, anna):
    row = abroad.permitted(anna, world.case)
    cases.revoke_permit(by=anna, case=world.case, permit=row, revoked_on=today())
    assert not Clock.objects.open().filter(subject_id=row.pk).exists()
    assert not Permit.objects.filter(case=world.case).in_force(on=today()).exists()
    with pytest.raises(Refused):
        cases.revoke_permit(by=anna, case=world.case, permit=row, revoked_on=today())


def test_a_last_day_is_not_ours_to_move(world, anna):
    """More time is a new application; moving the reminder would only hide that the day has come."""
    row = abroad.permitted(anna, world.case)
    clock = Clock.objects.get(subject_id=row.pk)
    with pytest.raises(Refused):
        cases.extend_clock(by=anna, case=world.case, clock=clock, extended_to=days(90), ground="Väntar.")
    with pytest.raises(Refused, match="nytt tillstånd"):
        cases.finish_clock(by=anna, case=world.case, clock=clock)
    with pytest.raises(IntegrityError, match="låst"), transaction.atomic():
        clock.extended_to, clock.extension_ground = days(90), "Väntar."
        clock.save(update_fields=["extended_to", "extension_ground"])


def test_a_refusal_has_no_days(world, anna):
    row = cases.record_permit(
        by=anna, case=world.case, kind="reflection", applied_by="social_board", applied_on=today()
    )
    row = cases.decide_permit(by=anna, case=world.case, permit=row, outcome="refused", decided_on=today())
    assert row.starts_on is None and not Clock.objects.filter(subject_id=row.pk).exists()


# The support programme


@pytest.mark.parametrize(("step", "length"), [("rest", 30), ("rehabilitation", 90), ("integration", 45)])
def test_longer_than_the_terms_needs_a_reason(world, anna, step, length):
    last = longest(step, today())
    assert (last - today()).days + 1 == length
    period = {"by": anna, "case": world.case, "step": step, "starts_on": today()}
    cases.add_support_period(**period, ends_on=last)
    with pytest.raises(Refused, match="Villkoren räcker"):
        cases.add_support_period(**period, ends_on=last + ONE)
    row = cases.add_support_period(**period, ends_on=last + ONE, why_longer="Programmet har medgett det.")
    assert Clock.objects.open().get(subject_id=row.pk).due_on == last + ONE
    cases.end_support_period(by=anna, case=world.case, period=row, ended_on=today())
    assert not Clock.objects.open().filter(subject_id=row.pk).exists()


# What applies where


def test_what_applies_is_the_law_of_the_day():
    def ids(status, home, on):
        return {found.id for found in entitlements(status=status, home=home, on=on)}

    now, before = date(2025, 7, 1), date(2025, 6, 30)
    assert "entitlement.stay" in ids("none", "unknown", now) & ids("none", "unknown", before)
    cited = [next(r for r in entitlements(status="none", home="none", on=on) if r.id == "entitlement.stay").citation
             for on in (before, now)]  # fmt: skip
    assert "2001:453" in cited[0] and "2025:400" in cited[1]
    assert "entitlement.acute" in ids("none", "none", now) and "entitlement.acute" not in ids("none", "none", before)
    assert "entitlement.permit" in ids("reflection", "other", now)
    assert "entitlement.moving" in ids("citizen", "moving", now)
    assert ids("citizen", "own", now) == {"entitlement.home", "entitlement.resident", "entitlement.refusal"}


# The return


@pytest.fixture
def plan(world, anna):
    return abroad.planned_return(anna, world.case)


def test_nothing_is_told_abroad_without_the_persons_yes(world, anna, plan):
    world.consent()
    world.waiver(world.region, "return")  # neither of them is a yes to returning
    with pytest.raises(Refused, match="inte sagt ja"):
        abroad.told_abroad(anna, world.case, plan)
    assert not ReturnShare.objects.filter(case=world.case).exists()


@pytest.mark.parametrize("ground", ["consent", "rule", "interest"])
def test_a_withdrawal_stops_it_at_once(world, anna, plan, ground):
    """Whatever the ground: the return itself is no longer wanted."""
    consent = abroad.willing(anna, world.case, plan)
    share = abroad.told_abroad(anna, world.case, plan, ground=ground)
    cases.withdraw_return_consent(by=anna, case=world.case, consent=consent)
    with pytest.raises(Refused, match="tagit tillbaka"):
        abroad.told_abroad(anna, world.case, plan, ground=ground)
    with pytest.raises(Refused, match="tagit tillbaka"):
        cases.record_travel(by=anna, case=world.case, plan=plan, travelled_on=today())
    assert list(ReturnShare.objects.filter(case=world.case)) == [share]


def test_the_database_stops_it_by_itself(world, anna, plan):
    """Past every operation: a row about a withdrawn, run-out or stopped return is not taken."""
    consent = abroad.willing(anna, world.case, plan)
    row = {"authority_id": anna.authority_id, "case": world.case, "return_plan": plan, "consent": consent,
           "ground": "rule", "shared_by": anna}  # fmt: skip
    ReturnShare(**row).save(force_insert=True)
    cases.withdraw_return_consent(by=anna, case=world.case, consent=consent)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ReturnShare(**row).save(force_insert=True)
    again = abroad.willing(anna, world.case, plan)
    ReturnShare(**{**row, "consent": again}).save(force_insert=True)
    cases.stop_return(by=anna, case=world.case, plan=plan, reason="Vill stanna.")
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ReturnShare(**{**row, "consent": again}).save(force_insert=True)


@pytest.mark.parametrize(("taken", "ends", "stands"), [(-3, -1, False), (-3, 0, True), (0, None, True), (0, 0, True)])
def test_a_consent_holds_through_its_last_day(world, anna, plan, taken, ends, stands):
    given_ = {"taken_on": days(taken), "ends_on": None if ends is None else days(ends)}
    consent = abroad.willing(anna, world.case, plan, **given_)
    assert ReturnConsent.objects.filter(pk=consent.pk).in_force(on=today()).exists() is stands
    if stands:
        abroad.told_abroad(anna, world.case, plan)
    else:
        with pytest.raises(Refused):
            abroad.told_abroad(anna, world.case, plan)


@pytest.mark.parametrize("lack", [{"ground": ""}, {"ground": "habit"}, {"reasons": " "}, {"what": ""}])
def test_a_ground_and_its_reasons_are_recorded(world, anna, plan, lack):
    abroad.willing(anna, world.case, plan)
    with pytest.raises(Refused):
        abroad.told_abroad(anna, world.case, plan, **lack)
    assert not Disclosure.objects.filter(case=world.case).exists()


def test_what_is_told_stands_among_the_disclosed(world, anna, plan):
    abroad.willing(anna, world.case, plan)
    share = abroad.told_abroad(anna, world.case, plan)
    sent = Disclosure.objects.get(case=world.case)
    assert sent.object_id == share.pk and "8 kap. 3 §" in sent.ground and sent.recipient_text == "Kanariekontor"


def test_the_consent_is_nobodys_consent_to_the_plan(world, anna, plan):
    consent = abroad.willing(anna, world.case, plan)
    assert not world.case.consents.exists()
    plan_consent = world.consent()
    cases.withdraw_return_consent(by=anna, case=world.case, consent=consent)
    plan_consent.refresh_from_db()
    assert plan_consent.withdrawn_at is None


def test_nobody_travels_before_all_is_thought_through(world, anna):
    plan = abroad.planned_return(anna, world.case, money=" ")
    abroad.willing(anna, world.case, plan)
    assert plan.lacking() == ["money"]
    with pytest.raises(Refused, match="genomtänkt"):
        cases.record_travel(by=anna, case=world.case, plan=plan, travelled_on=today())
    points = dict.fromkeys(("destination", *ReturnPlan.POINTS), "Klart")
    plan = cases.save_return_plan(by=anna, case=world.case, version=plan.version, **points)
    with pytest.raises(Refused, match="framtiden"):
        cases.record_travel(by=anna, case=world.case, plan=plan, travelled_on=days(1))
    assert cases.record_travel(by=anna, case=world.case, plan=plan, travelled_on=today()).travelled_on == today()


def test_a_child_returns_only_when_both_countries_agree(world, anna):
    world.child_worker("anna")
    child = world.child_case()
    plan = abroad.planned_return(anna, child)
    abroad.willing(anna, child, plan)
    with pytest.raises(Refused, match="båda ländernas"):
        abroad.told_abroad(anna, child, plan)
    with pytest.raises(Refused, match="båda ländernas"):
        cases.record_travel(by=anna, case=child, plan=plan, travelled_on=today())
    points = dict.fromkeys(("destination", "both_countries", *ReturnPlan.POINTS), "Klart")
    plan = cases.save_return_plan(by=anna, case=child, version=plan.version, **points)
    abroad.told_abroad(anna, child, plan)


def test_a_stopped_return_stays_and_another_may_begin(world, anna, plan):
    with pytest.raises(Refused, match="varför"):
        cases.stop_return(by=anna, case=world.case, plan=plan, reason=" ")
    cases.stop_return(by=anna, case=world.case, plan=plan, reason="Vill stanna.")
    with pytest.raises(Refused, match="avslutad"):
        abroad.willing(anna, world.case, plan)
    abroad.planned_return(anna, world.case)
    assert ReturnPlan.objects.filter(case=world.case).count() == 2
    with pytest.raises(Stale):
        abroad.planned_return(anna, world.case)


# Before a meeting


def test_a_place_struck_out_is_no_longer_shown(world, anna):
    place = cases.add_avoid_place(by=anna, case=world.case, place="Torget", why="De är där.")
    assert [row.place for row in before_meeting(anna, world.case)["places"]] == ["Torget"]
    cases.end_avoid_place(by=anna, case=world.case, place=place)
    assert before_meeting(anna, world.case)["places"] == []
    assert AvoidPlace.objects.filter(case=world.case).count() == 1
    with pytest.raises(Refused):
        cases.end_avoid_place(by=anna, case=world.case, place=place)
    with pytest.raises(Refused):
        cases.add_avoid_place(by=anna, case=world.case, place="Torget", why=" ")


def test_wishes_are_seen_by_those_who_have_the_case(world, anna):
    abroad.wishes(anna, world.case)
    assert before_meeting(anna, world.case)["wishes"].never == "Kanarienamn"
    with pytest.raises(Stale):
        abroad.wishes(anna, world.case)
    with acting(world.leo):
        assert before_meeting(world.leo, world.case)["wishes"] is None
