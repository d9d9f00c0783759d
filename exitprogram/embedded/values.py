"""What the product is told through the environment: secrets made once, ports chosen once, addresses built from them."""

import base64
import json
import os
import secrets
import socket

from .places import CLONE, clone_is_writable, say, write_private

HOST = "127.0.0.1"
DATABASE = "exitprogram"
ROLES = ("owner", "app", "worker", "backup", "figures")
FIRST_CHOICE = {"web": 8000}  # the servers take any free port
SWEDISH = {"web": "webben", "postgres": "databasen", "broker": "kön"}


def new_secrets():
    passwords = {name: secrets.token_urlsafe(24) for name in ("superuser", *ROLES, "broker")}
    return passwords | {
        "secret_key": secrets.token_urlsafe(48),
        "context_key": secrets.token_hex(32),
        "watch_key": secrets.token_urlsafe(24),
        "anchor_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        "data_keys": f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
    }


def kept_secrets(state):
    """Losing these loses the demo's data, so they are read before anything is made anew."""
    file = state / "secrets.json"
    if not file.exists():
        write_private(file, json.dumps(new_secrets()))
    kept = json.loads(file.read_text())
    if missing := {*ROLES, "anchor_key"} - set(kept):  # what came after this demo was made
        kept |= {name: secret for name, secret in new_secrets().items() if name in missing}
        write_private(file, json.dumps(kept))
    return kept


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(besides=()):
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
        if port not in besides:
            return port


def kept_ports(state, names=("web", "postgres", "broker")):
    """The ports of last time; those that somebody has taken since are replaced, and we say so."""
    file = state / "ports.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    ports = {}
    for name in names:
        wanted = before.get(name) or FIRST_CHOICE.get(name)
        ports[name] = wanted if wanted and is_free(wanted) else free_port(ports.values())
        if wanted and ports[name] != wanted:
            say(f"Port {wanted} för {SWEDISH[name]} är upptagen; {ports[name]} används i stället.")
    write_private(file, json.dumps(ports))
    return ports


def listening(port):
    """The web's own socket, held from now on: no other program can take the port while we get ready."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((HOST, port))
    door.listen(64)
    return door


def database_url(kept, ports, role, database=DATABASE):
    return f"postgresql://exit_{role}:{kept[role]}@{HOST}:{ports['postgres']}/{database}"


def environment(kept, ports, state, *, kind):
    """The contract with exitprogram/settings.py, whole."""
    return {
        "EXIT_ENV": kind,
        "EXIT_DATABASE_URL": database_url(kept, ports, "app"),
        "EXIT_WORKER_DATABASE_URL": database_url(kept, ports, "worker"),
        "EXIT_OWNER_DATABASE_URL": database_url(kept, ports, "owner"),
        "EXIT_BACKUP_DATABASE_URL": database_url(kept, ports, "backup"),
        "EXIT_FIGURES_DATABASE_URL": database_url(kept, ports, "figures"),
        "EXIT_BROKER_URL": f"redis://:{kept['broker']}@{HOST}:{ports['broker']}/0",
        "EXIT_SECRET_KEY": kept["secret_key"],
        "EXIT_CONTEXT_KEY": kept["context_key"],
        "EXIT_DATA_KEYS": kept["data_keys"],
        "EXIT_BASE_URL": f"http://{HOST}:{ports['web']}",
        "EXIT_ALLOWED_HOSTS": f"{HOST} localhost",
        "EXIT_MAIL_URL": (state / "mail").as_uri(),
        "EXIT_STATE_DIR": str(state),
        "EXIT_MORNING_MAIL": "at_once",  # whoever tries the product does not wait until tomorrow
        "EXIT_ANCHOR_KEY": kept["anchor_key"],
        "EXIT_WATCH_KEY": kept.get("watch_key", ""),  # a demo made before there was one goes on without
    }


def leave_word(state, values):
    """For ``manage.py`` in another terminal: the values, and inside the clone where they are."""
    write_private(state / "env", "".join(f"{key}={value}\n" for key, value in values.items()))
    if clone_is_writable():
        (CLONE / "var").mkdir(exist_ok=True)
        (CLONE / "var/state-dir").write_text(f"{state}\n")


def child_environment(values, process="web"):
    return os.environ | values | {"EXIT_PROCESS": process, "PYTHONUNBUFFERED": "1"}


def operator_secrets():
    """Lines for the .env file that docker-compose.yml asks for; the first two are for the operator to change."""
    kept = new_secrets()
    names = {"POSTGRES_PASSWORD": "superuser"} | {
        f"EXIT_{name.upper()}": name for name in ("secret_key", "context_key", "data_keys")
    }
    names |= {f"EXIT_{name.upper()}_PASSWORD": name for name in (*ROLES, "broker")}
    names |= {"EXIT_WATCH_KEY": "watch_key", "EXIT_ANCHOR_KEY": "anchor_key"}
    places = ["EXIT_BASE_URL=https://exitprogram.example", "EXIT_ALLOWED_HOSTS=exitprogram.example"]
    return places + [f"{variable}={kept[name]}" for variable, name in names.items()]
