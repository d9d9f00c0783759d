"""Whoever is blocked opens nothing, by whatever way, and does not learn that there is something."""

import pytest
from django.db import connection

from cases import operations as cases
from cases.models import AccessBlock, AccessGrant, Case, EmergencyAccess
from cases.operations.emergency import NOT_FOUND
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from plans.models import Goal, PlanVersion, Section
from teams import operations as teams
from teams.models import DELEGABLE, Decision, TeamMember
from tests.furniture import NUMBERS
from tests.test_emergency import OPEN, SHUT, break_in, is_open
from tests.visits import Visit, sees, text_of
from tests.world import today


@pytest.fixture
def case(world):
    return world.open_case(individual=world.person(number=NUMBERS["Bollnäs"]))


def block(world, who, case, by=None):
    by = by or world.anna
    with acting(by):
        return cases.block_access(by=by, case=case, user=who.user, kind="former", reason="De har bott ihop.")


def lift(world, row, case):
    with acting(world.anna):
        return cases.lift_block(by=world.anna, case=case, block=row, reason="Det var en annan med samma namn.")


def test_what_was_open_is_shut_at_once(world, case):
    world.join(world.leo, case)
    assert is_open(world.leo, case) == OPEN
    row = block(world, world.leo, case)
    assert is_open(world.leo, case) == SHUT
    with acting(world.anna):
        assert not AccessGrant.objects.filter(membership=world.leo, ended_at=None).exists()
    lift(world, row, case)
    assert is_open(world.leo, case) == SHUT, "it is given anew, if at all"


@pytest.mark.parametrize("way", ["grant", "team", "coordinator", "emergency", "manager"])
def test_no_way_opens_it_again(world, case, way):
    block(world, world.leo, case)
    ways = {
        "grant": lambda: cases.grant_access(
            by=world.anna, case=case, membership=world.leo, kind="named", reason="hjälper"
        ),
        "team": lambda: teams.invite_member(
            by=world.anna, case=case, membership=world.leo, function="stöd", reason="behövs"
        ),
        "coordinator": lambda: teams.appoint_coordinator(by=world.anna, case=case, membership=world.leo),
    }
    if way == "emergency":
        assert break_in(world.leo, case.number).why == NOT_FOUND
    elif way == "manager":
        with acting(world.maud), pytest.raises(Exception, match="row-level security|spärrad"):
            cases.grant_access(by=world.maud, case=case, membership=world.leo, kind="named", reason="hjälper")
        return
    else:
        with acting(world.anna), pytest.raises(Refused, match="spärrad"):
            ways[way]()
    assert is_open(world.leo, case) == SHUT


def test_an_emergency_that_goes_on_is_over(world, case):
    break_in(world.leo, case.number)
    block(world, world.leo, case)
    assert is_open(world.leo, case) == SHUT
    with acting(world.anna):
        assert EmergencyAccess.objects.get(case=case).ended_at


def second_membership(world):
    with acting(world.adam):
        row = Membership(authority_id=world.bollnas.pk, user=world.leo.user, role=Role.UNIT_MANAGER, starts_on=today())
        row.save(force_insert=True)
    return Membership._base_manager.select_related("user").filter(pk=row.pk).first() or row


def test_a_second_membership_does_not_go_round_it(world, case):
    block(world, world.leo, case)
    other = second_membership(world)
    assert break_in(other, case.number).why == NOT_FOUND
    with acting(other), connection.cursor() as cursor:
        cursor.execute("SELECT case_id FROM wall.unit_cases()")
        assert case.pk not in [row[0] for row in cursor.fetchall()]
    with acting(other), pytest.raises(NotAllowed):
        cases.grant_access(by=other, case=case, membership=other, kind="named", reason="jag leder")


def test_it_holds_in_the_persons_other_case_too(world, case):
    world.child_worker("anna", "leo")
    person = world.person(name="Två Ärenden")
    one, two = world.open_case(individual=person), world.open_case(individual=person, programme="child")
    world.join(world.leo, two)
    block(world, world.leo, one)
    assert is_open(world.leo, two) == SHUT
    assert break_in(world.leo, two.number).why == NOT_FOUND


