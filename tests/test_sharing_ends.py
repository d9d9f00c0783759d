"""What ends sharing ends it at once: in the same transaction, in both walls, with no job running."""

import pytest
from django.db import transaction

from cases import operations as cases
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.models import Goal, Measure, Section
from teams import operations as teams


@pytest.fixture
def shared(world):
    """Maria's draft, with Sara in the team and covered for health, and Mika covered for his mentoring."""
    world.health = world.waiver(world.region, "health")
    world.network = world.waiver(world.partner, "network")
    world.in_team = world.join(world.sara)
    world.mentor = world.join(world.mika)
    world.version = world.draft()
    with acting(world.anna):
        plans.add_goal(by=world.anna, plan_version=world.version, area="network", own_words="En vän")
        world.section = plans.request_section(
            by=world.anna, plan_version=world.version, member=world.in_team, area="health", question="Vad kan ni göra?"
        )
    return world


def seen(by):
    """Areas of what the membership sees, through both walls and through the database's alone."""
    with acting(by):
        both = {row.area for model in (Goal, Measure, Section) for row in model.objects.visible_to(by)}
        alone = {row.area for model in (Goal, Measure, Section) for row in model._base_manager.all()}
    assert both == alone
    return both


def test_each_sees_what_is_covered(shared):
    assert seen(shared.sara) == {"health"}
    assert seen(shared.mika) == {"network"}
    assert seen(shared.anna) == {"health", "network"}
    assert seen(shared.cilla) == seen(shared.leo) == seen(shared.adam) == set()


def test_own_words_stay_with_the_covered(shared):
    """Mika's organisation is covered for another area: not one word about health reaches him."""
    with acting(shared.mika):
        words = " ".join(goal.own_words for goal in Goal._base_manager.all())
        assert "En vän" in words and "Sova" not in words
        assert not Section._base_manager.exists() and not Measure._base_manager.exists()


def test_withdrawal_closes_within_the_same_transaction(shared):
    with transaction.atomic():
        assert seen(shared.sara) == {"health"}
        with acting(shared.anna):
            cases.withdraw_consent(by=shared.anna, case=shared.case, consent=shared.health)
        assert seen(shared.sara) == set()
    assert seen(shared.mika) == {"network"}


def test_a_withdrawal_is_not_undone(shared):
    with acting(shared.anna):
        cases.withdraw_consent(by=shared.anna, case=shared.case, consent=shared.health)
        with pytest.raises(Refused, match="redan återkallat"):
            cases.withdraw_consent(by=shared.anna, case=shared.case, consent=shared.health)
    shared.waiver(shared.region, "health")
    assert seen(shared.sara) == {"health"}  # a new one opens


def test_leaving_the_team_closes(shared):
    with acting(shared.anna):
        teams.leave_team(by=shared.anna, case=shared.case, member=shared.in_team, reason="klar")
    assert seen(shared.sara) == set()


def test_a_waiver_opens_nothing_for_those_outside_the_team(shared):
    shared.waiver(shared.soderhamn, "health")
    assert seen(shared.cilla) == set()


def test_an_invited_person_sees_nothing_of_the_plan(world):
    world.waiver(world.region, "health")
    world.draft()
    with acting(world.anna):
        teams.invite_member(
            by=world.anna, case=world.case, membership=world.sara, function="vård", reason="behövs i planen"
        )
    assert seen(world.sara) == set()


def test_a_section_cannot_be_written_after_withdrawal(shared):
    with acting(shared.sara):
        plans.save_section(by=shared.sara, section=shared.section, text="Vi kan hjälpa.")
    with acting(shared.anna):
        cases.withdraw_consent(by=shared.anna, case=shared.case, consent=shared.health)
    with acting(shared.sara), pytest.raises(Section.DoesNotExist):
        plans.save_section(by=shared.sara, section=shared.section, text="Ändrat.")
