"""``make demo``: the whole product on this machine, until Ctrl-C."""

import hashlib
import shutil
import subprocess
import sys
import time

from . import servers, system, values
from .health import is_well
from .places import CLONE, GivingUp, Lock, claim, say, state_folder
from .processes import Family

FOLDERS = ("mail", "beat")


def run(*, reset):
    """The exit code, when a demo runs already; otherwise it ends by an exception, Ctrl-C included."""
    state = claim(state_folder())
    lock = Lock(state / "lock")
    if not lock.taken():
        return _already_running(lock, reset=reset)
    if reset or _of_another_shape(state):
        _empty(state)
    system.ensure_pdf()
    with Family(state / "log") as family:
        try:
            serve(family, state, lock)
        except KeyboardInterrupt:
            say("\nStoppar …")
            raise


def _already_running(lock, *, reset):
    where = lock.read() or "startar just nu"
    if reset:
        raise GivingUp(f"Demon kör redan ({where}); avsluta den med Ctrl-C innan du börjar om.")
    say(f"Demon kör redan: {where}")
    return 0


def _of_another_shape(state):
    """Until the first release migrations are squashed, and a database made by others cannot be brought along. What is
    lost is invented."""
    stamp = state / "migrations.sha256"
    if not (state / "postgres").exists() or (stamp.exists() and stamp.read_text() == _shape()):
        return False
    say("Demons databas gjordes av en annan version; den görs om …")
    return True


def _shape():
    digest = hashlib.sha256()
    for path in sorted(CLONE.glob("[a-z]*/**/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _empty(state):
    """All but the lock, which we hold."""
    for path in state.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def serve(family, state, lock):
    """Start everything, say where it is, and watch it. Returns only by an exception."""
    servers.wait_for_predecessor(state)
    kept, ports = values.kept_secrets(state), values.kept_ports(state)
    with values.listening(ports["web"]) as door:
        told = values.environment(kept, ports, state, kind="demo")
        values.leave_word(state, told)
        for name in FOLDERS:
            (state / name).mkdir(mode=0o700, exist_ok=True)
        say("Startar databas och kö …")
        servers.start(family, state, kept, ports)
        prepare(state, told)
        start_product(family, state, told, door)
        family.wait_until(lambda: is_well(ports["web"]), what="Webben", seconds=60)
        lock.note(told["EXIT_BASE_URL"])
        _welcome(told, state)
        while True:
            family.check()
            time.sleep(0.5)


def prepare(state, told):
    say("Förbereder databasen …")
    manage(told, "migrate", "--verbosity", "0", process="owner")
    (state / "migrations.sha256").write_text(_shape())
    manage(told, "demo_data")
    collect_static(state, told)


def manage(told, *words, process="web", capture=False):
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CLONE,
        env=values.child_environment(told, process),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else None,
        text=True,
        check=False,
    )
    if done.returncode:
        raise GivingUp(f"manage.py {words[0]} misslyckades; se ovan.")
    return done.stdout


def collect_static(state, told):
    """Only when a file has changed: it takes longer than all the rest of a second start."""
    stamp = state / "static.sha256"
    found = _static_digest()
    if stamp.exists() and stamp.read_text() == found:
        return
    manage(told, "collectstatic", "--noinput", "--verbosity", "0")
    stamp.write_text(found)


def _static_digest():
    """Our own files, and the lock file for those that come with packages."""
    digest = hashlib.sha256((CLONE / "requirements.txt").read_bytes())
    for path in sorted((CLONE / "exitprogram/static").rglob("*")):
        facts = path.stat()
        digest.update(f"{path.name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def web_command(door):
    """Also what the tests of headers and browsers ask (tests/serving.py)."""
    gunicorn = [sys.executable, "-m", "gunicorn", "exitprogram.wsgi", "--bind", f"fd://{door.fileno()}"]
    gunicorn += ["--no-control-socket", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    return [*gunicorn, "--preload", "--graceful-timeout", "5"]


def start_product(family, state, told, door):
    """Modules and not scripts: a script's first line breaks when the clone's path has a space."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "exitprogram.celery"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    jobs = [*celery, "worker", "--queues", "jobs", "--pool", "solo", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--schedule", state / "beat/schedule", "--pidfile", "", "--loglevel", "INFO"]
    web_env = values.child_environment(told, "web") | {"EXIT_DATABASE_POOL": "1"}
    worker_env = values.child_environment(told, "worker")
    family.start("gunicorn", web_command(door), env=web_env, cwd=CLONE, pass_fds=[door.fileno()])
    family.start("worker", worker, env=worker_env, cwd=CLONE)
    family.start("jobs", jobs, env=values.child_environment(told, "web"), cwd=CLONE)
    family.start("beat", beat, env=worker_env, cwd=CLONE)
    family.start("poller", [sys.executable, "manage.py", "poll_notices"], env=worker_env, cwd=CLONE)


def _welcome(told, state):
    sign_ins = manage(told, "demo_data", "--list-sign-ins", capture=True)
    say(f"\nExitprogram kör på {told['EXIT_BASE_URL']}\n")
    say(sign_ins.rstrip())
    say(f"\nUtskickad e-post hamnar i {state / 'mail'}\nLoggar finns i {state / 'log'}\nAvsluta med Ctrl-C.")
