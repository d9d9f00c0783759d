"""A one-time link to choose a password, for somebody new and for somebody who has forgotten."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from exitprogram.mail.post import send_password_link
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models import User


def mail_link(user):
    """Valid once and for three days (``PASSWORD_RESET_TIMEOUT``). The token is derived from the account, not stored."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
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
