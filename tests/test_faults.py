"""The suite's share of ``make faults``, and the same run against a sender that has been spoilt on purpose."""

import os
import re
import subprocess
import sys

import psutil
import pytest

from exitprogram.embedded.places import CLONE

LAST = re.compile(r"faults: (\d+) injected, lost (\d+), doubled in-app (\d+), doubled mail (\d+), seed (\d+)")


def run(*words):
    """(exit code, the numbers of the last line, everything it said). No server of this run is lent to it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("EXIT_")}
    command = [sys.executable, "-m", "tests.faults", *words]
    done = subprocess.run(command, cwd=CLONE, env=env, capture_output=True, text=True, timeout=900)
    said = done.stdout.strip().splitlines()
    found = LAST.fullmatch(said[-1]) if said else None
    assert found, done.stdout[-3000:] + done.stderr[-3000:]
    return done.returncode, [int(number) for number in found.groups()], done.stdout


def test_two_hundred_faults_lose_nothing_and_double_nothing():
    code, (injected, lost, doubled, _mail, seed), said = run("--faults", "200")
    assert (code, lost, doubled) == (0, 0, 0) and injected >= 200, f"--seed {seed}\n{said}"
    kinds = set(re.findall(r"^ +[1-9]\d*  ([a-z0-9 ]+) \(", said, re.M))
    steps = ("due", "claim", "hold", "connect", "mail", "rcpt", "data", "mark")
    assert {step for step in steps if any(kind.endswith(f" at {step}") for kind in kinds)} == set(steps)
    assert any(kind.startswith("kill database") for kind in kinds) and "night" in kinds
    assert not [process.pid for process in psutil.process_iter() if is_of(process, said)]


def is_of(process, said):
    """Somebody who was told of the folder of that run."""
    try:
        folder = re.search(r"^Mapp (\S+)$", said, re.M)[1]
        return process.environ().get("EXIT_STATE_DIR") == folder
    except psutil.Error:
        return False


@pytest.mark.parametrize("how, what", [("no_lease", "lost"), ("mark_first", "lost"), ("no_key", "doubled")])
def test_a_spoilt_sender_is_found(how, what):
    """Claims that never end; marked before it is sent; nothing that makes a notice one."""
    code, (_injected, lost, doubled, _mail, _seed), said = run("--faults", "12", "--seed", "3", "--break", how)
    assert code == 1 and {"lost": lost, "doubled": doubled}[what] > 0, said
