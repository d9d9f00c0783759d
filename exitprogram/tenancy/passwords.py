"""A one-time link to choose a password, for somebody new and for somebody who has forgotten."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from kombu.exceptions import OperationalError

from exitprogram.crypto import keys
from exitprogram.crypto.sealing import seal, unseal
from exitprogram.mail.post import send_password_link
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models import LinkRequest, Membership, User
from exitprogram.tenancy.throttle import account_of, place_of

LOG = logging.getLogger(__name__)
PER_ACCOUNT, PER_PLACE = 3, 30  # links in an hour
WORTH_SENDING = timedelta(hours=1)


class LinkTokens(PasswordResetTokenGenerator):
    """As Django's: used up when the password changes. And worth nothing to somebody whose every role has ended."""

    def check_token(self, user, token):
        return super().check_token(user, token) and has_work(user)


LINKS = LinkTokens()


def has_work(user):
    """Is there a role, today or later?"""
    if not user.is_active:
        return False
    with acting_as_user(user):
        ahead = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
        return Membership.objects.filter(ahead, user_id=user.pk).exists()


def mail_link(user):
    """Valid once and for three days (``PASSWORD_RESET_TIMEOUT``). The token is derived from the account, not stored."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), LINKS.make_token(user)
    link = settings.BASE_URL + reverse("tenancy:choose_password", args=[uid, token])
    send_password_link(to=user.email, link=link)


def mail_link_to_new(user_id):
    """After the commit that added somebody: a link, unless she has a password already or got one meanwhile."""
    user = User.objects.get(pk=user_id)
    if not user.password:
        mail_link(user)


def set_password(user, password):
    """Acts as the person herself: the database lets nobody else change an account."""
    user.set_password(password)
    with acting_as_user(user):
        user.save(update_fields=["password"])


def never_a_password(user):
    """She comes in another way: the link that she was sent is used up, and no password opens."""
    set_password(user, None)


# Glömt lösenord?: the page only writes down what was asked. Whether there is such an account the worker finds out,
# so that neither words nor time tell it.


def ask_for_link(email, request):
    """Says nothing to anybody, also when it was asked too often."""
    email = email.strip().lower()
    account, place = account_of(email), place_of(request)
    lately = LinkRequest.objects.filter(at__gt=Now() - timedelta(hours=1))
    often = lately.filter(account=account).count() >= PER_ACCOUNT, lately.filter(place=place).count() >= PER_PLACE
    if any(often):
        return
    made = uuid.uuid4()
    sealed = keys.newest().to_bytes(2, "big") + seal(_key(keys.newest()), email.encode(), bound_to=str(made))
    LinkRequest.objects.create(id=made, account=account, place=place, address=sealed)
    transaction.on_commit(_ring)


def _key(version):
    return keys.derived(version, "link request", "installation")


def _ring():
    from exitprogram.tenancy.tasks import tend_entrance

    try:
        tend_entrance.apply_async(retry=False, ignore_result=True)
    except (OperationalError, OSError):
        LOG.warning("the doorbell is out of order")


def send_links():
    """By the worker, when the bell rings and every minute. Taken before it is sent: at most one mail for a request."""
    while (row := _taken()) is not None:
        sealed = bytes(row.address)
        email = unseal(_key(int.from_bytes(sealed[:2], "big")), sealed[2:], bound_to=str(row.pk)).decode()
        user = User.objects.filter(email=email, is_active=True).first()
        try:
            if user is not None and has_work(user):
                mail_link(user)
        except OSError:  # SMTPException is one
            LOG.exception("mail refused")


@transaction.atomic
def _taken():
    waiting = LinkRequest.objects.select_for_update(skip_locked=True).filter(taken_at=None)
    row = waiting.filter(at__gt=Now() - WORTH_SENDING).order_by("at").first()
    if row is not None:
        LinkRequest.objects.filter(pk=row.pk).update(taken_at=Now())
    return row
