"""``python -m tests.mutants [--each N] [--seed S] [--kinds policy,require,…]``; ``make mutants`` starts it. Takes the
guards away one at a time; the last line is the result."""

import argparse
import secrets
import time

import pytest

# In this order: the access matrix adds people and rows to the world, which the policies' answers are not for.
KINDS = ("policy", "require", "filter", "allow", "any role", "methods", "once", "fresh")
# Least share of them that has to be missed: of the database's policies all, of everything else together.
POLICIES, THE_REST = 1.0, 0.98


class Asked:
    def __init__(self, given):
        self.each, self.part = given.each, tuple(map(int, given.part.split("/")))
        self.kinds = [kind for kind in KINDS if kind in given.kinds.split(",")]
        self.seed = secrets.randbelow(2**31) if given.seed is None else given.seed
        self.counts = {}  # kind: [killed, of those that change something, survivors]

    def pytest_configure(self, config):
        config.mutants = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--each", type=int, default=0, help="so many of each kind; 0 is all of them")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--part", default="0/1", help="of several that run beside each other: 0/2 and 1/2")
    asked = Asked(parser.parse_args())
    began = time.monotonic()
    code = pytest.main(
        ["-q", "-s", "--tb=short", "--show-capture=no", "-p", "no:cacheprovider", "tests/mutants/long.py"],
        plugins=[asked],
    )
    killed, total = (sum(count[place] for count in asked.counts.values()) for place in (0, 1))
    each = ", ".join(f"{kind} {count[0]}/{count[1]}" for kind, count in asked.counts.items())
    print(f"seed {asked.seed}, {time.monotonic() - began:.0f} s: {each}")
    print(f"mutants: killed {killed} of {total}, survived {total - killed}")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
