from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh
from exitprogram.tokens import operations
from exitprogram.tokens.forms import RenewForm, TokenForm
from exitprogram.tokens.models import CONNECTS, ApiToken


@require_GET
@allow(*CONNECTS)
def connections(request):
    """One's own; an administrator sees everybody's in the authority."""
    tokens = ApiToken.objects.visible_to(request.acting).select_related("membership__user")
    return render(request, "tokens/connections.html", {"tokens": tokens})


@require_http_methods(["GET", "POST"])
@allow(*CONNECTS)
@fresh
@once
def connection_new(request):
    """The key is shown in the answer itself and nowhere else, so there is no redirect. The form's key is the token's
    id: a second press finds it made."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "id": request.POST["form_key"]}
        made = tried(form, operations.make_token, by=request.acting, **given)
        if made:
            return render(request, "tokens/connection_made.html", {"token": made[0], "secret": made[1]})
    return render(request, "tokens/connection_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@allow(*CONNECTS)
@fresh
@once
def connection_renew(request, token_id):
    """A new key beside one's own old one. As with the first: shown in the answer itself, and one press is one key."""
    mine = ApiToken.objects.visible_to(request.acting).filter(membership=request.acting)
    token = get_object_or_404(mine, pk=token_id)
    form = RenewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "token": token, "id": request.POST["form_key"]}
        made = tried(form, operations.renew_token, by=request.acting, **given)
        if made:
            old = ApiToken.objects.visible_to(request.acting).get(pk=token.pk)
            return render(request, "tokens/connection_made.html", {"token": made[0], "secret": made[1], "old": old})
    return render(request, "tokens/connection_renew.html", {"form": form, "token": token})


@require_POST
@allow(*CONNECTS)
@once
def connection_revoke(request, token_id):
    token = get_object_or_404(ApiToken.objects.visible_to(request.acting), pk=token_id)
    try:
        operations.revoke_token(by=request.acting, token=token)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Anslutningen är återkallad och öppnar inget mer.")
    return redirect("tokens:connections")
