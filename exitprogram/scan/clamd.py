"""Asking ClamAV's daemon about a file, by its INSTREAM command (clamd(8)). Nothing is written anywhere.

``EXIT_CLAMD_URL`` is ``tcp://host:port`` or ``unix:///path``. Whatever is not a clear answer is ``ScannerDown``: the
caller leaves the file where nobody can open it.
"""

import socket
from urllib.parse import unquote, urlsplit

from django.conf import settings

CHUNK = 64 * 1024
SECONDS = 20  # for connecting, and between bytes
LONGEST_ANSWER = 4096


class ScannerDown(Exception):
    """No answer, or one that cannot be understood."""


def is_configured():
    return bool(settings.CLAMD_URL)


def found_in(data):
    """The name of what was found, '' when nothing was. Raises ScannerDown."""
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                part = data[start : start + CHUNK]
                line.sendall(len(part).to_bytes(4, "big") + part)
            line.sendall((0).to_bytes(4, "big"))
            answer = _answer(line)
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error
    return _read(answer)


def _connected():
    parts = urlsplit(settings.CLAMD_URL)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(unquote(parts.path))
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname, parts.port), timeout=SECONDS)


def _answer(line):
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        part = line.recv(1024)
        if not part:
            break
        answer += part
    return answer


def _read(answer):
    text = answer.rstrip(b"\0\n").decode("ascii", "replace")
    if not answer.endswith(b"\0") or not text.startswith("stream: "):
        raise ScannerDown("answer")
    verdict = text.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerDown("answer")
