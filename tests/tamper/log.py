"""A log to change, and its anchors: written line by line as the rounds would have, read back from the file."""

from datetime import timedelta

from exitprogram.audit import anchors
from exitprogram.audit.operations import record
from exitprogram.tenancy.acting import acting
from tests.connections import connected
from tests.tamper import Found
from tests.tamper.forging import Forger
from tests.world import World

EVERY = 7  # events between two rounds


def written():
    """A small world with some more to say in three of its chains, in turns."""
    world = World()
    for turn in range(12):
        for who in (world.anna, world.cilla, world.sara):
            with acting(who):
                record(by=who, action="test.written", obj=who, turn=turn)
    return world


def anchored():
    """[Anchor]: what the rounds had written down, one after each few events, the last of the log as it is now."""
    with connected("backup") as raw:
        rows = raw.execute(
            "SELECT l.authority_id, l.seq, l.hash, e.created_at FROM audit_auditlink l"
            " JOIN audit_auditevent e ON e.id = l.event_id ORDER BY e.created_at, l.seq"
        ).fetchall()
    heads = {}
    for number, (chain, seq, seal, at) in enumerate(rows, 1):
        if seq > heads.get(chain, (0,))[0]:
            heads[chain] = (seq, bytes(seal))
        if number % EVERY == 0 or number == len(rows):
            anchors.add(heads, at + timedelta(microseconds=1))
    return anchors.read()


def attempt(tries, seed):
    """Each way in turn, with other choices each time; between them what is honest, which must raise nothing."""
    forger, count = Forger(seed, anchored()), Found()
    count.false_alarms += len(forger.verdict())
    for number in range(tries):
        way = forger.ways[number % len(forger.ways)]
        faults, _touched = forger.tried(way)
        count.tries += 1
        count.found += bool(faults)
        count.by_way[way.__name__] = count.by_way.get(way.__name__, 0) + 1
        if not faults:
            count.missed.append((number, way.__name__))
        if number % 10 == 0:
            faults, _touched = forger.tried(forger.honest)
            count.false_alarms += len(faults)
    count.false_alarms += len(forger.verdict())
    forger.raw.close()
    return count
