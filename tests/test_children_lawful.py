"""Coordination on a ground in law where consent cannot be had, a placement's ground, and those who are never let in."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases import operations as cases
from children import operations as children
from children.models import LawfulCoordination, Placement
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.content import content_of
from plans.exports import Recipient, view_for
from plans.operations.minutes import save_preparation
from plans.requirements import missing
from teams import operations as teams
from tests.guardianship import a_child, agreed_to, beside
from tests.test_children_consenting import born, mark, say
from tests.visits import Visit, sees
from tests.world import today

LAW = {"rule_id": "coordination.social_young", "reasons": "Pappa är misstänkt.", "decided": "Utskottet",
       "takes_part": "BUP", "shared": "Vården", "ends_on": today() + timedelta(days=30)}  # fmt: skip


@pytest.fixture
def kim(world):
    return a_child(world, born=born(13))


# On a ground in law


def by_law(world, case, **more):
    with acting(world.anna):
        return children.coordinate_by_law(by=world.anna, case=case, **{**LAW, **more})


@pytest.fixture
def barred(world, kim):
    """One of two may be the danger."""
    beside(world.anna, kim, "Mona Ung")
    mark(world, kim, beside(world.anna, kim, "Pelle Ung"))
    return kim


def test_first_those_who_may_be_asked_are_asked(world, kim):
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    with pytest.raises(Refused, match="Fråga först: Mona Ung, Pelle Ung"):
        by_law(world, kim)
    say(world, kim, mona, "silent")
    say(world, kim, pelle)
    say(world, kim)
    assert by_law(world, kim).law.citation.startswith("26 kap. 9 §")


def test_nothing_is_coordinated_by_law_that_all_have_consented_to(world, kim):
    agreed_to(world.anna, kim)
    with pytest.raises(Refused, match="Registrera samtycket"):
        by_law(world, kim)


@pytest.mark.parametrize("more, sentence", [
    ({"rule_id": "coordinating.general_clause"}, "10 kap. 27 §"), ({"rule_id": ""}, "10 kap. 27 §"),
    ({"rule_id": "coordination.own_measure"}, "säger själv ja.*21 kap. 1 §"),
    ({"rule_id": "coordination.one_guardian"}, "Nämnden har inte beslutat.*6 kap. 13 a §"),
    ({"rule_id": "coordination.care"}, "LVU"),
    ({"rule_id": "coordination.investigation"}, "Ingen utredning.*20 kap. 6 §"),
    ({"reasons": " "}, "Skriv varför"), ({"decided": ""}, "vem som har beslutat"),
    ({"takes_part": ""}, "vilka som är med"),
    ({"shared": ""}, "vad som får delas"), ({"ends_on": today() - timedelta(days=1)}, "Sista dagen"),
    ({"starts_on": today() - timedelta(days=1)}, "dag som har varit"),
    ({"ends_on": today() + timedelta(days=3000)}, "18"),
    ({"takes_part": "BUP och pappa Pelle Ung"}, "12 kap. 3 § OSL"),
])  # fmt: skip
def test_a_ground_is_refused_with_its_rule(world, barred, more, sentence):
    with pytest.raises(Refused, match=sentence):
        by_law(world, barred, **more)


def test_the_plan_is_then_no_sip_and_says_its_ground(world, barred):
    by_law(world, barred)
    world.coordinator(case=barred)
    version = world.draft(barred)
    with acting(world.anna):
        assert [part.text for part in missing(version, on=today()) if "amtycke" in part.text] == []
        agreed = plans.agree_version(by=world.anna, plan_version=version)
        [ground] = content_of(agreed, on=today())["coordination"]
        assert ground["law"].startswith("26 kap. 9 §") and ground["reasons"] == LAW["reasons"]
        for kind, reasons, shared in (
            ("own", LAW["reasons"], "Vården"),
            ("member", "", "Vården"),
            ("guardian", "", ""),
        ):
            areas = frozenset() if kind == "member" else None
            [seen] = view_for(agreed, Recipient(kind, "x", "x", areas))["coordination"]
            assert (seen["reasons"], seen["shared"]) == (reasons, shared), kind
    page = Visit(world.anna).get("plans:version", agreed)
    assert sees(page, "Samordning på grund av lag (inte en SIP)", "Ingen har samtyckt till en SIP", "26 kap. 9 §")
    assert not sees(page, "Överenskommen")
    assert sees(Visit(world.anna).get("plans:childs_plan", barred), "Det är inte en SIP")


def test_without_consent_and_ground_nothing_is_agreed(world, barred):
    row = by_law(world, barred)
    world.coordinator(case=barred)
    version = world.draft(barred)
    with acting(world.anna):
        children.end_coordination(by=world.anna, case=barred, coordination=row, reason="Pappa är avförd.")
        with pytest.raises(Refused, match="Utan samtycke"):
            plans.agree_version(by=world.anna, plan_version=version)


def test_the_database_asks_for_what_a_ground_stands_on(world, barred):
    with acting(world.anna):
        words = {name: LAW[name] for name in ("reasons", "decided", "takes_part", "shared", "ends_on")}
        for rule_id in ("coordination.care", "coordination.one_guardian", "coordination.investigation", "own"):
            with pytest.raises(DatabaseError), transaction.atomic():
                LawfulCoordination(
                    authority_id=barred.authority_id, case=barred, rule_id=rule_id, noted_by=world.anna, **words
                ).save(force_insert=True)
            assert not LawfulCoordination.objects.filter(case=barred).exists()


# Those who may be the danger, by name


def test_nobody_writes_in_the_one_who_may_be_the_danger(world, barred):
    given = {"by": world.anna, "case": barred}
    with acting(world.anna):
        out = {"function": "stöd", "reason": "x"}
        for who in ("Pelle Ung", "pappan, pelle  ung"):
            with pytest.raises(Refused, match="12 kap. 3 § OSL"):
                teams.add_outside_member(**given, name=who, **out)
        with pytest.raises(Refused, match="12 kap. 3 § OSL"):
            children.name_next(**given, who="network", name="Pelle Ung")
        with pytest.raises(Refused, match="12 kap. 3 § OSL"):
            cases.save_safe_contact(
                **given, version=0, channels="genom Pelle Ung", hours="", code_word="", never_answer="",
                may_leave_message=False,
            )  # fmt: skip
        [pelle] = [one for one in barred.guardians.all() if one.name == "Pelle Ung"]
        assert not pelle.may_contact
        card = {"name": "Pelle Ung", "relation": "father", "reached_by": "", "may_contact": True, "may_be_sent": ""}
        with pytest.raises(Refused, match="12 kap. 3 § OSL"):
            children.save_guardian(**given, guardian=pelle, version=pelle.version, **card)
        assert teams.add_outside_member(**given, name="Mona Ung", **out), "she may be there: nothing is against her"
    world.child_worker("leo", qualified=False)
    member = world.join(world.leo, barred)
    with acting(world.anna):
        meeting = plans.call_meeting(
            **given, starts_at=timezone.now() + timedelta(days=1), place="rum 1", purpose="planen", members=[member]
        )
        with pytest.raises(Refused, match="12 kap. 3 § OSL"):
            save_preparation(by=world.anna, meeting=meeting, comes="mamma och Pelle Ung")


def test_whoever_is_in_the_team_when_marked_is_there_no_more(world, kim):
    pelle = beside(world.anna, kim, "Pelle Ung")
    with acting(world.anna):
        row = teams.add_outside_member(by=world.anna, case=kim, name="Pelle Ung", function="pappa", reason="med")
    mark(world, kim, pelle)
    with acting(world.anna):
        row.refresh_from_db()
        assert row.ended_on == today()


# A placement


def both(world, case):
    with acting(world.anna):
        return list(case.guardians.order_by("created_at"))


def place(world, case, *guardians, **more):
    with acting(world.anna):
        return children.place(
            by=world.anna, case=case, home="foster", starts_on=today(), consent="I dag", guardians=guardians, **more
        )


def test_a_placement_rests_on_all_who_have_custody(world, kim):
    with pytest.raises(Refused, match="21 kap. 1 §"):
        place(world, kim)
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    with pytest.raises(Refused, match="behövs av Pelle Ung"):
        place(world, kim, mona)
    assert set(place(world, kim, mona, pelle).consented) == {mona.pk, pelle.pk}


def test_or_on_a_decision_that_stands(world, barred):
    mona, pelle = both(world, barred)
    with pytest.raises(Refused, match="Fråga inte"):
        place(world, barred, mona, pelle)
    with acting(world.anna):
        given = {"by": world.anna, "case": barred, "who": "Nämnden", "body": "board"}
        given["happened_at"] = timezone.now() - timedelta(minutes=5)
        matter = children.open_court_matter(**given, kind="custody", ground="home")
    row = place(world, barred, mona, matter=matter)
    assert row.matter_id == matter.pk and row.consented == []


def by_hand(world, case, consented):
    with acting(world.anna), transaction.atomic():
        Placement(
            authority_id=case.authority_id, case=case, home="foster", starts_on=today(), consent="x",
            consented=consented, placed_by=world.anna,
        ).save(force_insert=True)  # fmt: skip


def test_the_database_places_nobody_on_nothing(world, barred):
    mona, pelle = both(world, barred)
    for consented in ([], [mona.pk], [mona.pk, pelle.pk]):
        with pytest.raises(DatabaseError):
            by_hand(world, barred, consented)


def test_the_database_asks_those_who_have_custody_and_nobody_else(world, kim):
    """Two where two are asked for, but one of them without custody, or the same one twice."""
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    other = beside(world.anna, kim, "Greta Granne", kind="")
    for consented in ([mona.pk, other.pk], [mona.pk, mona.pk], [mona.pk, pelle.pk, other.pk]):
        with pytest.raises(DatabaseError):
            by_hand(world, kim, consented)
    by_hand(world, kim, [mona.pk, pelle.pk])


# By three people


def test_who_sees_whose_consent(world, barred):
    by_law(world, barred)
    world.child_worker("leo", qualified=False)
    page = Visit(world.anna).get("children:consents", barred)
    assert sees(page, "Vems samtycke", "Pelle Ung", "frågas inte", "Samordning på grund av lag", LAW["reasons"])
    for stranger in (world.leo, world.sara, world.cilla):
        assert Visit(stranger).get("children:consents", barred).status_code in (403, 404)


@pytest.mark.parametrize("kind", ["school", "bup", "barnahus", "youth_clinic", "police", "prosecutor", "civil_society"])
def test_a_childs_party_needs_no_account(world, kim, kind):
    anna = Visit(world.anna)
    said = {"kind": kind, "name": "Jonas Ek", "function": "kontakt", "reason": "trygghet", "organisation": "Huset",
            "reached_by": "växeln", "contributes": "en vuxen varje dag", "attends": "on"}  # fmt: skip
    page = anna.post("teams:outside_add", kim, **said, follow=True)
    assert sees(page, "Jonas Ek", "bidrar med en vuxen varje dag", "är med på mötena")
    assert sees(anna.get("plans:meeting_new", kim), "Utan konto", "Jonas Ek", "växeln")
    assert sees(anna.post("teams:outside_add", kim, **{**said, "kind": "någon"}), "Välj ett giltigt alternativ")
    assert Visit(world.leo).get("teams:team", kim).status_code == 404
