"""Sign-in and out, and for whom one acts."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.audit.operations import record
from exitprogram.tenancy import passkeys
from exitprogram.tenancy.access import public, signed_in
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.codes import take
from exitprogram.tenancy.demonstration import shown_code
from exitprogram.tenancy.entrance import WAY, forget_half_way, half_way, let_half_way, let_in, one_try_less
from exitprogram.tenancy.factors import factors_of
from exitprogram.tenancy.forms import AgainForm, CodeForm, ForgottenForm, SignInForm
from exitprogram.tenancy.fresh import REAUTHENTICATED_BY, confirm, given_back, is_fresh
from exitprogram.tenancy.identities import only_way_in, open_providers
from exitprogram.tenancy.middleware import CHOSEN
from exitprogram.tenancy.passwords import LINKS, ask_for_link
from exitprogram.tenancy.resting import rests
from exitprogram.tenancy.throttle import forgive, guessed_wrong, may_guess

WRONG_CODE = "Koden stämmer inte, eller är redan använd. Vänta på nästa och försök igen."


class SignIn(LoginView):
    template_name, authentication_form, redirect_authenticated_user = "tenancy/sign_in.html", SignInForm, True

    def get(self, request, *args, **kwargs):
        forget_half_way(request)  # whoever comes back to the door begins anew, and may be somebody else
        return super().get(request, *args, **kwargs)

    def form_valid(self, form):
        user, onward = form.get_user(), self.get_success_url()
        if factors_of(user).strong:
            let_half_way(self.request, user, onward=onward)
            return redirect("tenancy:second")
        let_in(self.request, user, way="password")
        return redirect(onward)

    def get_context_data(self, **more):
        ways = {"passkeys": passkeys.possible(self.request), "providers": open_providers()}
        return super().get_context_data(**ways, **more)


sign_in = require_http_methods(["GET", "POST"])(public(SignIn.as_view()))


class ChoosePassword(PasswordResetConfirmView):
    template_name = "tenancy/choose_password.html"
    success_url, token_generator = reverse_lazy("tenancy:sign_in"), LINKS

    def get_context_data(self, **more):
        return super().get_context_data(providers=open_providers(), uidb64=self.kwargs["uidb64"], **more)

    def form_valid(self, form):
        with acting_as_user(self.user):  # the link has shown who she is; the database lets nobody else change it
            return super().form_valid(form)


choose_password = require_http_methods(["GET", "POST"])(public(ChoosePassword.as_view()))


@require_http_methods(["GET", "POST"])
@public
def forgotten(request):
    """A link by mail for whoever has an account; the page says the same to everybody."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ask_for_link(form.cleaned_data["email"], request)
        return render(request, "tenancy/forgotten_sent.html")
    return render(request, "tenancy/forgotten.html", {"form": form})


@require_http_methods(["GET", "POST"])
@public
def second(request):
    """After the right password: a code from the app, a recovery code or a passkey. Nobody is signed in before."""
    user, onward = half_way(request)
    if user is None:
        return redirect("tenancy:sign_in")
    form = CodeForm(request.POST or None, initial=_in_demo(user))
    if request.method == "POST" and form.is_valid():
        may_guess(user.email, request)
        if way := take(user, form.cleaned_data["code"]):
            let_in(request, user, way=way)
            return redirect(onward)
        one_try_less(request)
        guessed_wrong(user.email, request)
        form.add_error("code", WRONG_CODE)
        if half_way(request)[0] is None:
            return redirect("tenancy:sign_in")
    context = {"form": form, "have": factors_of(user), "passkeys": passkeys.possible(request), "next": onward}
    return render(request, "tenancy/second.html", context)


def _in_demo(user):
    """The form filled in, where everybody is invented."""
    return {"code": code} if (code := shown_code(user)) else {}


@require_POST
@public
def passkey_ask(request):
    """What the browser puts to the passkey. Asked by anybody, about nobody."""
    return JsonResponse(passkeys.ask(request))


