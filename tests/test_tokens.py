"""Keys for other systems: made in one's own name, shown once, and worth nothing from the moment they end."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting, acting_as_system, acting_as_user
from exitprogram.tenancy.models import User
from exitprogram.tenancy.operations import add_member, end_member
from exitprogram.tokens import keys, operations, throttle, upkeep
from exitprogram.tokens.models import ApiRequest, ApiToken
from tests.callers import HERE, Caller
from tests.visits import Visit, sees
from tests.world import today

PLAUSIBLE = {"name": "Systemet", "scopes": ["cases:read"], "networks": "192.0.2.0/24\n2001:db8::/48"}


def made(by, **more):
    given = {"name": "Systemet", "scopes": ["cases:read"], "networks": [HERE], "expires_on": today() + timedelta(30)}
    with acting(by):
        return operations.make_token(by=by, **{**given, **more})


def test_it_is_shown_once_and_nowhere_else(world):
    anna = Visit(world.anna)
    page = anna.post("tokens:connection_new", **PLAUSIBLE, expires_on=today() + timedelta(days=30))
    [secret] = re.findall(r'value="(plan_[\w-]{43})"', page.content.decode())
    assert not sees(anna.get("tokens:connections"), secret)
    with connection.cursor() as cursor, acting(world.anna):
        cursor.execute("SELECT t::text FROM tokens_apitoken t")
        assert secret not in str(cursor.fetchall())
        token = ApiToken.objects.get()
        assert bytes(token.digest) == keys.digest_of(secret)
        assert token.networks == ["192.0.2.0/24", "2001:db8::/48"]
        event = AuditEvent.objects.get(action="token.made")
        assert secret not in str(event.details)


def test_a_second_press_makes_no_second_key(world):
    anna, key = Visit(world.anna), "8a5c2f6e-3c1e-4a11-9d55-0d2f6d8b1a01"
    given = {**PLAUSIBLE, "expires_on": today() + timedelta(days=30), "form_key": key}
    anna.post("tokens:connection_new", **given)
    assert sees(anna.post("tokens:connection_new", **given), "Anslutningen är redan gjord.")
    with acting(world.anna):
        assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"networks": "0.0.0.0/0"}, "för stort"), ({"networks": "kontoret"}, "inget nätverk"),
     ({"networks": "::/0"}, "för stort"), ({"networks": " \n"}, "Från vilka nätverk"),
     ({"expires_on": today()}, "framåt i tiden"), ({"expires_on": today() + timedelta(days=367)}, "högst ett år"),
     ({"scopes": []}, "Vad får det göra"), ({"scopes": ["allt"]}, "Vad får det göra"),
     ({"networks": "\n".join(f"192.0.2.{n}" for n in range(11))}, "högst 10")],
)  # fmt: skip
def test_bad_input_is_said_and_nothing_is_made(world, wrong, sentence):
    given = {**PLAUSIBLE, "expires_on": today() + timedelta(days=30), **wrong}
    assert sees(Visit(world.anna).post("tokens:connection_new", **given), sentence)
    with acting(world.anna):
        assert ApiToken.objects.count() == 0


def test_a_stale_sign_in_is_asked_for_its_password(world):
    anna = Visit(world.anna)
    anna.confirm(ago=400)
    assert anna.get("tokens:connection_new").url.startswith("/losenord-igen/")


def test_those_without_cases_connect_nothing(world):
    with pytest.raises(NotAllowed):
        made(world.sara)


def test_nobody_makes_one_for_somebody_else(world):
    """Not even an administrator, whom it would give a worker's cases: neither by the operation nor in the table."""
    with acting(world.adam), pytest.raises(DatabaseError), transaction.atomic():
        ApiToken.objects.create(
            authority=world.bollnas, membership=world.anna, name="x", digest=b"x", scopes=["cases:read"],
            networks=[HERE], expires_on=today(),
        )  # fmt: skip


@pytest.mark.parametrize("change", [
    {"scopes": ["plans:read"]}, {"networks": ["0.0.0.0/0"]}, {"expires_on": today() + timedelta(days=60)},
    {"digest": b"annan"}, {"revoked_at": None, "revoked_by": None},
])  # fmt: skip
def test_a_key_never_becomes_another(world, change):
    token, _secret = made(world.anna)
    with acting(world.anna):
        operations.revoke_token(by=world.anna, token=token)
        with pytest.raises(DatabaseError), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(**change)


