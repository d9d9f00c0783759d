"""The signed context: nothing that SQL itself can write opens anything. On raw connections as the web's own role."""

import contextlib
import hashlib
import hmac
import os
import time
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings

from exitprogram.tenancy.acting import EXPIRES_AFTER, Acting, acting, signed
from exitprogram.tenancy.models import Membership
from tests.connections import connected
from tests.world import today

SEEN = "SELECT array_agg(DISTINCT authority_id) FROM cases_case"


def identity(membership):
    return Acting(membership.user_id, membership.pk, membership.authority_id, membership.role)


@pytest.fixture
def raw(standing):
    """One attack, one connection, one transaction: nothing of one contaminates the next."""
    with connected("app") as link:
        yield link
        link.rollback()


def seen(raw, token):
    """The authorities whose cases can be read with this value as context."""
    raw.execute("SELECT set_config('app.ctx', %s, true)", [token])
    found = raw.execute(SEEN).fetchone()[0]
    return set(found or [])


def cillas(raw, standing, **more):
    return signed(identity(standing.cilla), pid=raw.info.backend_pid, **more)


def resigned(claims, key):
    return f"{claims}|{hmac.new(key, claims.encode(), hashlib.sha256).hexdigest()}"


def swapped(token, place, value):
    parts = token.split("|")
    parts[place] = str(value)
    return "|".join(parts)


def test_the_real_one_opens(raw, standing):
    """The positive control of everything below."""
    assert seen(raw, cillas(raw, standing)) == {standing.soderhamn.pk}


def test_no_context_at_all(raw):
    assert raw.execute(SEEN).fetchone() == (None,)


def test_an_empty_string_after_a_transaction(raw, standing):
    """After SET LOCAL the setting is '' in that session, not NULL: no error, and no rows."""
    assert seen(raw, cillas(raw, standing))
    raw.commit()
    assert raw.execute("SELECT current_setting('app.ctx', true)").fetchone() == ("",)
    assert raw.execute(SEEN).fetchone() == (None,)


