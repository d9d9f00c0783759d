"""``python -m tests.tamper --tries 1000 [--seed S]``; ``make tamper`` starts it. The last line is the result."""

import argparse
import secrets
import time

import pytest

from tests.tamper import Found


class Asked:
    def __init__(self, tries, seed):
        self.tries, self.seed, self.count = tries, seed, Found()

    def pytest_configure(self, config):
        config.tamper = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.tamper")
    parser.add_argument("--tries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    asked = Asked(given.tries, secrets.randbelow(2**31) if given.seed is None else given.seed)
    began = time.monotonic()
    code = pytest.main(["-q", "-s", "--tb=short", "-p", "no:cacheprovider", "tests/tamper/long.py"], plugins=[asked])
    count = asked.count
    for number, way in count.missed[:20]:
        print(f"not found: try {number}, {way}")
    for way, times in sorted(count.by_way.items()):
        print(f"  {times:4d}  {way.removeprefix('does_').replace('_', ' ')}")
    print(f"seed {asked.seed}, {time.monotonic() - began:.0f} s")
    print(f"tamper: {count.tries} tries, found {count.found}, false alarms {count.false_alarms}")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
