"""Letters and plans towards a guardian, the version that a child can read, and what follows from the child's age."""

import re
from datetime import date
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction

from cases import operations as cases
from cases.models import Disclosure
from children import operations as children
from children.ages import age_on, birthday, is_party, steps_on
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.childs_copy import childs_plan, group_of
from plans.exports import form_of, recipients
from teams import operations as teams
from tests.furniture import _scheme
from tests.guardianship import a_child, agreed_to, beside, heard, weighed
from tests.test_children_releases import GUARDIAN
from tests.visits import Visit, sees, text_of
from tests.world import today


@pytest.fixture
def child(world):
    world.kim = a_child(world)
    world.mona = beside(world.anna, world.kim, "Mona Ung")
    world.pelle = beside(world.anna, world.kim, "Pelle Ung")
    return world


def agreed(world):
    agreed_to(world.anna, world.kim)
    world.consent(world.kim)
    world.coordinator(case=world.kim)
    version = world.draft(world.kim)
    with acting(world.anna):
        return plans.agree_version(by=world.anna, plan_version=version)


def released(world, guardian, key):
    with acting(world.anna):
        children.release_to_guardian(
            by=world.anna, case=world.kim, guardian=guardian, keys=[key], ground=GUARDIAN, reason="prövat"
        )


def copied(world, version, guardian):
    with acting(world.anna), patch("plans.operations.release.document", return_value=b"%PDF"):
        key = f"guardian:{guardian.pk}"
        return plans.release_copy(by=world.anna, plan_version=version, recipient_key=key)[1]


def test_the_plan_goes_to_the_one_it_was_released_to_and_no_other(child):
    version = agreed(child)
    with pytest.raises(Refused, match="12 kap. 3 § OSL"):
        copied(child, version, child.mona)
    released(child, child.mona, f"plan.version:{version.pk}:")
    assert copied(child, version, child.mona).beside_id in (child.mona.pk, str(child.mona.pk))
    with pytest.raises(Refused, match="12 kap. 3 § OSL"):
        copied(child, version, child.pelle)
    with acting(child.anna):
        assert "guardian" not in {one.kind for one in recipients(child.kim)}  # not among those one press reaches
        children.mark_guardian(by=child.anna, case=child.kim, guardian=child.mona, kind="suspected", words="polisen")
    with pytest.raises(Refused, match="misstänkt"):
        copied(child, version, child.mona)


def proposed(world):
    with acting(world.anna):
        return teams.propose_decision(by=world.anna, case=world.kim, kind="travel", what="Bussen till skolan.")


def decide(world, decision):
    with acting(world.anna):
        return teams.decide(by=world.anna, decision=decision, outcome="granted", reasons="Behovet.", no_conflict=True)


def decide_whole(world, decision):
    with transaction.atomic():
        decide(world, decision)


@pytest.fixture
def scheme(world):
    _scheme(world.adam)


def test_nothing_is_decided_about_a_child_before_it_is_weighed(child, scheme):
    decision = proposed(child)
    with pytest.raises(Refused, match="barnets bästa"):
        decide(child, decision)
    with patch("teams.before_deciding.QUESTIONS", []), pytest.raises(DatabaseError, match="inte prövat"):
        decide_whole(child, decision)
    weighed(child.anna, child.kim, decision, heard(child.anna, child.kim, own_words="Jag vill åka själv"))
    page = Visit(child.anna).get("teams:decide", decision)
    assert sees(page, "Jag vill åka själv", "Det blir som barnet vill")
    assert decide(child, decision).is_decided


def test_the_letter_about_a_child_is_released_to_each_guardian(child, scheme):
    decision = proposed(child)
    weighed(child.anna, child.kim, decision)
    decide(child, decision)

    def sent(guardian):
        with acting(child.anna), patch("teams.operations.letters.letter", return_value=b"%PDF"):
            return teams.release_letter(by=child.anna, case=child.kim, decision=decision, guardian=guardian.pk)[1]

    with pytest.raises(Refused, match="12 kap. 3 § OSL"):
        sent(child.mona)
    released(child, child.mona, f"decision.letter:{decision.pk}:")
    assert sent(child.mona).recipient_kind == "guardian"
    with pytest.raises(Refused):
        sent(child.pelle)


