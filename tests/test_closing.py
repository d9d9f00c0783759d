"""A case is closed with everything that goes on in it, or not at all; and taken up again as the same thread."""

import pytest

from cases import operations as cases
from cases.models import AccessGrant, Case, CaseNote, Clock, Closure, Disclosure
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import CoordinatedPlan, Goal, PlanVersion
from teams import operations as teams
from teams.models import DELEGABLE, CoordinatorAppointment, TeamMember
from tests.leaving import closed, sent_outside
from tests.visits import Visit, sees
from tests.world import today


@pytest.fixture
def full(world):
    """Maria's case with an agreed plan, Sara and Maud in the team, Anna coordinator."""
    world.agreed  # noqa: B018
    world.waiver(world.region, "health")
    world.join(world.sara)
    world.join(world.maud)
    return world.case


def opens(who, case):
    with acting(who):
        return Case.objects.visible_to(who).filter(pk=case.pk).exists()


def test_everything_ends_in_one_go(world, full):
    with acting(world.sara):
        assert Goal.objects.visible_to(world.sara).exists()
    closed(world.anna, full, kind="enough", reason="Maria har det hon behöver.")
    with acting(world.anna):
        case, closure = Case.objects.get(pk=full.pk), Closure.objects.get(case=full)
        assert (case.closed_on, closure.kind, closure.closed_by_id) == (today(), "enough", world.anna.pk)
        assert CoordinatedPlan.objects.get(case=full).ended_on == today()
        assert set(TeamMember.objects.filter(case=full).values_list("state", flat=True)) == {"ended"}
        assert not Clock.objects.open().filter(case=full).exists()
        assert CoordinatorAppointment.objects.get(case=full).ends_on == today()
        kinds = AccessGrant.objects.on_day(today()).filter(content_object=full).values_list("kind", flat=True)
        assert sorted(kinds) == ["named", "worker"]
    assert opens(world.anna, full) and opens(world.maud, full), "the worker and the manager can still read"
    with acting(world.sara):
        assert not Goal.objects.visible_to(world.sara).exists()


def test_what_is_left_is_said(world, full):
    with acting(world.anna):
        cases.save_note(by=world.anna, case=full, kind="call", event_on=today(), source="x", fact="Utkast")
        version = plans.new_version(by=world.anna, plan=PlanVersion.objects.get(case=full).plan)
        member = full.team.get(membership=world.sara)
        plans.request_section(by=world.anna, plan_version=version, member=member, area="health", question="?")
    with acting(world.adam):
        rows = [{"number": "1", "kind": kind, "law": "SoL", "role": "social_worker"} for kind in DELEGABLE]
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today(), rows=rows)
    with acting(world.anna):
        teams.propose_decision(by=world.anna, case=full, kind="travel", what="Resa")
    page = Visit(world.anna).get("plans:close", full)
    with pytest.raises(Refused) as why:
        closed(world.anna, full)
    for part in ("Din osignerade anteckning", "Beslut som inte är fattat: Resa", "Begärt avsnitt"):
        assert part in str(why.value)
        assert sees(page, part)
    assert not sees(page, "Med egna ord"), "no form while something is left"
    with acting(world.anna):
        assert CoordinatedPlan.objects.get(case=full).ended_on is None, "nothing half done"
        assert Case.objects.get(pk=full.pk).closed_on is None


def test_what_is_urgent_is_done_first(world, full):
    given = {"screening": {}, "triage": {"tonight": {"answer": "no", "words": ""}}, "needs": []}
    with acting(world.anna):
        intake = cases.save_intake(by=world.anna, case=full, version=0, **given)
        with pytest.raises(Refused, match="Något som behöver göras nu"):
            plans.close_case(by=world.anna, case=full, kind="enough", reason="Klart.")
        cases.handle_urgent(by=world.anna, case=full, step=intake.urgent_steps.get(), how="Jouren ordnade plats.")
    closed(world.anna, full, kind="enough", reason="Klart.")


def test_a_colleagues_draft_is_named_and_not_shown(world, full):
    with acting(world.maud):
        cases.save_note(by=world.maud, case=full, kind="call", event_on=today(), source="x", fact="Hemligt utkast")
    with pytest.raises(Refused, match="Osignerad anteckning av Maud Chef") as why:
        closed(world.anna, full)
    assert "Hemligt" not in str(why.value)


@pytest.mark.parametrize("who, why", [
    ("leo", "inte öppet för dig"), ("cilla", "inte öppet för dig"), ("sara", "Din roll"), ("adam", "Din roll"),
])  # fmt: skip
def test_others_close_nothing(world, full, who, why):
    by = getattr(world, who)
    with acting(by), pytest.raises(NotAllowed, match=why):
        plans.close_case(by=by, case=full, kind="enough", reason="x")


def test_being_in_the_team_is_not_enough(world):
    world.join(world.leo)
    with acting(world.leo), pytest.raises(NotAllowed, match="avsluta det"):
        plans.close_case(by=world.leo, case=world.case, kind="enough", reason="x")
    closed(world.anna, world.case)
    assert not opens(world.leo, world.case)


def test_a_coordinator_who_closes_loses_her_own_way_in_last(world):
    world.coordinator(world.leo)
    closed(world.leo, world.case)
    assert not opens(world.leo, world.case) and opens(world.anna, world.case)


def test_a_reason_of_its_own_words(world):
    with pytest.raises(Refused, match="egna ord"):
        closed(world.anna, world.case, reason="  ")


# In a closed case.