@pytest.mark.parametrize("query", ["Maria Karlsson", NUMBERS["Bollnäs"], None])
def test_a_search_says_what_it_says_of_somebody_unknown(world, case, query):
    world.person(world.cilla, "Elsa Annanstans")
    leo = Visit(world.leo)
    assert sees(leo.post("cases:search", q=query or case.number, follow=True), case.number)
    block(world, world.leo, case)
    page = text_of(leo.post("cases:search", q=query or case.number, follow=True))
    assert "Ingen träff hos er." in page
    assert leo.get("cases:emergency_hit", case).status_code == 404


def test_a_guest_from_elsewhere_sees_nothing_of_it(world):
    world.waiver(world.region, "health")
    member = world.join(world.sara)
    world.draft()
    with acting(world.sara):
        assert Goal.objects.visible_to(world.sara).exists()
    row = block(world, world.sara, world.case)
    with acting(world.sara):
        for model in (Goal, Section, PlanVersion, TeamMember):
            assert not model.objects.visible_to(world.sara).exists(), model
            assert not model._base_manager.exists(), model
    assert Visit(world.sara).get("teams:invitation", member).status_code == 404
    lift(world, row, world.case)
    with acting(world.sara):
        assert Goal.objects.visible_to(world.sara).exists()


def test_what_was_sent_for_decision_is_gone_too(world, case):
    with acting(world.adam):
        rows = [{"number": "1", "kind": kind, "law": "SoL", "role": Role.UNIT_MANAGER} for kind in DELEGABLE]
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today(), rows=rows)
    with acting(world.anna):
        teams.propose_decision(by=world.anna, case=case, kind="travel", what="Resa", sent_to=world.maud)
    with acting(world.maud):
        assert Decision.objects.visible_to(world.maud).exists()
    block(world, world.maud, case)
    with acting(world.maud):
        assert not Decision.objects.visible_to(world.maud).exists() and not Decision._base_manager.exists()


def test_the_blocked_is_not_told(world, case):
    world.join(world.leo, case)
    block(world, world.leo, case)
    leo = Visit(world.leo)
    answers = [leo.get("plans:person", case), leo.get("plans:person", world.elsewhere)]
    assert [a.status_code for a in answers] == [404, 404]
    assert text_of(answers[0]) == text_of(answers[1])
    for page in ("plans:my_day", "cases:list"):
        assert not sees(leo.get(page), case.number) and "spärr" not in text_of(leo.get(page)).lower()
    with acting(world.leo):
        assert not AccessBlock._base_manager.exists() and not AccessBlock.objects.visible_to(world.leo).exists()
        assert not Case._base_manager.filter(pk=case.pk).exists()


@pytest.mark.parametrize("who", ["leo", "maud", "cilla", "adam", "sara"])
def test_who_may_not_set_one(world, case, who):
    with pytest.raises(NotAllowed):
        block(world, world.mika, case, by=getattr(world, who))


def test_nobody_blocks_herself_or_twice(world, case):
    with pytest.raises(Refused, match="dig själv"):
        block(world, world.anna, case)
    block(world, world.leo, case)
    with pytest.raises(Refused, match="redan"):
        block(world, world.leo, case)


# The pages


def test_the_page_sets_and_lifts(world, case):
    anna = Visit(world.anna)
    sent = {"membership": world.leo, "kind": "suspected", "reason": "Har setts i bilen."}
    assert anna.post("cases:blocks", case, **sent).status_code == 302
    page = anna.get("cases:blocks", case)
    assert sees(page, "Leo Ek", "Har setts i bilen.", "Häv")
    assert sees(anna.get("plans:insight", case), "är spärrad och kan inte öppna något")
    with acting(world.anna):
        row = AccessBlock.objects.get(case=case)
    assert sees(anna.post("cases:block_lift", case, row, reason=""), "Fel:")
    assert anna.post("cases:block_lift", case, row, reason="Fel person.").status_code == 302
    assert sees(anna.get("cases:blocks", case), "Ingen är spärrad.", "Fel person.")
    assert Visit(world.maud).get("cases:block_lift", case, row).status_code == 404
