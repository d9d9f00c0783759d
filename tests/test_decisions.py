"""From proposal to laga kraft, step by step; and that the database alone refuses what is outside the order in force."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases import operations as cases
from cases.models import Clock, Notice
from cases.residence import months_later
from exitprogram.demo.clock import at, moment_of
from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.workdays import first_workday
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.course import Course, appeal_days
from teams.models import DELEGABLE, Decision, DecisionStep, DelegationRow
from tests.world import today

REASONS = {"reasons": "Behovet kan inte mötas på annat sätt.", "no_conflict": True}
MANAGERS = ("protected_housing", "contact_person")


@pytest.fixture(autouse=True)
def scheme(world):
    """The manager decides housing and contact persons; case workers the rest."""
    rows = [
        {"number": str(place), "kind": kind, "law": "SoL",
         "role": Role.UNIT_MANAGER if kind in MANAGERS else Role.SOCIAL_WORKER}
        for place, kind in enumerate(DELEGABLE, 1)
    ]  # fmt: skip
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today() - timedelta(days=400), rows=rows)


def propose(world, kind="travel", by=None, **more):
    by = by or world.anna
    with acting(by):
        return teams.propose_decision(by=by, case=world.case, kind=kind, what="En resa", **more)


def decided(world, kind="travel", outcome="granted", **more):
    decision = propose(world, kind)
    with acting(world.anna):
        return teams.decide(by=world.anna, decision=decision, outcome=outcome, **{**REASONS, **more})


def act(world, operation, decision, **more):
    with acting(world.anna):
        return operation(by=world.anna, case=world.case, decision=decision, day=more.pop("day", today()), **more)


def course(world, decision):
    with acting(world.anna):
        found = Course.of(Decision.objects.get(pk=decision.pk))
        return found, found.state(today())[0]


def clocks(world, kind):
    with acting(world.anna):
        return list(Clock.objects.filter(case=world.case, kind=kind).order_by("created_at"))


def test_what_made_the_decider_competent_is_frozen(world):
    decision = decided(world)
    assert decision.number == f"B{today().year}-0001"
    assert (decision.role, decision.appointed_on) == ("social_worker", world.anna.starts_on)
    assert (decision.employer_id, decision.mandate) == (world.bollnas.pk, "own")
    assert (decision.scheme_version, decision.row.kind) == (1, "travel")
    assert "2025:400" in decision.law
    assert decision.exception == "not_against"


def test_the_whole_way(world):
    decision = propose(world)
    act(world, teams.hear_party, decision, until=today(), way="letter", words="Underlaget")
    with acting(world.anna), pytest.raises(Refused, match="Svarstiden går till och med"):
        teams.decide(by=world.anna, decision=decision, outcome="refused", **REASONS)
    act(world, teams.record_answer, decision, words="Jag behöver resan")
    with acting(world.anna):
        decision = teams.decide(by=world.anna, decision=decision, outcome="refused", **REASONS)
    assert course(world, decision)[1] == "to_tell"
    act(world, teams.tell_party, decision, way="letter")
    assert course(world, decision)[0].last_appeal_days is None, "nobody knows when it came"
    act(world, teams.record_receipt, decision)
    found, state = course(world, decision)
    assert (state, found.last_appeal_days) == ("running", appeal_days(today()))
    act(world, teams.receive_appeal, decision, words="Fel")
    [clock] = clocks(world, "appeal")
    assert (clock.due_on, clock.owner_id) == (today() + timedelta(days=7), world.anna.pk)
    with acting(world.anna), pytest.raises(Refused, match="antecknat på beslutets sida"):
        cases.finish_clock(by=world.anna, case=world.case, clock=clock)
    act(world, teams.forward_appeal, decision)
    assert clocks(world, "appeal")[0].done_at and course(world, decision)[1] == "court"
    act(world, teams.record_judgment, decision, result="upheld", final_on=today())
    assert course(world, decision)[1] == "final"


@pytest.mark.parametrize(
    "received, strict, counted",
    [
        (date(2026, 11, 2), date(2026, 11, 23), date(2026, 11, 23)),  # a Monday
        (date(2026, 11, 7), date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 12, 3), date(2026, 12, 24), date(2026, 12, 28)),  # Christmas Eve, then a weekend
        (date(2026, 3, 13), date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday, Easter
        (date(2026, 5, 29), date(2026, 6, 19), date(2026, 6, 22)),  # Midsummer's Eve
    ],
)
def test_three_weeks_rolled_by_swedish_workdays(received, strict, counted):
    assert appeal_days(received) == (strict, counted)
    assert first_workday(counted) == counted


@pytest.mark.parametrize("late, excuse", [(0, ""), (1, ""), (1, "instruction")])
def test_a_late_appeal_is_rejected_by_a_decision(world, late, excuse):
    decision = decided(world, outcome="granted")
    act(world, teams.tell_party, decision, way="handed")
    last = appeal_days(today())[1]
    day = last + timedelta(days=late)
    with at(moment_of(day)):
        appeal = act(world, teams.receive_appeal, decision, day=day, excuse=excuse)
    assert appeal.in_time is (not late or bool(excuse)) and appeal.until == last
    if appeal.in_time:
        with at(moment_of(day)):
            act(world, teams.forward_appeal, decision, day=day)
        return
    with at(moment_of(day)), pytest.raises(Refused, match="FL 45 §"):
        act(world, teams.forward_appeal, decision, day=day)
    rejection = propose(world, "appeal_rejection", earlier=decision, relation="late_appeal")
    with acting(world.anna):
        exception = {"exception": "unnecessary", "hearing": "Det är uppenbart för sent."}
        rejection = teams.decide(by=world.anna, decision=rejection, outcome="granted", **REASONS, **exception)
    found, state = course(world, decision)
    assert (found.rejected, found.in_force_on()) == (rejection, last + timedelta(days=1))
    assert state == "running" and clocks(world, "appeal")[0].done_at


def test_changing_is_a_decision_of_its_own(world):
    old = decided(world)
    with acting(world.anna), pytest.raises(Refused, match="Välj enligt vilken bestämmelse"):
        teams.propose_decision(by=world.anna, case=world.case, kind="travel", what="x", earlier=old, relation="hur?")
    with acting(world.anna), pytest.raises(Refused, match="samma sak"):
        teams.propose_decision(
            by=world.anna, case=world.case, kind="interpreter", what="x", earlier=old, relation="change"
        )
    change = propose(world, earlier=old, relation="change")
    unheard = {"exception": "urgent", "hearing": "Bråttom."}
    with acting(world.anna), pytest.raises(Refused, match="FL 37"):
        teams.decide(by=world.anna, decision=change, outcome="refused", **REASONS, **unheard)
    with acting(world.anna):
        change = teams.decide(by=world.anna, decision=change, outcome="granted", **REASONS)
    found, state = course(world, old)
    assert (state, found.changed) == ("changed", change) and change.number.endswith("0002")
    assert [bool(clock.done_at) for clock in clocks(world, "unexecuted")] == [True, False], "the new one is watched"
    with acting(world.anna), pytest.raises(Refused, match="redan ändrat"):
        teams.propose_decision(
            by=world.anna, case=world.case, kind="travel", what="x", earlier=old, relation="circumstances"
        )
    assert propose(world, earlier=change, relation="correction").relation == "correction"


def test_nothing_is_changed_that_is_at_the_court(world):
    old = decided(world)
    act(world, teams.receive_appeal, old)
    for relation, sentence in (("change", "FL 38 och 39"), ("late_appeal", "FL 45")):
        kind = "appeal_rejection" if relation == "late_appeal" else "travel"
        with acting(world.anna), pytest.raises(Refused, match=sentence):
            teams.propose_decision(by=world.anna, case=world.case, kind=kind, what="x", earlier=old, relation=relation)
    act(world, teams.forward_appeal, old)
    with acting(world.anna), pytest.raises(Refused, match="FL 39"):
        teams.propose_decision(by=world.anna, case=world.case, kind="travel", what="x", earlier=old, relation="obvious")


def test_what_is_granted_is_watched_until_it_is_carried_out(world):
    decision = decided(world)
    [clock] = clocks(world, "unexecuted")
    assert clock.due_on == months_later(today(), 3)
    with pytest.raises(Refused, match="Skriv varför"):
        act(world, teams.record_carrying_out, decision, kind="reported")
    act(world, teams.record_carrying_out, decision, kind="reported", words="Ingen plats ledig")
    first, second = clocks(world, "unexecuted")
    assert first.done_at and not second.done_at and second.due_on == months_later(today(), 3)
    act(world, teams.record_carrying_out, decision, kind="carried_out")
    assert all(clock.done_at for clock in clocks(world, "unexecuted"))
    act(world, teams.record_carrying_out, decision, kind="interrupted", words="Boendet stängde")
    assert [bool(clock.done_at) for clock in clocks(world, "unexecuted")] == [True, True, False]
    act(world, teams.record_carrying_out, decision, kind="not_wanted", words="Vill inte längre")
    assert all(clock.done_at for clock in clocks(world, "unexecuted"))


@pytest.mark.parametrize("kind, outcome", [("travel", "refused"), ("investigation_open", "granted")])
def test_what_has_nothing_to_carry_out_is_not_watched(world, kind, outcome):
    unheard = {"exception": "urgent", "hearing": "Bråttom."} if outcome == "refused" else {}
    decision = decided(world, kind, outcome, **unheard)
    assert clocks(world, "unexecuted") == []
    with pytest.raises(Refused, match="inget att verkställa"):
        act(world, teams.record_carrying_out, decision, kind="carried_out")


def test_whoever_decides_without_the_case_starts_the_watch_and_tells_the_one_who_asked(world):
    decision = propose(world, "protected_housing", sent_to=world.maud)
    with acting(world.maud):
        teams.decide(by=world.maud, decision=decision, outcome="granted", **REASONS)
        assert Clock.objects.count() == 0, "she does not have the case"
    [clock] = clocks(world, "unexecuted")
    assert clock.owner_id == world.anna.pk
    with acting(world.anna):
        assert Notice.objects.filter(about="decision", subject_id=decision.pk).count() == 1


def test_oneself_and_the_blocked(world):
    with acting(world.anna):
        cases.block_access(by=world.anna, case=world.case, user=world.maud.user, kind="kin", reason="Syster")
        with pytest.raises(Refused, match="FL 16–18"):
            teams.propose_decision(by=world.anna, case=world.case, kind="contact_person", what="x", sent_to=world.maud)
    decision = propose(world)
    with acting(world.maud), pytest.raises(NotAllowed, match="KL 7:4"):
        teams.decide(by=world.maud, decision=decision, outcome="granted", **REASONS)
    herself = world.open_case(world.leo, world.person(world.leo, "anna BERG"))
    with acting(world.leo):
        decision = teams.propose_decision(by=world.leo, case=herself, kind="travel", what="x", sent_to=world.anna)
    with acting(world.anna), pytest.raises(NotAllowed, match="ditt namn.*FL 16–18"):
        teams.decide(by=world.anna, decision=decision, outcome="granted", **REASONS)


@pytest.mark.parametrize("kind", ["immediate_custody", "measure_one_guardian", "addiction_care"])
def test_what_the_committee_decides_is_refused_by_name(world, kind):
    with acting(world.maud), pytest.raises(Refused):
        teams.propose_decision(by=world.maud, case=world.case, kind=kind, what="x")
    with acting(world.anna), pytest.raises(NotAllowed, match=r"30 kap\."):
        teams.propose_decision(by=world.anna, case=world.case, kind=kind, what="x", sent_to=world.maud)
    decision = propose(world)
    with pytest.raises(DatabaseError), acting(world.anna), connection.cursor() as cursor:
        cursor.execute("INSERT INTO teams_decision SELECT (jsonb_populate_record(d, jsonb_build_object("
                       "'id', gen_random_uuid(), 'kind', %s))).* FROM teams_decision d WHERE id = %s",
                       [kind, decision.pk])  # fmt: skip


RAW = """UPDATE teams_decision SET state = 'decided', outcome = %(outcome)s,
    exception = %(exception)s, hearing = %(hearing)s, no_conflict = true, decided_on = %(on)s,
    decided_by_id = %(who)s, row_id = %(row)s, number = %(number)s, law = 'SoL', role = %(role)s,
    appointed_on = %(since)s, employer_id = authority_id, mandate = %(mandate)s, scheme_version = %(version)s
    WHERE id = %(id)s"""


@pytest.mark.parametrize(
    "fault",
    [
        {}, {"number": "B{year}-0002"}, {"number": "B1"}, {"role": "unit_manager"}, {"since": date(2000, 1, 1)},
        {"mandate": "kl_9_37"}, {"version": 2}, {"on": date(2099, 1, 1)}, {"on": today() - timedelta(days=1)},
        {"outcome": "refused"}, {"outcome": "partly"},
        {"outcome": "refused", "exception": "not_against", "hearing": "x"},
        {"outcome": "refused", "exception": "urgent"}, {"who": "maud"}, {"row": None},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_alone(world, fault):
    """By raw SQL in Anna's name: the right one passes, and one wrong word stops it."""
    decision = propose(world)
    with acting(world.anna):
        row = DelegationRow.objects.get(kind="travel")
        given = {"on": today(), "who": world.anna.pk, "row": row.pk, "number": "B{year}-0001", "role": "social_worker",
                 "outcome": "granted", "exception": "", "hearing": "", "since": world.anna.starts_on,
                 "mandate": "own", "version": 1, "id": decision.pk, **fault}  # fmt: skip
        given["number"] = given["number"].format(year=today().year)
        given["who"] = world.maud.pk if given["who"] == "maud" else given["who"]
        given["hearing"] = given["hearing"].encode()
        if fault:
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(RAW, given)
        else:
            with connection.cursor() as cursor:
                cursor.execute(RAW, given)
        assert (Decision.objects.get(pk=decision.pk).state == "decided") is not bool(fault)


