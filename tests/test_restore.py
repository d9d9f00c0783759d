"""A backup is worth what its restore is: sealed, put back into an empty cluster, counted, and what was destroyed since
destroyed again before anybody is let in. ``make restore-drill`` is this file with its figures shown."""

import hashlib
import os
import shutil

import pytest
from django.conf import settings

from cases import operations as cases
from exitprogram.backup import figures, ledger
from exitprogram.backup.stream import Sealer, Spoilt, new_pair, opened, private_key, public_key
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from tests.furniture import NUMBERS, SECRETS
from tests.kept.drill import Drill, counted, empty_cluster, ids_in
from tests.papers import old_case, paper

DESTROYED = int(os.environ.get("EXIT_DRILL_DESTROYED", "3"))
# Of the days after the backup: what is written down about the destruction itself.
SINCE = {"audit_auditevent", "cases_disposallist", "cases_disposalcertificate", "tenancy_submission"}


@pytest.fixture(scope="module")
def played(standing, tmp_path_factory, django_db_blocker):
    """Some people's files grow old; a backup; they are destroyed; the older backup is put back."""
    folder, settings.FILES_DIR = settings.FILES_DIR, tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock():
        world = standing
        old = [old_case(world, name=f"Kanarieperson {'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}")
               for n in range(DESTROYED)]  # fmt: skip
        with acting(world.anna):
            cases.add_document(**paper(world.case, world.anna))
        drill = Drill(tmp_path_factory.mktemp("drill"))
        drill.world, drill.old = world, old
        drill.back_up()
        destroy(world, old)
        drill.write_ledger()
        try:
            with empty_cluster() as cluster:
                drill.cluster, drill.said = cluster, drill.restore(cluster)
                yield drill
        finally:
            settings.FILES_DIR = folder


def destroy(world, old):
    with acting(world.maud):
        disposal = cases.prepare_disposal(by=world.maud, case_ids=[case.pk for case in old])
    for who in (world.maud, world.adam):
        with acting(who):
            cases.sign_disposal(by=who, disposal=disposal)
    with acting(world.adam):
        cases.carry_out_disposal(by=world.adam, disposal=disposal)


def test_the_restore_says_that_all_is_equal(played):
    assert played.said.returncode == 0, played.said.stdout + played.said.stderr
    assert "rader lika, kontrollsummor lika" in played.said.stdout and "Loggen är hel" in played.said.stdout


def test_nobody_is_let_in_before_the_destroyed_are_gone(played):
    assert not any(played.cluster.lets_in(role) for role in ("app", "worker", "figures"))
    played.cluster.roles_again()  # as at each start of the product
    assert not played.cluster.lets_in("app")
    started = played.cluster.run("-c", "import exitprogram.wsgi", process="web")
    assert started.returncode != 0 and "stängd" in started.stderr, started.stderr


def test_a_ledger_that_was_cut_opens_nothing(played):
    whole = played.ledger.read_text()
    lines = whole.splitlines(keepends=True)
    played.ledger.write_text("".join(lines[:-1]))  # cut at its end, which only its last line's sum can tell
    last = hashlib.sha256(b"another").hexdigest()
    assert "Hämta den senaste" in played.destroy_again(played.cluster, "--hash", last).stderr
    played.ledger.write_text(whole)
    assert not played.cluster.lets_in("app")


def test_the_destroyed_stay_destroyed_and_nobody_else_is_touched(played):
    before = counted(played.cluster)
    assert figures.differences(before, played.manifest["tables"]) == []
    done = played.destroy_again(played.cluster)
    assert done.returncode == 0 and f"{len(played.old)} ärenden gallrade" in done.stdout, done.stdout + done.stderr
    now, there = played.now(), ids_in(played.cluster.where("backup"))
    wrong = {table for table in there if there[table] != played.before[table] & now[table]} - SINCE
    assert wrong == set()
    gone = {str(case.pk) for case in played.old}
    assert gone and not gone & there["cases_case"]
    assert played.cluster.lets_in("app") and played.cluster.lets_in("worker")
    assert played.cluster.manage("verify_audit").returncode == 0
    assert played.destroy_again(played.cluster).returncode != 0, "once"
    assert played.cluster.manage("restore", "--shut").returncode == 0 and not played.cluster.lets_in("app")
    assert played.destroy_again(played.cluster).returncode == 0 and played.cluster.lets_in("app")
    tables = played.manifest["tables"]
    print(f"\ntimes: { {what: round(seconds, 1) for what, seconds in played.took.items()} } s")
    print(
        f"restore-drill: {len(figures.authorities(tables))} authorities, {len(tables)} tables, rows equal, checksums"
        f" equal, destroyed still gone {len(gone)}"
    )


