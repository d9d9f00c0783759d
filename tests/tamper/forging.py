"""Ways to change the log, by one who owns its tables. Each is undone with its transaction."""

import random

from exitprogram.audit.verifying import chains, inner_faults, outer_faults
from tests.connections import connected

FORGE = """
CREATE OR REPLACE FUNCTION wall.forge(chain uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE link record; previous bytea := ''; place bigint := 0;
BEGIN
    FOR link IN SELECT l.ctid AS at, e FROM public.audit_auditlink l JOIN public.audit_auditevent e ON e.id = l.event_id
                WHERE l.authority_id = chain AND e.authority_id = chain ORDER BY l.seq, l.event_id LOOP
        place := place + 1;
        previous := sha256(previous || wall.audit_bytes(link.e));
        UPDATE public.audit_auditlink SET seq = place, hash = previous WHERE ctid = link.at;
    END LOOP;
    UPDATE public.audit_audithead SET seq = place, hash = previous WHERE authority_id = chain;
END $$
"""
COLUMNS = {
    "created_at": "created_at + interval '1 second'", "user_id": "gen_random_uuid()",
    "membership_id": "gen_random_uuid()", "membership_authority_id": "gen_random_uuid()", "action": "action || '.'",
    "object_type": "object_type || 'x'", "object_id": "gen_random_uuid()", "case_id": "gen_random_uuid()",
    "ground": "ground || 'x'", "details": "details || '{\"x\": 1}'", "request_id": "request_id || 'x'",
    "id": "gen_random_uuid()", "authority_id": "gen_random_uuid()",
}  # fmt: skip
OF_LINK = {
    "event_id": "gen_random_uuid()",
    "authority_id": "gen_random_uuid()",
    "seq": "seq + 1000",
    "hash": "sha256(hash)",
}
OF_HEAD = {"authority_id": "gen_random_uuid()", "seq": "seq - 1", "hash": "sha256(hash)"}
COPY = (
    "INSERT INTO audit_auditevent SELECT ({}).* FROM (SELECT jsonb_populate_record(e,"
    " jsonb_build_object('id', %s::uuid)) AS made FROM audit_auditevent e WHERE e.id = %s) x"
)
NEXT_LINK = (
    "INSERT INTO audit_auditlink SELECT e.id, h.authority_id, h.seq + 1, sha256(h.hash || wall.audit_bytes(e))"
    " FROM audit_audithead h, audit_auditevent e WHERE h.authority_id = %s AND e.id = %s"
)


