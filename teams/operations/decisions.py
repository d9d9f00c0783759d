"""Deciding: who may, what the law requires of it, and what it sets going."""

from django.db import connection, transaction
from django.utils import timezone

from cases.access import can
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.mandates import mandate_for
from exitprogram.tenancy.roles import Permission, require_role
from teams import before_deciding, consequences
from teams.competence import competent, officer, row_for
from teams.course import CONFLICT, Course, locked_proposal, why_not_changed
from teams.models import Decision
from teams.operations.telling import tell_proposer
from teams.watching import settle, watch, watch_telling

Unheard, Relation, Outcome = Decision.Unheard, Decision.Relation, Decision.Outcome


@transaction.atomic
def decide(*, by, decision, outcome, reasons, hearing="", no_conflict=False, exception="", took_part=""):
    """Decide on delegation. Freezes the scheme's row and as whom one decides; locked from then on (FL 31–32 §§). Raises
    NotAllowed when the scheme of the day does not make the decider competent, Refused when something the law requires
    is missing. By mandate from another board (KL 9:37): on its row, in its series and its log."""
    require_role(by, Permission.DECIDE)
    decision = locked_proposal(by, decision)
    today = timezone.localdate()
    row = _competence(by, decision, no_conflict, today)
    _complete(decision, outcome, reasons, hearing, exception, today)
    before_deciding.require(by, decision)
    decision.state, decision.outcome, decision.reasons = Decision.State.DECIDED, outcome, reasons
    decision.exception = _exception(decision, outcome, exception)
    decision.hearing, decision.took_part = hearing, took_part
    decision.no_conflict, decision.law = True, decision.matter.law_on(today)
    decision.decided_by, decision.decided_on = by, today
    decision.number = _next_number(decision, today.year)
    decision.row, decision.scheme_version = row, row.scheme.version
    decision.role, decision.appointed_on = by.role, by.starts_on
    mandate = _mandate(by, decision, today)
    decision.employer_id, decision.given_mandate = by.authority_id, mandate
    decision.mandate = Decision.Ground.KL_9_37 if mandate else Decision.Ground.OWN
    decision.save()
    _set_going(by, decision)
    consequences.carry_out(by=by, decision=decision)
    record(by=by, action="decision.decided", obj=decision, case=decision.case_ref, outcome=outcome,
           scheme=row.scheme.version, row=row.number, **({"mandate": str(mandate.pk)} if mandate else {}))  # fmt: skip
    return decision


def _mandate(by, decision, today):
    """What stands instead of being employed by the board, or None when one is."""
    if by.authority_id == decision.authority_id:
        return None
    return mandate_for(by, decision.authority_id, decision.kind, on=today, target=decision.target)


def _competence(by, decision, no_conflict, today):
    """The row that makes her competent. Nobody decides about herself."""
    if decision.matter.committee_only:
        raise NotAllowed(decision.matter.refusal)
    row = row_for(by, decision.kind, on=today, board=decision.authority_id, **decision.measures)
    if row is None:
        raise NotAllowed(_who_can(by, decision, today))
    if not no_conflict:
        raise NotAllowed(CONFLICT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.is_about_me(%s)", [decision.pk])
        if cursor.fetchone()[0]:
            raise NotAllowed(f"Ärendet gäller någon med ditt namn. {CONFLICT} Skicka det till någon annan.")
    return row


def _who_can(by, decision, today):
    if by.authority_id != decision.authority_id:
        return (f"Delegationsordningen hos {decision.authority.name} och ditt mandat där räcker inte för det här"
                " beslutet (9 kap. 37 § KL). Skicka tillbaka förslaget.")  # fmt: skip
    others = ", ".join(officer(m, by) for m in competent(by, decision.kind, on=today, **decision.measures)[:3])
    return f"Du kan inte besluta om detta. {others or 'Bara nämnden'} kan."


def _complete(decision, outcome, reasons, hearing, exception, today):
    """Reasons; and a decision that goes against the party only after she has been heard, or by a named exception."""
    if outcome not in Outcome.values:
        raise Refused("Välj vad beslutet blir.")
    if not reasons.strip():
        raise Refused("Skriv skälen: vilka bestämmelser och vilka omständigheter som avgjort (FL 32 §).")
    if decision.earlier_id:
        _follows(decision, outcome)
    if outcome == Outcome.GRANTED and decision.relation != Relation.WORSE:
        return
    course = Course.of(decision)
    if course.was_heard(today):
        return
    if exception not in Unheard.values or exception == Unheard.NOT_AGAINST:
        until = f" Svarstiden går till och med {sv_day(course.heard.until)}." if course.heard else ""
        raise Refused("Den enskilde ska få yttra sig innan beslutet går henne eller honom emot."
                      f"{until} Annars: välj vilket undantag som gäller (FL 25 §).")  # fmt: skip
    if not hearing.strip():
        raise Refused("Skriv varför den enskilde inte har fått yttra sig (FL 25 §).")


def _follows(decision, outcome):
    """What a change may do to the decision it changes, on the day it is decided."""
    why_not = why_not_changed(decision.earlier, decision.relation)
    if why_not:
        raise Refused(why_not)
    worse = decision.earlier.is_grant and outcome != Outcome.GRANTED
    if worse and decision.relation in (Relation.CHANGE, Relation.OBVIOUS):
        raise Refused("Ett gynnande beslut ändras till nackdel bara i vissa fall: välj det i förslaget (FL 37 § 1–3).")


def _exception(decision, outcome, exception):
    """A granted decision needs no hearing; that is written down too."""
    if exception or Course.of(decision).heard:
        return exception
    return Unheard.NOT_AGAINST if outcome == Outcome.GRANTED else ""


def _next_number(decision, year):
    """In the series of the board whose matter it is, whoever decides. It is held until the decision stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.next_decision_number(%s, %s)", [decision.pk, year])
        return cursor.fetchone()[0]


def _set_going(by, decision):
    """The one who prepared it is told; that the party is told is watched, and what was granted until it is carried
    out; what it changes is not watched any more."""
    tell_proposer(by, decision)
    watch_telling(by, decision)
    if Course.of(decision).is_watched:
        watch(by, decision, decision, decision.decided_on)
    if decision.earlier_id and can(by, Permission.READ_CASE, decision.case_ref):
        settle(by, decision)
