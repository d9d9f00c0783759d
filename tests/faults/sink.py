"""A mail server that remembers what it has said 250 to, and can break off, refuse or stand still at every step."""

import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

STEPS = ("connect", "mail", "rcpt", "data", "accepted")
MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.M | re.I)


@dataclass(frozen=True)
class Mail:
    to: str
    message_id: str
    at: float
    number: int


class Trap:
    """The next session that comes to ``step`` waits there until it is let go, or does ``then``: ``break`` the line,
    answer with a refusal (``421 …``), or accept and then break off before the answer (``swallow``)."""

    def __init__(self, step, then="go"):
        self.step, self.then = step, then
        self.caught, self.free = threading.Event(), threading.Event()
        self.port = None

    def spring(self, port):
        self.port = port
        self.caught.set()
        self.free.wait(20)
        return self.then


class Sink:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.accepted, self.traps, self.lock = [], [], threading.Lock()
        self.open = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self.listener.close()
        for trap in self.traps:
            trap.free.set()

    def trap(self, step, then="go", *, hold=True):
        made = Trap(step, then)
        if not hold:
            made.free.set()
        with self.lock:
            self.traps.append(made)
        return made

    def forget(self, trap):
        trap.free.set()
        with self.lock:
            if trap in self.traps:
                self.traps.remove(trap)

    def mails(self):
        with self.lock:
            return list(self.accepted)

    def _serve(self):
        while True:
            try:
                line, (_host, port) = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._session, args=(line, port), daemon=True).start()

    def _session(self, line, port):
        line.settimeout(30)
        with line, suppress(OSError):  # whoever spoke is gone
            _Session(self, line, port).run()

    def sprung(self, step, port):
        with self.lock:
            trap = next((one for one in self.traps if one.step == step), None)
            if trap is None:
                return "go"
            self.traps.remove(trap)
        return trap.spring(port)


class Broken(OSError):
    """We break the line off."""


class _Session:
    def __init__(self, sink, line, port):
        self.sink, self.line, self.port = sink, line, port
        self.file = line.makefile("rb")
        self.to = []

    def say(self, text):
        self.line.sendall(text.encode() + b"\r\n")

    def at(self, step, answer):
        then = self.sink.sprung(step, self.port)
        if then == "break":
            raise Broken
        self.say(answer if then == "go" else then)
        return then == "go"

    def run(self):
        if not self.at("connect", "220 sink"):
            return
        for raw in self.file:
            word = raw[:4].upper()
            if word in (b"EHLO", b"HELO"):
                self.say("250 sink")
            elif word == b"MAIL":
                self.to = []
                self.at("mail", "250 ok")
            elif word == b"RCPT":
                if self.at("rcpt", "250 ok"):
                    self.to.append(raw.split(b"<")[1].split(b">")[0].decode())
            elif word == b"DATA":
                self.say("354 go on")
                self.receive()
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def receive(self):
        body = b""
        for raw in self.file:
            if raw == b".\r\n":
                break
            body += raw
        else:
            return  # broken off in the middle: nothing has been received
        then = self.sink.sprung("data", self.port)
        if then == "break":
            raise Broken
        if then not in ("go", "swallow"):
            self.say(then)
            return
        self.keep(body)
        if then == "swallow":
            raise Broken
        then = self.sink.sprung("accepted", self.port)
        self.say("250 kept")
        if then == "break":
            raise Broken

    def keep(self, body):
        found = MESSAGE_ID.search(body)
        with self.sink.lock:
            for to in self.to:
                kept = Mail(to, found[1].decode() if found else "", time.time(), len(self.sink.accepted))
                self.sink.accepted.append(kept)
