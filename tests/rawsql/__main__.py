"""``python -m tests.rawsql [--cells N] [--requests N] [--seed S]``; ``make rawsql`` starts it. The last line is the
result."""

import argparse
import secrets
import time

import pytest


class Asked:
    def __init__(self, given):
        self.cells, self.requests = given.cells, given.requests
        self.seed = secrets.randbelow(2**31) if given.seed is None else given.seed
        self.tried, self.faults = {}, []

    def pytest_configure(self, config):
        config.rawsql = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.rawsql")
    parser.add_argument("--cells", type=int, default=0, help="so many of the battery's; 0 is all of them")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=None)
    asked = Asked(parser.parse_args())
    began = time.monotonic()
    code = pytest.main(["-q", "-s", "--tb=short", "-p", "no:cacheprovider", "tests/rawsql/long.py"], plugins=[asked])
    for fault in asked.faults[:20]:
        print(fault)
    print(
        f"seed {asked.seed}, {time.monotonic() - began:.0f} s: {', '.join(f'{n} {w}' for w, n in asked.tried.items())}"
    )
    print(f"rawsql: {sum(asked.tried.values())} attempts, came through {len(asked.faults)}")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
