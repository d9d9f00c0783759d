"""Where everybody is invented. Asked before anybody sees as somebody else; the database asks for itself."""

from django.conf import settings
from django.utils import timezone

from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.codes import code_at, secret_of, step_now
from exitprogram.tenancy.models import CodeApp, Membership
from exitprogram.tenancy.roles import Role

INVENTED_IN = ("demo", "test")


def is_possible(by):
    """Only in an installation that is a demonstration, at an authority marked as one."""
    return settings.EXIT_ENV in INVENTED_IN and by.authority.demonstration


def require_seen(by, membership_id):
    """The colleague, or the sentence that says why not. Asked anew at each page."""
    if not is_possible(by):
        raise NotAllowed("Se som finns bara i en demonstration, där alla personer är påhittade.")
    own = Membership.objects.filter(authority_id=by.authority_id).in_force(on=timezone.localdate())
    seen = own.select_related("user", "authority").filter(pk=membership_id).first()
    if seen is None:
        raise NotAllowed("Bara den egna nämndens personal av i dag kan väljas.")
    if seen.role == Role.ADMINISTRATOR:
        raise Refused("Som administratör ser du redan. Välj en annan roll.")
    return seen


def shown_code(user):
    """What the app of somebody invented shows, or "": a newcomer has no telephone with her key in it. Nothing in any
    other installation, or for anybody with a post at an authority that is not marked as a demonstration."""
    if settings.EXIT_ENV != "demo":
        return ""
    with acting_as_user(user):
        posts = Membership.objects.filter(user=user).in_force(on=timezone.localdate()).select_related("authority")
        app = CodeApp.objects.standing(user).first()
        if app is None or not posts or not all(post.authority.demonstration for post in posts):
            return ""
        # Not the oldest that is taken: she has minutes to read the page before she presses.
        step = max(app.last_step + 1, step_now() - settings.CODES_BESIDE // 2)
        return code_at(secret_of(user, app.sealed_secret, app.key_version), step)
