"""*Inloggad här*: one's own sign-ins, each endable, all in one press; and a colleague's, by the administrator."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once, signed_in
from exitprogram.tenancy.identities import links_of, open_providers
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission
from exitprogram.tenancy.sessions import sessions_of, stored


@require_GET
@signed_in
def sessions(request):
    if request.acting is None:
        return redirect("tenancy:choose")
    current = stored(request.session.session_key)
    rows = sorted(sessions_of(request.user.pk).order_by("-used_at"), key=lambda row: row.session_key != current)
    links = links_of(request.user)
    context = {
        "sessions": [{"row": row, "current": row.session_key == current} for row in rows],
        "links": links,
        "unlinked": [one for one in open_providers() if one.pk not in {link.provider_id for link in links}],
    }  # fmt: skip
    return render(request, "tenancy/sessions.html", context)


@require_POST
@signed_in
def session_end(request, session_id):
    if request.acting is None:
        return redirect("tenancy:choose")
    operations.end_session(by=request.acting, session_id=session_id)
    messages.success(request, "Inloggningen är avslutad.")
    if sessions_of(request.user.pk).filter(session_key=stored(request.session.session_key)).exists():
        return redirect("tenancy:sessions")
    request.session.flush()  # it was this one
    return redirect("tenancy:sign_in")


@require_POST
@signed_in
def sessions_end(request):
    if request.acting is None:
        return redirect("tenancy:choose")
    operations.end_own_sessions(by=request.acting)
    request.session.flush()
    messages.success(request, "Du är utloggad överallt.")
    return redirect("tenancy:sign_in")


@require_POST
@allow(Permission.ADMINISTER)
@once
def member_sign_out(request, membership_id):
    own = Membership.objects.filter(authority_id=request.acting.authority_id).select_related("user")
    own = own.exclude(user_id=request.acting.user_id)  # one's own are on one's own page
    membership = get_object_or_404(own, pk=membership_id)
    ended = operations.end_sessions_of(by=request.acting, membership=membership)
    said = "är utloggad överallt" if ended else "var inte inloggad någonstans"
    messages.success(request, f"{membership.user.name} {said}.")
    return redirect("tenancy:people")
