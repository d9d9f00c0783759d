"""Keys for other systems: made in one's own name, shown once, and worth nothing from the moment they end."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.models import User
from exitprogram.tenancy.operations import add_member, end_member
from exitprogram.tokens import keys, operations, throttle
from exitprogram.tokens.models import ApiToken
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
     (["192.0.2.0/24"], "::ffff:192.0.2.7", 200), (["2001:db8::/48"], "2001:db8::1", 200), (["192.0.2.7"], "x", 401)],
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
    assert 0 < throttle._broker().ttl(f"api:{caller.token.pk}:16666") <= 120


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
