"""The product as ``make demo`` runs it, on the test's own database: real gunicorn, hashed static files, and in front of
it a small door that speaks TLS, as in production. Tests that ask what leaves the house ask here."""

import datetime
import http.client
import ipaddress
import os
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from exitprogram.embedded import demo, values
from exitprogram.embedded.places import CLONE
from tests.visits import Visit

BETWEEN = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"}  # of one line only


def certificate(folder):
    """Made by oneself, for this machine alone: (certificate and key in one file)."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2)).add_extension(x509.SubjectAlternativeName(names), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "tls.pem"
    plain = serialization.NoEncryption()
    kept = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(kept + made.public_bytes(serialization.Encoding.PEM))
    return file


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A browser that goes away in the middle is nothing to tell of."""


@contextmanager
def listening(handler, file, **facts):
    """A TLS server of ours at any free port; ``facts`` are what its handler needs to know."""
    server = Server(("127.0.0.1", 0), handler)
    vars(server).update(facts)
    told = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    told.load_cert_chain(file)
    server.socket = told.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class Door(BaseHTTPRequestHandler):
    """Hands on what comes over TLS, and says that it came so; what a client says of that itself is dropped."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self):
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self._hand_on()

    def _hand_on(self):
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)) as line:
            self._answer_of(line)

    def _answer_of(self, line):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in BETWEEN | {"x-forwarded-proto"}:
                line.putheader(name, value)
        line.putheader("X-Forwarded-Proto", "https")
        line.putheader("Content-Length", str(len(body)))
        line.endheaders(body)
        answer = line.getresponse()
        data = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in BETWEEN:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
        if answer.status not in (204, 304) and length is not None:
            self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *words):
        pass


class Product:
    """``url``: where it is, with TLS or without. ``ask`` gives status, headers as a list, and body."""

    def __init__(self, port, url, log):
        self.port, self.url, self.log = port, url, log

    def ask(self, path, method="GET", headers=(), body=None, by=None, host=None):
        secure = self.url.startswith("https")
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        more = {"context": ssl._create_unverified_context()} if secure else {}  # noqa: S323  its own certificate
        where = self.url.split("://")[1].split(":")
        line = kind(where[0], int(where[1]), timeout=60, **more)
        given = {"Host": host or ":".join(where), **dict(headers)}
        if by is not None:
            given["Cookie"] = "; ".join([f"{self.cookie_name}={cookie_of(by)}", given.get("Cookie", "x=y")])
        with closing(line):
            line.request(method, path, body=body, headers=given)
            with line.getresponse() as answer:
                return answer.status, answer.getheaders(), answer.read()

    @property
    def cookie_name(self):
        return "__Host-session" if self.url.startswith("https") else "session"

    def cookie(self, membership):
        """As playwright's ``add_cookies`` wants it."""
        secure = self.url.startswith("https")
        facts = {"httpOnly": True, "sameSite": "Lax", **({"secure": True} if secure else {})}
        return {"name": self.cookie_name, "value": cookie_of(membership), "url": self.url, **facts}


def cookie_of(membership):
    return Visit(membership).client.cookies["session"].value


@contextmanager
def product(folder, *, tls, **more):
    """Gunicorn by the demo's own command, on this run's test database."""
    with ExitStack() as ends:
        door = ends.enter_context(values.listening(0))
        port = door.getsockname()[1]
        url = f"http://localhost:{port}"
        if tls:
            front = ends.enter_context(listening(Door, certificate(folder), behind=port))
            url = f"https://localhost:{front.server_address[1]}"
        told = _environment(folder, url) | more
        _collect(told, folder)
        log = open(folder / "gunicorn.log", "wb")  # noqa: SIM115  closed with the rest
        ends.callback(log.close)
        command = demo.web_command(door)
        web = subprocess.Popen(command, env=told, cwd=CLONE, pass_fds=[door.fileno()], stdout=log, stderr=log)
        ends.callback(_stop, web)
        made = Product(port, url, folder / "gunicorn.log")
        _wait(made, web)
        yield made


def _environment(folder, url):
    database = connection.settings_dict
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {
        "EXIT_ENV": "demo", "EXIT_PROCESS": "web", "EXIT_BASE_URL": url, "EXIT_STATE_DIR": str(folder),
        "EXIT_DATABASE_URL": f"postgresql://{database['USER']}:{database['PASSWORD']}@{address}",
        "EXIT_DATABASE_POOL": "1", "EXIT_ALLOWED_HOSTS": "127.0.0.1 localhost", "EXIT_MAIL_URL": folder.as_uri(),
    }  # fmt: skip


def _collect(told, folder):
    """Compressed and hashed, as in the demo and in production."""
    if not (folder / "static").exists():
        words = ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run([sys.executable, *words], cwd=CLONE, env=told, check=True)


def _wait(made, web):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if web.poll() is not None:
            break
        try:
            if made.ask("/halsa/")[0] in (200, 404):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(made.log.read_text())


def _stop(web):
    web.terminate()
    try:
        web.wait(15)
    except subprocess.TimeoutExpired:
        web.kill()
        web.wait()
