"""What somebody has to prove herself by, and that she hears of every change. Each function acts as the person herself:
the database shows these rows to nobody else."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from exitprogram.mail.post import send_sign_in_changed
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models import REST, CodeApp, FactorReset, Passkey, RecoveryCode

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Factors:
    passkeys: list
    app: CodeApp | None
    codes_left: int

    @property
    def strong(self):
        """How many things she can sign in by. A recovery code is for the day when none of them is at hand."""
        return len(self.passkeys) + (self.app is not None)


def factors_of(user):
    with acting_as_user(user):
        return Factors(
            passkeys=list(Passkey.objects.standing(user)),
            app=CodeApp.objects.standing(user).first(),
            codes_left=RecoveryCode.objects.standing(user).filter(used_at=None).count(),
        )


def tell_of_change(user):
    """To the one whose sign-in it is, in words that say no more than that, when it has happened."""
    transaction.on_commit(lambda: _tell(user), robust=True)


def _tell(user):
    try:
        send_sign_in_changed(to=user.email)
    except OSError:  # SMTPException is one; the change stands, and is in the log
        LOG.exception("mail refused")


def rests_until(user):
    """Until when protected people's files stay closed to somebody whose factors two of the staff took away."""
    reset = FactorReset.objects.latest_of(user)
    until = reset.approved_at + REST if reset else None
    return until if until and until > timezone.now() else None
