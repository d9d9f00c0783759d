"""The broker behind Sentinel: the master is killed, the replica takes over, and the bell rings again."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import redis
from kombu import Connection

from exitprogram.embedded import binaries, places, values
from exitprogram.embedded.processes import Family
from exitprogram.embedded.servers import PLAIN

PASSWORD = "klocka"


class Watch:
    """A master, a replica and two sentinels of which two must agree, each a real process."""

    def __init__(self, family, state):
        self.family, self.state, self.account = family, state, places.servers_account()
        self.server = binaries.valkey(state / "binaries")
        self.ports = {}
        for name in ("master", "replica", "one", "two"):
            self.ports[name] = values.free_port(self.ports.values())
        common = {"bind": values.HOST, "requirepass": PASSWORD}
        data = common | {"masterauth": PASSWORD, "save": '""', "repl-diskless-sync-delay": "0"}
        self.master = self.start("master", data)
        self.start("replica", data | {"replicaof": f"{values.HOST} {self.ports['master']}"})
        assert until(lambda: self.asked("master").info("replication")["connected_slaves"] == 1)
        for name in ("one", "two"):
            watched = f"exitprogram {values.HOST} {self.ports['master']} 2"
            self.start(name, common | {
                "sentinel monitor": watched, "sentinel auth-pass": f"exitprogram {PASSWORD}",
                "sentinel down-after-milliseconds": "exitprogram 500", "sentinel failover-timeout": "exitprogram 3000",
                "sentinel sentinel-pass": PASSWORD,
            }, "--sentinel")  # fmt: skip
        assert until(lambda: all(self.sees_all(name) for name in ("one", "two")))

    def start(self, name, lines, *more):
        folder = places.give(self.state / name, self.account)
        config = folder / "server.conf"
        places.write_private(config, "".join(f"{key} {value}\n" for key, value in lines.items())
                             + f"port {self.ports[name]}\n")  # fmt: skip
        if self.account:
            os.chown(config, self.account.uid, self.account.gid)
        argv = [self.server, config.name, *more]
        return self.family.start(name, argv, env=PLAIN, account=self.account, cwd=folder)

    def url(self):
        return ";".join(f"sentinel://:{PASSWORD}@{values.HOST}:{self.ports[name]}/0" for name in ("one", "two"))

    def asked(self, name):
        return redis.Redis(host=values.HOST, port=self.ports[name], password=PASSWORD, socket_timeout=2)

    def sees_all(self, name):
        seen = self.asked(name).sentinel_master("exitprogram")
        return seen["num-other-sentinels"] == 1 and seen["num-slaves"] == 1


@pytest.fixture
def watch():
    state = places.claim(Path(tempfile.mkdtemp(prefix="exitprogram-sentinel-", dir=places.SHARED)))
    try:
        with Family(state / "log") as family:
            yield Watch(family, state)
    finally:
        shutil.rmtree(state)


def until(ready, seconds=40):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception):  # whatever a client says of a server on its way up or down
            if ready():
                return True
        time.sleep(0.1)
    return False


def options(url):
    """What the settings make of such an address."""
    code = "from exitprogram import settings as s; import json; print(json.dumps(s.CELERY_BROKER_TRANSPORT_OPTIONS))"
    env = os.environ | {"EXIT_BROKER_URL": url}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=places.CLONE, check=True, capture_output=True)
    return json.loads(done.stdout)


def rings(url, given, word):
    with Connection(url, transport_options=given, connect_timeout=2) as line:
        queue = line.SimpleQueue("celery")
        queue.put(word)
        heard = queue.get(timeout=3)
        heard.ack()
        return heard.payload == word


def test_the_bell_rings_again_when_the_master_is_gone(watch):
    url, given = watch.url(), options(watch.url())
    assert given["master_name"] == "exitprogram" and given["sentinel_kwargs"] == {"password": PASSWORD}
    assert until(lambda: rings(url, given, "före"))
    watch.master.process.kill()
    watch.master.process.wait()
    assert until(lambda: rings(url, given, "efter"))


def test_another_broker_asks_no_sentinel():
    assert "master_name" not in options("redis://:x@127.0.0.1:1/0")
