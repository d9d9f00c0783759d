"""``python -m tests.canaries [--each 100] [--every 1]``; ``make canaries`` starts it. The last line is the result."""

import argparse
import time

import pytest


class Asked:
    """``each`` foreign people and as many protected ones are looked for, and everybody is at ``every`` n-th door."""

    def __init__(self, each, every):
        self.each, self.every, self.leaks = each, every, {}
        self.words = self.sinks = self.pieces = self.controls = 0

    def pytest_configure(self, config):
        config.canaries = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.canaries")
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--every", type=int, default=1)
    given, began = parser.parse_args(), time.monotonic()
    asked = Asked(given.each, given.every)
    code = pytest.main(["-q", "--tb=short", "-p", "no:cacheprovider", "tests/canaries/long.py"], plugins=[asked])
    for place, found in list(asked.leaks.items())[:40]:
        print(f"{place}: {found}")
    print(f"{asked.pieces} pieces, {asked.controls} positive controls, {time.monotonic() - began:.0f} s")
    print(f"canaries: {asked.words} words x {asked.sinks} sinks, found {len(asked.leaks)}")
    raise SystemExit(int(code) or int(bool(asked.leaks)))


if __name__ == "__main__":
    main()
