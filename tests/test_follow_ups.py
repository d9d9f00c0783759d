"""Following up a plan: twice told, never a condition of help, and nobody is left without a next day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import operations as cases
from cases.models import Clock
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.experience import questionnaire
from plans.follow_ups import next_day
from plans.models import FollowUp, GoalAnswer, PlanVersion
from plans.outcomes import next_time, over_time, times
from tests.visits import Visit, sees
from tests.world import today

SOON = today() + timedelta(days=60)


@pytest.fixture
def anna(world):
    return Visit(world.anna)


@pytest.fixture
def agreed(world):
    return world.agreed


def typed(world, **more):
    with acting(world.anna):
        key = world.agreed.goals.get().pk.hex
    return {
        "held_on": today(), f"person_answer_{key}": "partly", f"person_words_{key}": "Jag sover ibland",
        f"worker_answer_{key}": "not", f"worker_words_{key}": "Väntar på vården", "outcome": "goes_on",
        "next_on": SOON, "version": 0, **more,
    }  # fmt: skip


def open_days(world):
    with acting(world.anna):
        return [clock.day for clock in Clock.objects.open().filter(case=world.case, kind="follow_up")]


def the_one(world):
    with acting(world.anna):
        return FollowUp.objects.get()


def test_one_press_from_the_person_and_from_the_plan(world, anna, agreed):
    address = reverse("plans:follow_up", args=[world.case.pk])
    assert sees(anna.get("plans:person", world.case), f'href="{address}"')
    assert sees(anna.get("plans:version", agreed), f'href="{address}"')
    page = anna.get("plans:follow_up", world.case)
    assert sees(page, "aldrig ett villkor för hjälp", "Sova en hel natt", *questionnaire().questions.values())


def test_the_page_saves_itself_and_is_finished(world, anna, agreed):
    first = anna.autosave("plans:follow_up", world.case, **typed(world, outcome="", next_on=""))
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert the_one(world).done_at is None
    assert open_days(world) == [agreed.follow_up_on]
    done = anna.post("plans:follow_up", world.case, **typed(world, version=1, finish=1, experience_heard="yes"))
    assert done.status_code == 302
    row = the_one(world)
    assert row.done_by_id == world.anna.pk and row.experience == {"edition": "1", "heard": "yes"}
    with acting(world.anna):
        answer = GoalAnswer.objects.get()
        assert next_day(agreed) == SOON
    assert (answer.person_answer, answer.worker_answer) == ("partly", "not")
    assert open_days(world) == [SOON]
    page = anna.get("plans:follow_up", world.case)
    assert sees(page, "Jag sover ibland", "Väntar på vården", "De andra lyssnade på mig.")
    assert {"plan.follow_up_saved", "plan.followed_up", "clock.done", "clock.started"} <= set(anna.logged())


@pytest.mark.parametrize(
    "fault, sentence",
    [
        ({"outcome": ""}, "Välj om planen fortsätter, görs om eller avslutas."),
        ({"next_on": ""}, "Välj nästa uppföljningsdag"),
        ({"next_on": today()}, "Nästa uppföljning måste ligga framåt i tiden."),
        ({"outcome": "ended"}, "Skriv varför planen avslutas."),
        ({"held_on": today() + timedelta(days=1)}, "Dagen ligger i framtiden."),
        ({"experience_heard": "ofta"}, "Välj ett giltigt alternativ"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_half_done(world, anna, agreed, fault, sentence):
    answer = anna.post("plans:follow_up", world.case, **{**typed(world, finish=1), **fault})
    assert sees(answer, sentence, "Jag sover ibland")
    with acting(world.anna):
        assert not FollowUp.objects.exists()
    assert open_days(world) == [agreed.follow_up_on]


def test_the_persons_answers_are_voluntary_and_the_workers_are_not(world, anna, agreed):
    sent = typed(world, finish=1)
    silent = {name: "" if name.startswith("person_") else value for name, value in sent.items()}
    blank = {name: "" if name.startswith("worker_answer") else value for name, value in sent.items()}
    assert sees(anna.post("plans:follow_up", world.case, **blank), "Skriv er bedömning av målet.")
    assert anna.post("plans:follow_up", world.case, **silent).status_code == 302
    assert sees(anna.get("plans:follow_up", world.case), "Har inte svarat")


def test_the_next_day_lies_within_the_plan(world):
    with acting(world.anna):
        world.consent(), world.coordinator()
        draft = world.draft()
        draft = plans.save_version(
            by=world.anna, plan_version=draft, expected=None, ends_on=today() + timedelta(days=58)
        )
        agreed = plans.agree_version(by=world.anna, plan_version=draft)
        given = {"answers": {goal.pk: {"worker_answer": "partly"} for goal in agreed.goals.all()}, "next_on": SOON}
        row = plans.save_follow_up(by=world.anna, plan_version=agreed, outcome="goes_on", **given)
        with pytest.raises(Refused, match="inom planens tid"):
            plans.finish_follow_up(by=world.anna, follow_up=row)


def test_made_anew_begins_a_draft_with_its_day(world, anna, agreed):
    answer = anna.post("plans:follow_up", world.case, **typed(world, finish=1, outcome="revised"))
    assert answer.url == reverse("plans:plan", args=[world.case.pk])
    with acting(world.anna):
        draft = PlanVersion.objects.get(case=world.case, state="draft")
    assert (draft.number, draft.follow_up_on) == (2, SOON)
    assert open_days(world) == [SOON], "also while the draft is written somebody watches"


def test_ended_ends_the_plan_and_watches_no_more(world, anna, agreed):
    anna.post("plans:follow_up", world.case, **typed(world, finish=1, outcome="ended", end_reason="Allt är nått."))
    with acting(world.anna):
        agreed.plan.refresh_from_db()
    assert agreed.plan.end_reason == "Allt är nått."
    assert open_days(world) == []
    assert sees(anna.get("plans:follow_up", world.case), "Planen avslutas", "Allt är nått.")


def test_two_who_write_at_once_see_both(world, anna, agreed):
    world.join(world.leo)
    with acting(world.leo):
        plans.save_follow_up(by=world.leo, plan_version=agreed, own_words="Leos ord")
        with pytest.raises(Stale):
            plans.save_follow_up(by=world.leo, plan_version=agreed, own_words="Igen", expected=7)
    mine = typed(world, own_words="Annas ord")
    for send in (anna.autosave, anna.post):
        answer = send("plans:follow_up", world.case, **mine)
        assert answer.status_code == 409
        assert sees(answer, "Annas ord", "Leos ord")
    kept = anna.post("plans:follow_up", world.case, **{**mine, "keep": "mine", "seen_version": 1})
    assert kept.status_code == 302 and the_one(world).own_words == "Annas ord"


def test_done_is_locked_and_a_draft_is_not_followed(world, anna, agreed):
    anna.post("plans:follow_up", world.case, **typed(world, finish=1))
    row = the_one(world)
    with acting(world.anna):
        with pytest.raises(Refused, match="redan klar"):
            plans.finish_follow_up(by=world.anna, follow_up=row)
        draft = plans.new_version(by=world.anna, plan=agreed.plan)
        with pytest.raises(Refused, match="Bara en överenskommen plan"):
            plans.save_follow_up(by=world.anna, plan_version=draft)
        other = draft.goals.get()
        with pytest.raises(Refused, match="Målet finns inte i planen"):
            plans.save_follow_up(by=world.anna, plan_version=agreed, answers={other.pk: {"worker_answer": "not"}})


def test_a_manager_reads_and_does_not_write(world, anna, agreed):
    world.join(world.maud)
    anna.post("plans:follow_up", world.case, **typed(world, finish=1))
    maud = Visit(world.maud)
    assert sees(maud.get("plans:follow_up", world.case), "Jag sover ibland")
    refused = maud.post("plans:follow_up", world.case, **typed(world, finish=1))
    assert refused.status_code == 200
    with acting(world.anna):
        assert FollowUp.objects.count() == 1


def asked(world, day, **answers):
    with acting(world.anna):
        given = {"by": world.anna, "case": world.case, "instrument": "outcome", "instrument_version": "1"}
        row = cases.save_assessment(**given, day=day, answers=answers)
        cases.sign_assessment(by=world.anna, case=world.case, assessment=row)


def test_the_next_time_to_ask_and_two_lines(world, anna, agreed):
    with acting(world.anna):
        due = times(world.anna, world.case)
        assert [time.label for time in due] == ["vid start", "efter 3 månader", "efter 6 månader", "efter 12 månader"]
        assert next_time(due, on=today()).label == "vid start"
    asking = reverse("cases:assessment_new", args=[world.case.pk, "outcome"])
    assert sees(anna.get("plans:follow_up", world.case), asking, "aldrig ett villkor för hjälp")
    assert sees(anna.get("cases:assessment_new", world.case, "outcome"), "frivilligt", "Er bild", "Källa:", "WHO-5")
    asked(world, today() - timedelta(days=2), safe="3", safe_seen="2", paid_sex="declined")
    with acting(world.anna):
        assert next_time(times(world.anna, world.case), on=today()).label == "efter 3 månader"
    asked(world, today() - timedelta(days=1), safe_seen="4", home="own", nearer="0")
    asked(world, today(), safe="6", safe_seen="5", who5="48", nearer="declined")
    with acting(world.anna):
        series = over_time(world.anna, world.case)
    chart = next(chart for chart in series["charts"] if chart.question.id == "safe")
    assert [point.value for point in chart.points] == [3, 6] and [point.value for point in chart.seen] == [2, 4, 5]
    assert (len(chart.segments), len(chart.seen_segments)) == (0, 2), "no line through what is missing"
    values = {line["question"].id: line["values"] for line in series["table"]}
    assert values["safe"] == ["3", "–", "6"] and values["nearer"] == ["–", "0", "Vill inte svara"]
    assert values["paid_sex"] == ["Vill inte svara", "–", "–"] and values["home"] == ["–", "Eget kontrakt", "–"]
    page = anna.get("plans:follow_up", world.case)
    assert sees(page, "<polyline", "stroke-dasharray", "Vår bild: ", "Det räknas inte som något svar")


def outcome_days(world):
    with acting(world.anna):
        return [clock.day for clock in Clock.objects.open().filter(case=world.case, kind="outcome").order_by("due_on")]


def test_each_time_to_ask_has_a_clock_that_the_answer_finishes(world, anna, agreed):
    first = outcome_days(world)
    assert [round((day - today()).days / 30.44) for day in first] == [3, 6, 12]
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=agreed.plan)
        plans.save_version(by=world.anna, plan_version=draft, expected=None, follow_up_on=SOON)
        plans.agree_version(by=world.anna, plan_version=draft)
    assert outcome_days(world) == first, "a new version asks no more often"
    asked(world, today(), safe="4")
    assert outcome_days(world) == first, "the first answer is for the start"
    with acting(world.anna):
        plans.end_plan(by=world.anna, plan=agreed.plan, reason="Målen är nådda.")
    assert outcome_days(world) == [today() + timedelta(days=183)], "and half a year after"


def test_a_clock_near_its_day_is_answered(world, anna, agreed):
    with acting(world.anna):
        soon = today() + timedelta(days=20)
        cases.start_clock(
            by=world.anna, case=world.case, kind="outcome", rule_id="outcome.points", subject_id=agreed.pk,
            owner=world.anna, due_on=soon,
        )  # fmt: skip
    assert soon in outcome_days(world)
    assert sees(anna.get("plans:my_day"), "Fråga hur det har blivit") is False, "not yet"
    asked(world, today(), safe="4")
    assert soon not in outcome_days(world) and len(outcome_days(world)) == 3
