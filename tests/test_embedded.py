"""The starter: real servers in temporary folders, and what must hold when things go wrong around them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from exitprogram.embedded import demo, places, servers, suite, values
from exitprogram.embedded.places import CLONE, GivingUp
from exitprogram.embedded.processes import Family

SPACED = "exitprogram å test-"


@contextmanager
def folder():
    """With a space and å, where the servers' account can reach it."""
    made = Path(tempfile.mkdtemp(prefix=SPACED, dir=places.SHARED))
    try:
        yield places.claim(made)
    finally:
        shutil.rmtree(made)


@contextmanager
def running(state, *, durable=False):
    kept, ports = values.kept_secrets(state), values.kept_ports(state, ("postgres", "broker"))
    with Family(state / "log") as family:
        servers.start(family, state, kept, ports, durable=durable)
        yield Running(family, state, kept, ports)


class Running:
    def __init__(self, family, state, kept, ports):
        self.family, self.state, self.kept, self.ports = family, state, kept, ports

    def ask(self, query, role="exit_app", database=values.DATABASE):
        password = self.kept["superuser" if role == "postgres" else role.removeprefix("exit_")]
        where = {"host": values.HOST, "port": self.ports["postgres"], "dbname": database}
        with psycopg.connect(user=role, password=password, autocommit=True, **where) as line:
            answer = line.execute(query)
            return answer.fetchall() if answer.description else None


@pytest.fixture(scope="module")
def here():
    with folder() as state, running(state) as started:
        yield started


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex((values.HOST, port)) == 0


def test_swedish_letters_have_two_cases(here):
    assert here.ask("SELECT lower('ÅÄÖ'), upper('åäö'), 'ängla' ILIKE 'Ä%'") == [("åäö", "ÅÄÖ", True)]


@pytest.mark.parametrize("database", ["exitprogram", "template1"])
def test_trigrams_keep_swedish_letters(here, database):
    """With a C ctype pg_trgm drops å, ä and ö without a word: 'Åsa' would be found as 'sa'."""
    asked = "SELECT show_trgm('Åsa Öberg') <> show_trgm('sa berg'), similarity('Åsa', 'sa') < 1"
    assert here.ask(asked, role="postgres", database=database) == [(True, True)]


def test_roles_have_exactly_these_rights(here):
    flags = "rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolname IN ('exit_app', 'exit_worker')"
    rows = here.ask(f"SELECT rolname, {flags} AND rolcreatedb FROM pg_roles WHERE rolname LIKE 'exit\\_%' ORDER BY 1")
    assert rows == [
        ("exit_app", True, False, False, False, False, False),
        ("exit_backup", True, False, True, False, False, False),
        ("exit_figures", True, False, False, False, False, False),
        ("exit_owner", True, False, False, False, False, False),
        ("exit_wall", False, False, True, False, False, False),
        ("exit_worker", True, False, False, False, False, False),
    ]


def test_roles_belong_to_exactly_these(here):
    rows = here.ask(
        "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members"
        " WHERE member::regrole::text LIKE 'exit\\_%' ORDER BY 1"
    )
    assert rows == [("exit_backup", "pg_read_all_data"), ("exit_owner", "exit_wall")]


