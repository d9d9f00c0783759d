"""Every write about who is signed in where."""

from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, require_role
from exitprogram.tenancy.sessions import end_all, sessions_of


@transaction.atomic
def end_session(*, by, session_id):
    """One of one's own. Gone already is gone."""
    ended, _rows = sessions_of(by.user_id).filter(id=session_id).delete()
    record(by=by, action="session.ended", obj=by, ended=ended)
    return ended


@transaction.atomic
def end_own_sessions(*, by):
    """Everywhere, this browser too: what one presses when the computer is gone."""
    ended = end_all(by.user_id)
    record(by=by, action="session.ended_all", obj=by, ended=ended)
    return ended


@transaction.atomic
def end_sessions_of(*, by, membership):
    """A colleague's, everywhere, by the administrator. She may sign in again, if she still may at all."""
    require_role(by, Permission.ADMINISTER)
    membership = Membership.objects.visible_to(by).get(pk=membership.pk)
    if membership.authority_id != by.authority_id or membership.user_id == by.user_id:
        raise NotAllowed("Bara den egna arbetsgivarens administratör kan logga ut en kollega.")
    ended = end_all(membership.user_id)
    record(by=by, action="session.ended_by_administrator", obj=membership, ended=ended)
    return ended
