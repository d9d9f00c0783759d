"""What has changed between two versions: a sentence for each thing, whole texts beside each other, who and when."""

import copy
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.changes import changes
from plans.content import content_of
from plans.models import Goal, Measure, PlanVersion, Section
from plans.trail import changed
from plans.words import beside
from tests.visits import Visit, sees, text_of
from tests.world import today

TEXT = st.text(alphabet="aå \n.ö", max_size=40)


@given(TEXT, TEXT)
def test_both_texts_stand_whole(old, new):
    left, right = beside(old, new)
    assert "".join(words for words, _marked in left) == old
    assert "".join(words for words, _marked in right) == new
    if old == new:
        assert not any(marked for _words, marked in left + right)


def test_only_the_words_that_differ_are_marked():
    left, right = beside("Hon vill bo i Bollnäs nu", "Hon vill bo i Gävle nu")
    assert [words for words, marked in left if marked] == ["Bollnäs"]
    assert [words for words, marked in right if marked] == ["Gävle"]


def test_a_very_long_text_is_compared_at_once():
    left, _right = beside("a b " * 30_000, "b a " * 30_000)
    assert left == [("a b " * 30_000, True)]


@pytest.fixture
def second(world):
    """Version 1 agreed with a signed section, and the draft of version 2. Leo is in the team."""
    world.consent(), world.coordinator(), world.waiver(world.region, "health")
    world.join(world.leo)
    member = world.join(world.sara)
    version = world.draft()
    with acting(world.anna):
        section = plans.request_section(
            by=world.anna, plan_version=version, member=member, area="health", question="Vad kan ni?"
        )
    with acting(world.sara):
        plans.sign_section(by=world.sara, section=section, text="Vi ger traumasamtal varje vecka.")
    with acting(world.anna):
        first = plans.agree_version(by=world.anna, plan_version=version)
        return first, plans.new_version(by=world.anna, plan=first.plan)


def sentences(world, before, after):
    with acting(world.anna):
        after = PlanVersion.objects.select_related("case", "plan", "lead_principal").get(pk=after.pk)
        return {change.sentence: change for change in changed(before, after)}


def flat(content, path=()):
    """Every leaf of the content, with the way to it."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        if isinstance(value, dict | list):
            yield from flat(value, (*path, key))
        else:
            yield (*path, key)


# What is not said by itself: whose version it is; what follows from something else that is said; the hand's own title.
# (a section stays with its principal: its thread is that of the two).
UNSAID = {
    "number", "case_number", "by_other", "area", "is_part", "signed_on", ("sections", "title"),
    ("coordinators", "title"), ("sections", "principal"),
}  # fmt: skip


OTHERWISE = {
    "cost": 7, "status": "done", "kind": "deputy", "hours": "4.5", "rhythm": "month", "payer_kind": "grant",
}  # fmt: skip


def test_nothing_that_differs_goes_unsaid(world, second):
    """Each leaf of a plan's content, changed alone, gives a sentence: a new kind of content cannot be forgotten."""
    with acting(world.anna):
        before = content_of(second[0], on=today())
    before["goals"][0]["wording"] = "Sova"
    tried = 0
    for way in flat(before):
        if way[-1] in UNSAID or (way[0], way[-1]) in UNSAID:
            continue
        after = copy.deepcopy(before)
        part = after
        for step in way[:-1]:
            part = part[step]
        old = part[way[-1]]
        is_day = str(way[-1]).endswith("_on")
        part[way[-1]] = "2030-01-01" if is_day else OTHERWISE.get(way[-1], f"{old} annat")
        assert changes(before, after), way
        assert changes(after, before), way
        tried += 1
    assert tried > 20


def test_the_same_says_nothing(world, second):
    with acting(world.anna):
        first = content_of(second[0], on=today())
    assert changes(first, copy.deepcopy(first)) == []


