"""What is wrong with the log: each chain by itself, and against what was anchored outside."""

from dataclasses import dataclass

from django.utils import timezone

CHAINS = """
    SELECT authority_id FROM audit_audithead
    UNION SELECT authority_id FROM audit_auditlink UNION SELECT authority_id FROM audit_auditevent ORDER BY 1
"""
LINKS = """
    SELECT l.seq, l.hash, e.created_at FROM audit_auditlink l LEFT JOIN audit_auditevent e ON e.id = l.event_id
    WHERE l.authority_id = %s AND l.seq = ANY (%s)
"""
NEWEST = "SELECT max(created_at) FROM audit_auditevent"
CUT = "slutet är bortklippt: länk {seq} förankrades {at} och finns inte, fast andra kedjor har gått vidare"
SET_BACK = "är satt tillbaka till före {at}, som vid en återläst säkerhetskopia: länk {seq} finns inte"
WENT_ON = "är satt tillbaka till före {at}, som vid en återläst säkerhetskopia, och har gått vidare från länk {seq}"
REBUILT = "är omskriven: länk {seq} har inte det sigill som förankrades {at}"


@dataclass(frozen=True)
class Fault:
    chain: object
    seq: int | None
    event_id: object
    what: str


def chains(cursor):
    cursor.execute(CHAINS)
    return [row[0] for row in cursor.fetchall()]


def inner_faults(cursor, chain):
    """Of one chain by itself; empty when untouched."""
    cursor.execute("SELECT seq, event_id, fault FROM wall.audit_faults(%s)", [chain])
    return [Fault(chain, *row) for row in cursor.fetchall()]


def outer_faults(cursor, anchors):
    """Against the anchors, one fault a chain: where it first departs from what was written down outside. A chain that
    is whole but rewritten is found only here, and so is one whose end is gone."""
    found = {chain: _departs(cursor, chain, marks) for chain, marks in _marks(anchors).items()}
    wrong = {chain: fault for chain, fault in found.items() if fault}
    gone = [at for words, _seq, at in wrong.values() if words == CUT]
    set_back = any(words == WENT_ON for words, _seq, _at in wrong.values())
    if gone and not set_back:
        # Read back from a backup, every chain stops at the same moment: nothing is younger than what is gone.
        cursor.execute(NEWEST)
        newest = cursor.fetchone()[0]
        set_back = newest is not None and newest <= min(gone)
    return [_said(chain, fault, set_back) for chain, fault in wrong.items()]


def _marks(anchors):
    """{chain: [(seq, hash, at)]} in order. After a ``restored`` line, what was anchored above its heads is forgotten:
    that part is known to be lost."""
    marks = {}
    for anchor in anchors:
        if anchor.restored:
            for chain in marks:
                seq = anchor.heads.get(chain, (0, b""))[0]
                marks[chain] = [mark for mark in marks[chain] if mark[0] <= seq]
        for chain, (seq, seal) in anchor.heads.items():
            marks.setdefault(chain, []).append((seq, seal, anchor.at))
    return marks


def _departs(cursor, chain, marks):
    """(words, place, when it was anchored) of the first anchor that does not hold; None when all do."""
    cursor.execute(LINKS, [chain, [mark[0] for mark in marks]])
    links = {seq: (bytes(seal), at) for seq, seal, at in cursor.fetchall()}
    held = 0
    for seq, seal, at in marks:
        if seq == 0:
            continue
        if seq not in links:
            return CUT, seq, at
        there, written = links[seq]
        if there != seal:
            # Written after the anchor was: the chain had been set back and has gone on.
            went_on = written is not None and written > at
            return (WENT_ON, held, at) if went_on else (REBUILT, seq, at)
        held = seq
    return None


def _said(chain, fault, set_back):
    words, seq, at = fault
    words = SET_BACK if set_back and words == CUT else words
    return Fault(chain, seq, None, words.format(seq=seq, at=f"{timezone.localtime(at):%Y-%m-%d %H:%M}"))
