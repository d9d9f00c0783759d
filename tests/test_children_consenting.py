"""Whose consent a child's plan waits for: by age, custody and suspicion."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases import operations as cases
from cases.models import Consent
from children import operations as children
from children.bands import Band, band_on
from children.consenting import Said, key_of, plan_standing, weigh
from children.models import GuardianAnswer, GuardianMark
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from tests.guardianship import a_child, agreed_to, beside
from tests.visits import Visit, sees
from tests.world import today


def born(years):
    return today() - relativedelta(years=years, days=40)


@pytest.fixture
def kim(world):
    return a_child(world, born=born(13))


def say(world, case, guardian=None, answer="yes", **more):
    own = {} if guardian else {"weight": "considered", "weight_why": "Förstår vad det betyder."}
    with acting(world.anna):
        return children.note_consent_answer(
            by=world.anna, case=case, guardian=guardian, answer=answer,
            **{"kind": "plan", "words": "Vill inte" if answer == "no" else "", **own, **more},
        )  # fmt: skip


def consent(world, case, **more):
    with acting(world.anna):
        return cases.record_consent(by=world.anna, case=case, form="oral", taken_on=today(), **more)


def state(world, case):
    with acting(world.anna):
        return plan_standing(case, today()).state


def mark(world, case, guardian):
    with acting(world.anna):
        return children.mark_guardian(by=world.anna, case=case, guardian=guardian, kind="close", words="Polisen")


def stands(case):
    return Consent.objects.to_plan().in_force(on=today()).filter(case=case).exists()


# The pure function, against somebody else's telling of the same rules

ANSWERS = st.sampled_from(["", "yes", "no", "silent"])
PEOPLE = st.lists(st.tuples(ANSWERS, st.booleans()), max_size=3)
OWN = st.none() | st.tuples(
    st.sampled_from(["yes", "no", "silent"]), st.sampled_from(["considered", "decides", "alone"])
)


def oracle(band, kind, people, own):
    """From the law's side: begin with the most that could be said and strike what the facts forbid."""
    answer, weight = own or ("", "")
    if answer == "no" and weight in ("decides", "alone"):
        return "refused"
    if band == "party" and (answer, weight) == ("yes", "alone"):
        return "own"
    wanted = {"sole": 1, "joint": 2}.get(kind)
    if wanted is None or wanted != len(people):
        return "unknown"
    asked = [answer for answer, marked in people if not marked]
    if "no" in asked:
        return "refused"
    if len(asked) < wanted:
        return "barred"
    if set(asked) != {"yes"}:
        return "missing"
    enough = {"small": True, "grown": answer in ("yes", "no"), "heard": answer in ("yes", "no"),
              "unknown": answer in ("yes", "no"), "party": answer == "yes"}  # fmt: skip
    return "given" if enough[band] else "missing"


@given(band=st.sampled_from(Band.values), kind=st.sampled_from(["", "sole", "joint"]), people=PEOPLE, own=OWN)
def test_the_law_and_the_code_say_the_same_of_every_family(band, kind, people, own):
    guardians = tuple(Said(i, str(i), answer, marked) for i, (answer, marked) in enumerate(people))
    mine = own and Said(None, "barnet", own[0], weight=own[1])
    assert weigh(band, kind, guardians, mine) == oracle(band, kind, people, own)


@given(PEOPLE, OWN, st.sampled_from(["sole", "joint"]), st.sampled_from(["small", "heard", "party", "unknown"]))
def test_nobody_who_may_be_the_danger_can_make_a_consent_whole(people, own, kind, band):
    guardians = tuple(Said(i, str(i), answer, marked) for i, (answer, marked) in enumerate(people))
    mine = own and Said(None, "barnet", own[0], weight=own[1])
    if any(one.marked for one in guardians):
        assert weigh(band, kind, guardians, mine) != "given"
        silenced = tuple(Said(o.guardian, o.name, "" if o.marked else o.answer, o.marked) for o in guardians)
        assert weigh(band, kind, silenced, mine) == weigh(band, kind, guardians, mine), "what they say counts nothing"