def test_who_wrote_what_and_when(world, second):
    first, draft = second
    with acting(world.leo):
        goal = draft.goals.get()
        plans.save_goal(by=world.leo, goal=goal, expected=None, own_words="Sova och vakna utvilad", wording="")
        plans.add_measure(
            by=world.leo, goal=goal, title="Sömnskola", principal_kind="social", principal=world.bollnas,
            starts_on=today(),
        )  # fmt: skip
    with acting(world.anna):
        plans.save_version(
            by=world.anna, plan_version=draft, expected=None, what_matters="Lugn och ro", strengths="Envis",
            follow_up_on=first.follow_up_on + timedelta(days=7), lead_principal=world.region,
        )  # fmt: skip
    found = sentences(world, first, draft)
    said = {sentence: change.who for sentence, change in found.items()}
    assert said == {
        "Vad som är viktigt för personen har skrivits om.": "Anna Berg",
        "Styrkor har skrivits.": "Anna Berg",
        next(s for s in said if s.startswith("Uppföljningen har flyttats från ")): "Anna Berg",
        next(s for s in said if s.startswith("Det övergripande ansvaret har Hälso")): "Anna Berg",
        "Målet ”Sova och vakna utvilad”: personens egna ord har skrivits om.": "Leo Ek",
        next(s for s in said if s.startswith("Ny insats: ”Sömnskola”. Socialnämnden")): "Leo Ek",
        next(s for s in said if s.startswith("Avsnittet om hälsa från ")): "",
    }
    words = found["Vad som är viktigt för personen har skrivits om."]
    assert (words.old, words.new) == ("Lugn", "Lugn och ro")
    with acting(world.anna):
        assert (
            words.when == AuditEvent.objects.get(action="plan.saved", details__fields__contains="strengths").created_at
        )


def test_what_was_taken_away_is_said_with_who_took_it(world, second):
    first, draft = second
    with acting(world.leo):
        plans.drop_measure(by=world.leo, measure=draft.measures.get())
        plans.drop_goal(by=world.leo, goal=draft.goals.get())
    found = sentences(world, first, draft)
    assert found["Insatsen ”Traumasamtal” har tagits bort."].who == "Leo Ek"
    assert found["Målet ”Sova en hel natt” har tagits bort."].who == "Leo Ek"


def test_a_measure_is_followed_whatever_becomes_of_it(world, second):
    first, draft = second
    with acting(world.leo):  # after it was agreed, and before the next was begun or after
        plans.set_measure_status(by=world.leo, measure=first.measures.get(), status="stopped", why_not="Kön är lång.")
    with acting(world.anna):
        row = draft.measures.get()
        row = plans.set_measure_status(by=world.anna, measure=row, status="ongoing")
        plans.save_measure(
            by=world.anna, measure=row, expected=None, title="Samtal", principal_kind="other", principal=None,
            other_name="Kyrkan", cost=1200,
        )  # fmt: skip
    found = sentences(world, first, draft)
    assert "Insatsen ”Traumasamtal” heter nu ”Samtal”." in found
    assert "Insatsen ”Samtal”: läget är pågår i stället för planerad." in found
    assert "Insatsen ”Samtal”: den som svarar för den är Kyrkan i stället för Socialnämnden, Bollnäs kommun." in found
    assert found["Insatsen ”Samtal”: kostnaden är 1\u00a0200 kr."].who == "Anna Berg"
    assert not any("borttag" in sentence or "Ny insats" in sentence for sentence in found)


def test_a_section_asked_for_anew_is_the_same_section(world, second):
    first, draft = second
    with acting(world.anna):
        member = world.case.team.get(membership=world.sara)
        section = plans.request_section(
            by=world.anna, plan_version=draft, member=member, area="health", question="Och nu?"
        )
        assert section.thread == Section.objects.get(version=first).thread
    assert "om hälsa" in next(s for s in sentences(world, first, draft) if "är begärt på nytt" in s)
    with acting(world.sara):
        plans.sign_section(by=world.sara, section=section, text="Vi ger traumasamtal varannan vecka.")
    change = next(c for s, c in sentences(world, first, draft).items() if "har skrivits om" in s)
    assert (change.who, change.when) == ("Sara Lind", today())
    assert [w for w, marked in beside(change.old, change.new)[1] if marked] == ["varannan"]


def test_the_page_says_it_in_words_and_not_by_colour(world, second):
    first, draft = second
    with acting(world.anna):
        plans.save_version(by=world.anna, plan_version=draft, expected=None, what_matters="Lugn <b>och</b> ro")
    anna = Visit(world.anna)
    page = anna.get("plans:changes", draft)
    assert sees(page, "från version 1 till version 2", "Vad som är viktigt för personen har skrivits om.", "Ändrat")
    assert sees(page, '<ins><span class="visually-hidden">[tillagt: </span>', "&lt;b&gt;och&lt;/b&gt;")
    assert anna.logged() == ["session.opened", "case.viewed.plan_changes"]
    assert sees(anna.get("plans:changes", first), "Det här är den första versionen.")
    assert sees(anna.client.get(f"/plan/{first.pk}/andringar/?mot={draft.pk}"), "från version 1 till version 2")
    assert sees(anna.get("plans:version", draft), f"/plan/{draft.pk}/andringar/")
    assert sees(anna.get("plans:agree", draft), "Ändrat sedan version 1", "Vad som är viktigt för personen har")


