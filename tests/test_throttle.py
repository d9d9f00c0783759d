"""Wrong passwords: who is paused, for how long, and who never is; and that nobody learns who has an account."""

import logging
import os
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exitprogram.crypto import keys
from exitprogram.tenancy import passwords
from exitprogram.tenancy.acting import acting_as_user
from exitprogram.tenancy.entrance import let_in
from exitprogram.tenancy.hashing import PepperedArgon2
from exitprogram.tenancy.models import LinkRequest, User, WrongGuess
from exitprogram.tenancy.passwords import send_links, set_password
from exitprogram.tenancy.throttle import FROM_ONE_PLACE, forget_old, pause_after, place_of
from tests.visits import sees, text_of

PASSWORD = "planering-i-lugn-och-ro"
WRONG_ONES = int(os.environ.get("WRONG", "150"))  # WRONG=10000 for the whole proof
HERE, THERE = "192.0.2.1", "198.51.100.9"


@pytest.fixture
def anna(world):
    set_password(world.anna.user, PASSWORD)
    return world.anna


def sign_in(email, password, address=THERE, client=None):
    return (client or Client()).post("/logga-in/", {"username": email, "password": password}, REMOTE_ADDR=address)


def aged(passed):
    rows = list(WrongGuess.objects.all())
    WrongGuess.objects.all().delete()
    WrongGuess.objects.bulk_create(WrongGuess(account=row.account, place=row.place, at=row.at - passed) for row in rows)


def test_thousands_of_wrong_ones_stop_nobody_elsewhere(anna):
    """From one address and from many; meanwhile and afterwards she comes in at her own."""
    inside = 0
    for number in range(WRONG_ONES):
        address = THERE if number % 2 else f"203.0.{number // 250 % 250}.{number % 250}"
        inside += sign_in(anna.user.email, f"fel {number}", address).status_code == 302
        if number in (WRONG_ONES // 2, WRONG_ONES - 1):
            assert sign_in(anna.user.email, PASSWORD, HERE).status_code == 302
    assert inside == 0
    assert sign_in(anna.user.email, PASSWORD, THERE).status_code == 429, "there was somebody to stop"


def test_where_the_wrong_ones_come_from_only_the_password_is_paused(rf, anna):
    """Behind the same address as whoever hammers: a key or a card is asked about nothing of this."""
    for _ in range(6):
        sign_in(anna.user.email, "fel")
    client = Client()
    assert sign_in(anna.user.email, PASSWORD, client=client).status_code == 429
    request = rf.get("/", REMOTE_ADDR=THERE)
    request.session = client.session
    let_in(request, anna.user, way="oidc")
    request.session.save()
    client.cookies["session"] = request.session.session_key
    assert client.get("/min-dag/", REMOTE_ADDR=THERE).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "minutes"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (8, 120), (9, 240), (9999, 240)]
)
def test_the_pause_grows_and_has_an_end(wrong, minutes):
    assert pause_after(wrong) == timedelta(minutes=minutes)


def test_the_pause_is_longer_the_second_time(anna):
    def older(minutes):
        aged(timedelta(minutes=minutes))

    for pause, wrong in ((15, 5), (30, 1), (60, 1)):
        for _ in range(wrong):
            sign_in(anna.user.email, "fel")
        older(pause - 1)
        assert sign_in(anna.user.email, PASSWORD).status_code == 429
        older(2)
    assert sign_in(anna.user.email, PASSWORD).status_code == 302
    assert not WrongGuess.objects.exists(), "and then it begins anew"


def test_a_ceiling_for_one_place(anna):
    """Five for each of many names is not a way round it."""
    statuses = [sign_in(f"ingen{n}@exempel.invalid", "fel").status_code for n in range(FROM_ONE_PLACE + 5)]
    assert statuses == [200] * FROM_ONE_PLACE + [429] * 5
    assert sign_in(anna.user.email, PASSWORD).status_code == 429
    assert sign_in(anna.user.email, PASSWORD, HERE).status_code == 302


def test_one_house_is_one_place(rf):
    def at(address):
        return place_of(rf.get("/", REMOTE_ADDR=address))

    assert at("2001:db8:1:2::3") == at("2001:db8:1:2:ffff::4") != at("2001:db8:1:3::3")
    assert len({at("192.0.2.1"), at("192.0.2.2"), at("")}) == 3


def test_nothing_that_is_counted_says_whom(anna):
    sign_in(anna.user.email, "fel")
    [row] = WrongGuess.objects.all()
    assert anna.user.email not in str(vars(row)) and THERE not in str(vars(row))
    with pytest.raises(ProgrammingError), transaction.atomic():
        WrongGuess.objects.update(at=F("at") - timedelta(hours=25))  # what is counted is nobody's to change
    aged(timedelta(hours=25))
    forget_old()
    assert not WrongGuess.objects.exists()


def test_what_was_typed_lies_nowhere(anna, settings, caplog):
    """Some write their password where the name should be, and are then known by the next line."""
    typed = "min-hemliga-planering"
    with caplog.at_level(logging.DEBUG):
        for _ in range(6):
            sign_in(typed, "fel")
            Client().post("/glomt-losenord/", {"email": f"{typed}@exempel.invalid"}, REMOTE_ADDR=THERE)
    assert WrongGuess.objects.exists() and typed not in caplog.text
    assert not holding("django_migrations", typed) and holding("django_migrations", "0001_initial"), "it finds"
    readable = [table for table, roles in settings.PLAIN_TABLES.items() if "SELECT" in roles.get("exit_app", "")]
    assert len(readable) > 10
    assert [table for table in readable if holding(table, typed)] == []


