"""Papers: sealed on disk, opened by whom they say, and by nobody before the scanner has answered."""

import base64
import hashlib
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command

from cases import operations as cases
from cases import quarantine, vault
from cases.models import Document, PersonKey
from exitprogram.audit.models import AuditEvent
from exitprogram.crypto.sealing import unseal
from exitprogram.errors import Refused
from exitprogram.scan import clamd
from exitprogram.scan.content import Checked
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.operations import Upkeep
from tests.connections import logged_in_as
from tests.papers import SECRET, added, down, opened, text
from tests.test_clamd import EICAR, FakeClamd
from tests.world import today


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def scanner(settings, monkeypatch):
    monkeypatch.setattr(clamd, "SECONDS", 0.5)
    server = FakeClamd()
    settings.CLAMD_URL = server.url
    yield server
    server.close()


def files():
    return [path for path in vault.settings.FILES_DIR.rglob("*") if path.is_file()]


def test_nothing_unsealed_is_on_disk(world):
    row = added(world, file=text(), title="Intyg om vård")
    (path,) = files()
    assert path.name == row.stored_name and path.stat().st_mode & 0o777 == 0o600
    assert SECRET.encode() not in path.read_bytes() and b"Intyg" not in path.read_bytes()
    assert opened(world, row) == SECRET.encode()
    assert row.state == "unscanned"  # nobody has asked a scanner here, and it says so


def test_a_file_moved_to_another_row_does_not_open(world):
    one, other = added(world, file=text("a")), added(world, file=text("b"))
    vault.remove(one.authority_id, [one.stored_name])
    vault.write(one.authority_id, one.stored_name, vault.read(other.authority_id, other.stored_name))
    with pytest.raises(InvalidTag):
        opened(world, one)