@require_POST
@public
def passkey_sign_in(request):
    """A passkey by itself, or after a password: then it must be that person's."""
    wanted = request.POST.get("next", "")
    onward = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
    expected, _onward = half_way(request)
    user = passkeys.whose(request, request.POST.get("credential", ""))
    if user is None or (expected is not None and user != expected):
        messages.warning(
            request, "Passnyckeln gick inte att använda här. Försök igen, eller logga in på ett annat sätt."
        )
        return redirect("tenancy:second" if expected else "tenancy:sign_in")
    if provider := only_way_in(user):
        messages.error(request, f"Du loggar in med {provider}.")
        return redirect("tenancy:sign_in")
    let_in(request, user, way="passkey")
    return redirect(onward)


@require_http_methods(["GET", "POST"])
@signed_in
def again(request):
    """Once more what she signs in by, then to the page that asked for it. Wrong ones are counted as at the door."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    onward = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
    have, way = factors_of(request.user), request.session.get(WAY)
    kept = request.POST.get("kept") or request.GET.get("kept", "")
    if not have.strong and way in REAUTHENTICATED_BY:
        if kept and is_fresh(request):  # back from where she proved it
            return _onward(request, onward, kept)
        here = f"{request.path}?{urlencode({'next': onward, 'kept': kept})}" if kept else onward
        return redirect(REAUTHENTICATED_BY[way](request, here))
    form = (CodeForm if have.strong else AgainForm)(request.POST or None, initial=_in_demo(request.user))
    if request.method == "POST" and _shown_again(request, form, have):
        confirm(request)
        forgive(request.user.email, request)
        return _onward(request, onward, kept)
    context = {
        "form": form, "next": onward, "kept": kept, "have": have,
        "passkeys": bool(have.passkeys) and passkeys.possible(request),
    }  # fmt: skip
    return render(request, "tenancy/again.html", context)


def _shown_again(request, form, have):
    if credential := request.POST.get("credential"):
        if passkeys.whose(request, credential) == request.user:
            return True
        form.add_error(None, "Passnyckeln gick inte att läsa. Försök igen.")
        return False
    if not form.is_valid():
        return False
    if have.strong:
        may_guess(request.user.email, request)
        if take(request.user, form.cleaned_data["code"]):
            return True
        guessed_wrong(request.user.email, request)
        form.add_error("code", WRONG_CODE)
        return False
    password = form.cleaned_data["password"]
    if authenticate(request, username=request.user.email, password=password) == request.user:
        return True
    form.add_error("password", "Lösenordet stämmer inte. Försök igen.")
    return False


def _onward(request, onward, kept):
    """To the page, or with the form that was sent too late: it is sent again, as it was."""
    fields = given_back(request, kept, onward)
    if not fields:
        return redirect(onward)
    return render(request, "tenancy/send_on.html", {"fields": fields, "onward": onward})


@require_POST
@signed_in
def sign_out(request):
    if request.acting is not None:
        record(by=request.acting, action="session.closed", obj=request.acting)
    logout(request)
    response = redirect("tenancy:sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_GET
@signed_in
def start(request):
    """Each role's own first screen: the first thing in its navigation."""
    from exitprogram.tenancy.context import navigation

    if request.acting is None:
        return redirect("tenancy:choose")
    return redirect(navigation(request.acting, "")[0]["url"])


@require_GET
@signed_in
def choose(request):
    return render(request, "tenancy/choose.html", {"memberships": request.memberships})


@require_POST
@signed_in
def switch(request):
    wanted = request.POST.get("membership", "")
    if wanted not in {str(membership.pk) for membership in request.memberships}:
        return redirect("tenancy:choose")
    membership = next(one for one in request.memberships if str(one.pk) == wanted)
    with acting(membership):
        if rests(membership):
            return render(request, "tenancy/rests.html", status=403)
        request.session[CHOSEN] = wanted
        request.session.cycle_key()
        record(by=membership, action="session.opened", obj=membership, way=request.session.get(WAY, ""))
    return redirect("tenancy:start")


@require_GET
@public
def health(request):
    """For the starter, the load balancer and the supervisor: the database answers and row security holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.ctx', '', true)")  # also when the one who asks is signed in
        cursor.execute("SELECT count(*) FROM tenancy_membership")  # nobody acts: the wall must say zero
        closed = cursor.fetchone()[0] == 0
    return HttpResponse("ok" if closed else "muren är öppen", status=200 if closed else 500, content_type="text/plain")
