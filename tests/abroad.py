"""Rows about trafficking and other countries, for the furnished world."""

from datetime import timedelta

from cases import operations as cases
from tests.world import today


def identified(by, case, *, signed=True, **more):
    row = cases.save_identification(
        by=by, case=case, made_by="police", identified_on=today(), signs=["debt", "watched"], standing="presumed",
        own_words="Kanarietext", told_on=today(), told_language="Kanariespråk", **more,
    )  # fmt: skip
    return cases.sign_identification(by=by, case=case, identification=row) if signed else row


def permitted(by, case, *, first=None, days=30, kind="reflection", **more):
    """Applied for by the investigation leader and granted, from ``first`` on."""
    first = first or today()
    row = cases.record_permit(
        by=by, case=case, kind=kind, applied_by="investigation_leader", applied_on=first, ground="Kanarietext", **more
    )
    return cases.decide_permit(
        by=by, case=case, permit=row, outcome="granted", decided_on=first, starts_on=first,
        ends_on=first + timedelta(days=days - 1), reasons="Kanarieskäl",
    )  # fmt: skip


def planned_return(by, case, **more):
    points = {
        "destination": "Kanarieland", "risk": "Kanarierisk", "meets": "Kanarietext", "must_not_know": "Kanarienamn",
        "children": "inga", "money": "Kanarietext", "contact_after": "Kanarietext", **more,
    }  # fmt: skip
    return cases.save_return_plan(by=by, case=case, version=0, **points)


def willing(by, case, plan, **more):
    given = {"form": "oral", "language": "Kanariespråk", "covers": "Kanarietext", "taken_on": today(), **more}
    return cases.record_return_consent(by=by, case=case, plan=plan, **given)


def told_abroad(by, case, plan, **more):
    given = {
        "recipient": "iom", "recipient_text": "Kanariekontor", "what": "Kanarietext", "ground": "consent",
        "reasons": "Kanarieskäl", **more,
    }  # fmt: skip
    return cases.share_return(by=by, case=case, plan=plan, **given)


def wishes(by, case, version=0, **more):
    given = {
        "language": "thailändska", "needs_interpreter": True, "dialect": "isan", "voice": "woman", "way": "distance",
        "wanted": "Kanarietolk", "never": "Kanarienamn", **more,
    }  # fmt: skip
    return cases.save_interpreter_wishes(by=by, case=case, version=version, **given)


def lives(by, case, **more):
    given = {
        "known_on": today(), "status": "reflection", "home": "other", "home_text": "Kanarieort",
        "stay_text": "Kanarieby", "acting": "other", "acting_text": "Kanarieort", "paying": "shared",
        "paying_text": "Kanarieby", **more,
    }  # fmt: skip
    return cases.record_residence(by=by, case=case, **given)


def everything(by, case):
    """A row of each model, signed and unsigned, decided and waiting."""
    identified(by, case)
    identified(by, case, signed=False)
    permitted(by, case)
    cases.record_permit(by=by, case=case, kind="other", applied_by="person", applied_on=today())
    cases.add_support_period(
        by=by, case=case, step="rest", starts_on=today(), ends_on=today() + timedelta(days=29), contact="Kanarienamn",
        paid="Kanarietext",
    )  # fmt: skip
    cases.add_avoid_place(by=by, case=case, place="Kanarieplats", why="Kanarieskäl")
    wishes(by, case)
    lives(by, case)
    plan = planned_return(by, case)
    willing(by, case, plan)
    told_abroad(by, case, plan)
