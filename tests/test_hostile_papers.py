"""Documents that reach for files and hosts, rendered under a trace of the process's calls: no socket, and no file but
our own fonts and the libraries. ``make hostile`` renders every one of them; here a share."""

import random
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pikepdf
import pytest

from tests.hostile.papers import documents
from tests.hostile.trace import strange, traced

CANARY = "Kanarie-på-disken-4711"


class Listening(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.called.append(self.path)
        self.send_response(302 if "leads" in self.path else 200)
        self.send_header("Location", f"file://{self.server.file}")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def bait(tmp_path):
    """A file with a canary and a host that listens."""
    server = HTTPServer(("127.0.0.1", 0), Listening)
    server.called, server.file = [], tmp_path.parent / "bait.txt"
    server.file.write_text(CANARY)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def text_in(folder):
    """All that lies in the documents that were made, unpacked."""
    for file in folder.glob("*.pdf"):
        with pikepdf.open(file) as pdf:
            yield file.name, b"".join(thing.read_bytes() for thing in pdf.objects if isinstance(thing, pikepdf.Stream))


def test_no_document_opens_or_calls(bait, tmp_path, share):
    every = list(documents(bait.file, bait.server_address[1]))
    chosen = random.Random(share.seed).sample(every, min(share.papers, len(every)))  # noqa: S311  the same ones
    done, opened, sockets = traced([page for _name, page in chosen], tmp_path)
    found = strange(opened, tmp_path)
    share.tell(papers=len(done), sockets=len(sockets), opens=len(found))
    assert len(done) == len(chosen) and set(done) <= {"made", "FatalURLFetchingError", "InvalidValues"}
    assert sockets == [] and bait.called == []
    assert found == []
    assert [name for name, data in text_in(tmp_path) if CANARY.encode() in data] == []


def test_a_careless_fetcher_is_found(bait, tmp_path):
    """The trace sees a file that is opened and a host that is called."""
    port = bait.server_address[1]
    pages = [f'<link rel="attachment" href="file://{bait.file}">x', f'<img src="http://127.0.0.1:{port}/x">x']
    _done, opened, sockets = traced(pages, tmp_path, careless=True)
    assert str(bait.file) in strange(opened, tmp_path) and sockets and bait.called == ["/x"]
    assert any(CANARY.encode() in data for _name, data in text_in(tmp_path))
