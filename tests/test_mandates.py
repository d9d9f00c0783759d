"""KL 9:37 all the way: somebody employed by one board decides for another, on its scheme, in its series and its log;
and sees one proposal and nothing else."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db.models.query import QuerySet

from cases import operations as cases
from cases.models import Clock, Notice
from exitprogram.audit.models import AuditEvent
from exitprogram.demo.clock import at, moment_of
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Mandate
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.board import untold
from teams.competence import competent, officer, row_for
from teams.models import DELEGABLE, Decision, DelegationRow
from teams.nobody import waits_for_nobody
from tests import agreements
from tests.oracle import WALLED
from tests.papers import _say_today
from tests.world import today

DAY = timedelta(days=1)
REASONS = {"outcome": "granted", "reasons": "Behovet kan inte mötas på annat sätt.", "no_conflict": True}


@pytest.fixture(autouse=True)
def between(world):
    """Bollnäs' managers decide housing; when they are away Söderhamn's Stina does. Travel is the case workers' own."""
    scheme(world)
    world.case  # noqa: B018
    world.together = agreements.deciding(world, "protected_housing", "travel")


def scheme(world, **limits):
    rows = [
        {"number": str(place), "kind": kind, "law": "SoL",
         "role": Role.UNIT_MANAGER if kind == "protected_housing" else Role.SOCIAL_WORKER, **limits.get(kind, {})}
        for place, kind in enumerate(DELEGABLE, 1)
    ]  # fmt: skip
    before = limits.pop("ago", 400)
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today() - timedelta(days=before), rows=rows)


def propose(world, kind="protected_housing", case=None, sent_to=None, **more):
    with acting(world.anna):
        return teams.propose_decision(
            by=world.anna, case=case or world.case, kind=kind, what="Plats i kväll", sent_to=sent_to or world.stina,
            **more,
        )  # fmt: skip


def decide(world, decision, **more):
    with acting(world.stina):
        return teams.decide(by=world.stina, decision=decision, **{**REASONS, **more})


def seen(world, who):
    """Labels of Bollnäs' rows that PostgreSQL shows this person, with how many; agreements and staff left out."""
    with acting(who):
        found = {
            label: QuerySet(model).filter(authority_id=world.bollnas.pk).count()
            for label, model in WALLED.items() if not label.startswith("tenancy.")
        }  # fmt: skip
    return {label: number for label, number in found.items() if number}


def test_the_scheme_says_who_may_with_her_employer(world):
    with acting(world.anna):
        able = competent(world.anna, "protected_housing", on=today(), target="adult")
        assert [officer(m, world.anna) for m in able] == ["Maud Chef", f"Stina Chef ({world.soderhamn.name})"]
        assert world.stina not in competent(world.anna, "protected_housing", on=today(), target="child")
        assert world.stina not in competent(world.anna, "travel", on=today(), target="adult"), "no row for her role"
    with acting(world.stina):
        given = {"on": today(), "board": world.bollnas.pk}
        assert row_for(world.stina, "protected_housing", target="adult", **given).authority_id == world.bollnas.pk
        assert row_for(world.stina, "protected_housing", target="child", **given) is None, "not of the agreement"
        assert row_for(world.stina, "contact_person", target="adult", **given) is None, "not of the mandate"
        assert row_for(world.stina, "travel", target="adult", **given) is None, "not of the scheme"
        assert row_for(world.stina, "protected_housing", target="adult", on=today()) is None, "her own board has none"


def test_she_decides_for_the_other_board(world):
    decision = decide(world, propose(world))
    with acting(world.anna):
        decision = Decision.objects.select_related("row", "given_mandate").get(pk=decision.pk)
        assert (decision.state, decision.number) == ("decided", f"B{today().year}-0001")
        assert (decision.mandate, decision.employer_id) == ("kl_9_37", world.soderhamn.pk)
        assert decision.given_mandate == Mandate.objects.get(authority_id=world.bollnas.pk)
        assert (decision.role, decision.appointed_on) == ("unit_manager", world.stina.starts_on)
        assert (decision.row.kind, decision.scheme_version) == ("protected_housing", 1)
        assert decision.decided_by.user.name == "Stina Chef"
        [clock] = Clock.objects.filter(kind="unexecuted")
        assert (clock.subject_id, clock.owner_id) == (decision.pk, world.anna.pk)
        assert Notice.objects.filter(about="decision", subject_id=decision.pk).count() == 1
        done = set(AuditEvent.objects.filter(membership_id=world.stina.pk).values_list("action", flat=True))
        assert {"decision.decided", "clock.started"} <= done, "in the log of the board whose matter it is"
    next_one = propose(world, sent_to=world.maud)
    with acting(world.maud):
        next_one = teams.decide(by=world.maud, decision=next_one, **REASONS)
    assert next_one.number.endswith("-0002"), "one series"