@pytest.mark.parametrize("day, band", [
    (date(2026, 2, 28), "small"), (date(2026, 3, 1), "heard"), (date(2029, 2, 28), "heard"),
    (date(2029, 3, 1), "party"),
    (date(2032, 2, 29), "party"), (date(2032, 3, 1), "grown"),
])  # fmt: skip
def test_each_side_of_every_birthday(day, band):
    assert band_on(date(2032, 3, 1), day) == band


def test_the_step_at_twelve_came_with_the_new_law():
    """SoL (2025:400) from 1 July 2025; before that only the one at fifteen."""
    assert [band_on(date(2031, 1, 1), day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == ["small", "heard"]
    assert band_on(date(2027, 1, 1), date(2025, 6, 30)) == "party" and band_on(None, today()) == "unknown"


# In the case


def test_both_guardians_and_the_child_make_it_whole(world, kim):
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    for who, then in ((mona, "missing"), (pelle, "missing"), (None, "given")):
        with pytest.raises(Refused, match="Fråga:|föräldrabalken"):
            consent(world, kim)
        say(world, kim, who)
        assert state(world, kim) == then
    assert consent(world, kim).given_by == "guardian"


def test_a_small_childs_guardians_consent_and_an_own_no_is_weighed(world):
    lill = a_child(world, name="Lill Ung", born=born(8))
    mona = beside(world.anna, lill, "Mona Ung", "sole")
    say(world, lill, mona)
    say(world, lill, answer="no")
    assert state(world, lill) == "given"
    say(world, lill, answer="no", weight="decides")
    assert state(world, lill) == "refused"


def test_from_fifteen_the_own_answer_decides_and_may_be_enough(world):
    ung = a_child(world, name="Alex Ung", born=born(16))
    beside(world.anna, ung, "Mona Ung", "sole")
    with pytest.raises(Refused, match="fyllt 15 år för sin egen talan"):
        say(world, ung)
    with pytest.raises(Refused, match="ålder och mognad"):
        say(world, ung, weight="alone", weight_why="")
    say(world, ung, weight="alone")
    assert consent(world, ung).given_by == "self"
    say(world, ung, answer="no", weight="decides")
    with acting(world.anna):
        assert not stands(ung), "withdrawn in the same moment"


def test_under_fifteen_nobody_consents_alone(world, kim):
    with pytest.raises(Refused, match="Bara den som har fyllt 15"):
        say(world, kim, weight="alone")


def test_who_may_be_the_danger_is_never_asked(world, kim):
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    mark(world, kim, pelle)
    with pytest.raises(Refused, match="Fråga inte.*12 kap. 3 § OSL"):
        say(world, kim, pelle)
    with pytest.raises(Refused, match="Fråga inte"), acting(world.anna):
        children.note_answer(by=world.anna, case=kim, guardian=pelle, about="skolan", answer="yes")
    say(world, kim, mona)
    say(world, kim)
    assert state(world, kim) == "barred"
    with pytest.raises(Refused, match="helt samtycke"):
        consent(world, kim)
    anna = Visit(world.anna)
    page = anna.get("children:consent_answer", kim)
    assert sees(page, "Pelle Ung frågas inte") and str(pelle.pk) not in page.content.decode()
    assert sees(anna.get("children:consents", kim), "Pelle Ung", "frågas inte", "6 kap. 13 a §")


@pytest.mark.parametrize("what", ["no", "mark", "custody", "another"])
def test_a_consent_falls_with_what_it_rested_on(world, kim, what):
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    agreed_to(world.anna, kim)
    consent(world, kim)
    agreed_to(world.anna, kim, "waiver", world.region, ["health"])
    with acting(world.anna):
        given = cases.record_waiver(
            by=world.anna, case=kim, recipient=world.region, areas=["health"], form="oral", taken_on=today()
        )
        assert stands(kim)
    if what == "no":
        say(world, kim, pelle, "no")
    elif what == "mark":
        mark(world, kim, pelle)
    elif what == "custody":
        with acting(world.anna):
            children.end_custody(by=world.anna, case=kim, custody=pelle.custody.get(), ends_on=today())
    else:
        say(world, kim, mona, "no", kind="waiver", recipient=world.region, areas=["health"])
    with acting(world.anna):
        given.refresh_from_db()
        assert stands(kim) == (what == "another")
        assert (given.withdrawn_at is None) == (what == "no"), "only what the answer is about"
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM wall.covers(ARRAY[%s]::uuid[])", [kim.pk])
            assert cursor.fetchone()[0] == (1 if what == "no" else 0)


def test_wider_areas_are_another_question(world, kim):
    agreed_to(world.anna, kim, "waiver", world.region, ["health"])
    with acting(world.anna), pytest.raises(Refused, match="Fråga"):
        cases.record_waiver(
            by=world.anna, case=kim, recipient=world.region, areas=["health", "housing"], form="oral", taken_on=today()
        )


def test_custody_that_is_known_to_end_ends_the_consent(world, kim):
    mona = beside(world.anna, kim, "Mona Ung", kind="")
    last = today() + timedelta(days=20)
    with acting(world.anna):
        children.note_custody(
            by=world.anna, case=kim, guardian=mona, kind="sole", starts_on=born(13), ends_on=last, source="dom"
        )
    agreed_to(world.anna, kim)
    for days in (None, last + timedelta(days=1)):
        with pytest.raises(Refused, match="Vårdnaden är känd till"):
            consent(world, kim, ends_on=days)
    assert consent(world, kim, ends_on=last)


# The database alone


def raw_consent(world, case, **more):
    Consent(authority_id=case.authority_id, case=case, kind="plan", form="oral", taken_by=world.anna, **more).save(
        force_insert=True
    )


def test_the_database_writes_no_consent_that_is_not_whole(world, kim):
    mona, pelle = (beside(world.anna, kim, name) for name in ("Mona Ung", "Pelle Ung"))
    say(world, kim, mona)
    say(world, kim, pelle)
    for giver in ("guardian", "self"):
        with acting(world.anna), pytest.raises(DatabaseError, match="FB"), transaction.atomic():
            raw_consent(world, kim, given_by=giver)
    say(world, kim)
    with acting(world.anna):
        with pytest.raises(DatabaseError, match="FB"), transaction.atomic():
            raw_consent(world, kim, given_by="self")
        raw_consent(world, kim, given_by="guardian")


@pytest.mark.parametrize("what", ["no", "mark"])
def test_the_database_lets_no_consent_stand_on_nothing(world, kim, what):
    mona = beside(world.anna, kim, "Mona Ung", "sole")
    agreed_to(world.anna, kim)
    consent(world, kim)
    with acting(world.anna), pytest.raises(DatabaseError, match="måste återkallas"), transaction.atomic():
        given = {"authority_id": kim.authority_id, "case": kim, "guardian": mona, "noted_by": world.anna}
        if what == "no":
            GuardianAnswer(**given, subject_id=key_of(kim, "plan"), about="Planen", answer="no").save()
        else:
            GuardianMark(**given, kind="close", words="x").save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@given(areas=st.sets(st.sampled_from(["health", "housing", "debts", "safety"])), plan=st.booleans())
def test_both_walls_know_a_question_by_the_same_key(standing, areas, plan):
    kind, recipient = ("plan", None) if plan else ("waiver", standing.region)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT wall.asked_key(%s, %s, %s, %s::text[])",
            [standing.guarded.pk, kind, recipient and recipient.pk, list(areas)],
        )  # fmt: skip
        assert cursor.fetchone()[0] == key_of(standing.guarded, kind, recipient, areas)


def test_the_way_of_the_answers_on_screen(world, kim):
    mona = beside(world.anna, kim, "Mona Ung", "sole")
    anna = Visit(world.anna)
    page = anna.get("children:consents", kim)
    assert sees(page, "Mona Ung", "inte tillfrågad", "Alla har inte svarat")
    url = page.request["PATH_INFO"] + "svar/?om=plan&vem="

    def post(who, answer, **more):
        said = {"answer": answer, "day": today(), "words": "", "form_key": str(uuid4()), **more}
        return anna.client.post(f"{url}{who}", said)

    assert sees(post(mona.pk, "no"), "Skriv varför svaret är nej")
    post(mona.pk, "yes")
    assert sees(post("child", "yes"), "Välj vad barnets svar får betyda")
    post("child", "yes", weight="considered", weight_why="Tretton år och säker.")
    page = anna.get("children:consents", kim)
    assert sees(page, "Alla som ska samtycka har sagt ja", "Registrera samtycket", "Tretton år och säker.")
