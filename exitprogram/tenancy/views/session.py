"""Sign-in and out, and for whom one acts."""

import logging

from django.contrib.auth import authenticate, logout
from django.contrib.auth.views import LoginView, PasswordResetConfirmView
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.audit.operations import record
from exitprogram.tenancy.access import public, signed_in
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.forms import AgainForm, ForgottenForm, SignInForm
from exitprogram.tenancy.fresh import confirm
from exitprogram.tenancy.middleware import CHOSEN
from exitprogram.tenancy.models import User
from exitprogram.tenancy.passwords import mail_link

LOG = logging.getLogger(__name__)


class SignIn(LoginView):
    template_name, authentication_form, redirect_authenticated_user = "tenancy/sign_in.html", SignInForm, True

    def form_valid(self, form):
        response = super().form_valid(form)
        confirm(self.request)
        return response


sign_in = public(SignIn.as_view())


class ChoosePassword(PasswordResetConfirmView):
    template_name = "tenancy/choose_password.html"
    success_url = reverse_lazy("tenancy:sign_in")

    def form_valid(self, form):
        with acting_as_user(self.user):  # the link has shown who she is; the database lets nobody else change it
            return super().form_valid(form)


choose_password = public(ChoosePassword.as_view())


@require_http_methods(["GET", "POST"])
@public
def forgotten(request):
    """A link by mail for whoever has an account; the page says the same to everybody."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.filter(email=form.cleaned_data["email"].lower(), is_active=True).first()
        if user is not None:
            try:
                mail_link(user)
            except OSError:  # SMTPException is one; a broken relay must not tell who has an account
                LOG.exception("mail refused")
        return render(request, "tenancy/forgotten_sent.html")
    return render(request, "tenancy/forgotten.html", {"form": form})


@require_http_methods(["GET", "POST"])
@signed_in
def again(request):
    """The password once more, then to the page that asked for it. Wrong ones are counted as at the door."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    onward = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
    form = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["password"]
        if authenticate(request, username=request.user.email, password=password) == request.user:
            confirm(request)
            return redirect(onward)
        form.add_error("password", "Lösenordet stämmer inte. Försök igen.")
    return render(request, "tenancy/again.html", {"form": form, "next": onward})


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
    request.session[CHOSEN] = wanted
    request.session.cycle_key()
    membership = next(one for one in request.memberships if str(one.pk) == wanted)
    with acting(membership):
        record(by=membership, action="session.opened", obj=membership)
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