@pytest.mark.parametrize("to", ["Mona Ung", "barnets MAMMA", "en förälder", "styvpappan Bo"])
def test_no_guardian_hides_among_others_outside(child, to):
    with acting(child.anna):
        note = cases.save_note(by=child.anna, case=child.kim, kind="call", event_on=today(), source="x", fact="Ord.")
        cases.sign_note(by=child.anna, case=child.kim, note=note)
        with pytest.raises(Refused, match="släppt till just den personen"):
            cases.disclose(
                by=child.anna, case=child.kim, pieces=[f"note:{note.pk}:fact"], ground="secrecy.disclosure.no_harm",
                reason="x", outside_kind="other", outside=to, handed_over="brev",
            )  # fmt: skip
        assert not Disclosure.objects.filter(case=child.kim).exists()


def test_a_talk_without_consent_has_its_ground(child):
    with pytest.raises(Refused, match="20 kap. 7 §"):
        heard(child.anna, child.kim, guardian_consent="no")
    assert heard(child.anna, child.kim, guardian_consent="no", rule_why="Pappa är misstänkt.").rule_id
    with pytest.raises(Refused, match="sin egen talan"):  # 13 years old
        heard(child.anna, child.kim, guardian_consent="not_needed")


def test_the_page_of_the_child_says_its_own_words_and_nobody_elses(child):
    version = agreed(child)
    page = Visit(child.anna).get("plans:childs_plan", child.kim)
    assert sees(page, "Lugn", "Sova en hel natt", "Traumasamtal", "Du har rätt att säga vad du tycker")
    assert "Mona Ung" not in text_of(page)
    with acting(child.anna):
        young = childs_plan(version, "under_12", on=today())
        assert young["w"]["title"] == "Min plan" and group_of(child.kim, today()) == "from_12"
        with patch("plans.operations.release.childs_copy.document", return_value=b"%PDF"):
            given = plans.release_copy(
                by=child.anna, plan_version=version, recipient_key="individual", child="under_12"
            )[1]  # fmt: skip
        assert form_of(given) == "för barn under 12 år"
        with pytest.raises(Refused, match="egen kopia"):
            plans.release_copy(by=child.anna, plan_version=version, recipient_key="own", child="under_12")


LEAP = date(2012, 2, 29)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [(LEAP, date(2026, 2, 27), 13), (LEAP, date(2026, 2, 28), 14), (LEAP, date(2027, 2, 27), 14),
     (LEAP, date(2027, 2, 28), 15), (date(2011, 12, 31), date(2026, 12, 30), 14),
     (date(2011, 12, 31), date(2026, 12, 31), 15)],
)  # fmt: skip
def test_ages_on_both_sides_of_the_day(born, day, age):
    assert age_on(born, day) == age and is_party(born, day) == (age >= 15)
    now, later = steps_on(born, day)
    held = {step.rule.id for step in now}
    assert ("child.age.party" in held) == (age >= 15) and ("child.age.represented" in held) == (age < 15)
    assert ("child.age.measure_12" in held) == (age < 15)
    assert all(step.since > day for step in later) and {s.since for s in later} >= {birthday(born, 18)}


def test_the_steps_on_both_sides_of_the_new_law():
    born = date(2010, 1, 1)
    for day, citation in ((date(2025, 6, 30), "(2001:453)"), (date(2025, 7, 1), "(2025:400)")):
        [party] = [s for s in steps_on(born, day)[0] if s.rule.id == "child.age.party"]
        assert citation in party.rule.citation
    assert "child.age.measure_12" not in {s.rule.id for s in steps_on(date(2012, 1, 1), date(2025, 6, 30))[0]}


def test_when_one_says_no_the_page_says_what_then(child):
    visit = Visit(child.anna)
    for who, answer in ((child.mona, "yes"), (child.pelle, "no")):
        visit.post("children:answer_new", child.kim, who, about="Samtal på BUP", answer=answer, words="Nej tack",
                   day=str(today()))  # fmt: skip
    page = visit.get("children:guardians", child.kim)
    assert sees(page, "En säger ja och en säger nej", "6 kap. 13 a § föräldrabalken", "Vad som gäller i dag")
    assert sees(page, "Gemensam vårdnad")


def test_what_a_question_is_about_stands_in_no_address(child):
    """Asked of the other one in the same words, by the id of the first one's answer."""
    visit = Visit(child.anna)
    visit.post("children:answer_new", child.kim, child.mona, about="Samtal på BUP", answer="yes", day=str(today()))
    page = text_of(visit.get("children:guardians", child.kim))
    [address] = re.findall(r'href="([^"]*[?]om=[^"]*)"', page)
    assert "Samtal" not in address and "BUP" not in address
    assert 'value="Samtal på BUP"' in text_of(visit.client.get(address))
    assert "Samtal" not in text_of(visit.client.get(f"{address}x"))
