"""Identity providers on this machine: a real one in a process of its own, and a small one that lies as it is told."""

import hashlib
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from exitprogram.tenancy.models import IdentityProvider
from exitprogram.tenancy.owner import as_owner

LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
LOA2 = "http://id.elegnamnden.se/loa/1.0/loa2"
CLIENT = "exitprogram-prov"
KEY = RSAKey.generate_key(2048, {"kid": "prov", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "prov", "use": "sig"})


class Lying:
    """A provider that answers as the product expects, but for what a test has changed."""

    def __init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.key, self.codes, self.asked = KEY, {}, []
        self.honest()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def honest(self):
        """As it should be: what a test had changed is forgotten."""
        self.changed, self.header, self.signed, self.answers, self.keys = {}, {}, self._sign, {}, None

    def row(self, **more):
        values = {"slug": "siths", "name": "SITHS", "issuer": self.issuer, "client_id": CLIENT, "acr": [LOA3],
                  "algorithms": ["RS256", "ES256"]}  # fmt: skip
        return IdentityProvider(**{**values, **more})

    def code_for(self, url, subject="SE2321000016-1234"):
        """What the browser brings back, when somebody has signed in there after being sent to this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked | {"subject": subject}
        return {"state": asked["state"], "code": code}

    def _claims(self, asked):
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": asked["subject"], "aud": CLIENT, "exp": now + 300, "iat": now,
                  "auth_time": now, "nonce": asked["nonce"], "acr": LOA3}  # fmt: skip
        changed = {name: value(claims) if callable(value) else value for name, value in self.changed.items()}
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def _sign(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "prov", **self.header}, claims, self.key)

    def _token(self, body):
        asked = self.codes.pop(body["code"][0], None)
        proof = hashlib.sha256(body["code_verifier"][0].encode()).digest()
        if asked is None or urlsafe_b64encode(proof).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "<b>Leverantörens egna ord</b>"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(self._claims(asked))}

    def answer(self, path, body=None):
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                         "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks"}  # fmt: skip
        if path == "/jwks":
            return 200, {"keys": self.keys or [self.key.as_dict(private=False)]}
        return self._token(body) if path == "/token" else (404, {})

    def _handler(lying):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self._say(*lying.answer(urlsplit(self.path).path))

            def do_POST(self):
                body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._say(*lying.answer(urlsplit(self.path).path, body))

            def _say(self, status, content, headers=()):
                content = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **dict(headers)}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # whoever asked has had enough
                    self.wfile.write(content)

            def log_message(self, *args):
                pass

        return Handler


def unsigned(claims):
    parts = [json.dumps({"alg": "none"}), json.dumps(claims)]
    return ".".join([urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts] + [""])


def signed_with_the_public_key(claims):
    """What everybody can read, used as a shared secret."""
    public = OctKey.import_key(KEY.as_pem(private=False))
    return jwt.encode({"alg": "HS256", "kid": "prov"}, claims, public, algorithms=["HS256"])


@contextmanager
def real_provider(*people):
    """oidc-provider-mock, in a process of its own. ``people``: their claims."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    given = [word for claims in people for word in ("--user-claims", json.dumps(claims))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *given]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONWARN")}
    process = subprocess.Popen(command, env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield _awake(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(10)


def _awake(issuer, process):
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=2) as answer:  # noqa: S310
                answer.read()
            return issuer
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, "the provider did not start"
            time.sleep(0.1)
    raise AssertionError("the provider did not answer")


def put(row):
    """As the command does, by the owner's hand. Outside any transaction."""
    with as_owner():
        row.save()
    return row
