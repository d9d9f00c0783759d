"""``python -m bench.scene '<people>'``: who is signed in with which cookie, and which pages are asked for. Everything
by the product's own operations and sessions, as exit_app; each contender gets sessions and a draft note of its own."""

import json
import os
import sys
import time

import django

CONTENDERS = ("floor", "bare", "product", "unwalled")  # those that use the product's sessions


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exitprogram.settings")
    django.setup()
    people = json.loads(sys.argv[1])
    print(json.dumps(made(people)))  # noqa: T201


def made(people):
    from cases.models import Case
    from cases.operations import grant_access
    from exitprogram.tenancy.acting import acting, acting_as_user
    from exitprogram.tenancy.models import Membership, User

    who = {}
    for name, ids in people.items():
        user = User.objects.get(pk=ids["user"])
        with acting_as_user(user):
            who[name] = Membership.objects.select_related("user", "authority").get(pk=ids["membership"])
    signs_in = _with_a_password(who["nurse"].user)
    with acting(who["worker"]):
        case = Case.objects.visible_to(who["worker"]).filter(individual__guarded=False).order_by("number", "pk")[7]
        plan = case.plans.get().versions.get()
        grant_access(by=who["worker"], case=case, membership=who["manager"], kind="named", reason="Leder arbetet")
        drafts = {name: draft(who["worker"], case) for name in (*CONTENDERS, "admin", "api")}
    return {
        "people": people, "signs_in": signs_in, "case": str(case.pk), "version": str(plan.pk), "drafts": drafts,
        "sessions": {name: {one: session_of(by) for one, by in who.items()} for name in CONTENDERS},
    }  # fmt: skip


def _with_a_password(user):
    """Before her sessions are made: a new password would end them."""
    from bench.product import PASSWORD
    from exitprogram.tenancy.passwords import set_password

    set_password(user, PASSWORD)
    return {"email": user.email, "hash": user.password}


def draft(by, case):
    from django.utils import timezone

    from cases.operations import save_note

    note = save_note(by=by, case=case, kind="call", event_on=timezone.localdate(), source="hon", fact="Ringde")
    return str(note.pk)


def session_of(by):
    """As if she had signed in with a passkey a moment ago and chosen this membership."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from exitprogram.tenancy import entrance
    from exitprogram.tenancy.fresh import CONFIRMED
    from exitprogram.tenancy.middleware import CHOSEN
    from exitprogram.tenancy.sessions import SessionStore

    now, session = int(time.time()), SessionStore()
    session.update({
        SESSION_KEY: str(by.user_id), BACKEND_SESSION_KEY: entrance.BACKEND,
        HASH_SESSION_KEY: by.user.get_session_auth_hash(), CHOSEN: str(by.pk),
        entrance.WAY: "passkey", entrance.BEGAN: now, entrance.STRONG: True, CONFIRMED: now,
    })  # fmt: skip
    session.create()
    return session.session_key


if __name__ == "__main__":
    main()
