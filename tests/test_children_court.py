"""What the board and the courts decide about a child: each day from the step the law names, and none closed without."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import operations as cases
from cases.models import Clock, Notice
from cases.notices.due import make_due
from children import operations as children
from children.courses import COURSES, ENDS, Body, Kind, first_of, may_follow
from children.courting import day_of, next_steps, told_of, waiting_in
from children.models import CourtMatter, CourtStep
from exitprogram.demo import children_court
from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.board import untold
from teams.models import UrgentDecision
from tests import guardianship
from tests.connections import logged_in_as
from tests.courtroom import COMMITTEE, matter, on, step
from tests.world import today


@pytest.fixture
def case(world):
    return guardianship.a_child(world)


def ago(days, hour=10, minute=0):
    return on(today() - timedelta(days=days), hour, minute)


def going(world, found):
    """{kind of clock: day} that still goes."""
    with acting(world.anna):
        return {one.clock.kind: one.day for one in waiting_in(CourtMatter.objects.get(pk=found.pk), on=today())}


# Each matter from its first step to its last


def test_custody_to_care(world, case):
    found = matter(world.anna, case, at=ago(200))
    assert going(world, found) == {"court_submit": today() - timedelta(days=193)}
    step(world.anna, found, "executed", ago(199))
    assert going(world, found)["court_apply"] == today() - timedelta(days=171)
    step(world.anna, found, "submitted", ago(196))
    assert going(world, found)["court_answer"] == today() - timedelta(days=189)
    assert "court_submit" not in going(world, found)
    step(world.anna, found, "confirmed", ago(190))
    assert set(going(world, found)) == {"court_apply"}
    step(world.anna, found, "extended", ago(175), until=today() - timedelta(days=160))
    assert going(world, found) == {"court_apply": today() - timedelta(days=160)}
    step(world.anna, found, "applied", ago(161))
    assert going(world, found) == {"court_hearing": today() - timedelta(days=147)}
    step(world.anna, found, "judged", ago(150))
    assert going(world, found) == {}
    step(world.anna, found, "final", ago(125))
    assert going(world, found) == {"court_begin": today() - timedelta(days=97)}
    began = step(world.anna, found, "begun", ago(120))
    with acting(world.anna):
        assert going(world, found) == {"court_review": day_of(rule_of_review(found, began), began)}
    step(world.anna, found, "reviewed", ago(10), **COMMITTEE)
    assert list(going(world, found)) == ["court_review"] and going(world, found)["court_review"] > today()
    step(world.anna, found, "home", ago(100))
    assert "court_transfer" in going(world, found)
    step(world.anna, found, "ended", ago(0, 0, 0), words="Vården behövs inte längre.")
    assert going(world, found) == {}


def rule_of_review(found, began):
    return rule(f"court.review.{found.ground}", on=timezone.localdate(began.happened_at))


def test_a_child_in_sheltered_housing(world, case):
    found = matter(world.anna, case, "shelter", at=ago(30))
    step(world.anna, found, "begun", ago(29))
    assert set(going(world, found)) == {"court_submit", "court_apply", "court_review"}
    assert going(world, found)["court_apply"] == today() + timedelta(days=13)
    step(world.anna, found, "submitted", ago(20))  # late, and the law that is read says nothing of a lapse
    step(world.anna, found, "applied", ago(5))
    assert set(going(world, found)) == {"court_answer", "court_hearing", "court_review"}


@pytest.mark.parametrize("kind", ["representative", "victims_counsel", "public_counsel"])
def test_help_for_the_child(world, case, kind):
    found = matter(world.anna, case, kind, at=ago(3))
    assert going(world, found) == {"court_help": today() - timedelta(days=3)}
    step(world.anna, found, "applied", ago(2), who="Åklagaren")
    assert going(world, found) == {"court_help": today() + timedelta(days=5)}
    with pytest.raises(Refused, match="vem som är förordnad"):
        step(world.anna, found, "appointed")
    step(world.anna, found, "appointed", who="Advokat Lo Ek")
    assert going(world, found) == {}
    step(world.anna, found, "ended", words="Rättegången är slut.")


def disagree(world, case, kind="joint", answer="no"):
    mother = guardianship.beside(world.anna, case, "Mamma", kind=kind)
    if kind == "joint":
        guardianship.beside(world.anna, case, "Pappa", kind=kind)
    with acting(world.anna):
        children.note_answer(
            by=world.anna, case=case, guardian=mother, about="Samtal på bup", answer=answer, words="Vill inte."
        )


@pytest.mark.parametrize("kind, answer", [("sole", "no"), ("joint", "yes")])
def test_the_board_decides_for_one_only_when_two_disagree(world, case, kind, answer):
    disagree(world, case, kind, answer)
    with pytest.raises(Refused, match="6 kap. 13 a § föräldrabalken"):
        matter(world.anna, case, "one_guardian")


@pytest.mark.parametrize("body", ["chair", "member", "official"])
def test_nobody_but_the_board_or_its_committee_decides_for_one_guardian(world, case, body):
    disagree(world, case)
    found = matter(world.anna, case, "one_guardian", at=ago(3))
    with pytest.raises(Refused, match="beslutar inte i detta.*30 kap. 10 § socialtjänstlagen"):
        step(world.anna, found, "decided", body=body, who="Eva Ek")
    raw(world, case, found, "30 kap. 6–10", kind="decided", body=body)
    step(world.anna, found, "decided", **COMMITTEE)


def raw(world, case, found, says, **more):
    """Past the operation, in the row itself: refused, and why."""
    with acting(world.anna):
        given = {"happened_at": ago(0, 0, 0), "noted_by": world.anna, "number": found.steps.count() + 1, **more}
        with pytest.raises(DatabaseError, match=says), transaction.atomic():
            CourtStep(authority_id=case.authority_id, case=case, matter=found, **given).save(force_insert=True)


# Who decides


@pytest.mark.parametrize("kind", ["custody", "care", "contact", "shelter"])
@pytest.mark.parametrize("body", Body.values)
def test_both_walls_ask_the_law_of_the_day_who_decides(world, case, kind, body):
    allowed = rule(f"court.{kind}.decided", on=today()).values["bodies"]
    ground = {"ground": "care"} if kind == "contact" else {}
    if body in allowed:
        matter(world.anna, case, kind, body=body, **ground)
    else:
        with pytest.raises(Refused, match="30 kap"):
            matter(world.anna, case, kind, body=body, **ground)
    with acting(world.anna), connection.cursor() as cursor:
        cursor.execute("SELECT wall.court_may_decide(%s, %s, %s)", [kind, body, today()])
        assert cursor.fetchone()[0] is (body in allowed)
    assert "official" not in allowed


def test_whoever_handles_the_case_is_not_its_committee(world, case):
    with pytest.raises(Refused, match="beslutar inte själv"):
        matter(world.anna, case, who="anna berg ")


# What both walls refuse


@pytest.mark.parametrize("kind", Kind.values)
def test_both_walls_let_the_same_steps_follow(world, kind):
    """Every step, after every row of steps that the course can come to."""
    seen, left = set(), [(first_of(kind),)]
    with acting(world.anna), connection.cursor() as cursor:
        while left:
            had = left.pop()
            if frozenset(had) in seen or len(seen) > 60:
                continue
            seen.add(frozenset(had))
            follows = set(may_follow(kind, had))
            cursor.execute(
                "SELECT s FROM unnest(%s::text[]) s WHERE wall.court_follows(%s, s, %s::text[])",
                [list(COURSES[kind]) + ["lapsed", "ended"], kind, list(had)],
            )
            loose = {row[0] for row in cursor.fetchall()}
            assert {str(one) for one in follows} <= loose
            assert not (
                loose - follows - set(had) - {"extended"}
            )  # twice, and after the application: refused elsewhere
            assert bool(follows) is not any(one in ENDS for one in had)
            left += [(*had, one) for one in follows if one not in had]


def test_no_clock_from_another_step_and_none_closed_without_its_own(world, case):
    found = matter(world.anna, case, at=ago(2))
    with acting(world.anna):
        [begun] = found.steps.all()
        [waiting] = waiting_in(found, on=today())
        for kind, due_on in (("court_apply", today()), ("court_begin", today())):
            with pytest.raises(DatabaseError), transaction.atomic():
                Clock(
                    authority_id=case.authority_id, case=case, kind=kind, rule_id="court.custody.apply",
                    subject_id=begun.pk, owner=world.anna, due_on=due_on, warn_days=[0], escalate_days=0,
                ).save(force_insert=True)  # fmt: skip
        with pytest.raises(Refused, match="Domstol och nämnd"):
            cases.finish_clock(by=world.anna, case=case, clock=waiting.clock)
        with pytest.raises(Refused, match="kan inte flyttas"):
            cases.extend_clock(by=world.anna, case=case, clock=waiting.clock, extended_to=today(), ground="hinner inte")
        for fault in (
            "UPDATE cases_clock SET done_at = now(), done_by_id = %s WHERE id = %s",
            "UPDATE cases_clock SET extended_to = due_on + 9, extension_ground = 'x', handed_by_id = %s WHERE id = %s",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(fault, [world.anna.pk, waiting.clock.pk])


def test_a_step_is_never_changed_nor_put_out_of_order(world, case):
    found = matter(world.anna, case, at=ago(5))
    raw(world, case, found, "inte komma nu", kind="confirmed")
    raw(world, case, found, "inte komma nu", kind="submitted", number=7)
    raw(world, case, found, "inte hänt än", kind="submitted", happened_at=timezone.now() + timedelta(days=1))
    raw(world, case, found, "Ingen tid har gått ut", kind="lapsed")
    raw(world, case, found, "inte komma nu", kind="decided", body="committee")
    raw(world, case, found, "30 kap. 6–10", kind="submitted", body="committee")
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        CourtStep.objects.filter(matter=found).update(happened_at=timezone.now())
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        CourtMatter.objects.filter(pk=found.pk).update(started_at=timezone.now())


@pytest.mark.parametrize("given, sentence", [
    ({"at": timezone.now() + timedelta(hours=2)}, "framåt"),
    ({"ground": ""}, "grunden i lagen"), ({"ground": "shelter"}, "grunden i lagen"),
    ({"body": ""}, "vem som har beslutat"), ({"who": " "}, "vilket utskott"), ({"at": ago(40 * 365)}, "ingen regel"),
])  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_saved(world, case, given, sentence):
    with pytest.raises(Refused, match=sentence), transaction.atomic():
        matter(world.anna, case, **given)
    with acting(world.anna):
        assert not CourtMatter.objects.exists() and not Clock.objects.filter(kind__startswith="court_").exists()


def test_only_in_a_childs_case(world):
    with pytest.raises(Refused, match="barns ärende"):
        matter(world.anna, world.case)
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        CourtMatter(
            authority_id=world.case.authority_id, case=world.case, kind="shelter", started_at=timezone.now(),
            opened_by=world.anna,
        ).save(force_insert=True)  # fmt: skip


# When the time has passed


def test_what_came_too_late_does_not_make_it_whole(world, case):
    found = matter(world.anna, case, at=ago(20))
    with acting(world.anna):
        [waiting] = waiting_in(found, on=today())
        assert waiting.has_lapsed
    late = timezone.make_aware(on(waiting.last_day, 0, 0).replace(tzinfo=None)) + timedelta(days=1)
    with pytest.raises(Refused, match=r"omhändertagandet upphört \(7 § LVU"):
        step(world.anna, found, "submitted", late)
    with pytest.raises(Refused, match="vad som gäller nu"):
        step(world.anna, found, "lapsed")
    step(world.anna, found, "lapsed", words="Barnet är hos mormor, nytt beslut förbereds.")
    assert going(world, found) == {}
    with acting(world.anna):
        assert next_steps(CourtMatter.objects.get(pk=found.pk), on=today()) == []


def test_on_its_last_day_it_is_in_time(world, case):
    found = matter(world.anna, case, at=ago(20))
    with acting(world.anna):
        [waiting] = waiting_in(found, on=today())
    step(world.anna, found, "submitted", on(waiting.last_day, 23, 59))
    assert set(going(world, found)) == {"court_answer"}


def test_it_has_not_lapsed_while_there_is_time(world, case):
    found = matter(world.anna, case, at=ago(2))
    with acting(world.anna):
        assert "lapsed" not in next_steps(found, on=today())
    with pytest.raises(Refused, match="inte komma nu"):
        step(world.anna, found, "lapsed", words="x")


def test_a_court_that_says_no_ends_what_waited(world, case):
    found = matter(world.anna, case, at=ago(6))
    step(world.anna, found, "executed", ago(6, 12))
    step(world.anna, found, "submitted", ago(4))
    step(world.anna, found, "overturned", ago(2))
    assert going(world, found) == {}


# Who is told


@pytest.mark.django_db(transaction=True)
def test_several_are_reminded_and_the_page_says_who(world, case):
    """The worker, the coordinator and the managers, though the worker be away; nobody of another board."""
    world.child_worker("leo")
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=case, membership=world.leo, kind="coordinator", reason="samordnar")
    world.answers(world.leo, case)
    found = matter(world.anna, case, at=ago(1))
    with logged_in_as("worker"):
        make_due()
        assert make_due() == 0
    with acting(world.anna):
        [waiting] = waiting_in(found, on=today(), told=told_of(case))
        assert {name for name, _day in waiting.told} >= {"Anna Berg", "Leo Ek", "Maud Chef"}
        told_of_it = waiting.clock.pk
    for who, told in (("leo", True), ("maud", True), ("cilla", False), ("adam", False), ("sara", False)):
        with acting(getattr(world, who)):
            assert Notice.objects.visible_to(getattr(world, who)).filter(subject_id=told_of_it).exists() is told
    with acting(world.cilla):
        assert told_of(case) == {}


# The demonstration


@pytest.mark.parametrize("key, kinds", [("c12", {"custody", "victims_counsel"}), ("c05", {"victims_counsel"})])
def test_the_demonstration_has_two_children_on_their_way(world, case, key, kinds):
    story = SimpleNamespace(person={"key": key}, worker=world.anna, case=case)
    for days, act in children_court.acts(story):
        with patch.object(children_court, "timezone", SimpleNamespace(now=lambda days=days: ago(days, 12))):
            act()
    with acting(world.anna):
        matters = list(CourtMatter.objects.filter(case=case))
        assert {one.kind for one in matters} == kinds
        left = [one for found in matters for one in waiting_in(found, on=today())]
        assert left and not any(one.has_lapsed for one in left) and max(one.left for one in left) > 0


# What one has decided alone is told to the board


def alone(world, case, **more):
    given = {"body": "chair", "who": "Eva Ek", "at": on(today() - timedelta(days=1), 23, 40), **more}
    return matter(world.anna, case, **given)


def test_the_chairs_decision_is_on_the_list_of_the_urgent(world, case):
    brother = guardianship.a_child(world, name="Lo Ung")
    alone(world, case)
    alone(world, brother)  # of the same minute
    matter(world.anna, case)  # the committee's own
    with acting(world.adam):
        rows = [one for one in untold() if one.part == "urgent"]
        day = f"{today() - timedelta(days=1)} kl. 23.40"
        assert [one.number for one in rows] == [day, f"{day} (2)"]
        assert {(one.kind, one.outcome, one.decided_by, one.alone) for one in rows} == {
            ("immediate_custody", "granted", "Eva Ek", True)
        }
        assert not any("Kim" in str(one) or case.number in str(one) for one in rows)
    for who in (world.anna, world.leo, world.cilla):
        with acting(who):
            assert not UrgentDecision.objects.visible_to(who).exists()
            assert not UrgentDecision._base_manager.exists()  # the database alone


def test_a_list_that_has_gone_out_gets_it_when_it_is_opened(world, case):
    with acting(world.adam):
        meeting = teams.register_meeting(by=world.adam, held_on=today() + timedelta(days=3))
        meeting = teams.close_list(by=world.adam, meeting=meeting)
    alone(world, case)
    for _twice in range(2):
        with acting(world.adam):
            teams.view_lists(by=world.adam, form="page", meeting=meeting)
            assert [line.part for line in meeting.lines.all()] == ["urgent"]


def test_the_lists_words_name_no_child(world, case):
    with acting(world.anna), pytest.raises(Refused, match="den som beslutade"):
        alone(world, case, who="Ordföranden, om Kim")


# Each wall alone: in the case, a colleague without it, another board


def test_three_people_and_each_wall_alone(world, case):
    found = matter(world.anna, case)
    for who, seen in ((world.anna, True), (world.leo, False), (world.cilla, False)):
        with acting(who):
            for model in (CourtMatter, CourtStep):
                assert model.objects.visible_to(who).exists() is seen
                assert model._base_manager.exists() is seen  # the database alone
            if not seen:
                with pytest.raises(NotAllowed):
                    children.add_court_step(
                        by=who, case=case, matter=found, kind="submitted", happened_at=timezone.now()
                    )
