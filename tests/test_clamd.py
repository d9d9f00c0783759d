"""The scanner's protocol, spoken by a small server that answers as clamd does; and every way it can fail."""

import socket
import threading
from contextlib import suppress

import pytest

from exitprogram.scan import clamd

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """INSTREAM as clamd(8) has it: a command ended by NUL, chunks with their length in front, an empty one last."""

    def __init__(self, answer=None):
        self.answer, self.seen = answer, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self.door.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                line, _where = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as incoming, suppress(OSError, ValueError):
                self._talk(line, incoming)

    def _talk(self, line, incoming):
        if self.answer == "slams the door":
            return
        assert incoming.read(10) == b"zINSTREAM\0"
        data = b""
        while length := int.from_bytes(incoming.read(4), "big"):
            data += incoming.read(length)
        self.seen.append(data)
        if self.answer == "says nothing":
            threading.Event().wait(1.5)
        elif self.answer is not None:
            line.sendall(self.answer)
        else:
            line.sendall(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in data else b"stream: OK\0")

    def close(self):
        self.door.close()
        self.thread.join(2)


@pytest.fixture
def scanner(settings, monkeypatch):
    """``scanner(answer)`` starts one and makes it the product's."""
    started = []
    monkeypatch.setattr(clamd, "SECONDS", 0.5)

    def start(answer=None):
        started.append(FakeClamd(answer))
        settings.CLAMD_URL = started[-1].url
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.mark.parametrize("size", [1, clamd.CHUNK, clamd.CHUNK + 1, 5 * clamd.CHUNK])
def test_a_clean_file_arrives_whole(scanner, size):
    server = scanner()
    assert clamd.found_in(b"a" * size) == ""
    assert server.seen == [b"a" * size]


def test_the_standard_test_virus_is_found(scanner):
    scanner()
    assert clamd.found_in(b"x" * clamd.CHUNK + EICAR) == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize(
    "answer",
    [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Can't allocate memory ERROR\0", b"stream: OK", b"OK\0", b"\0",
     b"hej\0", b"stream: OK\n", b"\xff\xfe\0", b"x" * 9000, "slams the door", "says nothing"],
)  # fmt: skip
def test_what_is_no_clear_answer_is_no_answer(scanner, answer):
    scanner(answer)
    with pytest.raises(clamd.ScannerDown):
        clamd.found_in(b"abc" * 100_000)


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock"])
def test_nobody_there(settings, url):
    settings.CLAMD_URL = url
    with pytest.raises(clamd.ScannerDown):
        clamd.found_in(b"abc")


def test_by_a_socket_in_the_file_system(settings, tmp_path):
    path = tmp_path / "c"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def answer():
        line, _where = server.accept()
        with line:
            while not line.recv(1 << 16).endswith(b"\0\0\0\0"):
                pass
            line.sendall(b"stream: OK\0")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    settings.CLAMD_URL = f"unix://{path}"
    assert clamd.found_in(b"abc") == ""
    thread.join(2)
    server.close()