def test_she_sees_the_proposal_and_nothing_else_of_the_board(world):
    assert set(seen(world, world.stina)) == {"teams.DelegationRow", "teams.DelegationScheme"}
    others = propose(world, sent_to=world.maud)
    decision = propose(world)
    with acting(world.anna):
        for one in (others, decision):
            teams.hear_party(
                by=world.anna, case=world.case, decision=one, day=today(), until=today(), way="letter", words="Läst"
            )
    assert seen(world, world.stina) == {
        "teams.Decision": 1, "teams.DecisionStep": 1, "teams.DelegationScheme": 1,
        "teams.DelegationRow": len(DELEGABLE), "cases.Notice": 1,
    }  # fmt: skip
    decide(world, decision)
    with acting(world.anna):
        teams.tell_party(by=world.anna, case=world.case, decision=decision, day=today(), way="handed")
    assert seen(world, world.stina)["teams.DecisionStep"] == 1, "what comes after is the board's own"
    assert set(seen(world, world.cilla)) == set() == set(seen(world, world.siv))


def test_the_party_heard_counts_for_her(world):
    decision = propose(world)
    with pytest.raises(Refused, match="ska få yttra sig"):
        decide(world, decision, outcome="refused")
    with acting(world.anna):
        given = {"by": world.anna, "case": world.case, "decision": decision, "day": today()}
        teams.hear_party(**given, until=today(), way="meeting", words="Underlaget")
        teams.record_answer(**given, words="Jag vill")
    assert decide(world, decision, outcome="refused").outcome == "refused"


def test_she_sends_it_back_and_sees_it_no_more(world):
    decision = propose(world)
    with acting(world.stina):
        with pytest.raises(Refused, match="Skriv varför"):
            teams.send_back(by=world.stina, decision=decision, words=" ")
        teams.send_back(by=world.stina, decision=decision, words="Skriv hur länge.")
        assert not Decision.across.visible_to(world.stina).exists()
        with pytest.raises(NotAllowed):
            teams.send_back(by=world.stina, decision=decision, words="igen")
    with acting(world.anna):
        decision = Decision.objects.get(pk=decision.pk)
        assert (decision.sent_to_id, decision.sent_back, decision.state) == (None, "Skriv hur länge.", "proposed")
        assert Notice.objects.filter(about="decision", subject_id=decision.pk).exists()
        assert AuditEvent.objects.filter(action="decision.sent_back", membership_id=world.stina.pk).exists()
        teams.send_decision(by=world.anna, case=world.case, decision=decision, sent_to=world.maud)
    with acting(world.maud):
        teams.send_back(by=world.maud, decision=decision, words="Inte heller jag.")


# The end, on both sides of its day, in each wall.


def end_mandate(world):
    with acting(world.adam):
        mandate = Mandate.objects.get(authority_id=world.bollnas.pk)
        tenancy.end_mandate(by=world.adam, mandate=mandate, ends_on=today())


def notice(who):
    def give(world):
        with acting(getattr(world, who)):
            tenancy.give_notice(by=getattr(world, who), agreement=world.together, leaves_on=today())

    return give


def end_employment(world):
    with acting(world.siv):
        tenancy.end_member(by=world.siv, membership=world.stina, ends_on=today())


ENDS = {"mandate": end_mandate, "ours": notice("adam"), "theirs": notice("siv"), "employment": end_employment}


@contextmanager
def database_tomorrow():
    swedish = "(statement_timestamp() AT TIME ZONE 'Europe/Stockholm')::date"
    _say_today(f"{swedish} + 1")
    try:
        yield
    finally:
        _say_today(swedish)


def shown(world, decision):
    """(by PostgreSQL, by Python over what PostgreSQL shows, the scheme's rows)."""
    with acting(world.stina):
        raw = QuerySet(Decision).filter(pk=decision.pk).exists()
        seen = Decision.across.visible_to(world.stina).filter(pk=decision.pk).exists()
        rows = QuerySet(DelegationRow).filter(authority_id=world.bollnas.pk).exists()
    return raw, seen, rows


