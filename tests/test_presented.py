"""Somebody from elsewhere learns who it is by consent, as long as it stands, and of a protected person never."""

from datetime import timedelta

import pytest
from django.db import connection

from cases import operations as cases
from cases.models import Individual
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.exports import _person, recipient_of
from teams.models import TeamMember
from teams.operations import leave_team
from teams.presented import NEUTRAL, presented_to
from tests.visits import Visit, sees
from tests.world import today

NAMES = ("Maria", "Karlsson", "M, 30")


def invited(world, who="sara", **more):
    """Through the page, as Anna does it."""
    sent = {"function": "stöd", "reason": "behövs i planen", **more}
    Visit(world.anna).post("teams:team", world.case, membership=getattr(world, who), **sent)
    with acting(world.anna):
        return TeamMember.objects.get(membership=getattr(world, who))


def shown(world, member, who="sara"):
    return Visit(getattr(world, who)).get("teams:invitation", member)


def nameless(page):
    return sees(page, f"<dd>{NEUTRAL}</dd>") and not any(sees(page, name) for name in NAMES)


def protect(world):
    person = {"name": "Maria Karlsson", "alias": "", "birth_date": None, "language": "svenska"}
    with acting(world.anna):
        cases.save_person(
            by=world.anna, case=world.case, version=Individual.objects.get(pk=world.case.individual_id).version,
            protection="secrecy_mark", needs_interpreter=False, **person,
        )  # fmt: skip


def withdraw(world):
    with acting(world.anna):
        waiver = world.case.consents.get(kind="waiver")
        cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)


def test_without_consent_the_default_is_nobody(world):
    member = invited(world)
    assert member.presented_as == NEUTRAL
    assert nameless(shown(world, member))
    world.waiver(world.region, "health")
    assert nameless(shown(world, member)), "consent later does not choose a name by itself"


def test_consent_towards_somebody_else_is_none(world):
    world.waiver(world.region, "health")
    assert invited(world, "mika").presented_as == NEUTRAL


def test_with_consent_the_default_is_the_short_name(world):
    world.waiver(world.region, "health")
    member = invited(world)
    assert member.presented_as == "Maria K."
    assert sees(shown(world, member), "<dd>Maria K.</dd>")


@pytest.mark.parametrize("words", ["", "M, 30 år"])
def test_what_was_chosen_is_shown_while_consent_stands(world, words):
    if words:
        member = invited(world, presented_as=words)
        assert nameless(shown(world, member))
        world.waiver(world.region, "health")
    else:
        world.waiver(world.region, "health")
        member = invited(world)
    assert sees(shown(world, member), words or "Maria K.")
    withdraw(world)
    assert nameless(shown(world, member))


def test_a_consent_that_has_not_begun_or_is_over(world):
    member = invited(world, presented_as="M, 30 år")
    world.waiver(world.region, "health", starts_on=today() + timedelta(days=1))
    assert nameless(shown(world, member))


def test_protection_takes_the_name_back_at_once(world):
    world.waiver(world.region, "health")
    member = world.join(world.sara)
    assert sees(shown(world, member), "Maria K.")
    version = world.draft()
    with acting(world.anna):
        section = plans.request_section(
            by=world.anna, plan_version=version, member=member, area="health", question="Vad kan ni göra?"
        )
    sara = Visit(world.sara)
    assert sees(sara.get("plans:section", section), "gäller Maria K.")

    protect(world)

    assert nameless(shown(world, member))
    page = sara.get("plans:section", section)
    assert sees(page, f"gäller {NEUTRAL}", f"{NEUTRAL}, som planen gäller")
    assert not any(sees(page, name) for name in NAMES)
    with acting(world.anna):
        version.refresh_from_db()
        version.case.individual.refresh_from_db()
        assert _person(version, recipient_of(world.case, str(member.pk))) == NEUTRAL
        assert _person(version, recipient_of(world.case, "own")) == "Maria Karlsson"


def test_protected_from_the_start_is_never_named(world):
    protect(world)
    with acting(world.anna):
        world.case.refresh_from_db()
    world.waiver(world.region, "health")
    assert nameless(shown(world, invited(world, presented_as="M, 30 år")))


@pytest.mark.parametrize("end", ["left", "declined"])
def test_who_is_no_longer_called_is_told_nothing(world, end):
    world.waiver(world.region, "health")
    member = invited(world)
    if end == "left":
        with acting(world.anna):
            leave_team(by=world.anna, case=world.case, member=member, reason="klart")
    else:
        Visit(world.sara).post("teams:invitation", member, decline="1")
    assert not any(sees(shown(world, member), name) for name in NAMES)
    with acting(world.sara):
        assert presented_to(member) == NEUTRAL


def test_before_her_period_she_is_told_nothing(world):
    world.waiver(world.region, "health")
    with acting(world.anna):
        member = world.join(world.sara, starts_on=today() + timedelta(days=2))
    assert nameless(shown(world, member))


@pytest.mark.parametrize("who, told", [("sara", True), ("anna", True), ("mika", False), ("leo", False),
                                       ("cilla", False), ("ragnar", False), ("adam", False)])  # fmt: skip
def test_the_database_answers_only_those_concerned(world, who, told):
    world.waiver(world.region, "health")
    member = world.join(world.sara)
    with acting(getattr(world, who)), connection.cursor() as cursor:
        cursor.execute("SELECT wall.presented(%s)", [member.pk])
        assert cursor.fetchone() == (told,)


def test_the_contributors_list_says_who_only_as_long(world):
    """Two rows alike are told apart by the words of the invitation; a protected person has none there."""
    world.consent(), world.coordinator()
    world.waiver(world.region, "health")
    world.join(world.sara, presented_as="M, 30 år")
    version = world.draft()
    with acting(world.anna):
        member = world.case.team.get(membership=world.sara)
        plans.request_section(by=world.anna, plan_version=version, member=member, area="health", question="Vad?")
    sara = Visit(world.sara)
    assert sees(sara.get("plans:contributions"), "för M, 30 år")
    protect(world)
    page = sara.get("plans:contributions")
    assert sees(page, "begärt av"), "the row is there"
    assert not any(sees(page, name) for name in NAMES)
