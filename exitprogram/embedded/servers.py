"""PostgreSQL and Valkey as our own children, on 127.0.0.1 only, without sockets in any folder."""

import os
import signal
import socket
import subprocess
import time

from . import binaries
from .places import CLONE, GivingUp, give, servers_account, write_private
from .values import HOST, ROLES

ROLES_SQL = CLONE / "exitprogram/tenancy/roles.sql"
# Whatever locale the terminal has, the servers' own messages and folders are the same.
PLAIN = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
# PostgreSQL's log is read by people who may not read cases: no statements and no values in it. The sentence of an error
# quotes what it was given ('invalid input syntax for type date: "…"'), so only what ends a session is written.
DISCREET = {
    "log_min_messages": "fatal", "log_min_error_statement": "panic", "log_error_verbosity": "terse",
    "log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0", "log_statement": "none",
    "log_min_duration_statement": "-1",
}  # fmt: skip
# A test cluster lives for minutes and is thrown away.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def start(family, state, kept, ports, *, durable=True):
    """Both servers, with roles and database in place. Returns when they answer."""
    start_valkey(family, state, kept, ports, durable=durable)
    start_postgres(family, state, kept, ports, durable=durable)


def wait_for_predecessor(state, seconds=10):
    """A run that was killed takes its servers with it, but they need a moment to save and let go of their ports."""
    pid_file, deadline = state / "postgres/postmaster.pid", time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(int(pid_file.read_text().split()[0]), 0)
        except (OSError, IndexError):  # no file, an empty one, or no such process
            return
        time.sleep(0.1)


def start_postgres(family, state, kept, ports, *, durable):
    """``postgres`` itself and not pg_ctl: a child of ours is reaped by us, and dies with us."""
    account, folder = servers_account(), binaries.postgres(state / "binaries")
    data = _cluster(folder, state, kept, account)
    options = {"listen_addresses": HOST, "port": ports["postgres"], "unix_socket_directories": ""}
    options |= DISCREET | ({} if durable else CARELESS)
    switches = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    command = [folder / "postgres", "-D", data, *switches]
    family.start("postgres", command, env=PLAIN, stop=signal.SIGINT, account=account, cwd=data)

    def answers():
        return _psql(folder, kept, ports, "-c", "SELECT 1").returncode == 0

    family.wait_until(answers, what="Databasen", seconds=60)
    prepare_database(folder, kept, ports)
    if not durable:
        # Only where tests make databases of their own may the owner do so.
        _psql(folder, kept, ports, "-c", "ALTER ROLE exit_owner CREATEDB", check=True)


def locale_switches(version):
    """Without these, lower('Å') or the trigrams of å ä ö are wrong. tests/test_embedded.py holds the facts."""
    if version >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def _cluster(folder, state, kept, account):
    """The data folder, made the first time."""
    data, version = state / "postgres", binaries.major_version(folder)
    made_by = data / "PG_VERSION"
    if made_by.exists():
        if int(made_by.read_text()) != version:
            raise GivingUp(
                f"Databasen i {data} gjordes av PostgreSQL {made_by.read_text().strip()} men servern är {version}."
                " Byt server, eller börja om med make demo RESET=1."
            )
        return data
    give(data, account)
    password = state / "superuser-password"
    write_private(password, kept["superuser"])
    if account:
        os.chown(password, account.uid, account.gid)
    try:
        _initdb(folder, data, password, version, account)
    finally:
        password.unlink()
    return data


def _initdb(folder, data, password, version, account):
    done = subprocess.run(
        [folder / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "-A", "scram-sha-256", "--pwfile", password]
        + ["--data-checksums", "--no-instructions", *locale_switches(version)],
        env=PLAIN,
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
        **(account.drop() if account else {}),
    )
    if done.returncode:
        raise GivingUp(f"Databasen gick inte att skapa i {data}:\n{done.stderr}")


def prepare_database(folder, kept, ports):
    """Roles, database and extensions, every time: a newer version may have changed them."""
    done = _psql(folder, kept, ports, "--no-psqlrc", "-f", ROLES_SQL)
    if done.returncode:
        raise GivingUp(f"Databasens roller gick inte att skapa:\n{done.stderr}")


def _psql(folder, kept, ports, *arguments, check=False):
    env = PLAIN | {"PGPASSWORD": kept["superuser"], "PGCONNECT_TIMEOUT": "5", "PGCLIENTENCODING": "UTF8"}
    env |= {f"EXIT_{role.upper()}_PASSWORD": kept[role] for role in ROLES}
    command = [folder / "psql", "-qX", "-h", HOST, "-p", str(ports["postgres"]), "-U", "postgres", "-d", "postgres"]
    return subprocess.run([*command, *arguments], env=env, capture_output=True, text=True, check=check)


def start_valkey(family, state, kept, ports, *, durable):
    account, server = servers_account(), binaries.valkey(state / "binaries")
    folder = give(state / "valkey", account)
    config = folder / "valkey.conf"
    # A file and not the command line, where everybody on the machine could read the password.
    lines = {
        "bind": HOST,
        "port": ports["broker"],
        "requirepass": kept["broker"],
        "appendonly": "yes" if durable else "no",
        "save": '""',
        "maxmemory-policy": "noeviction",
    }
    write_private(config, "".join(f"{name} {value}\n" for name, value in lines.items()))
    if account:
        os.chown(config, account.uid, account.gid)
    # It writes in the folder it starts in; a path with spaces never passes through its config parser.
    family.start("valkey", [server, config.name], env=PLAIN, account=account, cwd=folder)
    family.wait_until(lambda: _pong(kept, ports), what="Kön", seconds=20)


def _pong(kept, ports):
    try:
        with socket.create_connection((HOST, ports["broker"]), timeout=2) as line:
            line.sendall(f"AUTH {kept['broker']}\r\nPING\r\n".encode())
            line.settimeout(2)
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = line.recv(100)
                if not part:
                    return False
                answer += part
            return b"+PONG" in answer
    except OSError:
        return False
