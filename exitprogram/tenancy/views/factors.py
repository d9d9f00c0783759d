"""*Inloggning*: what one signs in by. Also where somebody who has only a password chooses something stronger."""

import base64

import segno
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy import codes, operations, passkeys
from exitprogram.tenancy.access import signed_in
from exitprogram.tenancy.entrance import become_strong, is_strong_enough
from exitprogram.tenancy.factors import factors_of, rests_until
from exitprogram.tenancy.forms import AppForm, PasskeyForm
from exitprogram.tenancy.fresh import fresh

NEW_APP = "new_app"


@require_GET
@signed_in
def factors(request):
    have = factors_of(request.user)
    context = {"have": have, "possible": passkeys.possible(request), "first": not have.strong}
    return render(request, "tenancy/factors.html", _framed(request, context))


def _framed(request, context):
    """Around it the usual page, or nothing at all while she has come half-way only."""
    return context | {"frame": "base.html" if request.acting else "base_narrow.html"}


@require_POST
@signed_in
@fresh
def passkey_question(request):
    return JsonResponse(passkeys.ask_for_new(request))


@require_http_methods(["GET", "POST"])
@signed_in
@fresh
def passkey_add(request):
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        first, made = not factors_of(request.user).strong, passkeys.made_by(request, form.cleaned_data["credential"])
        name = form.cleaned_data["name"]
        if made and tried(form, operations.add_passkey, by=_herself(request), name=name, **made):
            return _added(request, "Passnyckeln är sparad.", first=first)
        if not made:
            form.add_error(None, "Passnyckeln gick inte att spara. Försök igen.")
    return render(request, "tenancy/passkey_add.html", _framed(request, {"form": form}))


@require_http_methods(["GET", "POST"])
@signed_in
@fresh
def app_add(request):
    """The secret waits in the session, sealed, until the app has shown that it has it."""
    secret, form = _new_secret(request), AppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if step := codes.step_of(secret, form.cleaned_data["code"]):
            first = not factors_of(request.user).strong
            operations.set_app(by=_herself(request), secret=secret, step=step)
            del request.session[NEW_APP]
            return _added(request, "Appen är kopplad.", first=first)
        form.add_error("code", "Koden stämmer inte. Vänta på nästa och försök igen.")
    context = {"form": form, "square": _square(codes.address(request.user, secret)), "key": codes.as_text(secret)}
    return render(request, "tenancy/app_add.html", _framed(request, context))


def _square(text):
    """The QR code as a path of small squares, drawn by the template."""
    rows = [bytes(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell)
    return {"size": len(rows), "path": "".join(dark)}


def _new_secret(request):
    waiting = request.session.get(NEW_APP)
    if waiting:
        return codes.secret_of(request.user, base64.b64decode(waiting[0]), waiting[1])
    secret = codes.new_secret()
    text, version = codes.sealed(request.user, secret)
    request.session[NEW_APP] = [base64.b64encode(text).decode(), version]
    return secret


def _herself(request):
    return operations.Herself(request.user)


def _added(request, sentence, *, first):
    """With the first one come ten recovery codes: nobody has to remember to ask for them."""
    if not is_strong_enough(request) or first:
        become_strong(request)
    messages.success(request, sentence)
    return _new_codes(request) if first else redirect("tenancy:factors")


def _new_codes(request):
    context = {"codes": operations.make_recovery_codes(by=_herself(request))}
    return render(request, "tenancy/recovery_codes.html", context | {"frame": "base_narrow.html"})


@require_POST
@signed_in
@fresh
def recovery_codes(request):
    return _new_codes(request)


@require_POST
@signed_in
@fresh
def passkey_remove(request, passkey_id):
    return _removed(request, operations.remove_passkey, passkey_id=passkey_id)


@require_POST
@signed_in
@fresh
def app_remove(request):
    return _removed(request, operations.remove_app)


def _removed(request, operation, **which):
    try:
        if operation(by=_herself(request), **which):
            messages.success(request, "Borttaget. Det gäller inte längre.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("tenancy:factors")


@require_GET
@signed_in
def resting(request):
    """Why a protected person's file is closed today."""
    return render(request, "tenancy/resting.html", {"until": rests_until(request.user)})