@pytest.mark.parametrize("how", ["answered", "silent", "time", "exception"])
def test_the_database_lets_through_what_the_law_does(world, how):
    """By raw SQL: a refusal after the party has been heard, or by an exception with words of why."""
    decision = propose(world)
    given = {"exception": "urgent", "hearing": b"x"} if how == "exception" else {"exception": "", "hearing": b""}
    if how != "exception":
        days = {"day": today() - timedelta(days=5), "until": today() - timedelta(days=1 if how == "time" else 0)}
        with acting(world.anna):
            teams.hear_party(by=world.anna, case=world.case, decision=decision, way="letter", **days)
    refused(world, decision, given, may=how in ("exception", "time"))
    if how in ("answered", "silent"):
        with acting(world.anna):
            words = "Nej" if how == "answered" else ""
            DecisionStep.objects.create(
                authority_id=world.bollnas.pk, case=world.case, decision=decision, kind=how, day=today(),
                by=world.anna, words=words,
            )  # fmt: skip
        refused(world, decision, given, may=True)


def refused(world, decision, given, may):
    with acting(world.anna):
        row = DelegationRow.objects.get(kind="travel")
        given = {"on": today(), "who": world.anna.pk, "row": row.pk, "number": f"B{today().year}-0001",
                 "role": "social_worker", "since": world.anna.starts_on, "mandate": "own", "version": 1,
                 "outcome": "refused", "id": decision.pk, **given}  # fmt: skip
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(RAW, given)
            done = True
        except DatabaseError:
            done = False
        assert done is may


@pytest.mark.parametrize("kind", ["told", "appealed", "carried_out"])
def test_nothing_comes_after_what_is_not_decided(world, kind):
    decision = propose(world)
    with pytest.raises(DatabaseError), acting(world.anna):
        DecisionStep.objects.create(
            authority_id=world.bollnas.pk, case=world.case, decision=decision, kind=kind, day=today(), way="letter",
            in_time=True, by=world.anna,
        )  # fmt: skip


def test_a_proposal_is_sent_on_and_taken_back(world):
    decision = propose(world)
    with acting(world.anna):
        with pytest.raises(Refused, match="enligt delegationsordningen"):
            teams.send_decision(by=world.anna, case=world.case, decision=decision, sent_to=world.maud)
        with pytest.raises(Refused, match="ligger redan hos"):
            teams.send_decision(by=world.anna, case=world.case, decision=decision, sent_to=world.anna)
        teams.send_decision(by=world.anna, case=world.case, decision=decision, sent_to=world.leo)
        teams.withdraw_proposal(by=world.anna, case=world.case, decision=decision)
    with acting(world.leo), pytest.raises(Refused, match="återtaget"):
        teams.decide(by=world.leo, decision=decision, outcome="granted", **REASONS)
