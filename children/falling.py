"""What was consented to in a child's case, and no longer is by all whose consent it takes: withdrawn at once."""

from django.utils import timezone

from cases.models import Consent
from cases.operations import withdraw_consent
from children.bands import Band
from children.consenting import Answer, State, Weight, guardians_say, key_of, standing_of
from children.custody import custody_on


def let_consents_fall(by, case):
    """After a no, a suspicion or another custody: what no longer is consented to by all is withdrawn at once."""
    today, custody = timezone.localdate(), custody_on(case, timezone.localdate())
    standing = Consent.objects.in_force(on=today).filter(case=case) | Consent.objects.filter(
        case=case, withdrawn_at=None, starts_on__gt=today
    )
    for consent in standing.distinct():
        if _has_fallen(case, consent, custody, today):
            withdraw_consent(by=by, case=case, consent=consent)


def _has_fallen(case, consent, custody, today):
    key = key_of(case, consent.kind, consent.recipient, consent.areas)
    now = standing_of(case, key, "", today)
    if now.band == Band.GROWN:
        return False
    if now.own.answer == Answer.NO and now.own.weight != Weight.CONSIDERED:
        return True
    if consent.given_by != Consent.Giver.GUARDIAN:
        return False
    too_long = now.until is not None and (consent.ends_on is None or consent.ends_on > now.until)
    return too_long or guardians_say(custody.kind, now.guardians) != State.GIVEN