def test_the_administrator_sees_and_revokes(world):
    caller = Caller(world.anna)
    adam, siv = Visit(world.adam), Visit(world.siv)
    assert sees(adam.get("tokens:connections"), "Anna Berg", "Systemet")
    assert not sees(siv.get("tokens:connections"), "Anna Berg")
    assert not sees(Visit(world.leo).get("tokens:connections"), "Anna Berg")
    assert siv.post("tokens:connection_revoke", caller.token).status_code == 404
    assert caller.get("cases/").status_code == 200
    adam.post("tokens:connection_revoke", caller.token)
    assert caller.get("cases/").status_code == 401
    assert sees(adam.post("tokens:connection_revoke", caller.token, follow=True), "redan återkallad")


def test_every_way_to_end_is_one_answer(world):
    """Revoked, run out, used from elsewhere, unknown, missing, of an ended membership, of a closed account."""
    answers = [Caller(world.anna, networks=["192.0.2.0/24"]).get("cases/")]
    caller = Caller(world.anna)
    assert caller.get("cases/").status_code == 200
    answers += [
        caller.client.get("/api/cases/"), caller.get("cases/", Authorization="Bearer plan_x"),
        caller.get("cases/", Authorization=f"Basic {caller.secret}"), caller.get("cases/", Authorization="Bearer"),
        caller.get("cases/", Authorization="Bearer plan_\xe5"),
    ]  # fmt: skip
    answers += [_of_an_ended_membership(world).get("cases/"), _run_out(world).get("cases/")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert {answer["WWW-Authenticate"] for answer in answers} == {"Bearer"}


def _of_an_ended_membership(world):
    with acting(world.adam):
        ella = add_member(
            by=world.adam, email="ella@exempel.invalid", name="Ella Slutar", role="social_worker",
            starts_on=today() - timedelta(days=9),
        )  # fmt: skip
    caller = Caller(ella)
    assert caller.get("cases/").status_code == 200
    for last, status in ((today(), 200), (today() - timedelta(days=1), 401)):
        with acting(world.adam):
            end_member(by=world.adam, membership=ella, ends_on=last)
        assert caller.get("cases/").status_code == status
    return caller


def _run_out(world):
    """One whose last day was yesterday; today it would have held."""
    caller = Caller(world.anna)
    for days, secret in ((0, "plan_i-dag"), (1, "plan_i-gar")):
        with acting(world.anna):
            ApiToken.objects.create(
                authority=world.bollnas, membership=world.anna, name="x", digest=keys.digest_of(secret),
                scopes=["cases:read"], networks=[HERE], made_on=today() - timedelta(days=9),
                expires_on=today() - timedelta(days=days),
            )  # fmt: skip
    caller.secret = "plan_i-dag"
    assert caller.get("cases/").status_code == 200
    caller.secret = "plan_i-gar"
    return caller


def test_a_closed_account_opens_nothing(world):
    caller = Caller(world.anna)
    with acting_as_user(world.anna.user):
        User.objects.filter(pk=world.anna.user_id).update(is_active=False)
    assert caller.get("cases/").status_code == 401


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [(["192.0.2.0/24"], "192.0.2.7", 200), (["192.0.2.0/24"], "192.0.3.7", 401), (["192.0.2.0/24"], "::1", 401),
     (["192.0.2.0/24"], "::ffff:192.0.2.7", 200), (["192.0.2.0/24"], "::ffff:192.0.3.7", 401),
     (["192.0.2.0/24"], "64:ff9b::192.0.2.7", 401), (["2001:db8::/48"], "2001:db8::1", 200),
     (["2001:db8::/48"], "2001:0DB8:0:0::1", 200), (["2001:db8::/48"], "2001:db8:1::1", 401),
     (["2001:db8::/48"], "192.0.2.7", 401), (["192.0.2.7"], "x", 401)],
)  # fmt: skip
def test_only_from_its_own_networks(world, networks, address, status):
    caller = Caller(world.anna, networks=networks)
    answer = caller.client.get("/api/cases/", headers={"Authorization": f"Bearer {caller.secret}"}, REMOTE_ADDR=address)
    assert answer.status_code == status


