"""Where a decision stands on a day, told by what has happened around it: nothing here is written down twice."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.rules import rule
from exitprogram.law.workdays import first_workday
from exitprogram.tenancy import acting
from teams.matters import COURT, LEGALITY
from teams.models import Decision, DecisionStep
from teams.models.step import BEFORE

Kind, Relation = DecisionStep.Kind, Decision.Relation
CHANGES = (Relation.CHANGE, Relation.WORSE, Relation.OBVIOUS, Relation.CIRCUMSTANCES)
OVER = (Kind.CARRIED_OUT, Kind.NOT_WANTED)
CONFLICT = "Den som har en privat koppling till personen eller saken får inte besluta (FL 16–18 §§, KL 7:4)."
NOT_THERE = f"Förslaget är inte öppet för dig. {CONFLICT}"


def appeal_days(received_on):
    """(strict last day, last day that counts): three weeks from the day the party got the decision, and the first
    working day after a weekend or a holiday."""
    strict = received_on + timedelta(days=rule("decision.appeal", on=received_on).values["days"])
    return strict, first_workday(strict)


@dataclass
class Course:
    """A decision with its steps and the decisions that followed, in the order of time."""

    decision: Decision
    steps: list
    later: list = field(default_factory=list)

    @classmethod
    def of(cls, decision):
        """Of one who may read the decision; its steps come through her own eyes."""
        later = Decision.objects.filter(earlier=decision).exclude(state=Decision.State.WITHDRAWN)
        return cls(decision, list(steps_of(decision)), list(later.order_by("created_at", "id")))

    def last(self, *kinds):
        return next((step for step in reversed(self.steps) if step.kind in kinds), None)

    @property
    def heard(self):
        return self.last(Kind.HEARD)

    def was_heard(self, on):
        """The party has answered, said nothing in time, or the time has run out (FL 25 §)."""
        heard = self.heard
        return heard is not None and (self.last(Kind.ANSWERED, Kind.SILENT) is not None or heard.until < on)

    @property
    def told(self):
        return self.last(Kind.TOLD)

    @property
    def received(self):
        return self.last(Kind.RECEIVED)

    @property
    def appealed(self):
        return self.last(Kind.APPEALED)

    @property
    def forwarded(self):
        return self.last(Kind.FORWARDED)

    @property
    def court(self):
        return self.last(Kind.COURT)

    @property
    def rejected(self):
        """The decision that did not let a late appeal be tried."""
        return self._followed_by(Relation.LATE_APPEAL)

    @property
    def changed(self):
        """The decision that stands instead of this one."""
        return self._followed_by(*CHANGES)

    @property
    def corrected(self):
        return self._followed_by(Relation.CORRECTION)

    def _followed_by(self, *relations):
        found = [one for one in self.later if one.is_decided and one.relation in relations]
        return found[-1] if found else None

    @property
    def last_appeal_days(self):
        """(strict, counted), or None while nobody knows when the party got it or there is no such appeal."""
        if self.decision.matter.appeal != COURT or self.received is None:
            return None
        return appeal_days(self.received.day)

    @property
    def appeal_waits(self):
        """An appeal that has not been sent on, rejected or met by a change."""
        return bool(self.appealed and not (self.forwarded or self.rejected or self.changed))

    @property
    def is_watched(self):
        """Granted, and not known to be carried out: reported after three months and then each quarter."""
        if not (self.decision.is_decided and self.decision.is_grant and self.decision.matter.carried_out):
            return False
        last = self.last(*OVER, Kind.INTERRUPTED)
        return not self.changed and (last is None or last.kind == Kind.INTERRUPTED)

    def in_force_on(self):
        """The day it can no longer be appealed (laga kraft), or None when that day is not known."""
        if not self.decision.is_decided or self.decision.matter.appeal != COURT:
            return None
        if self.court:
            return self.court.until
        if self.appealed and not self.rejected:
            return None
        days = self.last_appeal_days
        return days and days[1] + timedelta(days=1)

    def state(self, on):
        """(code, words) of the whole, for a list and the head of the page."""
        decision = self.decision
        if not decision.is_decided:
            return decision.state, decision.get_state_display()
        if self.changed:
            return "changed", f"ändrat genom {self.changed.number}"
        if self.appeal_waits:
            return "appealed", "överklagat, att ta hand om"
        if self.forwarded and not self.court:
            return "court", "hos domstolen"
        if self.told is None:
            return "to_tell", "att underrätta om"
        in_force = self.in_force_on()
        if in_force and in_force <= on:
            return "final", "laga kraft"
        if decision.matter.appeal == COURT:
            return "running", "kan överklagas" if in_force else "underrättat, mottagandet är inte bekräftat"
        return "told", "laglighetsprövning möjlig" if decision.matter.appeal == LEGALITY else "underrättat"


def steps_of(decision):
    """All of them; to somebody of another board, who was sent it, how the party was heard."""
    steps = DecisionStep.across.filter(decision=decision).select_related("by__user")
    return steps if acting.current().authority_id == decision.authority_id else steps.of(*BEFORE)


def courses(decisions):
    """The same for many, in three questions."""
    decisions = list(decisions)
    steps, later = {}, {}
    for step in DecisionStep.objects.filter(decision__in=decisions):
        steps.setdefault(step.decision_id, []).append(step)
    for one in Decision.objects.filter(earlier__in=decisions).exclude(state=Decision.State.WITHDRAWN):
        later.setdefault(one.earlier_id, []).append(one)
    return [Course(one, steps.get(one.pk, []), later.get(one.pk, [])) for one in decisions]


def why_not_changed(earlier, relation):
    """Why an earlier decision may not be met by a new one in this way, in one sentence, or ''."""
    course = Course.of(earlier)
    if not earlier.is_decided:
        return "Bara ett fattat beslut kan rättas eller ändras."
    if course.changed:
        return f"Beslutet är redan ändrat genom {course.changed.number}. Ändra det beslutet i stället."
    if relation == Relation.LATE_APPEAL:
        late = course.appealed is not None and not course.appealed.in_time
        return "" if late and course.appeal_waits else "Det finns inget för sent överklagande att avvisa (FL 45 §)."
    if relation != Relation.CORRECTION and course.forwarded and not course.court:
        return "Överklagandet är lämnat till domstolen, och då får nämnden inte ändra beslutet (FL 39 §)."
    if relation in (Relation.CHANGE, Relation.WORSE) and course.appeal_waits:
        return "Ett överklagat beslut får bara ändras när det är uppenbart felaktigt (FL 38 och 39 §§)."
    if relation == Relation.CIRCUMSTANCES and earlier.decided_on < date(2025, 7, 1):
        return "Den bestämmelsen gäller beslut från den 1 juli 2025 (SoL 14:9 och övergångsbestämmelserna)."
    return ""


def locked_proposal(by, decision):
    """The proposal as it stands now, and nobody else's to change meanwhile."""
    found = Decision.across.visible_to(by).select_for_update(of=("self",)).filter(pk=decision.pk).first()
    if found is None:
        raise NotAllowed(NOT_THERE)
    if found.state == Decision.State.DECIDED:
        raise Refused("Beslutet är redan fattat.")
    if found.state == Decision.State.WITHDRAWN:
        raise Refused("Förslaget är återtaget.")
    return found
