"""Every write about what somebody signs in by. By herself: the database lets nobody else, whatever her role; in each
authority where she works it is written down. What is proved by them (a code used up, a counter) is written where it is
asked, in ``codes`` and ``passkeys``: that is a sign-in, and the log tells of it as one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.codes import code_app, fresh_codes
from exitprogram.tenancy.factors import factors_of, tell_of_change
from exitprogram.tenancy.models import CodeApp, Membership, Passkey, RecoveryCode, User

LAST_ONE = "Det är det enda du loggar in med. Lägg till något annat först."


@dataclass(frozen=True)
class Herself:
    """Stands where ``by`` stands: with a password alone, or before she has chosen, she acts for no authority."""

    user: User

    @property
    def user_id(self) -> UUID:
        return self.user.pk


@transaction.atomic
def add_passkey(*, by, name, credential_id, credential, counter=0):
    """What the browser has made and ``passkeys`` has found to hold."""
    with acting_as_user(by.user):
        if Passkey.objects.filter(credential_id=credential_id).exists():
            raise Refused("Passnyckeln finns redan.")
        key = Passkey.objects.create(
            user_id=by.user_id, name=name, credential_id=credential_id, credential=credential, counter=counter
        )
    tell_of_change(by.user)
    _written(by, "sign_in.passkey_added")
    return key


@transaction.atomic
def set_app(*, by, secret, step=0):
    """In the place of the one there was. ``step`` is that of the code which showed that the app has the secret."""
    with acting_as_user(by.user):
        CodeApp.objects.filter(user_id=by.user_id).delete()
        app = code_app(by.user, secret, step=step)
        app.save(force_insert=True)
    tell_of_change(by.user)
    _written(by, "sign_in.app_added")
    return app


@transaction.atomic
def make_recovery_codes(*, by):
    """Ten, in the place of those there were. They are shown now and never again: only their digests are kept."""
    codes, rows = fresh_codes(by.user)
    with acting_as_user(by.user):
        RecoveryCode.objects.filter(user_id=by.user_id).delete()
        RecoveryCode.objects.bulk_create(rows)
    tell_of_change(by.user)
    _written(by, "sign_in.recovery_codes_made")
    return codes


@transaction.atomic
def remove_passkey(*, by, passkey_id):
    """None when it is gone already, or never was hers."""
    row = _taken_away(by, Passkey.objects.filter(pk=passkey_id))
    if row is not None:
        _written(by, "sign_in.passkey_removed")
    return row


@transaction.atomic
def remove_app(*, by):
    row = _taken_away(by, CodeApp.objects.all())
    if row is not None:
        _written(by, "sign_in.app_removed")
    return row


@transaction.atomic
def refuse_copied_passkey(*, by):
    """The authenticator counts, and has gone back: there are two of it. Nothing is changed; somebody must know."""
    _written(by, "sign_in.copied_passkey_refused")


def _taken_away(by, rows):
    """The account's row is held meanwhile, so that two at a time are not the last two."""
    with acting_as_user(by.user):
        User.objects.select_for_update().get(pk=by.user_id)
        row = rows.filter(user_id=by.user_id).first()
        if row is None:
            return None
        if factors_of(by.user).strong < 2:
            raise Refused(LAST_ONE)
        row.delete()
    tell_of_change(by.user)
    return row


def _written(by, action):
    """In the log of every authority where she works today: it is the same person who signs in at each."""
    with acting_as_user(by.user):
        mine = Membership.objects.filter(user_id=by.user_id).in_force(on=timezone.localdate())
        mine = list(mine.select_related("authority", "user").order_by("pk"))
    for membership in mine:
        with acting(membership):
            record(by=membership, action=action, obj=membership)
