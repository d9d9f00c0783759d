"""Signing in at an identity provider: whose account it opens, who may link what, and what is never shown."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from exitprogram.tenancy.acting import acting, acting_as_user
from exitprogram.tenancy.entrance import WAY
from exitprogram.tenancy.identities import digest_of, proof_of, user_of
from exitprogram.tenancy.models import IdentityLink, User
from exitprogram.tenancy.passwords import set_password
from exitprogram.tenancy.views.identity import PENDING, once_more
from tests.identities import SUBJECT, come_back, is_in, linked, links, signed_in_at
from tests.provider import LOA2, put
from tests.visits import Visit, sees, text_of
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "planering-i-lugn-och-ro"
FAILED = "Det gick inte att logga in med SITHS den här gången."


@pytest.fixture
def world(provider):
    return World()


def test_linked_once_it_opens(world, provider):
    assert sees(Client().get("/logga-in/"), "Logga in med SITHS")
    assert linked(world, provider).url == "/inloggad-har/"
    client = Client()
    assert signed_in_at(provider, client).url == "/"
    assert is_in(client)
    assert client.session[WAY] == "oidc"
    assert once_more(client, "/personer/?a=b") == "/logga-in/siths/?next=%2Fpersoner%2F%3Fa%3Db"
    assert User.objects.get(pk=client.session["_auth_user_id"]) == world.anna.user
    assert "identity.linked" in Visit.logged(_as(world.anna))


def _as(membership):
    visit = Visit()
    visit.by = membership
    return visit


def test_the_same_e_mail_opens_nothing(world, provider):
    """The provider says that it is Anna's address. Nobody has linked it."""
    provider.changed = {"email": world.anna.user.email, "email_verified": True}
    client = Client()
    assert signed_in_at(provider, client).url == "/logga-in/"
    assert sees(client.get("/logga-in/"), "Ditt konto är inte kopplat till SITHS.")
    assert not is_in(client) and links() == []


def test_an_answer_is_heard_once(world, provider):
    linked(world, provider)
    client = Client()
    url = client.get("/logga-in/siths/").url
    brought = provider.code_for(url)
    answer = reverse("tenancy:identity_answer", args=["siths"])
    other = Client()
    assert other.get(answer, brought).url == "/logga-in/" and not is_in(other), "somebody else's browser"
    assert client.get(answer, brought).url == "/"
    client.post("/logga-ut/")
    assert client.get(answer, brought).url == "/logga-in/" and not is_in(client), "replayed"


def test_somebody_elses_question_in_my_browser(world, provider):
    """Login CSRF: the answer to the attacker's question, sent to her browser, which has asked one of its own."""
    linked(world, provider)
    attacker, victim = Client(), Client()
    brought = provider.code_for(attacker.get("/logga-in/siths/").url)
    victim.get("/logga-in/siths/")
    assert victim.get(reverse("tenancy:identity_answer", args=["siths"]), brought).url == "/logga-in/"
    assert not is_in(victim)


def test_the_session_gets_a_new_key(world, provider):
    linked(world, provider)
    client = Client()
    url = client.get("/logga-in/siths/").url
    before = client.session.session_key
    come_back(client, provider, url)
    assert client.session.session_key != before
    assert PENDING not in client.session


def test_too_weak_is_said_in_a_sentence(world, provider):
    linked(world, provider)
    provider.changed = {"acr": LOA2}
    client = Client()
    signed_in_at(provider, client)
    assert sees(client.get("/logga-in/"), "Inloggningen hos SITHS var inte stark nog.")
    assert not is_in(client)


def test_nothing_of_the_providers_is_shown(world, provider):
    provider.answers["/token"] = (400, {"error": "x", "error_description": "<b>Leverantörens egna ord</b>"})
    client = Client()
    signed_in_at(provider, client, error_description="<script>alert(1)</script>")
    page = client.get("/logga-in/")
    assert sees(page, FAILED)
    assert "egna ord" not in text_of(page) and "alert(1)" not in text_of(page)
    client.get("/logga-in/siths/")
    client.get(
        reverse("tenancy:identity_answer", args=["siths"]), {"error": "access_denied", "error_description": "Hot"}
    )
    page = client.get("/logga-in/")
    assert sees(page, FAILED) and "Hot" not in text_of(page)


def test_a_closed_account_and_a_closed_provider(world, provider):
    linked(world, provider)
    with acting_as_user(world.anna.user):
        User.objects.filter(pk=world.anna.user_id).update(is_active=False)
    client = Client()
    signed_in_at(provider, client)
    assert not is_in(client)
    provider.saved.is_open = False
    put(provider.saved)
    assert client.get("/logga-in/siths/").status_code == 404
    assert not sees(client.get("/logga-in/"), "SITHS")


def test_an_identity_is_one_persons(world, provider):
    linked(world, provider)
    assert linked(world, provider, who="leo").url == "/inloggad-har/"
    assert links() == [world.anna.user_id]
    linked(world, provider, subject="en annan")
    assert len(links()) == 1, "one at each provider"


