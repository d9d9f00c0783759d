"""What leaves the house or lies beside it: mail, calendars, papers, packages, other systems, files, the broker."""

import base64
import io
import json
import os
import tempfile
import time
import traceback
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pikepdf
import redis
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import operations as cases
from cases.notices import delivery, due
from exitprogram.celery import app as celery
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.exports import recipients
from plans.models import PlanVersion
from tests import archiving
from tests.callers import Caller
from tests.canaries.sink import Control, Piece, sink
from tests.connections import logged_in_as
from tests.test_api import LISTS, READS, keys_of


@sink("mail")
def post(stage):
    """Every mail of every state there is, as it goes over the wire: headers, subject, every part, the address too."""
    mail.outbox.clear()
    with logged_in_as("worker"):
        due.make_due()
        while delivery.send_some():
            pass
    assert mail.outbox, "there was something to tell"
    for sent in mail.outbox:
        yield Piece("mail", sent.message().as_bytes())
        yield Piece("mail", f"{sent.to} {sent.cc} {sent.bcc} {sent.subject} {sent.extra_headers} {sent.body}")
    name = stage.foreign[0].name
    for message in (EmailMessage(f"Möte med {name}", "Hej"), EmailMessage("Hej", f"å {name}")):
        yield Control(message.message().as_bytes(), _word(stage, name))


def _word(stage, text):
    return stage.told(text).pop()


@sink("calendar feed")
def calendar(stage):
    for who in ("anna", "sara", "cilla", "maud"):
        member = getattr(stage.world, who)
        with acting(member):
            _feed, secret = cases.make_calendar(by=member)
        answer = Client().get(reverse("plans:calendar_feed", args=[secret]))
        assert answer.status_code == 200
        yield Piece(f"calendar of {who}", answer.content)
    name = stage.foreign[0].name
    yield Control(f"BEGIN:VEVENT\r\nDESCRIPTION;ENCODING=QUOTED-PRINTABLE:=20{name}\r\n", _word(stage, name))


@sink("API")
def api(stage):
    """As everybody with a key, at every address that reads: what is hers and of this case, and nothing in a header."""
    world = stage.world
    keys = keys_of(world, world.anna, world.case)
    for who in ("anna", "maud", "leo", "cilla") if stage.full else ("anna", "cilla"):
        member = getattr(world, who)
        caller, may = Caller(member), frozenset(stage.may_see(member))
        for path in (*LISTS, *(path.format(**keys) for path in READS.values())):
            answer = caller.get(path)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            yield Piece(f"{path} as {who}", answer.getvalue(), may)
            yield Piece(f"headers of {path}", str(answer.headers))
    yield Control(caller_sees(stage, keys), next(iter(stage.told(caller_sees(stage, keys)))))


def caller_sees(stage, keys):
    return Caller(stage.world.anna).get(READS["version"].format(**keys)).getvalue()


@sink("papers")
def papers(stage):
    """Of one person, for each recipient: nobody else is in it, and nothing at all in what a PDF says of itself."""
    world = stage.world
    with acting(world.anna):
        version = PlanVersion.objects.get(case=world.case, state="agreed")
        for recipient in recipients(world.case):
            data, _row = plans.release_copy(by=world.anna, plan_version=version, recipient_key=recipient.key)
            yield Piece(f"for {recipient.key}", data, frozenset(stage.in_case(world.case)))
            yield Piece(f"metadata for {recipient.key}", _metadata(data))
            shown = data
    yield Control(shown, next(iter(stage.told(shown))))


def _metadata(data):
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as told:
        return f"{dict(pdf.docinfo)} {told} {list(pdf.attachments)} {pdf.trailer.get('/ID')}"


@sink("archive package")
def package(stage):
    """Closed to everybody on the way, and inside it one person and her case."""
    world = stage.world
    archiving.approved(world.maud, world.export)
    made = archiving.made(world.anna, world.export)
    with acting(world.anna):
        yield Piece("certificate and row", f"{made.number} {made.stored_name}")
    sealed = archiving.fetched(world.anna, made)
    yield Piece("the package as it travels", sealed)
    root, files = archiving.opened(sealed)
    yield Piece("its name", root)
    for name, data in files.items():
        yield Piece(f"in it: {name}", data, frozenset(stage.in_case(world.closed)))
    inside = b"\n".join(files.values())
    yield Control(inside, next(iter(stage.told(inside))))


