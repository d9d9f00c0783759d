"""``python -m tests.mutants [--each N] [--seed S] [--kinds policy,require]``; ``make mutants`` starts it. Takes the
guards away one at a time; the last line is the result."""

import argparse
import secrets
import time

import pytest

KINDS = ("policy", "require")
# Of the permission checks in operations many stand before a filter that refuses as well: counted, and no bar yet.
BARS = {"policy": 1.0, "require": 0.0}


class Asked:
    def __init__(self, given):
        self.each, self.kinds = given.each, [kind for kind in KINDS if kind in given.kinds.split(",")]
        self.seed = secrets.randbelow(2**31) if given.seed is None else given.seed
        self.counts = {}  # kind: [killed, of those that change something, survivors]

    def pytest_configure(self, config):
        config.mutants = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--each", type=int, default=0, help="so many of each kind; 0 is all of them")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--kinds", default=",".join(KINDS))
    asked = Asked(parser.parse_args())
    began = time.monotonic()
    code = pytest.main(["-q", "-s", "--tb=short", "-p", "no:cacheprovider", "tests/mutants/long.py"], plugins=[asked])
    killed, total = (sum(count[place] for count in asked.counts.values()) for place in (0, 1))
    each = ", ".join(f"{kind} {count[0]}/{count[1]}" for kind, count in asked.counts.items())
    print(f"seed {asked.seed}, {time.monotonic() - began:.0f} s: {each}")
    print(f"mutants: killed {killed} of {total}, survived {total - killed}")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