def test_linking_takes_a_fresh_sign_in_and_a_press(world, provider):
    visit = Visit(world.anna)
    assert visit.get("tenancy:identity_link", "siths").status_code == 405
    visit.confirm(ago=16 * 60)
    assert "/losenord-igen/" in visit.post("tenancy:identity_link", "siths").url
    assert PENDING not in visit.client.session


def test_taken_away_it_opens_nothing(world, provider):
    linked(world, provider)
    Visit(world.leo).post("tenancy:identity_unlink", "siths")
    assert links(), "nobody takes away another's"
    Visit(world.anna).post("tenancy:identity_unlink", "siths")
    client = Client()
    signed_in_at(provider, client)
    assert not is_in(client)


def test_once_more_is_the_same_person(world, provider):
    """To show anew that it is she: another's card does not do."""
    linked(world, provider)
    linked(world, provider, subject="leos", who="leo")
    visit = Visit(world.anna)
    visit.confirm(ago=3600)
    stale = visit.client.session["confirmed_at"]
    come_back(visit.client, provider, visit.client.get("/logga-in/siths/").url, "leos")
    assert visit.client.session["confirmed_at"] == stale
    url = visit.client.get("/logga-in/siths/?next=/personer/").url
    assert come_back(visit.client, provider, url).url == "/personer/"
    assert visit.client.session["confirmed_at"] > stale
    assert User.objects.get(pk=visit.client.session["_auth_user_id"]) == world.anna.user


def test_nobody_is_sent_off_the_site(world, provider):
    linked(world, provider)
    client = Client()
    url = client.get("/logga-in/siths/?next=https://annan.invalid/").url
    assert come_back(client, provider, url).url == "/"


def test_a_boards_own_provider_is_for_its_own(world, provider):
    provider.saved.authority = world.soderhamn
    put(provider.saved)
    linked(world, provider)
    assert links() == []
    linked(world, provider, who="cilla")
    client = Client()
    signed_in_at(provider, client)
    assert is_in(client)
    provider.saved.authority = world.bollnas
    put(provider.saved)
    other = Client()
    signed_in_at(provider, other)
    assert not is_in(other), "linked once, and the provider has become another board's"


def test_the_only_way_in(world, provider):
    set_password(world.anna.user, PASSWORD)
    sent = {"username": world.anna.user.email, "password": PASSWORD}
    assert Client().post("/logga-in/", sent).status_code == 302
    provider.saved.only_way_for = ["exempel.invalid"]
    put(provider.saved)
    page = Client().post("/logga-in/", sent)
    assert page.status_code == 200 and sees(page, "Du loggar in med SITHS.")
    wrong = Client().post("/logga-in/", {**sent, "password": "fel"})
    assert not sees(wrong, "Du loggar in med SITHS."), "only whoever knows the password is told"


def test_nor_does_a_passkey_pass_by_it(world, provider, monkeypatch):
    monkeypatch.setattr("exitprogram.tenancy.passkeys.whose", lambda request, credential: world.anna.user)
    for domains, let_in in ((["exempel.invalid"], False), ([], True)):
        provider.saved.only_way_for = domains
        put(provider.saved)
        client = Client()
        client.post(reverse("tenancy:passkey_sign_in"), {"credential": "{}"})
        assert is_in(client) == let_in


# What somebody with SQL in the web's role can do: nothing that opens an account.


def test_a_row_made_by_sql_opens_nothing(world, provider):
    row = [provider.saved.pk, world.anna.user_id, digest_of(provider.saved, SUBJECT), b"x" * 32]
    made = ("INSERT INTO tenancy_identitylink (id, provider_id, user_id, digest, proof, linked_at)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, now())")  # fmt: skip
    with pytest.raises(ProgrammingError), acting(world.leo), connection.cursor() as cursor:
        cursor.execute(made, row)
    with acting(world.anna), connection.cursor() as cursor:
        cursor.execute(made, row)  # inside her own request: the wall lets it, the proof does not
    assert links() and user_of(provider.saved, SUBJECT) is None
    client = Client()
    signed_in_at(provider, client)
    assert not is_in(client)


def test_a_link_is_never_moved(world, provider):
    linked(world, provider)
    for statement in (
        "UPDATE tenancy_identitylink SET user_id = %s",
        "DELETE FROM tenancy_identitylink WHERE %s <> id",
    ):
        with acting(world.leo), connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute(statement, [world.leo.user_id])
                    assert cursor.rowcount == 0
            except DatabaseError as why:
                assert "permission denied" in str(why)
    assert user_of(provider.saved, SUBJECT) == world.anna.user_id
    proofs = {proof_of(provider.saved, SUBJECT, who.user_id) for who in (world.anna, world.leo)}
    assert len(proofs) == 2
    with acting(world.leo):
        assert not IdentityLink.objects.exists(), "nobody sees who else is linked"


def test_a_provider_is_not_the_webs_to_write(world, provider):
    for statement in ("UPDATE tenancy_identityprovider SET issuer = 'x'", "DELETE FROM tenancy_identityprovider"):
        with pytest.raises(ProgrammingError), acting(world.adam), connection.cursor() as cursor:
            cursor.execute(statement)
