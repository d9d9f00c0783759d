"""Points of the pipeline where a process can be caught standing still, without a line of the product knowing.

``due`` it is about to make rows; ``claim`` it has claimed and not committed; ``hold`` it is about to take the lease
anew; ``connect`` … ``data`` it speaks to the mail server; ``mark`` the mail has been accepted and the row not marked.
"""

import threading
import time
from contextlib import contextmanager, suppress

import psycopg

STEPS = ("due", "claim", "hold", "connect", "mail", "rcpt", "data", "mark")
WAITING = """
    SELECT a.client_port, a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE NOT l.granted AND l.relation = %s::regclass AND a.usename = 'exit_worker'
"""
PATIENCE = 4  # seconds that we wait for somebody to come by


class Caught:
    """A process at a step: its pid, which of our children it belongs to, and its backend in PostgreSQL if it waits."""

    def __init__(self, pid, name, backend=None):
        self.pid, self.name, self.backend = pid, name, backend


@contextmanager
def caught_at(stage, step):
    """Gives a Caught, or None when nobody came by. Inside the block it stands still; then the way is free."""
    if step in ("due", "claim"):
        table = "cases_notice" if step == "due" else "tenancy_user"
        mode = "SHARE ROW EXCLUSIVE" if step == "due" else "ACCESS EXCLUSIVE"
        with _locked(stage, table, mode):
            yield _waiting(stage, table)
    elif step == "hold":
        yield from _at_hold(stage)
    elif step == "mark":
        yield from _at_mark(stage)
    else:
        yield from _at_server(stage, step)


@contextmanager
def _locked(stage, table, mode):
    line = psycopg.connect(**stage.where(), autocommit=False)
    try:
        line.execute("SET lock_timeout = '5s'")
        line.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield line
    finally:
        with suppress(psycopg.Error):
            line.close()


def _waiting(stage, table):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            for port, backend in stage.ask(WAITING, table):
                pid, name = stage.owner_of(port)
                if pid:
                    return Caught(pid, name, backend)
        except psycopg.Error:
            return None
        time.sleep(0.02)
    return None


def _at_server(stage, step):
    trap = stage.sink.trap(step)
    try:
        yield _sprung(stage, trap)
    finally:
        stage.sink.forget(trap)


def _sprung(stage, trap):
    if not trap.caught.wait(PATIENCE):
        return None
    pid, name = stage.owner_of(trap.port)
    return Caught(pid, name) if pid else None


def _at_mark(stage):
    """The 250 is on its way, and the table is locked before it arrives."""
    trap = stage.sink.trap("accepted")
    try:
        if not trap.caught.wait(PATIENCE):
            yield None
            return
        with _locked(stage, "cases_notice", "SHARE ROW EXCLUSIVE"):
            pid, name = stage.owner_of(trap.port)
            trap.free.set()
            yield _waiting(stage, "cases_notice") and (Caught(pid, name) if pid else None)
    finally:
        stage.sink.forget(trap)


def _at_hold(stage):
    """Held up after the claim by one lock, while another is asked for that it will meet next."""
    ready, free = threading.Event(), threading.Event()

    def lock_next():
        with suppress(psycopg.Error), _locked(stage, "cases_notice", "SHARE ROW EXCLUSIVE"):
            ready.set()
            free.wait(15)

    second = threading.Thread(target=lock_next, daemon=True)
    try:
        with _locked(stage, "tenancy_user", "ACCESS EXCLUSIVE"):
            found = _waiting(stage, "tenancy_user")
            if found:
                second.start()
                time.sleep(0.05)
        if not found:
            yield None
            return
        ready.wait(6)
        yield _waiting(stage, "cases_notice")
    finally:
        free.set()
        if second.is_alive():
            second.join(10)
