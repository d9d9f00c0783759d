"""``python -m tests.kept --edits 10000 --kills 200 [--seed S]``; ``make kept``. The last line is the result."""

import argparse
import secrets
import subprocess
import sys
import time

import pytest

from exitprogram.embedded.places import CLONE


class Asked:
    def __init__(self, wanted, seed):
        self.wanted, self.seed, self.edits, self.submits = wanted, seed, None, None

    def pytest_configure(self, config):
        config.kept = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.kept")
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    wanted = parser.parse_args()
    asked = Asked(wanted, secrets.randbelow(2**31) if wanted.seed is None else wanted.seed)
    began = time.monotonic()
    crash = [sys.executable, "-m", "tests.kept.crash", "--kills", str(wanted.kills), "--seed", str(asked.seed)]
    killed = subprocess.run(crash, cwd=CLONE, check=False).returncode
    words = ["-q", "-s", "--tb=line", "-p", "no:cacheprovider", "--show-capture=no", "tests/kept/long.py"]
    code = pytest.main(words, plugins=[asked])
    told(asked)
    print(f"seed {asked.seed}, {time.monotonic() - began:.0f} s")
    crossed, forms = asked.edits, asked.submits
    print(
        f"kept: {crossed.interleavings if crossed else 0} interleavings, lost {len(crossed.lost) if crossed else '?'};"
        f" {len(forms.forms) if forms else 0} forms sent 20-fold, doubled {len(forms.doubled) if forms else '?'},"
        f" astray {len(forms.astray) if forms else '?'}; kills: {'nothing lost' if killed == 0 else 'SEE ABOVE'}"
    )
    raise SystemExit(int(code) or killed)


def told(asked):
    if asked.edits:
        for what in asked.edits.lost[:20]:
            print(what)
        print(f"edits: {asked.edits.accepted} accepted, {asked.edits.stale} refused as stale")
    if asked.submits:
        for what in [*asked.submits.doubled, *asked.submits.astray][:20]:
            print(what)
        print(f"forms that a machine cannot fill in: {', '.join(asked.submits.not_filled)}")


if __name__ == "__main__":
    main()
