"""The log against what was written down outside: a chain that is whole but another, an end that is gone, a log set back
by a backup and one that somebody has changed, each in its own words. And a share of ``make tamper``."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from exitprogram.audit import anchors
from exitprogram.audit.models import AuditHead
from exitprogram.audit.operations import record
from exitprogram.audit.tasks import anchor_heads
from exitprogram.tenancy.acting import acting
from tests import databases
from tests.connections import connected, logged_in_as
from tests.tamper.forging import FORGE, Forger
from tests.tamper.log import anchored, attempt, written
from tests.test_pulse import asked
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
TRIES, SEED = 144, 20261123


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path / "anchors"
    return settings.ANCHOR_DIR


@pytest.fixture
def world(transactional_db):
    return World()


@pytest.fixture
def forger(world):
    with connected("owner", autocommit=True) as owner:
        owner.execute(FORGE)
        for table in ("auditevent", "auditlink", "audithead"):
            owner.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER link")  # the product goes on
        yield owner
    databases.stands = None  # made anew for the next test


def happens(*whos, times=3):
    for _each in range(times):
        for who in whos:
            with acting(who):
                record(by=who, action="test.written", obj=who)


def round_():
    with logged_in_as("worker"):
        anchor_heads()


def verdict(capsys):
    """What the command says; its last word when it fails."""
    capsys.readouterr()
    try:
        with logged_in_as("app"):
            call_command("verify_audit")
    except CommandError as why:
        return f"{capsys.readouterr().out}{why}"
    return capsys.readouterr().out


def cut(forger, chain, count):
    """The last events of a chain, so that it is whole without them."""
    newest = "SELECT event_id FROM audit_auditlink WHERE authority_id = %s ORDER BY seq DESC LIMIT %s"
    events = [row[0] for row in forger.execute(newest, [chain.pk, count])]
    forger.execute("DELETE FROM audit_auditlink WHERE event_id = ANY (%s)", [events])
    forger.execute("DELETE FROM audit_auditevent WHERE id = ANY (%s)", [events])
    forger.execute("SELECT wall.forge(%s)", [chain.pk])


def test_a_sound_log_agrees_with_its_anchors(world, capsys):
    round_()
    happens(world.anna, world.cilla)
    round_()
    assert "Loggen är hel" in verdict(capsys)
    assert "Den stämmer med 2 förankringar" in verdict(capsys)


def test_only_what_has_moved_is_written_again(world, folder):
    round_()
    happens(world.anna)
    round_()
    first, second = anchors.read()
    assert len(first.heads) > 1 and list(second.heads) == [world.bollnas.pk]
    assert second.heads[world.bollnas.pk][0] > first.heads[world.bollnas.pk][0]


def test_without_anchors_it_says_so(world, capsys):
    assert "inte jämförd med någon förankring" in verdict(capsys)
    with override_settings(ANCHOR_KEY=""):
        round_()
        assert "inte jämförd med någon förankring" in verdict(capsys)


def test_a_chain_made_anew_is_found_by_its_anchor_alone(world, forger, capsys):
    happens(world.anna, world.cilla)
    round_()
    forger.execute("UPDATE audit_auditevent SET action = 'nothing.happened' WHERE authority_id = %s AND action ="
                   " 'test.written'", [world.bollnas.pk])  # fmt: skip
    forger.execute("SELECT wall.forge(%s)", [world.bollnas.pk])
    said = verdict(capsys)
    assert "är omskriven" in said and "1 fel" in said and "Bollnäs" in said
    with override_settings(ANCHOR_KEY=""):
        assert "Loggen är hel" in verdict(capsys), "the chain by itself is whole: without the anchor nobody would know"


def test_an_end_that_is_gone_while_others_go_on(world, forger, capsys):
    happens(world.anna, world.cilla)
    round_()
    happens(world.cilla)
    cut(forger, world.bollnas, 2)
    said = verdict(capsys)
    assert "slutet är bortklippt" in said and "säkerhetskopia" not in said and "1 fel" in said


def test_a_log_set_back_is_told_from_one_that_was_cut(world, forger, capsys):
    round_()
    happens(world.anna, world.cilla, times=4)
    round_()
    for chain in (world.bollnas, world.soderhamn):
        cut(forger, chain, 4)
    said = verdict(capsys)
    assert said.count("som vid en återläst säkerhetskopia") == 2 and "bortklippt" not in said


def test_set_back_and_gone_on_is_told_from_written_anew(world, forger, capsys):
    round_()
    happens(world.anna, world.cilla, times=4)
    round_()
    for chain in (world.bollnas, world.soderhamn):
        cut(forger, chain, 4)
    happens(world.anna, times=9)
    said = verdict(capsys)
    assert "har gått vidare från länk" in said and "omskriven" not in said and "bortklippt" not in said


def test_a_restored_backup_that_somebody_stands_for_is_sound(world, forger, capsys):
    round_()
    happens(world.anna, world.cilla, times=4)
    round_()
    for chain in (world.bollnas, world.soderhamn):
        cut(forger, chain, 4)
    with logged_in_as("worker"):
        call_command("anchor_audit", restored="Disken gick sönder.")
    happens(world.anna, times=9)
    round_()
    assert "Loggen är hel" in verdict(capsys)
    cut(forger, world.bollnas, 12)
    assert "1 fel" in verdict(capsys), "what was there after it is still watched"


@pytest.mark.parametrize("how", ["a head", "a word", "a line gone", "two lines swapped", "a line of one's own"])
def test_anchors_that_were_changed_are_not_believed(world, folder, capsys, how):
    for _each in range(3):
        happens(world.anna, times=1)
        round_()
    [path] = folder.glob("log-*.jsonl")
    lines = path.read_text().splitlines()
    said = json.loads(lines[1])
    changed = {
        "a head": [lines[0], json.dumps(said | {"heads": {}}), lines[2]],
        "a word": [lines[0], json.dumps(said | {"restored": "Jag"}), lines[2]],
        "a line gone": [lines[0], lines[2]],
        "two lines swapped": [lines[0], lines[2], lines[1]],
        "a line of one's own": [*lines, json.dumps(said | {"before": "0"})],
    }[how]
    path.write_text("\n".join(changed) + "\n")
    assert "Förankringarna går inte att lita på" in verdict(capsys)


def test_the_age_of_the_last_anchor_is_watched_and_the_figures_tell(world):
    round_()
    page = asked("/halsa/drift/").content.decode()
    assert "anchors: för 0 s sedan" in page
    figures = asked("/matvarden/").content.decode()
    with logged_in_as("owner"):
        links = sum(AuditHead.objects.values_list("seq", flat=True))
    assert f"exit_log_links {links}\n" in figures and 'exit_round_well{round="anchors"} 1' in figures
    seal = next(line for line in figures.splitlines() if line.startswith("exit_log_seal "))
    with connected("owner", autocommit=True) as owner:
        owner.execute("UPDATE audit_audithead SET hash = sha256(hash) WHERE authority_id = %s", [world.bollnas.pk])
    changed = asked("/matvarden/").content.decode()
    assert f"exit_log_links {links}\n" in changed and seal not in changed
    databases.stands = None


def test_the_key_is_needed_and_the_round_is_red_without(world):
    with override_settings(ANCHOR_KEY=""):
        round_()
    assert "anchors: har aldrig gjorts" in asked("/halsa/drift/").content.decode()


def test_the_web_reads_no_heads(world):
    with connected("app") as raw, pytest.raises(Exception, match="permission denied"):
        raw.execute("SELECT * FROM wall.worker_heads()")


def test_a_share_of_the_tampering(transactional_db):
    written()
    count = attempt(TRIES, SEED)
    databases.stands = None
    assert (count.tries, count.found, count.false_alarms, count.missed) == (TRIES, TRIES, 0, [])


def test_without_the_anchors_some_of_it_would_pass(transactional_db):
    """So the count above can fall: a chain made whole again is found by nothing inside the database."""
    written()
    forger = Forger(SEED, anchored())
    forger.anchors = []
    unseen = [way.__name__ for way in forger.ways if not forger.tried(way)[0]]
    forger.raw.close()
    databases.stands = None
    assert set(unseen) >= {"does_cut_the_tail", "does_set_everything_back", "does_rebuild_after_a_swap"}