class Forger:
    def __init__(self, seed, anchors):
        self.rng, self.anchors = random.Random(seed), anchors  # noqa: S311  choices, not secrets
        self.raw = connected("owner", autocommit=True)
        self._in_control()
        self.chains = [
            row[0] for row in self._rows("SELECT authority_id FROM audit_audithead WHERE seq >= 8 ORDER BY 1")
        ]
        self.ways = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("does_")]

    def _in_control(self):
        """No policy, no trigger and no key is left that could stop her."""
        for table in ("audit_auditevent", "audit_auditlink", "audit_audithead"):
            self.raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY")
            for (name,) in self._rows(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f')", table
            ):
                self.raw.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
        self.raw.execute("CREATE INDEX ON audit_auditevent (id)")
        self.raw.execute("CREATE INDEX ON audit_auditlink (event_id)")
        self.raw.execute(FORGE)

    def _rows(self, statement, *given):
        return self.raw.execute(statement, given).fetchall()

    def _do(self, statement, *given):
        assert self.raw.execute(statement, given).rowcount != 0, statement

    def tried(self, way):
        """(what the verifier says, of the chains that were left alone) of one try, which is then undone."""
        with self.raw.transaction(force_rollback=True), self.raw.cursor() as cursor:
            touched = way(self.rng.choice(self.chains))
            return self.verdict(cursor), touched

    def verdict(self, cursor=None):
        cursor = cursor or self.raw.cursor()
        found = [fault for chain in chains(cursor) for fault in inner_faults(cursor, chain)]
        return found + outer_faults(cursor, self.anchors)

    def _links(self, chain, count=1, after=0):
        rows = self._rows("SELECT event_id, seq FROM audit_auditlink WHERE authority_id = %s AND seq > %s ORDER BY seq",
                          chain, after)  # fmt: skip
        return self.rng.sample(rows, count)

    # One thing changed

    def does_edit_an_event(self, chain):
        column = self.rng.choice(sorted(COLUMNS))
        [(event, _seq)] = self._links(chain)
        self._do(f"UPDATE audit_auditevent SET {column} = {COLUMNS[column]} WHERE id = %s", event)

    def does_empty_a_column(self, chain):
        column = self.rng.choice(("user_id", "membership_id", "membership_authority_id"))
        [(event,)] = self._rows(f"SELECT id FROM audit_auditevent WHERE authority_id = %s AND {column} IS NOT NULL"  # noqa: S608
                                " ORDER BY id LIMIT 1", chain)  # fmt: skip
        self._do(f"UPDATE audit_auditevent SET {column} = NULL WHERE id = %s", event)  # noqa: S608

    def does_edit_a_link(self, chain):
        column = self.rng.choice(sorted(OF_LINK))
        [(event, _seq)] = self._links(chain)
        self._do(f"UPDATE audit_auditlink SET {column} = {OF_LINK[column]} WHERE event_id = %s", event)

    def does_edit_the_head(self, chain):
        column = self.rng.choice(sorted(OF_HEAD))
        self._do(f"UPDATE audit_audithead SET {column} = {OF_HEAD[column]} WHERE authority_id = %s", chain)

    # Taken away

    def does_delete(self, chain):
        [(event, _seq)] = self._links(chain)
        for table in self.rng.choice((("event",), ("link",), ("event", "link"))):
            self._do(f"DELETE FROM audit_audit{table} WHERE {'id' if table == 'event' else 'event_id'} = %s", event)

    def does_delete_and_close_the_gap(self, chain):
        [(event, seq)] = self._links(chain)
        self._gone(event)
        self.raw.execute("UPDATE audit_auditlink SET seq = seq - 1 WHERE authority_id = %s AND seq > %s", (chain, seq))
        self._do("UPDATE audit_audithead SET seq = seq - 1 WHERE authority_id = %s", chain)

    def does_delete_the_head(self, chain):
        self._do("DELETE FROM audit_audithead WHERE authority_id = %s", chain)

    def does_delete_everything(self, chain):
        for table in ("event", "link", "head"):
            self._do(f"DELETE FROM audit_audit{table} WHERE authority_id = %s", chain)

    def _gone(self, event):
        self._do("DELETE FROM audit_auditevent WHERE id = %s", event)
        self._do("DELETE FROM audit_auditlink WHERE event_id = %s", event)

    # Put in, and in another order

    def _slip_in(self, chain, at=None):
        """A copy of an event, under an id of its own; ``at`` 1: before that event. Only what is put in before the last
        anchor is another log than the one anchored: at the very end it is an event like any other."""
        [(event, seq)] = self._links(chain)
        [(made,)] = self._rows("SELECT gen_random_uuid()")
        self._do(COPY.format("made"), made, event)
        if at is not None:
            self._do(
                "INSERT INTO audit_auditlink VALUES (%s, %s, %s, sha256('x'))", made, chain, seq - 1 if at else 10**6
            )

    def does_insert_an_event(self, chain):
        self._slip_in(chain, at=self.rng.choice((None, 0, 1)))

    def does_swap(self, chain):
        (first, one), (second, two) = self._links(chain, 2)
        for event, seq in ((first, two), (second, one)):
            self._do("UPDATE audit_auditlink SET seq = %s WHERE event_id = %s", seq, event)

    def does_swap_what_was_done(self, chain):
        (first, _one), (second, _two) = self._links(chain, 2)
        [(made,)] = self._rows("SELECT gen_random_uuid()")
        for before, after in ((first, made), (second, first), (made, second)):
            self._do("UPDATE audit_auditevent SET id = %s WHERE id = %s", after, before)

    # The chain made whole again: only the anchors know

    def does_cut_the_tail(self, chain):
        [(length,)] = self._rows("SELECT seq FROM audit_audithead WHERE authority_id = %s", chain)
        self._cut(chain, self.rng.randint(1, length - 1))

    def _cut(self, chain, last):
        self._do("DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM audit_auditlink"
                 " WHERE authority_id = %s AND seq > %s)", chain, last)  # fmt: skip
        self._do("DELETE FROM audit_auditlink WHERE authority_id = %s AND seq > %s", chain, last)
        self._do("SELECT wall.forge(%s)", chain)

    def does_rebuild_after_an_edit(self, chain):
        self.does_edit_an_event(chain)
        self.raw.execute("SELECT wall.forge(%s)", (chain,))

    def does_rebuild_after_a_deletion(self, chain):
        [(event, _seq)] = self._links(chain)
        self._gone(event)
        self._do("SELECT wall.forge(%s)", chain)

    def does_rebuild_after_a_swap(self, chain):
        self.does_swap(chain)
        self._do("SELECT wall.forge(%s)", chain)

    def does_rebuild_after_slipping_in(self, chain):
        self._slip_in(chain, at=1)
        self._do("SELECT wall.forge(%s)", chain)

    def does_move_to_another_chain(self, chain):
        other = self.rng.choice([one for one in self.chains if one != chain])
        [(event, _seq)] = self._links(chain)
        self._do("UPDATE audit_auditevent SET authority_id = %s WHERE id = %s", other, event)
        self._do("UPDATE audit_auditlink SET authority_id = %s WHERE event_id = %s", other, event)
        for one in (chain, other):
            self._do("SELECT wall.forge(%s)", one)

    # The whole log, as from a backup

    def does_set_everything_back(self, chain):
        [(moment,)] = self._rows("SELECT percentile_disc(%s::float8) WITHIN GROUP (ORDER BY created_at)"
                                 " FROM audit_auditevent", self.rng.uniform(0.3, 0.9))  # fmt: skip
        self.raw.execute("DELETE FROM audit_auditlink WHERE event_id IN (SELECT id FROM audit_auditevent"
                         " WHERE created_at > %s)", [moment])  # fmt: skip
        self._do("DELETE FROM audit_auditevent WHERE created_at > %s", moment)
        for one in chains(self.raw.cursor()):
            self.raw.execute("SELECT wall.forge(%s)", (one,))

    # Nothing wrong: what a sound log looks like

    def honest(self, chain):
        """Written anew without change, and one event more in its place."""
        self._do("UPDATE audit_auditevent SET action = action, details = details WHERE authority_id = %s", chain)
        [(event, _seq)] = self._links(chain)
        [(made,)] = self._rows("SELECT gen_random_uuid()")
        self._do(COPY.format("made"), made, event)
        self._do(NEXT_LINK, chain, made)
        self._do("UPDATE audit_audithead h SET seq = l.seq, hash = l.hash FROM audit_auditlink l"
                 " WHERE h.authority_id = %s AND l.event_id = %s", chain, made)  # fmt: skip
