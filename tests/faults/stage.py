"""The real thing on a stage of its own: servers and processes that are killed, paused and started again."""

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg

from exitprogram.embedded import servers, values
from exitprogram.embedded.places import CLONE, SHARED, Lock, claim
from exitprogram.embedded.processes import Family
from exitprogram.embedded.suite import PREFIX
from tests.faults.sink import Sink

PACE = {"EXIT_SWEEP_SECONDS": "1", "EXIT_LEASE_SECONDS": "2"}
SERVERS = ("postgres", "valkey")


class Stage:
    """``told`` is the environment of every process. Whatever is started here is gone when the block is left."""

    def __init__(self, *, workers=2, beats=2, pollers=1, app="exitprogram.celery"):
        self.wanted = {f"worker{n}": self._worker(app) for n in range(1, workers + 1)}
        self.wanted |= {f"beat{n}": self._beat(n) for n in range(1, beats + 1)}
        self.wanted |= {f"poller{n}": self._poller() for n in range(1, pollers + 1)}
        self.leaders, self.paused = set(), set()
        self.stack = contextlib.ExitStack()

    @staticmethod
    def _worker(app):
        return ["-m", "celery", "-A", app, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle",
                "--loglevel", "WARNING"]  # fmt: skip

    @staticmethod
    def _beat(number):
        return ["-m", "celery", "-A", "exitprogram.celery", "beat", "--schedule", f"schedule{number}", "--pidfile", "",
                "--loglevel", "WARNING"]  # fmt: skip

    @staticmethod
    def _poller():
        return [str(CLONE / "manage.py"), "poll_notices"]

    # From nothing to a running product, and back

    def __enter__(self):
        self.state = claim(Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHARED if os.geteuid() == 0 else None)))
        self.stack.callback(shutil.rmtree, self.state, ignore_errors=True)
        lock = Lock(self.state / "lock")
        lock.taken()
        self.stack.callback(lock.file.close)
        self.sink = Sink()
        self.stack.callback(self.sink.close)
        self.kept, self.ports = values.new_secrets(), {}
        for name in ("web", "postgres", "broker"):
            self.ports[name] = values.free_port(self.ports.values())
        for name in ("mail", "static"):
            (self.state / name).mkdir(mode=0o700)
        self.told = values.environment(self.kept, self.ports, self.state, kind="test") | PACE
        self.told["EXIT_MAIL_URL"] = f"smtp://127.0.0.1:{self.sink.port}"
        self.family, self.servers = Family(self.state / "log"), Family(self.state / "log")
        self.stack.callback(self._end)
        servers.start(self.servers, self.state, self.kept, self.ports, durable=True)
        return self

    def __exit__(self, *_exception):
        self.stack.close()

    def _end(self):
        """Every process group that was ever ours, the servers last. Then nobody may be left."""
        self.wake_all()
        for name in list(self.running()):
            if name not in SERVERS:
                self.kill(name)
        for leader in self.leaders:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(leader, signal.SIGKILL)
        self.family.stop_all()
        self.servers.stop_all()
        self.left_behind = [process.pid for process in self._ours()]

    def _ours(self):
        """Found by what they were told, not by our own list."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.pid != os.getpid() and process.environ().get("EXIT_STATE_DIR") == str(self.state):
                    yield process

    def begin(self):
        for name in self.wanted:
            self.start(name)

    def start(self, name):
        env = values.child_environment(self.told, "worker") | {"PYTHONPATH": str(CLONE)}
        child = self.family.start(name, [sys.executable, *self.wanted[name]], env=env, cwd=self._home(name))
        self.leaders.add(child.process.pid)

    def _home(self, name):
        """Each in a folder of its own, as on a host of its own: nothing but the environment points to the clone."""
        folder = self.state / "home" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    # Who is there

    def running(self):
        children = (*self.servers.children, *self.family.children)
        return {child.name: child for child in children if not child.has_died()}

    def child(self, name):
        return self.running().get(name)

    def revive(self):
        """Start again what has died, as compose would. The servers first."""
        self._bury()
        running = self.running()
        if "valkey" not in running:
            servers.start_valkey(self.servers, self.state, self.kept, self.ports, durable=self.durable)
        if "postgres" not in running:
            servers.start_postgres(self.servers, self.state, self.kept, self.ports, durable=True)
        for name in self.wanted:
            if name not in running:
                self.start(name)

    durable = True  # does the broker keep what it holds when it is started the next time

    def _bury(self):
        for family in (self.servers, self.family):
            for child in [child for child in family.children if child.has_died()]:
                family.children.remove(child)
                if family is self.servers:
                    continue
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)  # its own children, when only it was killed

    def owner_of(self, port):
        """(pid, name of our child) of whoever has this local port."""
        for name, child in self.running().items():
            if name in SERVERS:
                continue
            with contextlib.suppress(psutil.Error):
                top = psutil.Process(child.process.pid)
                for process in (top, *top.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        if any(line.laddr and line.laddr.port == port for line in process.net_connections("tcp")):
                            return process.pid, name
        return None, None

    def family_of(self, name):
        """Pids of one of our children and of its own, itself first."""
        child = self.child(name)
        if child is None:
            return []
        with contextlib.suppress(psutil.Error):
            return [child.process.pid, *(one.pid for one in psutil.Process(child.process.pid).children(recursive=True))]
        return []

    # Ending and pausing

    @staticmethod
    def kill_pid(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def kill(self, name):
        """kill -9 of the whole of it."""
        child = self.child(name)
        if child is None:
            return False
        if name == "postgres":
            self._kill_postgres(child)
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait(20)
        self._bury()
        return True

    def _kill_postgres(self, child):
        """The postmaster first, and then until none is left that was forked meanwhile."""
        folder = str((self.state / "postgres").resolve())
        os.kill(child.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            left = [process for process in psutil.process_iter() if self._lives_in(process, folder)]
            if not left:
                return
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            time.sleep(0.02)

    @staticmethod
    def _lives_in(process, folder):
        try:
            return process.status() != psutil.STATUS_ZOMBIE and process.cwd().startswith(folder)
        except psutil.Error:
            return False

    def pause(self, pid):
        os.kill(pid, signal.SIGSTOP)
        self.paused.add(pid)

    def wake(self, pid):
        self.paused.discard(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def wake_all(self):
        for pid in list(self.paused):
            self.wake(pid)

    # The servers, spoken to directly

    def where(self, role="postgres"):
        password = self.kept["superuser" if role == "postgres" else role.removeprefix("exit_")]
        return {"host": values.HOST, "port": self.ports["postgres"], "dbname": values.DATABASE, "connect_timeout": 5,
                "user": role, "password": password}  # fmt: skip

    def ask(self, statement, *given, role="postgres"):
        """Rows, as the superuser whom no wall binds. Waits for a server that is on its way up."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with psycopg.connect(**self.where(role), autocommit=True) as line:
                    answer = line.execute(statement, given or None)
                    return answer.fetchall() if answer.description else []
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                self.revive()
                time.sleep(0.1)

    def broker(self):
        import redis

        return redis.Redis(host=values.HOST, port=self.ports["broker"], password=self.kept["broker"],
                           socket_timeout=5, socket_connect_timeout=5)  # fmt: skip