BROKEN = {
    "signature cut": lambda token, _standing: token[:-1],
    "signature of zeros": lambda token, _standing: swapped(token, 7, "0" * 64),
    "signature in capitals": lambda token, _standing: swapped(token, 7, token.rsplit("|", 1)[1].upper()),
    "no signature": lambda token, _standing: token.rsplit("|", 1)[0],
    "one field more": lambda token, _standing: token + "|x",
    "other version": lambda token, _standing: swapped(token, 0, "v2"),
    "other user": lambda token, standing: swapped(token, 1, standing.anna.user_id),
    "other membership": lambda token, standing: swapped(token, 2, standing.anna.pk),
    "other authority": lambda token, standing: swapped(token, 3, standing.bollnas.pk),
    "made a system": lambda token, _standing: swapped(token, 4, "system"),
    "later expiry": lambda token, _standing: swapped(token, 6, int(time.time()) + 99999),
    "not numbers": lambda token, _standing: swapped(swapped(token, 5, "x"), 6, "y"),
    "own key": lambda token, _standing: resigned(token.rsplit("|", 1)[0], os.urandom(32)),
    "empty key": lambda token, _standing: resigned(token.rsplit("|", 1)[0], b""),
    "garbage": lambda _token, _standing: "'; DROP TABLE cases_case; --",
    "only bars": lambda _token, _standing: "v1|||||||",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_token_opens_nothing(raw, standing, name):
    assert seen(raw, BROKEN[name](cillas(raw, standing), standing)) == set()


def test_an_expired_token_opens_nothing(raw, standing):
    assert seen(raw, cillas(raw, standing, now=time.time() - EXPIRES_AFTER - 2)) == set()
    assert seen(raw, cillas(raw, standing, now=time.time() - EXPIRES_AFTER + 30)) == {standing.soderhamn.pk}


def test_another_backends_token_opens_nothing(raw, standing):
    with connected("app") as other:
        assert seen(raw, cillas(other, standing)) == set()
        assert seen(other, cillas(other, standing)) == {standing.soderhamn.pk}


def test_the_authority_comes_from_the_membership(raw, standing):
    """Even a rightly signed claim of another authority gives the membership's own."""
    who = Acting(standing.cilla.user_id, standing.cilla.pk, standing.bollnas.pk, "unit_manager")
    assert seen(raw, signed(who, pid=raw.info.backend_pid)) == {standing.soderhamn.pk}
    assert raw.execute("SELECT wall.role()").fetchone() == ("social_worker",)


def test_anothers_membership_opens_nothing(raw, standing):
    who = Acting(standing.cilla.user_id, standing.anna.pk, standing.bollnas.pk)
    assert seen(raw, signed(who, pid=raw.info.backend_pid)) == set()


@pytest.mark.parametrize(("starts", "ends", "opens"), [(-9, -1, False), (-9, 0, True), (0, None, True), (1, 9, False)])
def test_the_membership_is_asked_at_every_statement(raw, standing, starts, ends, opens):
    """A valid token opens nothing from the day after the last one, nor before the first."""
    ends_on = None if ends is None else today() + timedelta(days=ends)
    try:
        _period(standing, today() + timedelta(days=starts), ends_on)
        assert bool(seen(raw, signed(identity(standing.per), pid=raw.info.backend_pid))) is opens
    finally:
        _period(standing, standing.per.starts_on, None)


def _period(standing, starts_on, ends_on):
    """Of Per, who is in the team: a role that coordinates is not ended."""
    with acting(standing.siv):
        mine = Membership.objects.filter(pk=standing.per.pk)
        assert mine.update(starts_on=starts_on, ends_on=ends_on) == 1


# Injection: a statement of ours with a hole in it, acting as Cilla, and what an attacker puts in the hole.

LIKE = "SELECT number, authority_id::text FROM cases_case WHERE number LIKE '%%{}%%' ORDER BY number"
PARTS = {
    "a scalar sub-query": "' AND (SELECT set_config('app.ctx', '{token}', true)) IS NOT NULL AND number LIKE '",
    "a union with a lateral": "' UNION ALL SELECT c.number, c.authority_id::text"
    " FROM (SELECT set_config('app.ctx', '{token}', true)) s(v)"
    " CROSS JOIN LATERAL (SELECT * FROM cases_case WHERE s.v IS NOT NULL) c --",
    "a condition that is always true": "' AND false OR set_config('app.ctx', '{token}', true) > '' OR number LIKE '",
    "a stacked statement": "'; SELECT set_config('app.ctx', '{token}', true);"
    " SELECT number, authority_id::text FROM cases_case; --",
}
MATERIALISED = (
    "WITH s AS MATERIALIZED (SELECT set_config('app.ctx', '{token}', true) v)"
    " SELECT c.number, c.authority_id::text FROM s, cases_case c WHERE s.v IS NOT NULL"
)
SHAPES = {**{name: LIKE.format(part) for name, part in PARTS.items()}, "a materialised CTE": MATERIALISED}
TOKENS = {
    "a guess": lambda token, standing: str(standing.bollnas.pk),
    "one's own, edited": lambda token, standing: swapped(token, 3, standing.bollnas.pk),
    "one's own, another's membership": lambda token, standing: swapped(token, 2, standing.anna.pk),
    "self-signed": lambda token, standing: resigned(
        swapped(swapped(token, 2, standing.anna.pk), 1, standing.anna.user_id).rsplit("|", 1)[0], b"exitprogram"
    ),
    "a system's": lambda token, standing: swapped(swapped(token, 4, "system"), 3, standing.bollnas.pk),
    "nothing": lambda token, standing: "",
}


@pytest.mark.parametrize("kind", sorted(TOKENS))
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_injected_sql_cannot_choose_who_acts(raw, standing, shape, kind):
    own = cillas(raw, standing)
    assert seen(raw, own) == {standing.soderhamn.pk}
    statement = SHAPES[shape].replace("%%", "%").replace("{token}", TOKENS[kind](own, standing))
    cursor = psycopg.ClientCursor(raw)
    cursor.execute(statement)
    found = []
    while True:
        with contextlib.suppress(psycopg.ProgrammingError):
            found += cursor.fetchall()
        if not cursor.nextset():
            break
    assert str(standing.bollnas.pk) not in {row[1] for row in found if len(row) == 2}
    assert str(standing.bollnas.pk) not in str(raw.execute(SEEN).fetchone())


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_attack_would_work_with_a_true_token(raw, standing, shape):
    """The shapes do carry: with a token that nobody but the server can make, they open Bollnäs afterwards."""
    assert seen(raw, cillas(raw, standing)) == {standing.soderhamn.pk}
    true_token = signed(identity(standing.anna), pid=raw.info.backend_pid)
    psycopg.ClientCursor(raw).execute(SHAPES[shape].replace("%%", "%").replace("{token}", true_token))
    assert raw.execute(SEEN).fetchone() == ([standing.bollnas.pk],)


@pytest.mark.parametrize("role", ["app", "worker", "backup"])
def test_the_key_cannot_be_read(standing, role):
    for what in ("SELECT * FROM wall.key", "SELECT count(*) FROM wall.key", "SELECT outer_pad FROM wall.key"):
        with connected(role) as link:
            if role == "backup":  # pg_read_all_data reads every table: a backup without the key would not restore
                assert link.execute(what).fetchall()
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(what)


def test_a_plan_tells_no_count_of_the_others(raw, standing):
    """EXPLAIN ANALYZE says how many rows a filter removed. The search by opened cases leaves none to count."""
    seen(raw, cillas(raw, standing))
    plan = "\n".join(row[0] for row in raw.execute("EXPLAIN (ANALYZE, COSTS OFF) SELECT * FROM cases_case"))
    assert "wall.me" not in plan
    assert settings.CONTEXT_KEY.hex() not in plan


def test_the_signature_covers_every_claim(standing):
    token = signed(identity(standing.cilla), pid=7, now=1_700_000_000)
    assert token.count("|") == 7
    assert len({signed(identity(w), pid=p, now=1) for w in (standing.cilla, standing.anna) for p in (1, 2)}) == 4
    assert signed(identity(standing.cilla), pid=7, now=1_700_000_000) == token