def test_nothing_more_is_done_but_what_must_be(world, full):
    with acting(world.anna):
        consent = full.consents.get(kind="waiver")
        version = PlanVersion.objects.get(case=full)
    closed(world.anna, full)
    acts = {
        "consent": lambda: cases.record_consent(by=world.anna, case=full, form="oral", taken_on=today()),
        "plan": lambda: plans.start_plan(by=world.anna, case=full),
        "version": lambda: plans.new_version(by=world.anna, plan=version.plan),
        "team": lambda: teams.invite_member(
            by=world.anna, case=full, membership=world.leo, function="x", reason="x"
        ),
        "coordinator": lambda: teams.appoint_coordinator(by=world.anna, case=full, membership=world.anna),
        "decision": lambda: teams.propose_decision(by=world.anna, case=full, kind="travel", what="x"),
        "again": lambda: plans.close_case(by=world.anna, case=full, kind="enough", reason="x"),
    }  # fmt: skip
    for what, act in acts.items():
        with acting(world.anna), pytest.raises(Refused, match="avslutat|låst|avslutad"):
            act()
        assert what
    with acting(world.anna):  # a late note, a copy that is asked for, a consent that is taken back
        note = cases.save_note(by=world.anna, case=full, kind="call", event_on=today(), source="x", fact="Sent brev")
        assert cases.sign_note(by=world.anna, case=full, note=note).signed_at
        cases.withdraw_consent(by=world.anna, case=full, consent=consent)
    sent_outside(world.anna, full)
    with acting(world.anna):
        assert Disclosure.objects.filter(case=full, what="case.copy").count() == 1
        assert CaseNote.objects.filter(case=full, signed_at__isnull=False).count() == 1


def test_its_pages_say_so(world, full):
    closed(world.anna, full)
    anna = Visit(world.anna)
    assert sees(anna.get("plans:person", full), "Ärendet är avslutat")
    assert sees(anna.get("cases:note_new", full), "SoL 14 kap. 3 §")
    assert sees(anna.get("plans:close", full), "Ärendet är avslutat", "Kanarieskäl", "Ta upp ärendet igen")
    page = anna.post("cases:consent_plan", full, form="oral", taken_on=today(), save="1")
    assert sees(page, "Ärendet är avslutat. Ta upp det igen")


FORMS = [
    ("plans:revise", ()), ("plans:agree", ("version",)), ("plans:measure_new", ()), ("plans:meeting_new", ()),
    ("teams:team", ()), ("teams:coordinator", ()), ("teams:decision_new", ()), ("cases:transfer", ()),
]  # fmt: skip


@pytest.mark.parametrize("name, kinds", FORMS)
def test_no_form_falls_over(world, full, name, kinds):
    with acting(world.anna):
        version = PlanVersion.objects.get(case=full)
    closed(world.anna, full)
    ids = [version if kind == "version" else full for kind in kinds] or [full]
    anna = Visit(world.anna)
    assert anna.post(name, *ids, follow=True).status_code in (200, 404, 405)


# Taken up again.


def test_the_thread_goes_on(world, full):
    closed(world.anna, full)
    with acting(world.anna):
        plans.reopen_case(by=world.anna, case=full, reason="Maria hörde av sig.")
        case, closure = Case.objects.get(pk=full.pk), Closure.objects.get(case=full)
        assert (case.closed_on, closure.reopened_by_id, closure.reopen_reason) == (
            None, world.anna.pk, "Maria hörde av sig.",
        )  # fmt: skip
        plan = CoordinatedPlan.objects.get(case=full)
        assert plan.ended_on is None
        [clock] = Clock.objects.open().filter(case=full)
        assert (clock.kind, clock.owner_id) == ("follow_up", world.anna.pk)
        assert plans.new_version(by=world.anna, plan=plan).number == 2
    closed(world.anna, full, reason="Nu är det klart.")
    with acting(world.anna):
        assert Closure.objects.filter(case=full).count() == 2


def test_not_beside_a_newer_case(world):
    closed(world.anna, world.case)
    world.open_case(individual=world.case.individual)
    with acting(world.anna), pytest.raises(Refused, match="nyare öppet ärende"):
        plans.reopen_case(by=world.anna, case=world.case, reason="x")


@pytest.mark.parametrize("reason", ["", " "])
def test_only_a_closed_one_and_with_a_reason(world, reason):
    with acting(world.anna), pytest.raises(Refused, match="inte avslutat"):
        plans.reopen_case(by=world.anna, case=world.case, reason="x")
    closed(world.anna, world.case)
    with acting(world.anna), pytest.raises(Refused, match="varför"):
        plans.reopen_case(by=world.anna, case=world.case, reason=reason)


def test_a_plan_ends_and_a_new_one_may_begin(world):
    with acting(world.anna):
        plans.end_plan(by=world.anna, plan=world.agreed.plan, reason="Målen är nådda.")
        [left] = Clock.objects.open().filter(case=world.case)
        assert left.kind == "outcome", "how it has become, half a year after"
        with pytest.raises(Refused, match="avslutad"):
            plans.new_version(by=world.anna, plan=world.agreed.plan)
        assert plans.start_plan(by=world.anna, case=world.case).number == 1


def test_by_the_pages(world, full):
    anna = Visit(world.anna)
    assert sees(anna.post("plans:close", full, kind="", reason=""), "Något behöver rättas")
    page = anna.post("plans:close", full, kind="own_wish", reason="Hon vill klara sig själv.", follow=True)
    assert sees(page, f"Ärende {full.number} är avslutat.")
    page = anna.post("plans:close", full, reason="Hon ringde.", follow=True)
    assert sees(page, "Ärendet är upptaget igen")
    assert anna.post("plans:end", full, reason="Klar.", follow=True).status_code == 200
    assert sees(anna.get("plans:plan", full), "Avslutade planer", "Klar.")