def test_a_header_written_by_the_client_is_not_believed(world):
    caller = Caller(world.anna, networks=["192.0.2.0/24"])
    assert caller.get("cases/", **{"X-Forwarded-For": "192.0.2.7"}).status_code == 401


def test_a_scope_is_all_it_may(world):
    caller = Caller(world.anna, scopes=["clocks:read"])
    assert caller.get("clocks/").status_code == 200
    answer = caller.get("cases/")
    assert (answer.status_code, answer.json()["title"]) == (403, "Utanför nyckelns räckvidd")


def test_it_can_do_no_more_than_its_membership(world):
    world.agreed  # noqa: B018
    caller = Caller(world.leo)
    assert caller.get(f"cases/{world.case.pk}/").status_code == 404
    world.join(world.leo)
    assert caller.get(f"cases/{world.case.pk}/").status_code == 200


def test_too_many_calls_wait(world, monkeypatch):
    monkeypatch.setattr(throttle, "PER_MINUTE", 2)
    monkeypatch.setattr(throttle, "_second", lambda: 1_000_000)
    caller, other = Caller(world.anna), Caller(world.anna)
    assert [caller.get("cases/").status_code for _ in range(3)] == [200, 200, 429]
    assert caller.get("cases/")["Retry-After"] == "20"
    assert other.get("cases/").status_code == 200
    assert (caller.get("cases/")["RateLimit"], other.get("cases/")["RateLimit"]) == (
        '"token";r=0;t=20', '"token";r=0;t=20, "board";r=596;t=20',
    )  # fmt: skip
    assert 0 < throttle._broker().ttl(f"api:{caller.token.pk}:16666") <= 120


