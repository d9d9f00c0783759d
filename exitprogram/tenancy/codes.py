"""Six digits from an app (RFC 6238), each good once; and recovery codes for the day when nothing else is at hand."""

import hashlib
import hmac
import os
import re
import secrets
import time
from base64 import b32encode
from datetime import timedelta
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.utils import timezone

from exitprogram.crypto import keys
from exitprogram.crypto.sealing import seal, unseal
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.models import CodeApp, RecoveryCode

STEP, DIGITS = 30, 6  # seconds; what every app takes for granted
ISSUER = "Planering"
TOO_MANY, WITHIN = 30, timedelta(hours=1)  # wrong codes on one account, wherever from; a passkey is still let in
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def new_secret():
    return os.urandom(20)


def as_text(secret):
    """The key for whoever writes it by hand: in fours."""
    text = b32encode(secret).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(user, secret):
    """What the square says. The account's name in the app is the mail address, and no more."""
    what = urlencode({"secret": b32encode(secret).decode(), "issuer": ISSUER})
    return f"otpauth://totp/{quote(f'{ISSUER}:{user.email}')}?{what}"


def code_at(secret, step):
    app = TOTP(secret, DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303  as RFC 6238 has it
    return app.generate(step * STEP).decode()


def step_now():
    return int(time.time()) // STEP


def step_of(secret, text, *, after=0):
    """The step that this code is of, among those that are near and not used; None when there is none."""
    text = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{6}", text):
        return None
    now, beside = step_now(), settings.CODES_BESIDE
    near = [step for step in range(now - beside, now + beside + 1) if step > after]
    return next((step for step in near if hmac.compare_digest(code_at(secret, step), text)), None)


def _whose(user):
    return f"totp|{user.pk}"


def sealed(user, secret):
    """The sealed secret and the number of the key."""
    version = keys.newest()
    return seal(keys.derived(version, "totp", user.pk), secret, bound_to=_whose(user)), version


def secret_of(user, sealed_secret, version):
    return unseal(keys.derived(version, "totp", user.pk), sealed_secret, bound_to=_whose(user))


def code_app(user, secret, *, step=0):
    """A row that nobody has saved yet."""
    text, version = sealed(user, secret)
    return CodeApp(user=user, sealed_secret=text, key_version=version, last_step=step)


def take_code(user, text):
    """True once for each right code. Wrong ones are counted on the account."""
    with acting_as_user(user):
        app = CodeApp.objects.standing(user).select_for_update().first()
        if app is None or _too_many(app):
            return False
        secret = secret_of(user, app.sealed_secret, app.key_version)
        step = step_of(secret, text, after=app.last_step)
        if step is None:
            app.wrong, app.wrong_since = app.wrong + 1, app.wrong_since or timezone.now()
        else:
            app.wrong, app.wrong_since, app.last_step = 0, None, step
            app.sealed_secret, app.key_version = sealed(user, secret)  # under the newest key from now on
        app.save(update_fields=["wrong", "wrong_since", "last_step", "sealed_secret", "key_version"])
        return step is not None


def _too_many(app):
    if app.wrong_since and timezone.now() - app.wrong_since > WITHIN:
        app.wrong, app.wrong_since = 0, None
    return app.wrong >= TOO_MANY


def _digest(user, text, version):
    key = keys.derived(version, "recovery code", user.pk)
    return hmac.new(key, re.sub(r"[\s-]", "", text).lower().encode(), hashlib.sha256).digest()


def _new_code():
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def fresh_codes(user):
    """Ten, and their rows that nobody has saved yet."""
    version = keys.newest()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    return codes, [RecoveryCode(user=user, digest=_digest(user, code, version), key_version=version) for code in codes]


def take_recovery_code(user, text):
    """True the first time. The row is claimed in one statement, so that two at once are one."""
    with acting_as_user(user):
        mine = RecoveryCode.objects.standing(user).filter(used_at=None)
        versions = mine.values_list("key_version", flat=True).distinct()
        digests = [_digest(user, text, version) for version in versions if version in settings.DATA_KEYS]
        return mine.filter(digest__in=digests).update(used_at=timezone.now()) == 1


def take(user, text):
    """The way that this text proves, ``code`` or ``recovery``; None when it proves nothing."""
    if re.fullmatch(r"[\s0-9-]*", text):
        return "code" if take_code(user, text) else None
    return "recovery" if take_recovery_code(user, text) else None


def seal_anew(user):
    """Under the newest key, for ``rotate_keys``; how many rows. A recovery code's digest cannot be made again without
    the code, so the old key is kept until new ones are made."""
    with acting_as_user(user):
        app = CodeApp.objects.select_for_update().filter(user=user).exclude(key_version=keys.newest()).first()
        if app is None:
            return 0
        app.sealed_secret, app.key_version = sealed(user, secret_of(user, app.sealed_secret, app.key_version))
        app.save(update_fields=["sealed_secret", "key_version"])
        return 1