@pytest.mark.parametrize("end", ENDS)
def test_the_last_day_is_a_whole_day_and_then_it_is_gone(world, end):
    decision, other = propose(world), propose(world)
    ENDS[end](world)
    assert shown(world, decision) == (True, True, True)
    assert decide(world, other).state == "decided"
    with database_tomorrow():
        assert shown(world, decision) == (False, False, False), "PostgreSQL alone"
        with pytest.raises(NotAllowed, match="FL 16"):
            decide(world, decision)
        with acting(world.anna):
            assert Decision.objects.get(pk=other.pk).decided_by.user.name == "Stina Chef", "ours still says who it was"
    with at(moment_of(today() + DAY)):
        assert shown(world, decision)[:2] == (True, end == "employment"), "Python alone; a post is asked of at the door"
        with acting(world.anna):
            waiting = list(Decision.objects.waiting().select_related("sent_to"))
            assert waits_for_nobody(waiting, world.anna, on=today()) == {decision.pk}
            assert world.stina not in competent(world.anna, "protected_housing", on=today(), target="adult")
        with pytest.raises(Refused, match="får inte besluta i detta"):
            propose(world)
    with acting(world.anna):
        assert not waits_for_nobody(Decision.objects.waiting(), world.anna, on=today())


def test_what_is_withdrawn_or_sent_to_another_is_gone_at_once(world):
    first, second = propose(world), propose(world)
    with acting(world.anna):
        teams.withdraw_proposal(by=world.anna, case=world.case, decision=first)
        teams.send_decision(by=world.anna, case=world.case, decision=second, sent_to=world.maud)
    assert {shown(world, one)[:2] for one in (first, second)} == {(False, False)}


# What stops also her.


def test_a_blocked_relation_is_refused_and_closes_what_was_sent(world):
    decision = propose(world)
    with acting(world.anna):
        cases.block_access(by=world.anna, case=world.case, user=world.stina.user, kind="kin", reason="Syster")
    assert shown(world, decision)[:2] == (False, False)
    with pytest.raises(NotAllowed, match="FL 16–18"):
        decide(world, decision)
    with pytest.raises(Refused, match="spärrad i ärendet.*FL 16–18"):
        propose(world)


def test_nobody_decides_about_herself_nor_against_her_word(world):
    herself = world.open_case(individual=world.person(name="stina CHEF"))
    with pytest.raises(NotAllowed, match="ditt namn.*FL 16–18"):
        decide(world, propose(world, case=herself))
    with pytest.raises(NotAllowed, match="FL 16–18"):
        decide(world, propose(world), no_conflict=False)


@pytest.mark.parametrize("kind", ["contact_person", "travel", "immediate_custody"])
def test_what_the_mandate_the_scheme_or_the_law_does_not_give_is_not_sent(world, kind):
    with pytest.raises(Refused):
        propose(world, kind)


def test_a_child_is_not_of_an_agreement_for_adults(world):
    world.child_worker("anna")
    child = world.child_case()
    with pytest.raises(Refused, match="får inte besluta i detta"):
        propose(world, "travel", case=child)


def test_limits_hold_as_the_board_has_set_them(world):
    scheme(world, ago=399, protected_housing={"max_days": 30})
    last = today() + 29 * DAY
    with pytest.raises(Refused, match="får inte besluta"):
        propose(world, starts_on=today(), ends_on=last + DAY)
    assert decide(world, propose(world, starts_on=today(), ends_on=last)).scheme_version == 2


def test_a_new_version_stops_what_waits(world):
    decision = propose(world)
    scheme(world, ago=399, protected_housing={"max_days": 30})
    with pytest.raises(NotAllowed, match="räcker inte.*9 kap. 37"):
        decide(world, decision)


def test_what_changes_an_earlier_decision_stays_at_home(world):
    old = decide(world, propose(world))
    with pytest.raises(Refused, match="läser ingen annan"):
        propose(world, earlier=old, relation="change")


def test_the_board_is_told_with_the_employer(world):
    decide(world, propose(world))
    with acting(world.adam):
        [line] = untold()
        assert line.decided_by == f"Stina Chef, enhetschef, {world.soderhamn.name} (KL 9:37)"
    with acting(world.siv):
        assert untold() == [], "it is not her employer's decision"