def test_the_owner_destroys_nothing_in_an_open_database(played):
    with played.cluster.connected("owner") as line, pytest.raises(Exception, match="öppen"):
        line.execute("SELECT * FROM wall.restored_dispose(%s, '{}')", [played.world.bollnas.pk])


def test_a_full_database_is_not_restored_into(played):
    said = played.restore(played.cluster)
    assert said.returncode != 0 and "ska vara tomma" in said.stderr


def test_a_thief_reads_nothing(played):
    """Neither what is sealed in the database nor what is not: names, staff, numbers, the keys themselves."""
    keys = [os.environ[name] for name in ("EXIT_DATA_KEYS", "EXIT_CONTEXT_KEY", "EXIT_SECRET_KEY")]
    words = [*SECRETS, *NUMBERS.values(), "Anna Berg", "exempel.invalid", "social_worker", "cases_case", *keys]
    taken = b"".join(path.read_bytes() for path in played.backup.iterdir())
    assert len(taken) > 100_000
    assert [word for word in words if word.encode() in taken] == []


def test_the_keys_are_not_in_the_backup_even_for_who_opens_it(played):
    private = private_key(played.key_file.read_text())
    pads = bytes(b ^ 0x36 for b in settings.CONTEXT_KEY.ljust(64, b"\0"))
    for part in ("database", "files", "manifest"):
        with open(played.backup / f"{part}.sealed", "rb") as file:
            plain = b"".join(opened(file, private, part))
        assert plain and settings.CONTEXT_KEY not in plain and pads.hex().encode() not in plain


@pytest.mark.parametrize("part", ["database", "files", "manifest"])
def test_a_changed_bit_is_found(played, part, tmp_path):
    copy = shutil.copytree(played.backup, tmp_path / "copy")
    path = copy / f"{part}.sealed"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Spoilt):
        _proven(copy, played)


def _proven(folder, played):
    from exitprogram.backup import dump

    return dump.proven(folder, private_key(played.key_file.read_text()))


@pytest.mark.parametrize("how", ["cut", "gone", "exchanged", "another key"])
def test_a_spoilt_backup_is_not_used(played, how, tmp_path):
    copy = shutil.copytree(played.backup, tmp_path / "copy")
    if how == "cut":
        path = copy / "database.sealed"
        path.write_bytes(path.read_bytes()[:-20])
    elif how == "gone":
        (copy / "files.sealed").unlink()
    elif how == "exchanged":
        shutil.copy(copy / "manifest.sealed", copy / "files.sealed")
    else:
        played.key_file.with_name("other").write_text(new_pair()[1])
        said = played.restore(played.cluster, copy, played.key_file.with_name("other"))
        assert said.returncode != 0 and "Fel nyckel" in said.stderr
        return
    with pytest.raises(Spoilt):
        _proven(copy, played)
    assert _proven(played.backup, played)["tables"]


def test_a_stream_is_whole_or_nothing(tmp_path):
    """Cut between two pieces, two pieces exchanged, nothing at all in it."""
    public, private = (make(text) for make, text in zip((public_key, private_key), new_pair(), strict=True))
    path = tmp_path / "x"

    def sealed(data):
        with path.open("wb") as file:
            sealer = Sealer(file, public, "x")
            sealer.write(data)
            sealer.close()
        return path.read_bytes()

    def read():
        with path.open("rb") as file:
            return b"".join(opened(file, private, "x"))

    data = os.urandom(3 << 20)
    whole = sealed(data)
    assert read() == data
    piece = 4 + (1 << 20) + 16
    head = len(whole) - 3 * piece
    for spoilt in (whole[: head + 2 * piece], whole[:head] + whole[head + piece : head + 2 * piece], whole[:head]):
        path.write_bytes(spoilt)
        with pytest.raises(Spoilt):
            read()
    sealed(b"")
    assert read() == b""


def test_a_ledger_tells_when_a_line_was_changed(played, tmp_path):
    lines, last = ledger.read(played.ledger)
    assert len(lines) == len(played.old) and last
    changed = tmp_path / "ledger"
    changed.write_text(played.ledger.read_text().replace(str(played.old[0].pk), str(played.old[-1].authority_id), 1))
    with pytest.raises(Refused):
        ledger.read(changed)