def test_a_changed_byte_does_not_open(world):
    row = added(world)
    sealed = vault.read(row.authority_id, row.stored_name)
    vault.remove(row.authority_id, [row.stored_name])
    vault.write(row.authority_id, row.stored_name, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(InvalidTag):
        opened(world, row)


def test_without_the_persons_key_no_file_opens(world):
    """What wraps the file's key is the person's, and no other: gone, every copy of the folder is rubbish."""
    row = added(world)
    with acting(world.anna):
        wraps = base64.b64decode(PersonKey.objects.get(pk=row.key_id).sealed_key)
    bound = f"{row.authority_id}|{row.pk}"
    key = unseal(wraps, row.wrapped_key, bound_to=bound)
    assert unseal(key, vault.read(row.authority_id, row.stored_name), bound_to=bound).startswith(b"%PDF")
    with pytest.raises(InvalidTag):
        unseal(bytes(32), row.wrapped_key, bound_to=bound)
    row.key_id = uuid4()
    with pytest.raises(vault.FileGone), acting(world.anna):
        vault.contents(row)


def test_one_key_for_all_of_a_persons_papers(world):
    added(world), added(world)
    with acting(world.anna):
        (key,) = PersonKey.objects.visible_to(world.anna)
        assert set(Document.objects.values_list("key_id", flat=True)) == {key.pk}


def test_names_on_disk_are_ours(world):
    for name in ("../../etc/passwd", "a", "A" * 32, "", "x/y", "0" * 31 + "\n"):
        with pytest.raises(ValueError):
            vault.read(world.bollnas.pk, name)


def test_the_same_file_twice(world):
    added(world, file=text(), title="Första")
    with pytest.raises(Refused, match="Första"):
        added(world, file=text(), title="Andra")


@pytest.mark.parametrize("day", [1, -365 * 130])
def test_an_impossible_day(world, day):
    with pytest.raises(Refused, match="Dagen"):
        added(world, received_on=today() + timedelta(days=day))
    assert files() == []


# The scanner


def test_a_clean_file_can_be_opened(world, scanner):
    row = added(world, file=text())
    assert row.state == "clean" and row.scanned_at and scanner.seen == [SECRET.encode()]
    assert opened(world, row) == SECRET.encode()


def test_malware_is_not_kept(world, scanner):
    with pytest.raises(Refused, match="Skadlig kod"):
        added(world, file=Checked(EICAR, "text/plain"))
    assert files() == []
    with acting(world.anna):
        assert not Document.objects.exists()


def test_a_scanner_that_is_down_keeps_the_file_closed(world, settings):
    down(settings)
    row = added(world, file=text())
    assert row.state == "quarantined" and SECRET.encode() not in files()[0].read_bytes()
    with pytest.raises(Refused, match="inte genomsökt än"):
        opened(world, row)
    with pytest.raises(Refused, match="svarar inte än"), acting(world.anna):
        cases.rescan_document(by=world.anna, document=row)
    server = FakeClamd()
    settings.CLAMD_URL = server.url
    with acting(world.anna):
        row = cases.rescan_document(by=world.anna, document=row)
    server.close()
    assert (row.state, row.quarantine_key) == ("clean", b"")
    assert opened(world, row) == SECRET.encode()


def test_production_without_a_scanner_keeps_everything_closed(world, settings):
    settings.EXIT_ENV = "production"
    assert settings.CLAMD_URL == ""
    assert added(world).state == "quarantined"


def test_what_the_first_answer_missed_is_thrown_away_later(
    world, settings, scanner, django_capture_on_commit_callbacks
):
    url = settings.CLAMD_URL
    down(settings)
    row = added(world, file=Checked(EICAR, "text/plain"))
    settings.CLAMD_URL = url
    with django_capture_on_commit_callbacks(execute=True), acting(world.anna):
        row = cases.rescan_document(by=world.anna, document=row)
    assert row.state == "refused" and files() == []
    with pytest.raises(Refused):
        opened(world, row)


def test_a_state_never_goes_back(world):
    row = added(world)
    for state in ("clean", "quarantined", "refused"):
        with pytest.raises(Exception, match="låst"), acting(world.anna):
            Document.objects.filter(pk=row.pk).update(state=state)


@pytest.mark.django_db(transaction=True)
class TestTheWorker:
    """As exit_worker, over really committed rows."""

    @pytest.fixture
    def waiting(self, transactional_db, settings):
        from tests.world import World, make_partner

        make_partner()
        world = World()
        down(settings)
        return world, [added(world, file=text()), added(world, file=Checked(EICAR, "text/plain"))]

    def test_asks_again(self, waiting, settings):
        world, rows = waiting
        with logged_in_as("worker"):
            assert quarantine.scan_waiting() == 0  # still down: everything stays as it is
        server = FakeClamd()
        settings.CLAMD_URL = server.url
        with logged_in_as("worker"):
            assert quarantine.scan_waiting() == 2
            assert quarantine.scan_waiting() == 0
        server.close()
        with acting(world.anna):
            states = [Document.objects.get(pk=row.pk) for row in rows]
        assert [(row.state, bytes(row.quarantine_key)) for row in states] == [("clean", b""), ("refused", b"")]
        assert len(files()) == 1
        assert opened(world, states[0]) == SECRET.encode()

    def test_a_file_that_is_gone_stops_nobody_else(self, waiting, settings):
        world, rows = waiting
        vault.remove(rows[0].authority_id, [rows[0].stored_name])
        server = FakeClamd()
        settings.CLAMD_URL = server.url
        with logged_in_as("worker"):
            assert quarantine.scan_waiting() == 1
        server.close()


# Files and rows


def sweep(world):
    with acting_as_system(world.bollnas):
        return cases.sweep_files(by=Upkeep(world.bollnas))


def test_the_sweep_looks_both_ways(world, monkeypatch):
    kept, lost = added(world, file=text("a")), added(world, file=text("b"))
    vault.write(world.bollnas.pk, "0" * 32, b"left behind")
    vault.write(world.soderhamn.pk, "0" * 32, b"somebody else's")
    vault.remove(lost.authority_id, [lost.stored_name])
    assert sweep(world) == (0, [str(lost.pk)])  # young files may belong to somebody's transaction
    monkeypatch.setattr(vault, "YOUNG", -1)
    assert sweep(world) == (1, [str(lost.pk)])
    assert {path.name for path in files()} == {kept.stored_name, "0" * 32}
    assert opened(world, kept) == b"a"
    with pytest.raises(Refused, match="finns inte kvar"):
        opened(world, lost)


def test_the_command_says_what_is_missing(world):
    row = added(world)
    out = StringIO()
    call_command("sweep_files", stdout=out)
    assert out.getvalue() == "0 filer utan rad är bortkastade.\n"
    vault.remove(row.authority_id, [row.stored_name])
    with pytest.raises(CommandError, match="1 handlingar saknar fil"):
        call_command("sweep_files", stdout=out)
    assert str(row.pk) in out.getvalue()


def test_a_machine_that_dies_while_writing_leaves_no_half_file(world, monkeypatch):
    def died(*_args):
        raise OSError("disk full")

    monkeypatch.setattr("cases.vault.os.fsync", died)
    with pytest.raises(OSError):
        added(world)
    assert [path.suffix for path in files()] == [".part"]
    monkeypatch.setattr(vault, "YOUNG", -1)
    assert sweep(world) == (1, []) and files() == []


def test_reading_leaves_a_trace(world):
    row = added(world)
    opened(world, row)
    with acting(world.anna):
        actions = AuditEvent.objects.about_case(world.case).values_list("action", flat=True)
        assert {"document.added", "document.viewed"} <= set(actions)


def test_the_fingerprint_is_keyed(world):
    row = added(world, file=text())
    assert bytes(row.fingerprint) != hashlib.sha256(SECRET.encode()).digest()
