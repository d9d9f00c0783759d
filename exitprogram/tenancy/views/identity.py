"""Signing in at an identity provider, and whose account that opens."""

import logging
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.views.decorators.http import require_GET, require_POST

from exitprogram.errors import Refused
from exitprogram.late import Late
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import public, signed_in
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.entrance import let_in
from exitprogram.tenancy.fresh import REAUTHENTICATED_BY, confirm, fresh
from exitprogram.tenancy.identities import user_of
from exitprogram.tenancy.middleware import memberships_of
from exitprogram.tenancy.models import IdentityLink, IdentityProvider, User
from exitprogram.tenancy.passwords import LINKS, never_a_password

oidc = Late("exitprogram.tenancy.oidc")
LOG = logging.getLogger(__name__)
PENDING, AT = "identity", "identity_at"
FAILED = "Det gick inte att logga in med {} den här gången. Försök igen, eller logga in på ett annat sätt."
WEAK = "Inloggningen hos {} var inte stark nog. Välj en e-legitimation på tillitsnivå 3 eller högre."
UNKNOWN = "Ditt konto är inte kopplat till {}. Logga in som du brukar och koppla det under Inloggad här."


def _provider(slug):
    return get_object_or_404(IdentityProvider.objects.select_related("authority"), slug=slug, is_open=True)


def _back(provider):
    return settings.BASE_URL + reverse("tenancy:identity_answer", args=[provider.slug])


def _ask(request, provider, purpose, **more):
    """The address of the provider, with the question remembered in the session."""
    url, pending = oidc.asked(provider, _back(provider))
    request.session[PENDING] = {**pending, "purpose": purpose, **more}
    return url


def _said(request, sentence, provider, why="", to="tenancy:sign_in"):
    LOG.warning("identity refused", extra={"why": str(why)[:40]})
    messages.error(request, sentence.format(provider.name))
    return redirect(to)


def _inside(text):
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else "/"


@require_GET
@public
def identity(request, slug):
    """To the provider. For whoever is signed in already: the same, to show once more that it is she."""
    provider = _provider(slug)
    purpose = "confirm" if request.user.is_authenticated else "sign_in"
    try:
        return redirect(_ask(request, provider, purpose, next=_inside(request.GET.get("next", ""))))
    except oidc.Unproven as why:
        return _said(request, FAILED, provider, why)


@require_GET
@public
def identity_invited(request, slug, uidb64):
    """Somebody new, with her one-time link open in this browser, uses the provider instead of choosing a password."""
    provider, user = _provider(slug), _invited(uidb64)
    if user is None or not LINKS.check_token(user, request.session.get(INTERNAL_RESET_SESSION_TOKEN, "")):
        raise Http404
    try:
        return redirect(_ask(request, provider, "invited", user=uidb64))
    except oidc.Unproven as why:
        return _said(request, FAILED, provider, why)


def _invited(uidb64):
    try:
        return User.objects.filter(pk=force_str(urlsafe_base64_decode(uidb64)), is_active=True).first()
    except (ValueError, TypeError):
        return None


@require_POST
@signed_in
@fresh
def identity_link(request, slug):
    """A page with the way on: a form may lead nowhere else but here (the content policy), a link may."""
    provider = IdentityProvider.objects.filter(slug=slug, is_open=True).first()
    if provider is None:
        return redirect("tenancy:sessions")
    try:
        url = _ask(request, provider, "link")
    except oidc.Unproven as why:
        return _said(request, FAILED, provider, why, to="tenancy:sessions")
    return render(request, "tenancy/identity_link.html", {"provider": provider, "url": url})


@require_POST
@signed_in
@fresh
def identity_unlink(request, slug):
    if request.acting is None:
        return redirect("tenancy:choose")
    if link := IdentityLink.objects.filter(provider__slug=slug, user=request.user).first():
        operations.unlink_identity(by=request.acting, link=link)
        messages.success(request, "Kopplingen är borttagen.")
    return redirect("tenancy:sessions")


@require_GET
@public
def identity_answer(request, slug):
    """Back from the provider. The question is forgotten first of all: an answer is heard once."""
    provider = _provider(slug)
    pending = request.session.pop(PENDING, None) or {}
    home = "tenancy:sessions" if request.user.is_authenticated else "tenancy:sign_in"
    try:
        subject = oidc.answered(provider, pending, request.GET, _back(provider))
    except oidc.TooWeak as why:
        return _said(request, WEAK, provider, why, to=home)
    except oidc.Unproven as why:
        return _said(request, FAILED, provider, why, to=home)
    return ANSWERS[pending["purpose"]](request, provider, subject, pending)


def _sign_in(request, provider, subject, pending):
    user = _whose(provider, subject)
    if user is None or request.user.is_authenticated:
        return _said(request, UNKNOWN, provider, "unknown")
    _in(request, user, provider)
    return redirect(pending["next"])


def _in(request, user, provider):
    let_in(request, user, way="oidc")
    request.session[AT] = provider.slug


def once_more(request, onward):
    """The address where she who came in by a provider shows anew that it is she."""
    return f"{reverse('tenancy:identity', args=[request.session[AT]])}?{urlencode({'next': onward})}"


def _confirm(request, provider, subject, pending):
    if not request.user.is_authenticated or _whose(provider, subject) != request.user:
        return _said(request, UNKNOWN, provider, "another", to="tenancy:sessions")
    confirm(request)
    return redirect(pending["next"])


def _whose(provider, subject):
    user = User.objects.filter(pk=user_of(provider, subject), is_active=True).first()
    if user is None or not provider.authority_id:
        return user
    with acting_as_user(user):
        return user if any(m.authority_id == provider.authority_id for m in memberships_of(user)) else None


def _link(request, provider, subject, pending):
    if getattr(request, "acting", None) is None:
        return redirect("tenancy:choose")
    try:
        operations.link_identity(by=request.acting, provider=provider, subject=subject)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"{provider.name} är kopplad. Nu kan du logga in så.")
    return redirect("tenancy:sessions")


def _accept(request, provider, subject, pending):
    """The one-time link is used up as by a password: one is set that nobody knows."""
    user = _invited(pending["user"])
    if user is None or not LINKS.check_token(user, request.session.pop(INTERNAL_RESET_SESSION_TOKEN, "")):
        return _said(request, FAILED, provider, "link")
    mine = memberships_of(user)
    if not mine:
        return _said(request, FAILED, provider, "no membership")
    try:
        with acting(mine[0]):
            operations.link_identity(by=mine[0], provider=provider, subject=subject)
        never_a_password(user)
    except Refused as why:
        messages.error(request, str(why))
        return redirect("tenancy:sign_in")
    _in(request, user, provider)
    return redirect("/")


ANSWERS = {"sign_in": _sign_in, "confirm": _confirm, "link": _link, "invited": _accept}
REAUTHENTICATED_BY["oidc"] = once_more
