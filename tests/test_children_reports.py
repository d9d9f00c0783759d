"""From a report to an investigation's end: what is asked, what is refused, and that no clock is silenced on the way."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import operations as cases
from cases.models import Case, ChildWorker, Clock
from children import operations as children
from children.clocks import ChildClock
from children.models import ConcernReport, Investigation, NextResponsible, ProtectionAssessment
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from tests.childdecisions import decided, scheme
from tests.guardianship import custodians, weighed
from tests.world import today


@pytest.fixture
def case(world):
    world.child_worker("anna", "maud")
    scheme(world)
    case = world.child_case()
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=case, membership=world.maud, kind="named", reason="leder")
    return case


@pytest.fixture
def report(world, case):
    return world.report(case)


def clocks(world, case, who=None):
    with acting(who or world.anna):
        return {clock.kind: clock for clock in case.clocks.open() if clock.kind.startswith("child_")}


def moved(clock, days):
    """Past the operation, in the row itself."""
    clock.extended_to, clock.extension_ground = clock.due_on + timedelta(days=days), "en dag till"
    clock.save(update_fields=["extended_to", "extension_ground"])


def assess(world, case, report, by=None, **more):
    by = by or world.anna
    given = {"need": "none", "tonight": "Hos mormor, tryggt.", "reasons": "Samtal med barnet.", **more}
    with acting(by):
        return children.assess_protection(by=by, case=case, report=report, **given)


def test_a_report_sets_its_clocks_going(world, case, report):
    going = clocks(world, case)
    assert set(going) == {ChildClock.PROTECTION, ChildClock.OPENING}
    assert going[ChildClock.OPENING].due_on == report.received_on + timedelta(days=14)
    assert {clock.subject_id for clock in going.values()} == {report.pk}


def test_of_a_child_nobody_knows_everything_is_made_in_one_act(world):
    world.child_worker("anna")
    given = {"received_at": timezone.now(), "source": "anonymous", "text": "Sett i en chatt", "reporter": "Kalle"}
    with acting(world.anna):
        _hits, search = cases.search_people(by=world.anna, query="Kim Ung")
        report = children.receive_report_of_new_child(by=world.anna, after_search=search, name="Kim Ung", **given)
        assert (report.case.programme, report.case.worker) == ("child", world.anna)
        assert report.reporter == "", "whoever is anonymous has no name here"
        born = today().replace(year=today().year - 18, day=1)
        before = Case.objects.count()
        with pytest.raises(Refused, match="fyllt 18 år.*programmet för vuxna.*föräldrabalken"):
            children.receive_report_of_new_child(
                by=world.anna, after_search=search, name="Vuxen Ung", birth_date=born, **given
            )
        assert Case.objects.count() == before


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": " "}, "vad som anmäls"),
        ({"received_at": timezone.now() + timedelta(days=1)}, "framtiden"),
        ({"received_at": timezone.now() - timedelta(days=400)}, "mer än ett år"),
        ({"profession": ""}, "yrke eller uppdrag"),
        ({"source": "private", "wants_answer": True}, "19 kap. 6 §"),
    ],
)
def test_what_is_wrong_is_told(world, case, more, sentence):
    with pytest.raises(Refused, match=sentence):
        world.report(case, **more)
    with acting(world.anna):
        assert not ConcernReport.objects.exists()


def test_a_report_is_of_a_child(world, case):
    with pytest.raises(Refused, match="barnets eget ärende"):
        world.report(world.case)
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        ConcernReport.objects.create(
            authority_id=case.authority_id, case=world.case, source="private", way="phone", written_by=world.anna,
            received_at=timezone.now(), text="x",
        )  # fmt: skip


def test_what_came_in_stays_as_it_came(world, case, report):
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        ConcernReport.objects.filter(pk=report.pk).update(received_at=timezone.now() - timedelta(days=2))


def test_in_an_emergency_a_report_is_taken_in_and_the_protection_assessed(world, case):
    world.child_worker("leo")
    given = {"number": case.number, "reason": "child", "reason_text": "ett barn kan vara i fara"}
    with acting(world.leo):
        assert cases.open_in_emergency(by=world.leo, **given).emergency
    report = world.report(case, by=world.leo)
    assess(world, case, report, by=world.leo, need="now", done="Jourhem", done_by="Socialjouren")
    assert ChildClock.PROTECTION not in clocks(world, case)
    with acting(world.leo), pytest.raises(NotAllowed, match="Med nödåtkomst"):
        children.add_exploiter(by=world.leo, case=case, kind="person", who="Någon")


def test_a_closed_case_is_taken_up_by_a_new_one(world, case):
    with acting(world.anna):
        children.name_next(by=world.anna, case=case, who="school", name="Kuratorn")
        Case.objects.filter(pk=case.pk).update(closed_on=today())
        case = Case.objects.get(pk=case.pk)
    report = world.report(case)
    assert report.case_id != case.pk and report.case.individual_id == case.individual_id


def test_only_a_qualified_signs(world, case, report):
    world.child_worker("leo", qualified=False)
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=case, membership=world.leo, kind="named", reason="behövs")
    with pytest.raises(NotAllowed, match="25 kap. 1 §"):
        assess(world, case, report, by=world.leo)
    row = ProtectionAssessment(
        authority_id=case.authority_id, case=case, report=report, need="none", tonight="x", reasons="y",
        signed_by=world.leo,
    )  # fmt: skip
    with acting(world.leo), pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
    with acting(world.leo), pytest.raises(NotAllowed, match="25 kap. 1 §"):
        teams.propose_decision(by=world.leo, case=case, kind="investigation_open", what="x")


@pytest.mark.parametrize("kind", [ChildClock.PROTECTION, ChildClock.OPENING])
def test_no_press_ends_a_clock(world, case, report, kind):
    clock = clocks(world, case)[kind]
    with acting(world.anna):
        with pytest.raises(Refused, match=r"20 kap\. [12] §"):
            cases.finish_clock(by=world.anna, case=case, clock=clock)
        with pytest.raises(Refused, match="kan inte flyttas"):
            cases.extend_clock(
                by=world.anna, case=case, clock=clock, extended_to=clock.day + timedelta(days=7), ground="hinner inte"
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            Clock.objects.filter(pk=clock.pk).update(done_at=timezone.now(), done_by=world.anna)
        with pytest.raises(DatabaseError), transaction.atomic():
            moved(clock, 7)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM cases_clock WHERE id = %s", [clock.pk])
    assert kind in clocks(world, case)


def test_the_assessment_ends_its_own_clock_alone(world, case, report):
    other = world.report(case)
    with pytest.raises(Refused, match="i kväll"):
        assess(world, case, report, tonight="")
    with pytest.raises(Refused, match="vad som har gjorts"):
        assess(world, case, report, need="now")
    assess(world, case, report)
    with acting(world.anna):
        left = case.clocks.open().filter(kind=ChildClock.PROTECTION)
        assert [clock.subject_id for clock in left] == [other.pk]


def test_not_to_open_answers_the_reports_it_saw(world, case, report):
    with acting(world.anna):
        proposal = teams.propose_decision(by=world.anna, case=case, kind="investigation_not_open", what="x")
        weighed(world.anna, case, proposal)
    later = world.report(case, text="En ny anmälan")
    with acting(world.anna):
        teams.decide(by=world.anna, decision=proposal, outcome="granted", reasons="x", no_conflict=True)
        left = case.clocks.open().filter(kind=ChildClock.OPENING)
        assert [clock.subject_id for clock in left] == [later.pk], "nobody had read it when it was proposed"
        assert not Investigation.objects.exists()


def test_to_open_sets_the_investigation_going(world, case, report):
    decision = decided(world.anna, case, "investigation_open")
    going = clocks(world, case)
    assert set(going) == {ChildClock.PROTECTION, ChildClock.INVESTIGATION, ChildClock.TOLD}
    with acting(world.anna):
        row = Investigation.objects.get()
    assert (row.opening_id, row.opened_on) == (decision.pk, today())
    with pytest.raises(Refused, match="En utredning pågår redan"):
        decided(world.anna, case, "investigation_open")
    world.report(case)
    assert ChildClock.OPENING not in clocks(world, case), "none is needed while one runs (SoL 20:2)"


def test_a_refused_proposal_answers_nothing(world, case, report):
    with acting(world.anna):
        proposal = teams.propose_decision(by=world.anna, case=case, kind="investigation_open", what="x")
        weighed(world.anna, case, proposal)
        teams.decide(
            by=world.anna, decision=proposal, outcome="refused", reasons="x", no_conflict=True, hearing="x",
            exception="unnecessary",
        )  # fmt: skip
    assert ChildClock.OPENING in clocks(world, case)


def test_more_time_only_by_decision_and_for_a_set_time(world, case, report):
    clock = clocks(world, case)[ChildClock.OPENING]
    with pytest.raises(Refused, match="viss tid"):
        decided(world.maud, case, "opening_extend")
    decision = decided(world.maud, case, "opening_extend", days=5)
    clock = clocks(world, case)[ChildClock.OPENING]
    assert clock.extended_to == clock.due_on + timedelta(days=5) and decision.number in clock.extension_ground
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        moved(clock, 6)


def test_who_may_not_decide_does_not_extend(world, case, report):
    decided(world.anna, case, "investigation_open")
    with pytest.raises(Refused, match="Du får inte besluta"):
        decided(world.anna, case, "investigation_extend", days=20)
    with acting(world.anna):
        given = {"by": world.anna, "case": case, "kind": "investigation_extend", "what": "Väntar på utlåtande"}
        with pytest.raises(Refused, match="får inte besluta i detta"):
            teams.propose_decision(**given, days=31, sent_to=world.maud)
        proposal = teams.propose_decision(**given, days=30, sent_to=world.maud)
        weighed(world.anna, case, proposal)
    with acting(world.maud):
        teams.decide(by=world.maud, decision=proposal, outcome="granted", reasons="Särskilda skäl", no_conflict=True)
    clock = clocks(world, case)[ChildClock.INVESTIGATION]
    assert clock.extended_to == clock.due_on + timedelta(days=30)


def test_whoever_decides_about_a_child_may_have_children(world, case, report):
    with acting(world.adam):
        children.end_child_worker(by=world.adam, worker=ChildWorker.objects.get(membership=world.maud))
    for kind, days in (("opening_extend", 5), ("travel", None)):
        with acting(world.anna), pytest.raises(NotAllowed, match="Maud Chef har inte behörighet"):
            teams.propose_decision(by=world.anna, case=case, kind=kind, what="x", sent_to=world.maud, days=days)


def test_a_committees_matter_is_signed_by_no_official(world, case):
    with acting(world.anna), pytest.raises(NotAllowed, match="Bara nämnden eller ett utskott"):
        teams.propose_decision(by=world.anna, case=case, kind="immediate_custody", what="x")


def test_an_investigation_ends_with_a_decision(world, case, report):
    decided(world.anna, case, "investigation_open")
    with acting(world.anna):
        row = Investigation.objects.get()
    given = {"by": world.anna, "case": case, "investigation": row, "conclusion": "Barnet får en kontaktperson."}
    given |= {"who": "network", "name": "Mormor"}
    with acting(world.anna):
        with pytest.raises(Refused, match="avslutas med ett beslut"):
            children.finish_investigation(**given, ending=row.opening)
        with pytest.raises(DatabaseError), transaction.atomic():
            Investigation.objects.filter(pk=row.pk).update(
                finished_on=today(), finished_by=world.anna, ending=row.opening, conclusion=b"x"
            )
    decision = decided(world.anna, case, "contact_person")
    with acting(world.anna):
        with pytest.raises(Refused, match="kom fram till"):
            children.finish_investigation(**{**given, "conclusion": ""}, ending=decision)
        with pytest.raises(Refused, match="Välj vem som tar vid"):
            children.finish_investigation(**{**given, "who": ""}, ending=decision)
        with pytest.raises(DatabaseError, match="nästa ansvariga"), transaction.atomic():
            Investigation.objects.filter(pk=row.pk).update(
                finished_on=today(), finished_by=world.anna, ending=decision, conclusion=b"x"
            )
        given_to = {"home": "emergency", "starts_on": today(), "consent": "Båda, i dag."}
        children.place(by=world.anna, case=case, guardians=custodians(world.anna, case), **given_to)
        assert not case.clocks.filter(kind="emergency_home").exists()  # as long as the investigation goes on
        children.finish_investigation(**given, ending=decision)
        (clock,) = case.clocks.filter(kind="emergency_home")  # two months from now (SoL 22:4)
        assert clock.due_on == today() + relativedelta(months=2)
        assert NextResponsible.objects.get(case=case).subject_id == row.pk
    assert ChildClock.INVESTIGATION not in clocks(world, case)


def test_those_concerned_are_told_or_it_is_said_why_not(world, case, report):
    decided(world.anna, case, "investigation_open")
    with acting(world.anna):
        row = Investigation.objects.get()
        with pytest.raises(Refused, match="särskilda skäl"):
            children.tell_concerned(by=world.anna, case=case, investigation=row)
        children.tell_concerned(
            by=world.anna, case=case, investigation=row, told="Mamma, vid besök",
            not_told="Pappa: misstänkt, barnet skulle fara illa",
        )  # fmt: skip
    assert ChildClock.TOLD not in clocks(world, case)


def test_the_reporter_who_asks_is_told_within_the_week(world, case):
    report = world.report(case, wants_answer=True)
    assert ChildClock.FEEDBACK not in clocks(world, case), "there is nothing to tell yet"
    with acting(world.anna), pytest.raises(Refused, match="inte beslutat än"):
        children.give_feedback(by=world.anna, case=case, report=report, text="Utredning är inledd.")
    decided(world.anna, case, "investigation_open")
    clock = clocks(world, case)[ChildClock.FEEDBACK]
    assert clock.due_on == today() + timedelta(days=7)
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(done_at=timezone.now(), done_by=world.anna)
    with acting(world.anna):
        children.give_feedback(by=world.anna, case=case, report=report, text="Utredning är inledd.")
    assert ChildClock.FEEDBACK not in clocks(world, case)


def test_who_asks_afterwards_is_told_at_once(world, case, report):
    decided(world.anna, case, "investigation_not_open")
    with acting(world.anna):
        children.ask_feedback(by=world.anna, case=case, report=report)
        with pytest.raises(Refused, match="redan antecknat"):
            children.ask_feedback(by=world.anna, case=case, report=report)
    assert clocks(world, case)[ChildClock.FEEDBACK].due_on == today()


def test_when_one_runs_already_the_reporter_is_told_so_at_once(world, case, report):
    decided(world.anna, case, "investigation_open")
    world.report(case, wants_answer=True)
    assert clocks(world, case)[ChildClock.FEEDBACK].due_on == today()


def test_what_is_spread_has_a_place_an_order_and_the_police(world, case):
    given = {"by": world.anna, "case": case, "kind": "pictures", "place": "En grupp i en app", "seen_on": today()}
    with acting(world.anna):
        with pytest.raises(Refused, match="polisanmälan"):
            children.save_spread(**given)
        with pytest.raises(Refused, match="efter att det sågs"):
            children.save_spread(**given, police_on=today(), asked_on=today() - timedelta(days=1), asked_whom="Appen")
        row = children.save_spread(**given, police_on=today(), asked_on=today(), asked_whom="Appen")
        assert row.answer == "waiting"
        row = children.save_spread(
            **given, spread=row, version=1, police_on=today(), asked_on=today(), asked_whom="Appen", answer="down"
        )
    assert (row.answer, row.version) == ("down", 2)


def test_an_exploiter_is_struck_and_still_read(world, case):
    with acting(world.anna):
        row = children.add_exploiter(by=world.anna, case=case, kind="person", who="Kallar sig Z", near_guardian="yes")
        children.add_exploiter(by=world.anna, case=case, kind="group", who="Tre vuxna", online=True)
        with pytest.raises(Refused, match="Skriv varför"):
            children.strike_exploiter(by=world.anna, case=case, exploiter=row, why="")
        children.strike_exploiter(by=world.anna, case=case, exploiter=row, why="Samma som den andra.")
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(struck_on=None, struck_by=None)