def holding(table, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{text}%"])
        return cursor.fetchone()[0]


# Who has an account is told by neither words nor work.


def closed(world):
    with acting_as_user(world.leo.user):
        User.objects.filter(pk=world.leo.user_id).update(is_active=False)
    return world.leo.user.email


def test_the_same_words_and_as_many_hashes(world, anna):
    """Somebody with an account, nobody, somebody whose account is closed, somebody who has not chosen a password."""
    set_password(world.leo.user, PASSWORD)
    emails = [anna.user.email, "ingen@exempel.invalid", closed(world), world.sara.user.email]
    hashed, said = [], []
    hasher = type(hashers.get_hasher())
    real = hasher.encode
    for number, email in enumerate(emails):
        with patch.object(hasher, "encode", autospec=True, side_effect=real) as encode:
            page = sign_in(email, "fel" * 6, f"192.0.2.{number}")
        hashed.append(encode.call_count)
        said.append((page.status_code, text_of(page).split("csrfmiddlewaretoken")[0]))
    assert len(set(hashed)) == 1 and hashed[0] >= 1
    assert len(set(said)) == 1


def test_forgotten_does_the_same_for_everybody(world, anna):
    """As many questions to the database, the same ones, and no mail while somebody waits."""
    asked = []
    for email in (anna.user.email, "ingen@exempel.invalid", closed(world)):
        with CaptureQueriesContext(connection) as queries:
            page = Client().post("/glomt-losenord/", {"email": email}, REMOTE_ADDR=HERE)
        assert sees(page, "Titta i din e-post")
        asked.append([query["sql"].split()[0:3] for query in queries])
        assert not any("tenancy_user" in query["sql"] for query in queries)
    assert asked[0] == asked[1] == asked[2] and asked[0]
    assert mail.outbox == []
    send_links()
    assert [message.to for message in mail.outbox] == [[anna.user.email]]
    send_links()
    assert len(mail.outbox) == 1


def test_what_was_asked_is_sealed(anna):
    Client().post("/glomt-losenord/", {"email": anna.user.email}, REMOTE_ADDR=HERE)
    [row] = LinkRequest.objects.all()
    assert anna.user.email.encode() not in bytes(row.address) and anna.user.email not in row.account


def test_nobodys_mailbox_is_filled(anna):
    for number in range(20):
        Client().post("/glomt-losenord/", {"email": anna.user.email.upper()}, REMOTE_ADDR=f"203.0.113.{number}")
    send_links()
    assert len(mail.outbox) == passwords.PER_ACCOUNT


def test_one_place_asks_for_so_many(anna):
    for number in range(passwords.PER_PLACE + 3):
        Client().post("/glomt-losenord/", {"email": f"n{number}@exempel.invalid"}, REMOTE_ADDR=THERE)
    assert LinkRequest.objects.count() == passwords.PER_PLACE


def test_a_broken_relay_stops_nobody_else(world, anna):
    for member in (anna, world.leo):
        Client().post("/glomt-losenord/", {"email": member.user.email}, REMOTE_ADDR=HERE)
    with patch.object(passwords, "mail_link", side_effect=[OSError, None]) as tried:
        send_links()
    assert tried.call_count == 2


# Hashes that are worthless in the table.


def test_a_hash_is_worthless_without_the_key(settings):
    made = PepperedArgon2().encode("tre lugna ord i rad", PepperedArgon2().salt())
    assert made.startswith("peppered$1$argon2$argon2id$") and len(made) <= 128
    assert PepperedArgon2().verify("tre lugna ord i rad", made)
    assert not PepperedArgon2().verify("tre lugna ord i rud", made)
    plain = hashers.Argon2PasswordHasher()
    assert not plain.verify("tre lugna ord i rad", made.split("$", 2)[2]), "whoever has the row can guess nothing"
    settings.DATA_KEYS = {2: b"\x07" * 32}
    assert not PepperedArgon2().verify("tre lugna ord i rad", made), "its key has been taken away"
    settings.DATA_KEYS = {1: b"\x07" * 32}
    keys.derived.cache_clear()
    try:
        assert not PepperedArgon2().verify("tre lugna ord i rad", made)
    finally:
        keys.derived.cache_clear()


def test_a_newer_key_takes_over_at_sign_in(world, settings):
    settings.PASSWORD_HASHERS = ["exitprogram.tenancy.hashing.PepperedArgon2",
                                 "django.contrib.auth.hashers.Argon2PasswordHasher"]  # fmt: skip
    user = world.anna.user
    user.password = hashers.make_password(PASSWORD, hasher="argon2")
    with acting_as_user(user):
        user.save(update_fields=["password"])
    client = Client()
    assert sign_in(user.email, PASSWORD, client=client).status_code == 302
    assert User.objects.get(pk=user.pk).password.startswith("peppered$1$")
    assert client.get("/losenord-igen/").status_code == 200
    settings.DATA_KEYS = {**settings.DATA_KEYS, 2: b"\x02" * 32}
    assert client.post("/losenord-igen/", {"password": PASSWORD, "next": "/"}).status_code == 302
    assert User.objects.get(pk=user.pk).password.startswith("peppered$1$"), "not in mid-session: it would end"
    assert sign_in(user.email, PASSWORD, HERE).status_code == 302
    assert User.objects.get(pk=user.pk).password.startswith("peppered$2$")
    keys.derived.cache_clear()
