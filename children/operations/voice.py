from django.db import transaction
from django.utils import timezone

from cases.access import require
from children.access import of_child
from children.ages import is_party
from children.models import BestInterest, ChildVoice
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission
from teams.models import Decision

ALONE = "child.talk_alone"
Consent, Weight, About = ChildVoice.Consent, BestInterest.Weight, BestInterest.About


@transaction.atomic
def hear_child(*, by, case, about, way, own_words, asked_by, guardian_consent, guardian_present=False, present="",
               day=None, rule_why=""):  # fmt: skip
    """What the child said, in its own words: how it was asked, by whom, who was there. A talk without a guardian's
    consent stands on SoL 20:7 and says why. Locked at once."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    day = _day(day)
    if not about.strip():
        raise Refused("Skriv vad barnet har fått frågor om.")
    if way not in ChildVoice.Way.values:
        raise Refused("Välj hur barnet har berättat.")
    if not own_words.strip():
        raise Refused("Skriv vad barnet sa eller visade, med barnets egna ord.")
    if not asked_by.strip():
        raise Refused("Skriv vem som frågade barnet.")
    voice = ChildVoice(
        authority_id=case.authority_id, case=case, day=day, about=about.strip(), heard=True, way=way,
        asked_by=asked_by.strip(), present=present.strip(), own_words=own_words.strip(),
        guardian_consent=guardian_consent, guardian_present=guardian_present, written_by=by,
        **_alone(case, day, guardian_consent, rule_why),
    )  # fmt: skip
    voice.save(force_insert=True)
    record(by=by, action="child.heard", obj=voice, case=case, way=way, consent=guardian_consent)
    return voice


def _alone(case, day, consent, why):
    """The ground for a talk that nobody with custody has agreed to."""
    if consent not in Consent.values:
        raise Refused("Välj om den som har vårdnaden har samtyckt till samtalet.")
    if consent == Consent.NOT_NEEDED and not is_party(case.individual.birth_date, day):
        raise Refused("Barnet för inte sin egen talan än. Välj om den som har vårdnaden har samtyckt.")
    if consent in (Consent.YES, Consent.NOT_NEEDED):
        return {}
    if not why.strip():
        raise Refused(f"Skriv varför samtalet hölls utan samtycke ({rule(ALONE, on=day).citation}).")
    return {"rule_id": rule(ALONE, on=day).id, "rule_why": why.strip()}


@transaction.atomic
def note_unheard(*, by, case, about, unheard, why, day=None):
    """That the child was not heard about something, and why."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    if not about.strip():
        raise Refused("Skriv vad det gäller.")
    if unheard not in ChildVoice.Unheard.values or not why.strip():
        raise Refused("Välj och skriv varför barnet inte har hörts.")
    voice = ChildVoice(
        authority_id=case.authority_id, case=case, day=_day(day), about=about.strip(), heard=False, unheard=unheard,
        unheard_why=why.strip(), written_by=by,
    )  # fmt: skip
    voice.save(force_insert=True)
    record(by=by, action="child.not_heard", obj=voice, case=case, why=unheard)
    return voice


def _day(day):
    day = day or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("Dagen har inte varit än.")
    return day


@transaction.atomic
def weigh_best_interest(*, by, case, about, voice, weight, weight_why, best, others="", decision=None, what=""):
    """What is best for the child, before it is decided: with what the child said or why it was not heard, what weight
    that got and why (SoL 3:1–3). Locked at once; a changed view is a new one."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    if about not in About.values or (about == About.DECISION) != (decision is not None):
        raise Refused("Välj vad prövningen gäller.")
    if decision is not None:
        decision = _proposed(by, case, decision)
    elif not what.strip():
        raise Refused("Skriv vad prövningen gäller.")
    voice = ChildVoice.objects.get(pk=voice.pk, case=case)
    if weight not in Weight.values or voice.heard == (weight == Weight.NOT_HEARD):
        raise Refused("Välj vad det barnet har sagt får betyda. Har barnet inte hörts: välj det.")
    if not weight_why.strip():
        raise Refused("Skriv varför det barnet har sagt får den betydelsen.")
    if not best.strip():
        raise Refused("Skriv vad som är bäst för barnet och varför.")
    row = BestInterest(
        authority_id=case.authority_id, case=case, about=about, decision=decision, what=what.strip(), voice=voice,
        weight=weight, weight_why=weight_why.strip(), best=best.strip(), others=others.strip(), written_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="child.best_interest", obj=row, case=case, about=about, weight=weight)
    return row


def _proposed(by, case, decision):
    require(by, Permission.PROPOSE_DECISION, case)
    decision = Decision.objects.visible_to(by).select_for_update(of=("self",)).get(pk=decision.pk, case=case)
    if decision.state != Decision.State.PROPOSED:
        raise Refused("Barnets bästa prövas före beslutet. Det här är redan avgjort.")
    return decision
