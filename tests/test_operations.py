"""May, may less, from elsewhere: every operation, tried by the one who may and by those who may not, with the very row
in their hands. Then once more with the database's wall down: Python refuses by itself."""

import copy
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Model

from cases import operations as cases
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.operations import propose_agreement
from plans import operations as plans
from plans.models import PlanVersion
from teams import operations as teams
from tests import abroad
from tests.acts import abroad as of_abroad
from tests.acts import access as of_access
from tests.acts import administration as of_administration
from tests.acts import answers
from tests.acts import archive as of_archive
from tests.acts import board as of_board
from tests.acts import caseload as of_caseload
from tests.acts import cases as of_cases
from tests.acts import children_bridge as of_bridge
from tests.acts import children_chain as of_chain
from tests.acts import children_court as of_court
from tests.acts import children_guardians as of_guardians
from tests.acts import children_reports as of_child_reports
from tests.acts import children_workers as of_child_workers
from tests.acts import contribution as of_contribution
from tests.acts import delivery as of_delivery
from tests.acts import figures as of_figures
from tests.acts import intake as of_intake
from tests.acts import jobs as of_jobs
from tests.acts import leaving as of_leaving
from tests.acts import log_review as of_log_review
from tests.acts import oversight as of_oversight
from tests.acts import papers as of_papers
from tests.acts import people as of_people
from tests.acts import places as of_places
from tests.acts import plans as of_plans
from tests.acts import scheme as of_scheme
from tests.acts import secrecy as of_secrecy
from tests.acts import teams as of_teams
from tests.acts import tenancy as of_tenancy
from tests.acts import tokens as of_tokens
from tests.connections import connected, logged_in_as
from tests.oracle import WALLED
from tests.test_guards_doors import OPERATIONS, PARTS
from tests.world import today

ACTS = [
    *of_abroad.ACTS, *of_tenancy.ACTS, *of_cases.ACTS, *of_access.ACTS, *of_intake.ACTS, *of_leaving.ACTS,
    *of_people.ACTS, *of_papers.ACTS, *of_places.ACTS, *of_secrecy.ACTS, *of_teams.ACTS, *of_plans.ACTS,
    *of_scheme.ACTS, *of_contribution.ACTS, *of_tokens.ACTS, *of_jobs.ACTS, *of_board.ACTS, *of_child_workers.ACTS,
    *of_administration.ACTS,
    *of_bridge.ACTS,
    *of_guardians.ACTS, *of_court.ACTS,
    *of_child_reports.ACTS,
    *of_delivery.ACTS, *of_figures.ACTS,
    *of_chain.ACTS,
    *of_oversight.ACTS,
    *of_caseload.ACTS,
    *of_log_review.ACTS,
    *of_archive.ACTS,
]  # fmt: skip
REFUSED = [(act, who) for act in ACTS for who in act.may_not]
NAMES = answers.numbered(ACTS)


def named(value):
    return value.name if hasattr(value, "operation") else str(value)


@pytest.fixture(scope="module")
def world(standing):
    """The furnished world, with the few more rows that some operation needs."""
    with acting(standing.anna):
        standing.invitation = teams.invite_member(
            by=standing.anna, case=standing.case, membership=standing.mika, function="mentor", reason="behövs"
        )
        draft = PlanVersion.objects.get(case=standing.case, state="draft")
        standing.empty_goal = plans.add_goal(
            by=standing.anna, plan_version=draft, area="debts", own_words="Inga skulder"
        )
        member = standing.case.team.get(membership=standing.sara)
        version = PlanVersion.objects.get(case=standing.case, state="draft")
        standing.section = plans.request_section(
            by=standing.anna, plan_version=version, member=member, area="health", question="Vad kan ni göra?"
        )
    with acting(standing.anna):  # still a draft, for the operations that want one
        PlanVersion.objects.filter(pk=version.pk).update(state="draft")
    with acting(standing.anna):
        standing.protected_return = abroad.planned_return(standing.anna, standing.protected)
    standing.ready_case = standing.open_case(individual=standing.person(name="Klar Person"))
    standing.consent(standing.ready_case)
    standing.coordinator(case=standing.ready_case)
    standing.draft(standing.ready_case)
    with acting(standing.adam):
        standing.offer = propose_agreement(
            by=standing.adam, others=[standing.region], ground="other", purpose="Mer", programmes=[], starts_on=today()
        )
    of_leaving.more(standing)
    of_guardians.more(standing)
    of_tenancy.more(standing)
    _agree_elsewhere(standing)
    return standing


