"""Names of files that want to lead somewhere, sent as raw multipart to each upload door of the real server: nothing is
written under them, and nothing of them comes back in a header or as markup."""

import os
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from lxml import html

from cases.models import Document
from exitprogram.tenancy.acting import acting
from tests.hostile.files import NAMES

MARK = "data-planted"
OURS = f"planted{uuid.uuid4().hex[:8]}"  # of this process alone: others look round at the same time
BOUNDARY = b"----planted"
DOORS = [  # name, who, ids, the ending that it takes
    ("cases:document_new", "anna", "case", "txt"), ("tenancy:people_import", "adam", "", "xlsx"),
    ("tenancy:units_import", "adam", "", "xlsx"), ("teams:scheme_import", "adam", "", "xlsx"),
    ("teams:caseload_new", "maud", "", "xlsx"),
]  # fmt: skip
FILLED = {"title": "Intyg", "received_from": "Vården", "kind": "other", "area": "housing", "received_on": "2026-11-01"}
KEPT_AS = re.compile(r"[0-9a-f-]{36}/[0-9a-f]{2}/[0-9a-f]{32,64}")


def dispositions(name):
    """The same name as a browser says it, as RFC 5987 has it, both at once and torn open."""
    raw = name.encode()
    quoted = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    starred = b"".join(b"%%%02X" % one for one in raw)
    yield b'; filename="' + quoted + b'"'
    yield b"; filename*=UTF-8''" + starred
    yield b"; filename=\"x.txt\"; filename*=utf-8'sv'" + starred
    yield b"; filename=" + raw


def body_of(fields, disposition, data):
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), value.encode())
        for name, value in fields.items()
    ]
    parts.append(b'Content-Disposition: form-data; name="file"' + disposition + b"\r\n\r\n" + data)
    return b"".join(b"--" + BOUNDARY + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + BOUNDARY + b"--\r\n"


class Sender:
    """One door, opened once: the token and the cookie of its page, then each name."""

    def __init__(self, product, standing, name, who, ids):
        self.product, self.by = product, getattr(standing, who)
        self.path = reverse(name, args=[getattr(standing, kind).pk for kind in ids.split()])
        status, headers, page = product.ask(self.path, by=self.by)
        assert status == 200
        form = next(one for one in html.fromstring(page).forms if one.get("enctype") == "multipart/form-data")
        self.fields = {name: value or "" for name, value in form.form_values() if name != "file"}
        self.fields |= {name: value for name, value in FILLED.items() if name in form.fields}
        cookies = [value.split(";")[0] for name, value in headers if name.lower() == "set-cookie"]
        self.csrf = "; ".join(one for one in cookies if "csrf" in one)

    def send(self, disposition, data):
        body = body_of(self.fields | {"form_key": str(uuid.uuid4())}, disposition, data)
        told = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}", "Cookie": self.csrf}
        return self.product.ask(self.path, "POST", told, body, by=self.by)


def planted_files(*folders, ours=OURS):
    """Whatever has got a name of ours, anywhere that the server could have written."""
    for folder in folders:
        for where, names, files in os.walk(folder):
            names[:] = [name for name in names if name not in {".git", ".venv", "node_modules"}]
            yield from (Path(where) / name for name in [*files, *names] if ours in name)


def safe(answer):
    status, headers, body = answer
    told = "".join(f"{name}: {value}\n" for name, value in headers)
    return status < 500 and "planted" not in told and f"<img {MARK}".encode() not in body


@pytest.mark.parametrize(("name", "who", "ids", "ending"), DOORS)
def test_names_lead_nowhere(standing, in_the_open, house_folder, share, name, who, ids, ending):
    sender, unsafe, sent = Sender(in_the_open, standing, name, who, ids), [], 0
    names = [f"{OURS}-{one.format(ending)}" for one in NAMES] + [one.format(f"{OURS}.{ending}") for one in NAMES]
    names = names if share.every_role or ids else names[:: len(DOORS)]
    for place, hostile in enumerate(names):
        ways = list(dispositions(hostile))
        for way in ways if share.every_role else [ways[place % len(ways)]]:
            answer = sender.send(way, f"text {uuid.uuid4()}".encode())
            sent += 1
            if not safe(answer):
                unsafe.append((hostile, way, answer[0]))
    share.tell(requests=sent)
    assert unsafe == [] and sent >= len(names)
    written = [
        str(path.relative_to(house_folder / "files")) for path in (house_folder / "files").rglob("*") if path.is_file()
    ]
    assert [path for path in written if not KEPT_AS.fullmatch(path)] == []
    around = [house_folder.parent, settings.BASE_DIR, Path("/etc"), Path("/tmp"), Path.cwd().parent]  # noqa: S108
    assert list(planted_files(*around)) == []


def test_what_is_kept_is_given_out_under_our_own_name(standing, in_the_open):
    """After the names above: each that was kept, fetched."""
    sender = Sender(in_the_open, standing, "cases:document_new", "anna", "case")
    for place, one in enumerate(NAMES):
        sender.send(list(dispositions(one.format("txt")))[place % 4], f"text {uuid.uuid4()}".encode())
    with acting(standing.anna):
        rows = [row for row in Document.objects.filter(case=standing.case) if row.title == FILLED["title"]]
    assert len(rows) > len(NAMES) / 2, "many of them are only odd"
    for row in rows:
        path = reverse("cases:document_file", args=[standing.case.pk, row.pk])
        status, headers, _data = in_the_open.ask(path, by=standing.anna)
        told = {name.lower(): value for name, value in headers}
        assert (status, told["content-disposition"]) == (200, 'attachment; filename="dokument.txt"')
        assert told["content-type"] == "application/octet-stream"


def test_a_name_that_is_used_is_found(standing, tmp_path):
    """The look round finds a file of ours, and what comes back is looked at."""
    (tmp_path / f"not-{OURS}.txt").write_text("x")
    assert list(planted_files(tmp_path, ours=f"not-{OURS}")) == [tmp_path / f"not-{OURS}.txt"]
    (tmp_path / f"not-{OURS}.txt").unlink()
    assert not safe((200, [("Content-Disposition", 'attachment; filename="planted.txt"')], b""))
    assert not safe((200, [], f"<img {MARK} src=x>".encode())) and not safe((500, [], b"")) and safe((200, [], b""))
