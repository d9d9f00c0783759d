"""``python -m tests.probe [--probes 20000] [--seed S]``; ``make probe`` starts it. Without a number, everything. Two
processes share the work, each with servers of its own. The last line is the result."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

PARTS = 2
WHOLE = 200_000  # of the matrix, about: what a number of probes is a share of in the runs beside it


class Asked:
    """What this process is to do, and what came of it."""

    def __init__(self, given, part):
        self.probes, self.seed, self.part, self.parts, self.whole = given.probes, given.seed, part, PARTS, WHOLE
        self.counts, self.wrong, self.unclassified, self.began = Counter(), [], [], time.monotonic()

    def pytest_configure(self, config):
        config.probe = self

    def told(self, what, tally):
        self.counts[what] += tally.probes
        self.wrong += [f"{what}: {line}" for line in tally.wrong]
        if self.part == 0:
            took = time.monotonic() - self.began
            print(f"{what}: {self.counts[what]} probes in this half, {len(self.wrong)} wrong, {took:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.probe")
    parser.add_argument("--probes", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int)
    parser.add_argument("--out")
    given = parser.parse_args()
    raise SystemExit(_part(given) if given.part is not None else _both(given))


def _part(given):
    asked = Asked(given, given.part)
    command = ["-q", "-s", "--tb=short", "-p", "no:cacheprovider", "tests/probe/long.py"]
    code = pytest.main(command, plugins=[asked])
    found = {"counts": asked.counts, "wrong": asked.wrong, "unclassified": asked.unclassified}
    Path(given.out).write_text(json.dumps(found))
    return int(code)


def _both(given):
    began, command = time.monotonic(), [sys.executable, "-m", "tests.probe", *sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        outs = [Path(folder) / str(part) for part in range(PARTS)]
        begun = [subprocess.Popen([*command, "--part", str(part), "--out", out]) for part, out in enumerate(outs)]
        codes = [one.wait() for one in begun]
        found = [json.loads(out.read_text()) for out in outs if out.exists()]
    counts = sum((Counter(one["counts"]) for one in found), Counter())
    wrong = [line for one in found for line in one["wrong"]]
    unclassified = found[0]["unclassified"] if found else []
    whole = len(found) == PARTS and not any(codes)
    for line in (*wrong[:50], *unclassified, *([] if whole else ["not carried out to the end"])):
        print(line)
    print(", ".join(f"{what} {count}" for what, count in counts.items()))
    print(f"seed {given.seed}, {time.monotonic() - began:.0f} s")
    print(f"probe: {counts.total()} probes, leaks {len(wrong)}, unclassified {len(unclassified)}")
    return 0 if whole and not wrong and not unclassified else 1


if __name__ == "__main__":
    main()