def _agree_elsewhere(world):
    """Söderhamn's newest version, agreed: what a new version begins from."""
    case = world.open_case(world.cilla, world.person(world.cilla, "Färdig Person"))
    with acting(world.cilla):
        cases.record_consent(by=world.cilla, case=case, form="oral", taken_on=today())
        teams.appoint_coordinator(by=world.cilla, case=case, membership=world.cilla)
        version = plans.start_plan(by=world.cilla, case=case)
        goal = plans.add_goal(by=world.cilla, plan_version=version, area="health", own_words="Sova")
        plans.add_measure(by=world.cilla, goal=goal, title="Samtal", principal_kind="social", principal=world.soderhamn)
        version = plans.save_version(
            by=world.cilla, plan_version=version, expected=None, lead_principal=world.soderhamn, what_matters="Lugn",
            participation="Var med.", others_note="Ingen.", follow_up_on=today(),
        )  # fmt: skip
        world.elsewheres_agreed = plans.agree_version(by=world.cilla, plan_version=version)


class Undo(Exception):
    pass


def carried_out(world, act, by):
    """Carry it out as ``by`` with rows read by the one who may; how many traces it left; undo it all."""
    traces = 0
    try:
        with transaction.atomic(), _no_pdf():
            with acting(getattr(world, act.may)):
                given = {name: _own(value) for name, value in act.given(world).items()}
            before = _traces(world)
            with acting(by):
                act.operation(by=by, **given)
            traces = _traces(world) - before
            raise Undo
    except Undo:
        return traces


def _own(value):
    """A row of one's own: what is deleted loses its key in Python, and that is not undone."""
    return copy.copy(value) if isinstance(value, Model) else value


@contextmanager
def _no_pdf():
    """The PDFs themselves have their own tests."""
    release, readings = "plans.operations.release.document", "plans.operations.readings.document"
    with patch(release, return_value=b"%PDF"), patch(readings, return_value=b"%PDF"):
        yield


def _traces(world):
    total = 0
    for authority in (world.bollnas, world.soderhamn, world.region, world.ljusdal):
        with acting_as_system(authority):
            total += AuditEvent.objects.filter(authority_id=authority.pk).count()
    return total


def test_every_operation_is_tried():
    tried = {act.name for act in ACTS}
    untried = {name for name in set(OPERATIONS) - PARTS if name not in tried}
    by_command = {"exitprogram.tenancy.operations.people.seat_administrator", "cases.operations.documents.sweep_files",
                  "cases.operations.archive.end_exports"}  # fmt: skip
    by_command.add("exitprogram.tenancy.operations.seen.see_as")  # where all is invented: tests/test_seen_as.py
    by_command |= {f"exitprogram.tenancy.operations.identity.{name}_identity" for name in ("link", "unlink")}
    assert untried == by_command  # on the server, as the house's own upkeep


@pytest.mark.parametrize("act", ACTS, ids=named)
def test_the_one_who_may(world, act):
    assert carried_out(world, act, getattr(world, act.may)) >= 1


@pytest.mark.parametrize(("act", "who"), REFUSED, ids=named)
def test_those_who_may_not(world, act, who):
    with pytest.raises((Refused, ObjectDoesNotExist)) as said:
        carried_out(world, act, getattr(world, who))
    assert answers.kind_of(said.value) == answers.told(NAMES[act], who)


def test_every_answer_is_of_somebody_who_asks():
    asked = {NAMES[act]: set(act.may_not) for act in ACTS if act.may_not}
    for (name, _alone), given in answers.lines().items():
        assert set(given) <= asked[name], name


@pytest.fixture(scope="module")
def no_wall(world):
    """As the owner, whom row security does not bind while it is not forced: what is refused now, Python refuses."""
    tables = [model._meta.db_table for model in WALLED.values()]
    with connected("owner", autocommit=True) as owner:
        owner.execute("; ".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in tables))
        yield
        owner.execute("; ".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in tables))


@pytest.mark.parametrize(("act", "who"), REFUSED, ids=named)
def test_python_refuses_alone(world, no_wall, act, who):
    with logged_in_as("owner"), pytest.raises((Refused, ObjectDoesNotExist)) as said:
        carried_out(world, act, getattr(world, who))
    assert answers.kind_of(said.value) == answers.told(NAMES[act], who, alone=True)


def test_the_wall_was_down(world, no_wall):
    with logged_in_as("owner"), acting(world.cilla):
        assert PlanVersion._base_manager.filter(case=world.case).exists()
