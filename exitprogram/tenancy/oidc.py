"""OpenID Connect, the code flow with PKCE: what is asked of the provider, and what its answer must be.

Nothing of what the provider writes is shown to anybody: what is wrong is a code word for the log.
"""

import hmac
import json
import secrets
import time
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode
from requests import RequestException

from exitprogram.tenancy.egress import OnlyTo, require_allowed
from exitprogram.tenancy.identities import secret_of

# By a key pair; never by a secret that both know.
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ASKED_WITHIN = 10 * 60  # seconds between question and answer
SKEW = 60  # seconds between the provider's clock and ours
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST_SUBJECT = 255  # OpenID Connect Core §2


class Unproven(Exception):
    """The answer does not show who it is. ``str(why)`` is a code word."""


class TooWeak(Unproven):
    """It shows who it is, but not strongly enough."""


def client_of(provider, back, method="client_secret_basic"):
    hosts = {urlsplit(provider.issuer).netloc, *provider.hosts}
    secret = secret_of(provider)
    client = OAuth2Session(
        provider.client_id, secret, scope="openid", redirect_uri=back, code_challenge_method="S256",
        token_endpoint_auth_method=method if secret else "none",
    )  # fmt: skip
    client.trust_env = False  # no proxy, no .netrc
    client.mount("https://", OnlyTo(hosts))
    client.mount("http://", OnlyTo(hosts))
    return client, hosts


def metadata_of(provider, back):
    """What the provider says about itself, when it is the provider and its endpoints are where they may be."""
    client, hosts = client_of(provider, back)
    found = _json(client, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise Unproven("issuer")
    for name in ENDPOINTS:
        require_allowed(found.get(name), hosts)
    return found


def _json(client, url):
    answer = client.get(url, withhold_token=True)
    if answer.status_code != 200:
        raise Unproven("status")
    found = answer.json()
    if not isinstance(found, dict):
        raise Unproven("shape")
    return found


def asked(provider, back):
    """(the address to send the browser to, what the session must remember until the answer). She proves anew who she is
    each time: an old session at the provider, left on a shared computer, opens nothing here."""
    try:
        found = metadata_of(provider, back)
        client, _hosts = client_of(provider, back)
        pending = {name: secrets.token_urlsafe(32) for name in ("state", "nonce")}
        pending["verifier"] = secrets.token_urlsafe(48)
        more = {"acr_values": " ".join(provider.acr)} if provider.acr else {}
        url, _state = client.create_authorization_url(
            found["authorization_endpoint"], state=pending["state"], code_verifier=pending["verifier"],
            nonce=pending["nonce"], prompt="login", max_age=0, **more,
        )  # fmt: skip
    except (RequestException, ValueError, KeyError, TypeError) as why:
        raise Unproven(type(why).__name__) from None
    return url, pending | {"provider": str(provider.pk), "at": int(time.time())}


def answered(provider, pending, answer, back):
    """The subject, when everything is right. ``answer`` is what the browser brought back."""
    if not pending or pending.get("provider") != str(provider.pk) or time.time() - pending["at"] > ASKED_WITHIN:
        raise Unproven("not asked")
    if not hmac.compare_digest(pending["state"].encode(), answer.get("state", "").encode()):
        raise Unproven("state")
    if answer.get("error") or not answer.get("code"):
        raise Unproven("error")
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another provider's answer, mixed up
        raise Unproven("mixed up")
    try:
        found = metadata_of(provider, back)
        id_token = _exchanged(provider, found, pending, answer["code"], back)
        return _subject(provider, pending, _claims(provider, found, id_token, back))
    except (RequestException, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError) as why:
        raise Unproven(type(why).__name__) from None


def _exchanged(provider, found, pending, code, back):
    said = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    method = "client_secret_basic" if "client_secret_basic" in said else "client_secret_post"
    client, _hosts = client_of(provider, back, method)
    token = client.fetch_token(found["token_endpoint"], code=code, code_verifier=pending["verifier"])
    return token["id_token"]


def _claims(provider, found, id_token, back):
    client, _hosts = client_of(provider, back)
    key = _key(id_token, provider, _json(client, found["jwks_uri"]))
    token = jwt.decode(id_token, key, algorithms=[name for name in provider.algorithms if name in SIGNATURES])
    jwt.JWTClaimsRegistry(
        leeway=SKEW, iss={"essential": True, "value": provider.issuer}, sub={"essential": True},
        aud={"essential": True, "value": provider.client_id}, exp={"essential": True}, iat={"essential": True},
    ).validate(token.claims)  # fmt: skip
    return token.claims


def _key(id_token, provider, published):
    """The provider's public key that the token names; never one that is a secret or for something else."""
    named = json.loads(urlsafe_b64decode(id_token.split(".")[0].encode())).get("kid")
    fit = [
        key for key in published["keys"]
        if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
        and (named is None or key.get("kid") == named)
    ]  # fmt: skip
    if len(fit) != 1:
        raise Unproven("key")
    public = {name: value for name, value in fit[0].items() if name not in ("alg", "key_ops", "use")}
    return KeySet.import_key_set({"keys": [public]})


def _subject(provider, pending, claims):
    audience, now = claims["aud"], time.time()
    if isinstance(audience, list) and audience != [provider.client_id]:
        raise Unproven("aud")  # for others too: whoever is in the list could use it here
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise Unproven("azp")
    if not hmac.compare_digest(pending["nonce"].encode(), str(claims.get("nonce", "")).encode()):
        raise Unproven("nonce")
    if claims["iat"] < pending["at"] - SKEW or claims["iat"] > now + SKEW:
        raise Unproven("iat")
    proved_at = claims.get("auth_time")
    if (pending["purpose"] == "confirm" or proved_at is not None) and proved_at < pending["at"] - SKEW:
        raise Unproven("auth_time")  # not now, or (TypeError) not said: she who sits here may be another
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Unproven("sub")
    if not _is_strong(provider, claims):
        raise TooWeak("acr")
    return subject


def _is_strong(provider, claims):
    ways = claims.get("amr") or []
    ways = set(ways) if isinstance(ways, list) and all(isinstance(way, str) for way in ways) else set()
    return (not provider.acr or claims.get("acr") in provider.acr) and (
        not provider.amr or bool(ways & set(provider.amr))
    )
