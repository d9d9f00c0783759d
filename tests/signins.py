"""Signing in, step by step; and what somebody signs in by, put there without a trace in the log or a letter to her."""

from django.test import Client
from django.urls import reverse

from exitprogram.tenancy import codes
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.codes import code_app, fresh_codes
from exitprogram.tenancy.models import CodeApp, RecoveryCode

PASSWORD = "planering-i-lugn-och-ro"
SIGN_IN, SECOND, AGAIN = "/logga-in/", "/logga-in/steg-tva/", "/losenord-igen/"
SECRET = b"tjugo byte hemligt h"


def set_app(user, secret, *, step=0):
    with acting_as_user(user):
        CodeApp.objects.filter(user=user).delete()
        code_app(user, secret, step=step).save(force_insert=True)


def new_recovery_codes(user):
    made, rows = fresh_codes(user)
    with acting_as_user(user):
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(rows)
    return made


def now(beside=0):
    return codes.code_at(SECRET, codes.step_now() + beside)


def half(user, password=PASSWORD, client=None, **more):
    client = client or Client()
    client.post(SIGN_IN, {"username": user.email, "password": password, **more})
    return client


def is_in(client):
    return client.get(reverse("plans:my_day")).status_code == 200


def is_in_by(client, code):
    client.post(SECOND, {"code": code})
    return is_in(client)
