"""Whose consent is needed in a child's case, and what each of them has said: custody, age and suspicion together.
Whoever is suspected, or close to somebody who is, is never asked; then what the others say is not the whole consent."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils import timezone

from cases import answering
from cases.areas import Area
from cases.majority import known_of
from cases.models import Case, Consent
from children.bands import Band, band_on
from children.custody import custody_on
from children.models import Custody, GuardianAnswer, GuardianMark
from exitprogram.errors import Refused
from exitprogram.law.rules import rule

Answer, Weight = GuardianAnswer.Answer, GuardianAnswer.Weight


class State(models.TextChoices):
    GIVEN = "given", "Alla som ska samtycka har sagt ja."
    OWN = "own", "Den unga samtycker själv."
    REFUSED = "refused", "Någon har sagt nej."
    BARRED = "barred", "Någon som har vårdnaden får inte tillfrågas. Då finns inget helt samtycke."
    MISSING = "missing", "Alla har inte svarat."
    UNKNOWN = "unknown", "Det är inte känt vilka som har vårdnaden. Ta reda på det först."


WHOLE = (State.GIVEN, State.OWN)


@dataclass(frozen=True)
class Said:
    """One whose answer counts. ``guardian`` is None for the child itself."""

    guardian: object
    name: str
    answer: str = ""
    marked: bool = False
    weight: str = ""
    row: object = None


def guardians_say(kind, guardians):
    """What those who have custody say together. ``kind``: sole, joint or "" when nobody is known to have it."""
    if not kind or len(guardians) != (2 if kind == Custody.Kind.JOINT else 1):
        return State.UNKNOWN
    if any(one.answer == Answer.NO and not one.marked for one in guardians):
        return State.REFUSED
    if any(one.marked for one in guardians):
        return State.BARRED
    return State.GIVEN if all(one.answer == Answer.YES for one in guardians) else State.MISSING


def weigh(band, kind, guardians, own=None):
    """The state of one question: by age, custody, suspicion and the newest answer of each. Nothing is asked of the
    database here."""
    if own and own.answer == Answer.NO and own.weight != Weight.CONSIDERED:
        return State.REFUSED
    if band == Band.PARTY and own and own.answer == Answer.YES and own.weight == Weight.ALONE:
        return State.OWN
    state = guardians_say(kind, guardians)
    if state != State.GIVEN or band == Band.SMALL:
        return state
    if own is None or own.answer == Answer.SILENT or (band == Band.PARTY and own.answer != Answer.YES):
        return State.MISSING
    return State.GIVEN


def key_of(case, kind, recipient=None, areas=()):
    """Which question: the plan of this case, or what one recipient may know. ``wall.asked_key`` says the same."""
    words = f"{case.pk}:{kind}:{recipient.pk if recipient else ''}:{','.join(sorted(areas))}"
    return UUID(hashlib.md5(words.encode(), usedforsecurity=False).hexdigest())


def words_of(kind, recipient=None, areas=()):
    if kind == Consent.Kind.PLAN:
        return "Planen"
    return f"{recipient.name} får veta: {', '.join(Area(area).label for area in sorted(areas))}"


@dataclass(frozen=True)
class Standing:
    """One question, as it stands on a day."""

    key: UUID
    about: str
    state: State
    band: Band
    kind: str
    people: tuple  # of Said; those with custody, and the child itself
    until: object = None  # the day custody is known to end

    @property
    def guardians(self):
        return tuple(one for one in self.people if one.guardian)

    @property
    def own(self):
        return next((one for one in self.people if one.guardian is None), None)

    @property
    def law(self):
        return rule(f"guardian.{self.kind}", on=timezone.localdate()) if self.kind else None

    @property
    def waits_for(self):
        """Those who may be asked and have not been."""
        heard = self.band != Band.SMALL
        return [one for one in self.people if not one.answer and not one.marked and (one.guardian or heard)]


def standing_of(case, key, about, day):
    rows = GuardianAnswer.objects.filter(case=case, subject_id=key, day__lte=day).order_by("day", "created_at", "id")
    return _standing(case, key, about, day, {row.guardian_id: row for row in rows})


def _standing(case, key, about, day, newest):
    custody, known = custody_on(case, day), known_of(case)
    marked = set(GuardianMark.objects.standing().filter(case=case).values_list("guardian_id", flat=True))
    guardians = tuple(_said(newest.get(one.pk), one, one.name, one.pk in marked) for one in custody.guardians)
    own = _said(newest.get(None), None, "Barnet självt")
    band = band_on(known and known.earliest_on, day)
    state = weigh(band, custody.kind, guardians, own if own.answer else None)
    ends = [row.ends_on for row in Custody.objects.on_day(day).filter(case=case) if row.ends_on]
    return Standing(key, about, state, band, custody.kind, (*guardians, own), min(ends, default=None))


def _said(row, guardian, name, marked=False):
    if row is None:
        return Said(guardian, name, marked=marked)
    return Said(guardian, name, row.answer, marked, row.weight, row)


def plan_standing(case, day):
    return standing_of(case, key_of(case, Consent.Kind.PLAN), words_of(Consent.Kind.PLAN), day)


def all_asked(case, day):
    """The plan first, then whatever else has been asked by ``key_of``, the newest first."""
    plan, found = plan_standing(case, day), {}
    rows = GuardianAnswer.objects.filter(case=case, day__lte=day).exclude(subject_id=None).exclude(subject_id=plan.key)
    for row in rows.order_by("-day", "-created_at", "id"):
        found.setdefault(row.subject_id, row.about)
    return [plan, *(standing_of(case, key, about, day) for key, about in found.items())]


class Keeper:
    """The children's own answer to ``cases.answering``."""

    def giver(self, case, consent):
        if case.programme != Case.Programme.CHILD:
            return None
        key = key_of(case, consent.kind, consent.recipient, consent.areas)
        about = words_of(consent.kind, consent.recipient, consent.areas)
        now = standing_of(case, key, about, timezone.localdate())
        if now.band == Band.GROWN:
            return None
        if now.state not in WHOLE:
            raise Refused(why_not(now))
        if now.state == State.GIVEN and now.until and (consent.ends_on is None or consent.ends_on > now.until):
            raise Refused(f"Vårdnaden är känd till {now.until}. Sätt en sista dag som inte är senare.")
        return Consent.Giver.SELF if now.state == State.OWN else Consent.Giver.GUARDIAN


def why_not(now):
    """The sentence for the one at the screen: what is lacking, whose, and by what rule."""
    who = ", ".join(one.name for one in now.waits_for) if now.state == State.MISSING else ""
    law = f" ({now.law.citation})" if now.law else ""
    return f"{State(now.state).label}{f' Fråga: {who}.' if who else ''} Skriv svaren under Vems samtycke{law}."


def keep():
    answering.keep(Keeper())
