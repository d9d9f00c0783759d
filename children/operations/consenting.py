from django.db import transaction
from django.utils import timezone

from cases.majority import known_of
from cases.models import Consent
from children.access import of_child
from children.bands import Band, band_on
from children.consenting import Answer, Weight, key_of, words_of
from children.custody import custody_on
from children.falling import let_consents_fall
from children.models import Guardian, GuardianAnswer
from children.releases import GROWN, why_marked
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission


@transaction.atomic
def note_consent_answer(
    *, by, case, kind, answer, guardian=None, recipient=None, areas=(), words="", day=None, weight="", weight_why=""
):  # fmt: skip
    """What one of those whose consent counts has said to the plan, or to what a recipient may know. Without
    ``guardian``: the child itself. A no takes back, at once, what was consented to before. Raises Refused."""
    case = of_child(by, Permission.RECORD_CONSENT, case)
    day = day or timezone.localdate()
    _require_question(kind, recipient, areas)
    if answer not in Answer.values:
        raise Refused("Välj vad personen har svarat.")
    if answer == Answer.NO and not words.strip():
        raise Refused("Skriv varför svaret är nej, med personens egna ord.")
    if day > timezone.localdate():
        raise Refused("Dagen har inte varit än.")
    band = band_on(_earliest(case), day)
    if band == Band.GROWN:
        raise Refused(GROWN)
    if guardian is not None:
        guardian, weight, weight_why = _askable(case, guardian, day), "", ""
    else:
        weight = _weight(band, day, weight, weight_why)
    row = GuardianAnswer(
        authority_id=case.authority_id, case=case, guardian=guardian, subject_id=key_of(case, kind, recipient, areas),
        about=words_of(kind, recipient, areas), answer=answer, day=day, words=words.strip(), weight=weight,
        weight_why=weight_why.strip(), noted_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="child.consent_answered", obj=row, case=case, answer=answer, own=guardian is None)
    let_consents_fall(by, case)
    return row


def _earliest(case):
    known = known_of(case)
    return known and known.earliest_on


def _require_question(kind, recipient, areas):
    if kind == Consent.Kind.PLAN:
        if recipient or areas:
            raise Refused("Samtycke till planen har ingen mottagare och inga områden.")
    elif kind != Consent.Kind.WAIVER or not (recipient and areas):
        raise Refused("Välj vem som får veta, och vilka områden det gäller.")


def _askable(case, guardian, day):
    """With custody that day, and not the one who may be the danger."""
    guardian = Guardian.objects.get(pk=guardian.pk, case=case)
    if refusal := why_marked(guardian):
        raise Refused(f"Fråga inte. {refusal}")
    if not custody_on(case, day).has(guardian):
        raise Refused("Personen hade inte vårdnaden den dagen, och kan varken samtycka eller säga nej.")
    return guardian


def _weight(band, day, weight, why):
    """How much the child's own answer means: by age and maturity, and from fifteen it decides."""
    if weight not in Weight.values:
        raise Refused("Välj vad barnets svar får betyda.")
    party = rule("child.age.party", on=day)
    if band == Band.PARTY and weight == Weight.CONSIDERED:
        raise Refused(f"Den som har fyllt 15 år för sin egen talan: svaret avgör ({party.citation}).")
    if band != Band.PARTY and weight == Weight.ALONE:
        raise Refused(f"Bara den som har fyllt 15 år kan samtycka utan vårdnadshavare ({party.citation}).")
    if not why.strip() and not (band == Band.PARTY and weight == Weight.DECIDES):
        raise Refused("Skriv hur du har vägt barnets ålder och mognad (12 kap. 3 § OSL; 6 kap. 11 § FB).")
    return weight
