"""The course of each matter of the board and the courts: which step may follow which, from which step each day counts
and which step ends the counting. Both walls read these tables; the days and who decides are in ``rules.toml``."""

from dataclasses import dataclass

from django.db import models

from exitprogram.law.rules import all_rules


class Kind(models.TextChoices):
    CUSTODY = "custody", "Omedelbart omhändertagande (LVU)"
    CARE = "care", "Vård enligt LVU"
    CONTACT = "contact", "Umgänge eller hemlig vistelseort"
    SHELTER = "shelter", "Barn i skyddat boende med en vårdnadshavares samtycke"
    ONE_GUARDIAN = "one_guardian", "Åtgärd när vårdnadshavarna inte är överens"
    REPRESENTATIVE = "representative", "Särskild företrädare för barnet"
    VICTIMS_COUNSEL = "victims_counsel", "Målsägandebiträde"
    PUBLIC_COUNSEL = "public_counsel", "Offentligt biträde"


class Step(models.TextChoices):
    NEEDED = "needed", "Behovet blev känt"
    REFERRED = "referred", "Lämnat till nämnden"
    DECIDED = "decided", "Beslutat"
    DENIED = "denied", "Nämnden sa nej"
    EXECUTED = "executed", "Verkställt"
    SUBMITTED = "submitted", "Underställt: inkommet till förvaltningsrätten"
    CONFIRMED = "confirmed", "Rätten fastställde"
    OVERTURNED = "overturned", "Rätten upphävde"
    EXTENDED = "extended", "Rätten gav längre tid för ansökan"
    BEGUN = "begun", "Påbörjat"
    APPLIED = "applied", "Ansökan inlämnad till rätten"
    HEARD = "heard", "Rätten tog upp målet"
    JUDGED = "judged", "Rätten biföll"
    REFUSED = "refused", "Rätten avslog"
    FINAL = "final", "Domen vann laga kraft"
    REVIEWED = "reviewed", "Övervägt eller omprövat"
    HOME = "home", "Barnet flyttade in i hemmet"
    CONSIDERED = "considered", "Överflyttning av vårdnaden övervägd"
    APPOINTED = "appointed", "Förordnad"
    LAPSED = "lapsed", "Upphört: tiden gick ut"
    ENDED = "ended", "Avslutat"


class Body(models.TextChoices):
    BOARD = "board", "Nämnden"
    COMMITTEE = "committee", "Utskottet"
    CHAIR = "chair", "Ordföranden"
    MEMBER = "member", "Ledamot som nämnden har förordnat"
    OFFICIAL = "official", "En tjänsteperson"


# What ends a matter, whatever was waiting in it.
ENDS = (Step.OVERTURNED, Step.REFUSED, Step.DENIED, Step.LAPSED, Step.ENDED)
DECISIONS = (Step.DECIDED, Step.DENIED)
_CARE = {
    Step.APPLIED: (Step.DECIDED,), Step.HEARD: (Step.APPLIED,), Step.JUDGED: (Step.APPLIED,),
    Step.REFUSED: (Step.APPLIED,), Step.FINAL: (Step.JUDGED,), Step.BEGUN: (Step.JUDGED,),
    Step.REVIEWED: (Step.BEGUN,), Step.HOME: (Step.DECIDED,), Step.CONSIDERED: (Step.HOME,),
}  # fmt: skip
_TRIED = {
    Step.SUBMITTED: (Step.DECIDED,), Step.CONFIRMED: (Step.SUBMITTED,), Step.OVERTURNED: (Step.SUBMITTED,),
}  # fmt: skip
_HELP = {Step.NEEDED: (), Step.APPLIED: (Step.NEEDED,), Step.APPOINTED: (Step.APPLIED,)}
# Of each kind: a step, and those of which one must have been; the first has none before it.
COURSES = {
    Kind.CUSTODY: {
        Step.DECIDED: (), Step.EXECUTED: (Step.DECIDED,), **_TRIED, Step.EXTENDED: (Step.EXECUTED,), **_CARE,
    },
    Kind.CARE: {Step.DECIDED: (), **_CARE},
    Kind.CONTACT: {Step.DECIDED: (), Step.REVIEWED: (Step.DECIDED,)},
    Kind.SHELTER: {
        Step.DECIDED: (), Step.BEGUN: (Step.DECIDED,), **_TRIED, Step.APPLIED: (Step.DECIDED,),
        Step.HEARD: (Step.APPLIED,), Step.JUDGED: (Step.APPLIED,), Step.REFUSED: (Step.APPLIED,),
        Step.REVIEWED: (Step.BEGUN,),
    },
    Kind.ONE_GUARDIAN: {Step.REFERRED: (), Step.DECIDED: (Step.REFERRED,), Step.DENIED: (Step.REFERRED,)},
    Kind.REPRESENTATIVE: _HELP, Kind.VICTIMS_COUNSEL: _HELP, Kind.PUBLIC_COUNSEL: _HELP,
}  # fmt: skip
AGAIN = (Step.REVIEWED, Step.HOME, Step.CONSIDERED, Step.EXTENDED)


@dataclass(frozen=True)
class Count:
    """A clock of these kinds of matter counts from this step, by this rule, until one of these steps is there."""

    clock: str
    kinds: tuple
    step: str
    rule: str  # with {kind} and {ground}
    until: tuple


