"""``python -m tests.faults.pace``: how fast it goes with nothing wrong. Notices a second with one, two and four workers
of two processes each, and a sweep and a reconciliation among 150,000 open clocks. Figures: docs/country.md."""

import argparse
import os
import sys
import time

from exitprogram.embedded.places import say
from tests.faults.__main__ import become_the_web, manage
from tests.faults.stage import Stage

CLOCKS = """
    INSERT INTO cases_clock SELECT (jsonb_populate_record(NULL::cases_clock, to_jsonb(k) || jsonb_build_object(
        'id', gen_random_uuid(), 'subject_id', gen_random_uuid(), 'due_on', k.due_on + 8 + n %% 300))).*
    FROM cases_clock k, generate_series(1, %s) n WHERE k.id = %s
"""
NOTICES = """
    INSERT INTO cases_notice SELECT (jsonb_populate_record(NULL::cases_notice, to_jsonb(x) || jsonb_build_object(
        'id', gen_random_uuid(), 'subject_id', gen_random_uuid(), 'recipient_id', m.id, 'sent_at', NULL,
        'sending_at', NULL, 'tries', 0))).*
    FROM (SELECT * FROM cases_notice LIMIT 1) x, generate_series(1, %s) n
    CROSS JOIN LATERAL (SELECT id FROM tenancy_membership WHERE role = 'social_worker' AND authority_id = %s
                        ORDER BY md5(id::text || n) LIMIT 1) m
"""
LEFT = "SELECT count(*) FROM cases_notice WHERE sent_at IS NULL"


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.faults.pace")
    parser.add_argument("--notices", type=int, default=2000)
    parser.add_argument("--clocks", type=int, default=150_000)
    asked = parser.parse_args(arguments)
    with Stage(workers=4, beats=0, pollers=0) as stage:
        manage(stage, "migrate", "--verbosity", "0", process="owner")
        become_the_web(stage)
        from tests.faults.people import People

        people = People(stage)
        people.begin()
        manage(stage, "poll_notices", "--once", process="worker")
        for number in (1, 2, 4):
            _paced(stage, people, number, asked.notices)
        stage.ask(CLOCKS, asked.clocks, people.going[0].pk)
        stage.ask("ANALYZE cases_clock")
        began = time.monotonic()
        manage(stage, "poll_notices", "--once", process="worker")
        after = time.monotonic()
        manage(stage, "reconcile_notices", process="worker", check=False)
        said = f"{asked.clocks} open clocks: a sweep {after - began:.1f} s, a reconciliation"
        say(f"{said} {time.monotonic() - after:.1f} s, with the start of a process")
    return 0


def _paced(stage, people, number, notices):
    from tests.faults.kinds import ring

    for name in [f"worker{n}" for n in range(1, number + 1)]:
        if stage.child(name) is None:
            stage.start(name)
    while not all(len(stage.family_of(f"worker{n}")) > 2 for n in range(1, number + 1)):
        time.sleep(0.1)
    mails = len(stage.sink.mails())
    stage.ask(NOTICES, notices, people.case.authority_id)
    began = time.monotonic()
    while stage.ask(LEFT)[0][0]:
        ring(None, 2 * number)
        time.sleep(0.05)
    took, mails = time.monotonic() - began, len(stage.sink.mails()) - mails
    said = f"{number} worker(s): {notices} notices in {mails} mails, {took:.1f} s"
    say(f"{said}, {notices / took:.0f} notices/s, {os.cpu_count()} cores")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
