"""How long before its day a clock reminds, and how long after it the managers are told.

The rule says it (``warn_days``, ``escalate_days`` in ``rules.toml``); an authority may say more under *Påminnelser*. Of
what the law or our own order demands it may only remind earlier or more often and tell the managers sooner. Of what is
practice alone it chooses freely, but never silence: at least one reminder, and the managers within ``LATEST`` days."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from cases.clocks import KINDS
from cases.models import ReminderDays
from exitprogram.errors import Refused
from exitprogram.law.rules import Rule, all_rules, rule

EARLIEST, LATEST, MOST = 365, 60, 8
PRACTICE = "Praxis (ingen lagregel)"
LABELS = {
    "plan.follow_up": "Uppföljning av plan",
    "case.reopened": "Planen ses över när ärendet tas upp igen",
    "outcome.points": "Fråga hur det har blivit",
    "consent.ends": "Samtycke eller annan grund löper ut",
    "note.unsigned": "Osignerad anteckning",
    "note.follow_up": "Något att följa upp",
    "protection.review": "Skydd att kontrollera",
    "access.emergency": "Granskning av nödåtkomst",
    "transfer.answer": "Svar från en annan nämnd",
    "decision.forward": "Överklagande att ta hand om",
    "decision.unexecuted": "Beslut att verkställa",
    "permit.reflection": "Betänketid löper ut",
    "permit.proceedings": "Tillstånd under utredning löper ut",
    "permit.other": "Annat tillstånd löper ut",
    "programme.rest": "Stödperiod: vila",
    "programme.rehabilitation": "Stödperiod: rehabilitering",
    "programme.integration": "Stödperiod: integration och utslussning",
    "programme.single": "Stödperiod: enstaka insats",
}


@dataclass(frozen=True)
class Days:
    """``warn``: days before the day, the earliest first."""

    warn: tuple
    escalate: int

    @property
    def warn_words(self):
        before = [str(days) for days in self.warn if days]
        said = [f"{_listed(before)} {'dag' if before == ['1'] else 'dagar'} före"] if before else []
        return _listed([*said, *(["samma dag"] if 0 in self.warn else [])])

    @property
    def escalate_words(self):
        if not self.escalate:
            return "samma dag"
        return f"{self.escalate} {'dag' if self.escalate == 1 else 'dagar'} efter"

    def around(self, day):
        """What happens when, around a day: ``(day, words)`` in order."""
        yield from ((day - timedelta(days=ahead), "påminns den som ansvarar") for ahead in self.warn)
        yield day, "ska det vara gjort"
        yield day + timedelta(days=self.escalate), "får cheferna veta, och varje dag tills det är gjort"


def _listed(words):
    return " och ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def watched(on):
    """The rules of the day that remind, in the order of the page; those without a name here come last."""
    alone = {kind.rule_id for kind in KINDS.values() if kind.watched}  # these begin by themselves, as the rule says
    reminding = [law for law in all_rules() if "warn_days" in law.values and law.id not in alone]
    found = {law.id: law for law in reminding if law.in_force(on)}
    return {law.id: law for law in sorted(found.values(), key=lambda law: _place(law.id))}


def label_of(law: Rule):
    return LABELS.get(law.id) or law.text.split(". ")[0].removesuffix(".")


def _place(rule_id):
    return [*LABELS, rule_id].index(rule_id)


def of_rule(law: Rule, *, on):
    """As the rule itself says that day; some leave it to the common one when the managers are told."""
    said = law.values if "escalate_days" in law.values else rule("clock.overdue", on=on).values
    return Days(_order(law.values["warn_days"]), said["escalate_days"])


def is_practice(law: Rule):
    """Nothing but our own habit: then the authority's days stand instead of the rule's."""
    return law.citation == PRACTICE


def latest(law: Rule, *, on):
    """The last day after the day on which the managers may be told."""
    said = of_rule(law, on=on).escalate
    return max(said, LATEST) if is_practice(law) else said


def days_for(rule_id, *, authority_id, on: date):
    """What holds for a clock that begins now: the rule of its day, and what the authority has chosen within it."""
    law = rule(rule_id, on=on)
    own = ReminderDays.objects.filter(authority_id=authority_id, rule_id=rule_id).first()
    return within(law, own, on=on) if own else of_rule(law, on=on)


def within(law: Rule, own, *, on):
    """Also when the law has changed since it was chosen: never less than the rule of the day."""
    kept = () if is_practice(law) else law.values["warn_days"]
    return Days(_order({*kept, *own.warn_days}), min(own.escalate_days, latest(law, on=on)))


def _order(days):
    return tuple(sorted(days, reverse=True))


def require_allowed(rule_id, warn_days, escalate_days):
    """Refused with the rule named when it would silence or delay what the rule demands."""
    today = timezone.localdate()
    law = watched(today).get(rule_id)
    if law is None:
        raise Refused("Det finns ingen bevakning av det slaget.")
    if not warn_days:
        raise Refused("Minst en påminnelse behövs: en bevakning kan inte tystas.")
    if len(warn_days) > MOST or not all(0 <= days <= EARLIEST for days in warn_days):
        raise Refused(f"Välj högst {MOST} dagar, från samma dag (0) till {EARLIEST} dagar före.")
    said = of_rule(law, on=today)
    if not is_practice(law) and not set(said.warn) <= set(warn_days):
        raise Refused(
            f"Regeln säger {said.warn_words}. Ni kan påminna tidigare eller oftare, inte ta bort de dagarna"
            f" ({law.citation})."
        )
    last = latest(law, on=today)
    if not 0 <= escalate_days <= last:
        words = "1 dag" if last == 1 else f"{last} dagar"
        raise Refused(f"Cheferna ska få veta senast {words} efter. Välj färre dagar, inte fler ({law.citation}).")