_HELPERS = (Kind.REPRESENTATIVE, Kind.VICTIMS_COUNSEL, Kind.PUBLIC_COUNSEL)
_WHOLE = (Kind.CUSTODY, Kind.CARE)
_MEASURES = (Kind.CUSTODY, Kind.SHELTER)
COUNTS = (
    Count("court_submit", _MEASURES, Step.DECIDED, "court.{kind}.submit", (Step.SUBMITTED,)),
    Count("court_answer", _MEASURES, Step.SUBMITTED, "court.{kind}.answer", (Step.CONFIRMED,)),
    Count("court_apply", (Kind.CUSTODY,), Step.EXECUTED, "court.custody.apply", (Step.APPLIED, Step.EXTENDED)),
    Count("court_apply", (Kind.CUSTODY,), Step.EXTENDED, "court.custody.apply", (Step.APPLIED, Step.EXTENDED)),
    Count("court_apply", (Kind.SHELTER,), Step.BEGUN, "court.shelter.apply", (Step.APPLIED,)),
    Count("court_hearing", _MEASURES, Step.APPLIED, "court.{kind}.hearing", (Step.HEARD, Step.JUDGED)),
    Count("court_begin", _WHOLE, Step.FINAL, "court.care.begin", (Step.BEGUN,)),
    Count("court_review", _WHOLE, Step.BEGUN, "court.review.{ground}", (Step.REVIEWED,)),
    Count("court_review", _WHOLE, Step.REVIEWED, "court.review.{ground}", (Step.REVIEWED,)),
    Count("court_review", (Kind.SHELTER,), Step.BEGUN, "court.review.shelter", (Step.REVIEWED,)),
    Count("court_review", (Kind.SHELTER,), Step.REVIEWED, "court.review.shelter", (Step.REVIEWED,)),
    Count("court_review", (Kind.CONTACT,), Step.DECIDED, "court.contact.{ground}", (Step.REVIEWED,)),
    Count("court_review", (Kind.CONTACT,), Step.REVIEWED, "court.contact.{ground}", (Step.REVIEWED,)),
    Count("court_transfer", _WHOLE, Step.HOME, "court.transfer.first", (Step.CONSIDERED, Step.HOME)),
    Count("court_transfer", _WHOLE, Step.CONSIDERED, "court.transfer.again", (Step.CONSIDERED, Step.HOME)),
    Count("court_help", _HELPERS, Step.NEEDED, "court.{kind}.apply", (Step.APPLIED,)),
    Count("court_help", _HELPERS, Step.APPLIED, "court.help.appointed", (Step.APPOINTED,)),
)


def first_of(kind):
    return next(step for step, before in COURSES[kind].items() if not before)


def may_follow(kind, had):
    """The steps that may come now, when these have been."""
    if any(step in ENDS for step in had):
        return []
    course = [
        step for step, before in COURSES[kind].items()
        if any(one in had for one in before) and (step in AGAIN or step not in had)
    ]  # fmt: skip
    course = [step for step in course if not (step == Step.EXTENDED and Step.APPLIED in had)]
    return [*course, Step.LAPSED, Step.ENDED]


def counts_from(kind, step):
    return [count for count in COUNTS if kind in count.kinds and count.step == step]


def who_decides(kind):
    return f"court.{kind}.decided"


def database_functions():
    """The same tables as the database asks for them, made anew with the walls."""
    follows = [
        f"(of_kind = '{kind}' AND step = '{step}' AND {_any_of('had', before)})"
        for kind, course in COURSES.items() for step, before in course.items()
    ]  # fmt: skip
    follows.append("(step IN ('lapsed', 'ended') AND cardinality(had) > 0)")
    ended = _any_of("had", ENDS)
    yield _function("court_follows(of_kind text, step text, had text[])", f"NOT {ended} AND ({_or(follows)})")
    begun = [f"(watched = '{c.clock}' AND of_kind IN {_listed(c.kinds)} AND step = '{c.step}')" for c in COUNTS]
    yield _function("court_counts(watched text, of_kind text, step text)", _or(begun))
    settled = [f"(watched = '{c.clock}' AND of_kind IN {_listed(c.kinds)} AND step IN {_listed(c.until)})"
               for c in COUNTS]  # fmt: skip
    yield _function(
        "court_settles(watched text, of_kind text, step text)", f"step IN {_listed(ENDS)} OR {_or(settled)}"
    )
    yield _function("court_may_decide(of_kind text, deciding text, on_day date)", _or(_deciders()))


def _deciders():
    for kind in Kind:
        for law in all_rules():
            if law.id == who_decides(kind):
                last = f" AND on_day <= '{law.valid_until}'" if law.valid_until else ""
                bodies = _listed(law.values["bodies"])
                yield f"(of_kind = '{kind}' AND deciding IN {bodies} AND on_day >= '{law.valid_from}'{last})"


def _listed(words):
    return "({})".format(", ".join(f"'{word}'" for word in words))


def _any_of(column, words):
    if not words:
        return f"cardinality({column}) = 0"
    return f"{column} && ARRAY[{_listed(words)[1:-1]}]"


def _or(conditions):
    return " OR ".join(dict.fromkeys(conditions))


def _function(signature, body):
    return (
        f"CREATE OR REPLACE FUNCTION wall.{signature} RETURNS boolean LANGUAGE sql IMMUTABLE SECURITY DEFINER"
        f" SET search_path = pg_catalog AS $body$ SELECT {body} $body$"
    )
