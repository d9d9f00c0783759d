"""What a provider's answer must be: every lie is found, and what is right is taken. No database."""

import time

import pytest

from exitprogram.tenancy import oidc
from exitprogram.tenancy.egress import MOST, NotOut, require_allowed
from exitprogram.tenancy.oidc import TooWeak, Unproven, answered, asked
from tests.provider import CLIENT, LOA2, LOA3, OTHER_KEY, Lying, signed_with_the_public_key, unsigned

BACK = "http://127.0.0.1/logga-in/siths/svar/"
SUBJECT = "SE2321000016-1234"


@pytest.fixture(scope="module")
def server():
    lying = Lying()
    yield lying
    lying.close()


@pytest.fixture
def provider(server):
    server.honest()
    return server


def question(provider, row, purpose="sign_in"):
    url, pending = asked(row, BACK)
    return url, pending | {"purpose": purpose}


def carried_out(provider, row=None, purpose="sign_in", **brought):
    row = row or provider.row()
    url, pending = question(provider, row, purpose)
    return answered(row, pending, provider.code_for(url) | brought, BACK)


def test_the_right_answer_is_taken(provider):
    assert carried_out(provider) == SUBJECT
    assert carried_out(provider, purpose="confirm") == SUBJECT


def test_what_is_asked(provider):
    carried_out(provider)
    said = provider.asked[-1]
    assert (said["response_type"], said["scope"], said["client_id"]) == ("code", "openid", CLIENT)
    assert (said["code_challenge_method"], said["acr_values"], said["prompt"]) == ("S256", LOA3, "login")
    assert said["redirect_uri"] == BACK
    assert len({said["state"], said["nonce"], said["code_challenge"]}) == 3
    assert all(len(said[name]) >= 43 for name in ("state", "nonce", "code_challenge"))


NOW = int(time.time())
LIES = {
    "another issuer": {"iss": "https://annan.invalid"},
    "issuer with a slash": {"iss": lambda claims: claims["iss"] + "/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "annan"},
    "for others too": {"aud": [CLIENT, "annan"]},
    "no audience": {"aud": None},
    "another party": {"azp": "annan"},
    "another nonce": {"nonce": "annan"},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": ["x"]},
    "expired": {"exp": NOW - 120},
    "never expires": {"exp": None},
    "expiry that is no number": {"exp": "snart"},
    "issued before it was asked": {"iat": NOW - 3600},
    "issued tomorrow": {"iat": NOW + 86400},
    "not issued": {"iat": None},
    "signed in yesterday": {"auth_time": NOW - 86400},
    "signed in at a word": {"auth_time": "nyss"},
    "nobody": {"sub": ""},
    "no subject": {"sub": None},
    "a subject that is a list": {"sub": ["x"]},
    "a subject without end": {"sub": "x" * 256},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found(provider, lie):
    provider.changed = LIES[lie]
    with pytest.raises(Unproven) as why:
        carried_out(provider)
    assert not isinstance(why.value, TooWeak)


@pytest.mark.parametrize("sign", [unsigned, signed_with_the_public_key], ids=["none", "HS256 with the public key"])
def test_a_signature_that_anybody_could_make_is_none(provider, sign):
    provider.signed = sign
    with pytest.raises(Unproven):
        carried_out(provider)
    provider.honest()
    assert carried_out(provider) == SUBJECT


def test_no_shared_secret_is_a_signature_whatever_is_configured(provider):
    provider.signed = signed_with_the_public_key
    with pytest.raises(Unproven):
        carried_out(provider, provider.row(algorithms=["HS256", "none", "RS256"]))


def test_somebody_elses_signature(provider):
    provider.signed = lambda claims: oidc.jwt.encode({"alg": "RS256", "kid": "prov"}, claims, OTHER_KEY)
    with pytest.raises(Unproven):
        carried_out(provider)


def test_a_secret_among_the_published_keys_is_no_key(provider):
    provider.keys = [{"kty": "oct", "kid": "prov", "k": "AAAA"}]
    with pytest.raises(Unproven, match="key"):
        carried_out(provider)


def test_an_algorithm_that_was_not_agreed(provider):
    provider.header = {"alg": "RS512"}
    provider.signed = lambda claims: oidc.jwt.encode(
        {"alg": "RS512", "kid": "prov"}, claims, provider.key, algorithms=["RS512"]
    )
    with pytest.raises(Unproven):
        carried_out(provider)
    assert carried_out(provider, provider.row(algorithms=["RS512"])) == SUBJECT


@pytest.mark.parametrize(
    ("row", "claims", "strong"),
    [
        ({}, {"acr": LOA2}, False), ({}, {"acr": None}, False), ({}, {"acr": [LOA3]}, False), ({}, {"acr": LOA3}, True),
        ({"amr": ["sc"]}, {"acr": LOA3}, False), ({"amr": ["sc"]}, {"acr": LOA3, "amr": ["pwd"]}, False),
        ({"amr": ["sc"]}, {"acr": LOA3, "amr": "sc"}, False), ({"amr": ["sc"]}, {"acr": LOA3, "amr": ["sc"]}, True),
        ({"acr": [], "amr": ["sc", "hwk"]}, {"acr": None, "amr": ["pin", "sc"]}, True),
    ],
)  # fmt: skip
def test_how_strong_it_must_be(provider, row, claims, strong):
    provider.changed = claims
    if strong:
        assert carried_out(provider, provider.row(**row)) == SUBJECT
    else:
        with pytest.raises(TooWeak):
            carried_out(provider, provider.row(**row))


def test_once_more_means_now(provider):
    """To open something sensitive it is not enough that the provider remembers somebody."""
    provider.changed = {"auth_time": None}
    with pytest.raises(Unproven):
        carried_out(provider, purpose="confirm")
    assert carried_out(provider) == SUBJECT


@pytest.mark.parametrize(
    "brought", [{"state": "annan"}, {"state": ""}, {"state": "å"}, {"code": ""}, {"code": "annan"}, {"error": "x"},
                {"iss": "https://annan.invalid"}],
)  # fmt: skip
def test_what_the_browser_brings_must_be_the_answer(provider, brought):
    with pytest.raises(Unproven):
        carried_out(provider, **brought)


def test_a_code_is_worth_nothing_in_another_session(provider):
    """Somebody's own code, put into another's browser with that browser's state: PKCE and nonce say no."""
    row = provider.row()
    mine, _mine = question(provider, row)
    _hers, pending = question(provider, row)
    stolen = provider.code_for(mine)["code"]
    with pytest.raises(Unproven):
        answered(row, pending, {"state": pending["state"], "code": stolen}, BACK)


def test_a_code_is_worth_nothing_twice(provider):
    row = provider.row()
    url, pending = question(provider, row)
    brought = provider.code_for(url)
    assert answered(row, pending, brought, BACK) == SUBJECT
    with pytest.raises(Unproven):
        answered(row, pending, brought, BACK)


def test_an_old_question_and_another_providers(provider):
    row = provider.row()
    url, pending = question(provider, row)
    for changed in ({"at": pending["at"] - 601}, {"provider": "annan"}):
        with pytest.raises(Unproven, match="not asked"):
            answered(row, pending | changed, provider.code_for(url), BACK)
    with pytest.raises(Unproven, match="not asked"):
        answered(row, {}, provider.code_for(url), BACK)


WELL_KNOWN = "/.well-known/openid-configuration"


def said_of_itself(provider, **changed):
    return 200, {**provider.answer(WELL_KNOWN)[1], **changed}


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x", "https://annan.invalid/x", "file:///etc/passwd", "", None, 5])
def test_an_endpoint_elsewhere(provider, name, url):
    provider.answers[WELL_KNOWN] = said_of_itself(provider, **{name: url})
    with pytest.raises(Unproven):
        asked(provider.row(), BACK)


def test_a_provider_that_says_it_is_another(provider):
    provider.answers[WELL_KNOWN] = said_of_itself(provider, issuer="https://annan.invalid")
    with pytest.raises(Unproven, match="issuer"):
        asked(provider.row(), BACK)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b"x" * (MOST + 1), b'{"issuer": "x"}'])