@pytest.mark.parametrize("role", ["exit_app", "exit_worker"])
def test_sessions_are_hidden_and_bounded(here, role):
    names = ["track_activities", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"]
    shown = [here.ask(f"SHOW {name}", role=role)[0][0] for name in (*names, "search_path")]
    assert shown == ["off", "30s", "10s", "1min", "public, pg_temp"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.ask("SET track_activities = on", role=role)


@pytest.mark.parametrize("role", ["exit_app", "exit_worker", "exit_backup", "exit_figures"])
@pytest.mark.parametrize(
    "statement", ["CREATE TABLE t (a int)", "CREATE TEMP TABLE t (a int)", "CREATE SCHEMA s", "CREATE DATABASE d"]
)
def test_nobody_but_the_owner_creates(here, role, statement):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
        here.ask(statement, role=role)


def test_owner_may_hand_functions_to_the_wall(here):
    here.ask("CREATE SCHEMA w; GRANT CREATE ON SCHEMA w TO exit_wall", role="exit_owner")
    here.ask("CREATE FUNCTION w.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'", role="exit_owner")
    here.ask("ALTER FUNCTION w.f() OWNER TO exit_wall; DROP SCHEMA w CASCADE", role="exit_owner")


def test_roles_may_be_applied_again(here):
    bin_folder = servers.binaries.postgres(here.state / "binaries")
    servers.prepare_database(bin_folder, here.kept, here.ports)
    assert here.ask("SELECT current_user") == [("exit_app",)]


def test_servers_listen_on_this_machine_only(here):
    settings = "current_setting('listen_addresses'), current_setting('unix_socket_directories')"
    assert here.ask(f"SELECT {settings}", role="postgres") == [("127.0.0.1", "")]


def test_broker_wants_a_password(here):
    with socket.create_connection((values.HOST, here.ports["broker"])) as line:
        line.sendall(b"PING\r\n")
        assert line.recv(100).startswith(b"-NOAUTH")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_secret_on_a_command_line_or_in_a_log(here):
    seen = "".join(Path(f"/proc/{child.process.pid}/cmdline").read_text() for child in here.family.children)
    seen += "".join(child.log.read_text() for child in here.family.children)
    assert [name for name, secret in here.kept.items() if secret in seen] == []


def test_data_and_secrets_outlive_a_restart():
    with folder() as state:
        with running(state, durable=True) as first:
            first.ask("CREATE TABLE kept AS SELECT 'här' AS word", role="exit_owner")
        with running(state, durable=True) as second:
            assert second.ask("SELECT word FROM kept", role="exit_owner") == [("här",)]
            assert (second.kept, second.ports) == (first.kept, first.ports)


SUPERVISOR = """
import sys, time
from exitprogram.embedded import suite
with suite.throwaway_servers() as told:
    print(told["EXIT_STATE_DIR"], told["EXIT_DATABASE_URL"], told["EXIT_BROKER_URL"], flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's word to orphans")
def test_killed_supervisor_leaves_no_server_behind():
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR], cwd=CLONE, stdout=subprocess.PIPE, text=True) as process:
        state, *urls = process.stdout.readline().split()
        ports = [int(re.search(r":(\d+)/", url)[1]) for url in urls]
        assert all(answers(port) for port in ports)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(answers(port) for port in ports) and time.monotonic() < deadline:
        time.sleep(0.1)
    shutil.rmtree(state)
    assert not any(answers(port) for port in ports)


def test_taken_port_is_replaced_and_said(tmp_path, capsys):
    first = values.kept_ports(tmp_path)
    assert values.kept_ports(tmp_path) == first
    with values.listening(first["web"]):
        capsys.readouterr()
        second = values.kept_ports(tmp_path)
    assert second["web"] != first["web"]
    assert capsys.readouterr().out == (
        f"Port {first['web']} för webben är upptagen; {second['web']} används i stället.\n"
    )


def test_child_that_dies_is_named_with_its_last_words(tmp_path):
    with Family(tmp_path / "log") as family:
        family.start("prov", [sys.executable, "-c", "import sys; sys.exit('det gick inte')"], env=os.environ)
        with pytest.raises(GivingUp, match=r"(?s)prov har stannat \(kod 1\).*det gick inte"):
            family.wait_until(lambda: False, what="Provet", seconds=10)


def test_children_stop_in_reverse_order(tmp_path):
    stopped = tmp_path / "stopped"
    code = "import signal, sys, time; signal.signal(15, lambda *_: (print(sys.argv[1], file=open(sys.argv[2], 'a')),"
    code += " sys.exit())); print('redo', flush=True); time.sleep(60)"
    with Family(tmp_path / "log") as family:
        for name in ("först", "sedan"):
            child = family.start(name, [sys.executable, "-c", code, name, stopped], env=os.environ)
            family.wait_until(lambda log=child.log: log.read_text(), what=name, seconds=10)
    assert stopped.read_text().split() == ["sedan", "först"]


def test_only_one_holds_the_lock(tmp_path):
    first, second = places.Lock(tmp_path / "lock"), places.Lock(tmp_path / "lock")
    assert first.taken()
    first.note("http://127.0.0.1:8000")
    assert not second.taken()
    assert second.read() == "http://127.0.0.1:8000"
    first.file.close()
    assert second.taken()
    second.file.close()


def test_folder_of_a_killed_run_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(suite, "YOUNG", -1)
    for name in ("left", "used"):
        (tmp_path / f"{suite.PREFIX}{name}").mkdir()
        (tmp_path / f"{suite.PREFIX}{name}/lock").touch()
    used = places.Lock(tmp_path / f"{suite.PREFIX}used/lock")
    assert used.taken()
    suite._sweep(tmp_path)
    used.file.close()
    assert [path.name for path in tmp_path.iterdir()] == [f"{suite.PREFIX}used"]


def test_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(GivingUp, match="tillhör någon annan"):
        places.claim(tmp_path / "link")


def test_private_files_are_private(tmp_path, monkeypatch):
    monkeypatch.setattr(values, "CLONE", tmp_path)
    values.kept_secrets(tmp_path)
    values.leave_word(tmp_path, {"EXIT_ENV": "demo", "EXIT_PROCESS": "web"})
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "env").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "env").read_text() == "EXIT_ENV=demo\nEXIT_PROCESS=web\n"
    assert (tmp_path / "var/state-dir").read_text().strip() == str(tmp_path)


def test_every_variable_is_read_by_the_settings():
    told = values.environment(values.new_secrets(), {"postgres": 1, "broker": 2, "web": 3}, Path("/å b"), kind="demo")
    settings = (CLONE / "exitprogram/settings.py").read_text()
    assert [name for name in told if f'"{name}"' not in settings] == []


def test_starter_needs_only_the_standard_library():
    modules = [path.stem for path in (CLONE / "exitprogram/embedded").glob("[a-z]*.py")]
    code = f"import sys; sys.path.insert(0, {str(CLONE)!r})\n"
    code += "".join(f"import exitprogram.embedded.{name}\n" for name in modules)
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_test_lock_contains_the_demo_lock():
    """What bootstrap.SERVES builds on: an environment made for the tests runs the demo as well."""
    demo, tests = (
        set(re.findall(r"^[\w.-]+==\S+", (CLONE / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-test.txt")
    )
    assert demo
    assert demo <= tests


@pytest.mark.parametrize(
    "words, command",
    [
        (["demo"], "demo"),
        (["demo", "RESET=1"], "demo --reset"),
        (["test", "ARGS=-k plan"], "test -- -k plan"),
        (["lint"], "lint"),
    ],
)
def test_make_calls_the_starter(words, command):
    # Without what an outer make (ours, when this is `make test PYTHON=…`) hands down.
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "PYTHON")}
    shown = subprocess.run(["make", "-n", *words], cwd=CLONE, env=env, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == f"python3 -m exitprogram.embedded {command}"


def test_continuous_integration_only_runs_the_tests():
    assert os.access(CLONE / ".ci/run", os.X_OK)
    assert (CLONE / ".ci/run").read_text().splitlines()[-1] == "exec make test"


def test_first_failing_step_decides(capsys):
    steps = (["-c", "pass"], ["-c", "raise SystemExit(3)"], ["-c", "raise SystemExit(4)"])
    assert suite._first_failure(steps, dict(os.environ)) == 3


def test_a_demo_of_other_migrations_is_made_anew(tmp_path, capsys):
    assert not demo._of_another_shape(tmp_path)  # nothing there yet
    (tmp_path / "postgres").mkdir()
    assert demo._of_another_shape(tmp_path) and "görs om" in capsys.readouterr().out
    (tmp_path / "migrations.sha256").write_text(demo._shape())
    assert not demo._of_another_shape(tmp_path)
    (tmp_path / "migrations.sha256").write_text("annan")
    assert demo._of_another_shape(tmp_path)
