"""A child in each board with somebody beside it: what could reach a guardian, and must not."""

from datetime import date, timedelta

from cases import operations as cases
from children import operations as children
from children.consenting import plan_standing
from children.custody import custody_on
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from tests import papers
from tests.world import today

BORN = date(today().year - 13, 3, 4)


def a_child(world, by=None, name="Kim Ung", born=BORN, **more):
    world.child_worker("anna", "cilla")
    return world.open_case(
        by, world.person(by, name, birth_date=born), programme="child", target_group="sexual_exploitation", **more
    )


def beside(by, case, name="Kanarieförälder", kind="joint", **more):
    """A guardian with custody since the child was born; ``kind=""``: without."""
    with acting(by):
        guardian = children.add_guardian(by=by, case=case, name=name, **{"relation": "parent", **more})
        if kind:
            children.note_custody(
                by=by, case=case, guardian=guardian, kind=kind, starts_on=BORN, source="Kanarieregistret"
            )
    return guardian


def custodians(by, case):
    """Those who have custody today; a mother alone when nobody is written yet."""
    with acting(by):
        there = list(custody_on(case, today()).guardians)
    return there or [beside(by, case, "Kanariemamma", "sole", relation="mother")]


def agreed_to(by, case, kind="plan", recipient=None, areas=(), alone=False):
    """All whose answer counts have said yes: a mother alone when nobody is written yet, and the child itself."""
    given = {"by": by, "case": case, "kind": kind, "recipient": recipient, "areas": list(areas), "answer": "yes"}
    guardians = () if alone else custodians(by, case)
    with acting(by):
        for guardian in guardians:
            children.note_consent_answer(**given, guardian=guardian)
        party = plan_standing(case, today()).band == "party"
        weight = "alone" if alone else "decides" if party else "considered"
        children.note_consent_answer(**given, weight=weight, weight_why="Kanarieskäl")


def heard(by, case, **more):
    given = {"about": "Kanariefrågan", "way": "talk", "own_words": "Kanarieord", "asked_by": "Kanariefrågaren"}
    with acting(by):
        return children.hear_child(by=by, case=case, **{"guardian_consent": "yes", **given, **more})


def weighed(by, case, decision, voice=None):
    with acting(by):
        return children.weigh_best_interest(
            by=by, case=case, about="decision", decision=decision, voice=voice or heard(by, case), weight="followed",
            weight_why="Kanarieskäl", best="Kanariebästa", others="Kanarieintresset",
        )  # fmt: skip


def everything(world):
    world.guarded = a_child(world)
    world.guarded_elsewhere = a_child(world, world.cilla, "Alva Liten")
    _all_of(world.anna, world.guarded)
    _all_of(world.cilla, world.guarded_elsewhere)


def _all_of(by, case):
    one, two = beside(by, case), beside(by, case, "Kanarieannan")
    with acting(by):
        paper = cases.add_document(**papers.paper(case, by))
        children.release_to_guardian(
            by=by, case=case, guardian=one, keys=[f"person:{case.individual_id}:", f"document:{paper.pk}:"],
            ground="secrecy.disclosure.guardian", reason="Kanarieskäl", ends_on=today() + timedelta(days=30),
        )  # fmt: skip
        children.limit_party(
            by=by, case=case, guardian=one, rule_id="guardian.limit.party", covers="Kanarietext", reason="Kanarieskäl"
        )
        children.mark_guardian(by=by, case=case, guardian=two, kind="suspected", words="Kanarietext")
        children.note_answer(by=by, case=case, guardian=one, about="Kanarietext", answer="no", words="Kanarieskäl")
        children.note_consent_answer(
            by=by, case=case, kind="plan", answer="yes", weight="considered", weight_why="Kanarieskäl"
        )
        children.note_consent_answer(by=by, case=case, kind="plan", guardian=one, answer="no", words="Kanarietext")
        children.coordinate_by_law(
            by=by, case=case, rule_id="coordination.social_young", reasons="Kanarieskäl", decided="Kanarienämnden",
            takes_part="Kanarieskolan", shared="Kanarietext", ends_on=today() + timedelta(days=30),
        )  # fmt: skip
        decision = teams.propose_decision(by=by, case=case, kind="travel", what="Kanarietext")
        weighed(by, case, decision)
        children.note_unheard(by=by, case=case, about="Kanarietext", unheard="harm", why="Kanarieskäl")