def test_something_else_than_a_provider(provider, body):
    provider.answers[WELL_KNOWN] = (200, body)
    with pytest.raises(Unproven):
        asked(provider.row(), BACK)


@pytest.mark.parametrize("path", [WELL_KNOWN, "/jwks", "/token"])
def test_nobody_is_followed_elsewhere(provider, path):
    provider.answers["/annat"] = provider.answer(path) if path != "/token" else (200, {})
    provider.answers[path] = (302, b"", {"Location": f"{provider.issuer}/annat"})
    with pytest.raises(Unproven):
        carried_out(provider)


@pytest.mark.parametrize("answer", [(500, {}), (200, {}), (200, b"["), (200, {"id_token": 5, "access_token": "x"}),
                                    (200, {"id_token": "a.b", "access_token": "x"})])  # fmt: skip
def test_a_broken_token_answer(provider, answer):
    provider.answers["/token"] = answer
    with pytest.raises(Unproven):
        carried_out(provider)


def test_a_provider_that_is_away(provider):
    row = provider.row(issuer="http://127.0.0.1:9")
    with pytest.raises(Unproven):
        asked(row, BACK)


@pytest.mark.parametrize(
    ("url", "kind", "ok"),
    [
        ("https://id.exempel.invalid/x", "production", True), ("http://id.exempel.invalid/x", "test", False),
        ("http://127.0.0.1/x", "test", True), ("http://127.0.0.1/x", "production", False),
        ("https://id.exempel.invalid:8443/x", "production", False),
        ("https://id.exempel.invalid@annan.invalid/x", "production", False),
        ("https://annan.invalid/id.exempel.invalid", "production", False),
    ],
)  # fmt: skip
def test_where_one_may_go(settings, url, kind, ok):
    settings.EXIT_ENV = kind
    hosts = {"id.exempel.invalid", "127.0.0.1"}
    if ok:
        require_allowed(url, hosts)
    else:
        with pytest.raises(NotOut):
            require_allowed(url, hosts)