def test_one_boards_calls_leave_room_for_the_others(world, monkeypatch):
    """All keys of an authority together; one that has run wild takes nothing from its colleagues'."""
    monkeypatch.setattr(throttle, "PER_MINUTE", 2)
    monkeypatch.setattr(throttle, "OF_AUTHORITY", 4)
    monkeypatch.setattr(throttle, "_second", lambda: 2_000_000)
    anna, maud, leo, cilla = (Caller(getattr(world, who)) for who in ("anna", "maud", "leo", "cilla"))
    assert [anna.get("cases/").status_code for _ in range(5)] == [200, 200, 429, 429, 429]
    assert [maud.get("cases/").status_code for _ in range(2)] == [200, 200]
    answer = leo.get("cases/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert answer["RateLimit-Policy"] == '"token";q=2;w=60, "board";q=4;w=60'
    assert answer["RateLimit"] == '"token";r=1;t=40, "board";r=0;t=40'
    assert cilla.get("cases/").status_code == 200


def test_without_the_broker_nobody_is_counted(world, monkeypatch, settings):
    import redis

    monkeypatch.setattr(throttle, "_broker", lambda: redis.Redis(port=1))
    assert Caller(world.anna).get("cases/").status_code == 200


def test_the_first_call_of_a_day_is_written_down(world):
    caller = Caller(world.anna)
    for _ in range(2):
        caller.get("cases/")
    with acting(world.anna):
        assert AuditEvent.objects.filter(action="token.used", object_id=caller.token.pk).count() == 1
        assert ApiToken.objects.get(pk=caller.token.pk).last_used_on == timezone.localdate()


def test_revoking_somebody_elses_is_refused(world):
    token, _secret = made(world.anna)
    with acting(world.leo), pytest.raises(ApiToken.DoesNotExist):
        operations.revoke_token(by=world.leo, token=token)


def test_networks_are_written_one_way():
    assert [str(n) for n in keys.networks_of(["192.0.2.7/24", " 192.0.2.0/24 ", "", "2001:DB8::1"])] == [
        "192.0.2.0/24", "2001:db8::1/128",
    ]  # fmt: skip
    with pytest.raises(Refused):
        keys.networks_of([])


def renewed(by, token, **more):
    given = {"expires_on": today() + timedelta(90), "overlap_until": today() + timedelta(5), **more}
    with acting(by):
        return operations.renew_token(by=by, token=token, **given)


def test_a_new_key_beside_the_old_one_for_a_while(world):
    caller = Caller(world.anna, scopes=["cases:read"])
    new, secret = renewed(world.anna, caller.token)
    assert (new.name, new.scopes, new.networks) == ("Systemet", ["cases:read"], [f"{HERE}/32"])
    assert caller.get("cases/").status_code == 200
    with acting(world.anna):
        assert ApiToken.objects.get(pk=caller.token.pk).expires_on == today() + timedelta(5)
        trace = AuditEvent.objects.get(action="token.renewed")
        assert (trace.object_id, trace.details) == (caller.token.pk, {"new": str(new.pk)})
    caller.secret = secret
    assert caller.get("cases/").status_code == 200


def test_an_overlap_makes_no_old_key_last_longer(world):
    token, _secret = made(world.anna, expires_on=today() + timedelta(2))
    renewed(world.anna, token, overlap_until=today() + timedelta(20))
    with acting(world.anna):
        assert ApiToken.objects.get(pk=token.pk).expires_on == today() + timedelta(2)


@pytest.mark.parametrize("wrong", [
    {"overlap_until": today() - timedelta(1)}, {"overlap_until": today() + timedelta(31)},
    {"expires_on": today()}, {"expires_on": today() + timedelta(367)},
])  # fmt: skip
def test_a_wrong_day_changes_nothing(world, wrong):
    token, _secret = made(world.anna)
    with pytest.raises(Refused):
        renewed(world.anna, token, **wrong)
    with acting(world.anna):
        assert ApiToken.objects.get().expires_on == token.expires_on


def test_a_key_that_has_ended_is_not_renewed(world):
    token, _secret = made(world.anna)
    with acting(world.anna):
        operations.revoke_token(by=world.anna, token=token)
    with pytest.raises(Refused, match="gäller inte längre"):
        renewed(world.anna, token)
    other, _secret = made(world.anna)
    with pytest.raises(NotAllowed):
        renewed(world.adam, other)


def test_the_page_shows_the_new_key_once(world):
    caller, anna = Caller(world.anna), Visit(world.anna)
    assert sees(anna.get("tokens:connections"), "Byt nyckel")
    assert not sees(Visit(world.adam).get("tokens:connections"), "Byt nyckel")
    days = {"overlap_until": today() + timedelta(5), "expires_on": today() + timedelta(90)}
    page = anna.post("tokens:connection_renew", caller.token, **days)
    [secret] = re.findall(r'value="(plan_[\w-]{43})"', page.content.decode())
    assert sees(page, "Den gamla nyckeln slutar gälla efter")
    assert not sees(anna.get("tokens:connections"), secret)
    caller.secret = secret
    assert caller.get("cases/").status_code == 200
    wrong = anna.post("tokens:connection_renew", caller.token, **{**days, "overlap_until": today() + timedelta(99)})
    assert sees(wrong, "till högst 30 dagar framåt", "Byt nyckel")


def _call(world, token, hours):
    with acting(world.anna):
        return ApiRequest.objects.create(
            authority=world.bollnas, membership=world.anna, token=token, call_digest=b"2",
            key_digest=str(hours).encode(), created_at=timezone.now() - timedelta(hours=hours),
        )  # fmt: skip


def test_an_old_key_of_a_call_is_forgotten_and_a_young_one_is_not(world):
    token, _secret = made(world.anna)
    rows = {hours: _call(world, token, hours) for hours in (1, 25, 47, 49, 500)}
    assert upkeep.forget_calls() == 2
    with acting(world.anna):
        assert set(ApiRequest.objects.values_list("pk", flat=True)) == {rows[hours].pk for hours in (1, 25, 47)}
    assert upkeep.forget_calls() == 0


def test_nobody_else_takes_a_key_of_a_call_away(world):
    """Not she whose it is, however old; and the house no young one: then the same call would be carried out twice."""
    token, _secret = made(world.anna)
    old, young = _call(world, token, 99), _call(world, token, 1)
    with acting(world.anna):
        assert ApiRequest.objects.filter(pk=old.pk).delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            ApiRequest.objects.filter(pk=young.pk).update(created_at=timezone.now() - timedelta(days=9))
    with acting_as_system(world.bollnas):
        assert ApiRequest.objects.filter(pk=young.pk).delete()[0] == 0


def test_the_sweep_is_asked_every_hour(settings):
    asked = [row for row in settings.CELERY_BEAT_SCHEDULE.values() if row["task"].endswith("tokens.tasks.forget_calls")]
    assert [row["schedule"] for row in asked] == [3600.0]