@sink("files")
def files(stage):
    """All that could be written to, after everything that the other sinks have done; then once more after a death in
    the middle of making an archive and of keeping a paper."""
    with _own_temporary(stage) as temporary:
        yield from _tree(temporary)
        archiving.approved(stage.world.nora, stage.world.export_elsewhere)
        for dies in ("plans.archive.package.zipped", "cases.vault.os.fsync"):
            _die_at(stage, dies)
            yield from _tree(temporary)
        name = stage.document_words
        told = temporary / f"{name}.txt"
        told.write_text("x")
        yield Control("".join(str(piece.content) for piece in _tree(temporary)), _word(stage, name))
        told.unlink()


@contextmanager
def _own_temporary(stage):
    with tempfile.TemporaryDirectory() as folder, patch.object(tempfile, "tempdir", folder):
        yield Path(folder)


def _tree(temporary):
    """Names and contents. PostgreSQL's own files hold what its tables hold: those have a sink of their own."""
    for folder in (temporary, Path(settings.STATE_DIR), Path(settings.FILES_DIR)):
        for path in folder.rglob("*"):
            if "postgres" in path.relative_to(folder).parts or "binaries" in path.parts or not path.is_file():
                continue
            yield Piece(str(path.relative_to(folder)), path.name)
            try:
                yield Piece(str(path.relative_to(folder)), path.read_bytes())
            except (FileNotFoundError, PermissionError):
                continue


def _die_at(stage, where):
    """A process that has the words in memory and dies there, without a last word to anybody."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            with patch(where, side_effect=lambda *_given: os._exit(9)):
                if "archive" in where:
                    archiving.made(stage.world.cilla, stage.world.export_elsewhere)
                else:
                    _keep(stage)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9, f"it was to die at {where}"


def _keep(stage):
    from tests import papers as given

    by, case = stage.world.anna, stage.protected[0].case
    with acting(by):
        cases.add_document(**given.paper(case, by, file=given.text(f"{stage.document_words} igen")))


@sink("broker")
def broker(stage):
    """What lies in it while our tasks wait, and when a worker has done them: every key of every kind."""
    line = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    celery.loader.import_default_modules()
    names = [name for name in celery.tasks if not name.startswith("celery.")]
    assert len(names) >= 5
    for name in names:
        celery.tasks[name].apply_async(retry=False)
    waiting = dict(_dump(line))
    assert waiting, "something waits"
    yield from (Piece(key, content) for key, content in waiting.items())
    with start_worker(celery, pool="solo", queues="jobs,celery", perform_ping_check=False, shutdown_timeout=60):
        _until(lambda: not line.llen("jobs") and not line.llen("celery"))
    yield from (Piece(key, content) for key, content in _dump(line))
    body = base64.b64encode(json.dumps([[stage.foreign[0].name], {}]).encode()).decode()
    line.lpush("prov", json.dumps({"body": body, "headers": {"argsrepr": ""}}))
    yield Control("".join(map(str, dict(_dump(line)).values())), _word(stage, stage.foreign[0].name))
    line.delete("prov")


def _until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)


def _dump(line):
    ways = {b"string": line.get, b"hash": line.hgetall, b"list": lambda key: line.lrange(key, 0, -1),
            b"set": line.smembers, b"zset": lambda key: line.zrange(key, 0, -1, withscores=True)}  # fmt: skip
    for key in line.scan_iter():
        kind = line.type(key)
        yield key.decode(), f"{key!r} {ways[kind](key) if kind in ways else line.dump(key)!r}"


@sink("cache")
def cache(stage):
    """Nobody uses one: after all the pages there is nothing in it."""
    for name in settings.CACHES:
        yield Piece(name, dict(caches[name]._cache))
        caches[name].set("prov", stage.foreign[0].name)
        yield Control(dict(caches[name]._cache), _word(stage, stage.foreign[0].name))
        caches[name].clear()