@pytest.mark.parametrize(("who", "status"), [("anna", 200), ("maud", 404), ("sara", 403), ("cilla", 404)])
def test_three_people_at_the_page(world, second, who, status):
    first, draft = second
    page = Visit(getattr(world, who)).get("plans:changes", draft)
    assert page.status_code == status
    assert ("Sova en hel natt" in text_of(page)) is False or status == 200
    assert ("traumasamtal" in text_of(page)) is (status == 200)


@pytest.mark.parametrize("wanted", ["elsewhere", "x", "00000000-0000-0000-0000-000000000001", "self"])
def test_a_version_of_another_plan_is_not_there_to_compare_with(world, second, wanted):
    _first, draft = second
    with acting(world.cilla):
        foreign = plans.start_plan(by=world.cilla, case=world.elsewhere)
    keys = {"elsewhere": foreign.pk, "self": draft.pk}
    page = Visit(world.anna).client.get(f"/plan/{draft.pk}/andringar/?mot={keys.get(wanted, wanted)}")
    assert page.status_code == 404


def test_the_cost_of_asking_does_not_grow(world, second, django_assert_max_num_queries):
    first, draft = second
    with acting(world.anna):
        for number in range(6):
            goal = plans.add_goal(by=world.anna, plan_version=draft, area="debts", own_words=f"Mål {number}")
            plans.add_measure(
                by=world.anna, goal=goal, title="Samtal", principal_kind="social", principal=world.bollnas
            )
    with acting(world.anna), django_assert_max_num_queries(14):
        assert len(changed(first, draft)) == 14


# Again, after an end


def test_a_plan_begun_again_keeps_the_thread(world, second):
    first, draft = second
    with acting(world.anna):
        thread = first.goals.get().thread
        plans.end_plan(by=world.anna, plan=first.plan, reason="Hon ville vänta.")
    anna = Visit(world.anna)
    assert sees(anna.get("plans:plan", world.case), "Fortsätt från den förra planen", "Börja om från början")
    again = anna.post("plans:plan", world.case, go_on="1", follow=True).context["version"]
    with acting(world.anna):
        goal = again.goals.get()
        assert (goal.thread, goal.own_words) == (thread, "Sova en hel natt")
        assert (again.what_matters, again.follow_up_on) == ("Lugn", None)
        plans.save_goal(by=world.anna, goal=goal, expected=None, own_words="Sova varje natt", wording="")
    page = anna.get("plans:changes", again)
    assert sees(page, "Ändrat sedan den förra planen", "Målet ”Sova varje natt”: personens egna ord har skrivits om.")
    assert sees(anna.get("plans:agree", again), "Ändrat sedan den förra planen")


def test_a_plan_begun_from_nothing_says_what_is_gone(world, second):
    first, _draft = second
    with acting(world.anna):
        plans.end_plan(by=world.anna, plan=first.plan, reason="Hon ville vänta.")
    anna = Visit(world.anna)
    again = anna.post("plans:plan", world.case, follow=True).context["version"]
    with acting(world.anna):
        assert again.goals.count() == 0
    assert sees(anna.get("plans:changes", again), "Målet ”Sova en hel natt” har tagits bort.")


# The wall


def test_a_thread_is_never_another_cases(world, second):
    _first, draft = second
    with acting(world.cilla):
        foreign = plans.add_goal(
            by=world.cilla, plan_version=plans.start_plan(by=world.cilla, case=world.elsewhere), area="health",
            own_words="x",
        )  # fmt: skip
    given = {"authority_id": draft.authority_id, "version": draft, "case": draft.case}
    with pytest.raises(ProgrammingError, match="row-level security"), acting(world.anna):
        Goal(**given, area="health", own_words="x", thread=foreign.thread).save(force_insert=True)
    with pytest.raises(IntegrityError, match="one_goal_per_thread"), acting(world.anna):
        Goal(**given, area="health", own_words="x", thread=draft.goals.get().thread).save(force_insert=True)


@pytest.mark.parametrize("model", [Goal, Measure, Section])
def test_a_thread_is_never_cut(world, second, model):
    first, _draft = second
    who = world.sara if model is Section else world.anna
    with pytest.raises((InternalError, IntegrityError, ProgrammingError)), acting(who):
        if not model.objects.filter(version__plan=first.plan_id).update(thread=first.pk) and model is Section:
            raise ProgrammingError("nothing to cut")
