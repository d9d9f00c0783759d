"""``python -m tests.fuzz --calls 10000 [--seed S]``; ``make fuzz`` starts it. The last line is the result."""

import argparse
import secrets
import time

import pytest


class Asked:
    def __init__(self, calls, seed):
        self.calls, self.seed, self.found, self.operations = calls, seed, None, 0

    def pytest_configure(self, config):
        config.fuzz = self


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    asked = Asked(given.calls, secrets.randbelow(2**31) if given.seed is None else given.seed)
    began = time.monotonic()
    code = pytest.main(["-q", "-s", "--tb=line", "-p", "no:cacheprovider", "tests/fuzz/long.py"], plugins=[asked])
    calls, faults = (asked.found.calls, asked.found.faults) if asked.found else (0, [])
    for fault in faults[:20]:
        print(fault)
    print(f"seed {asked.seed}, {asked.operations} operations, {time.monotonic() - began:.0f} s")
    print(f"api: {calls} calls, faults {len(faults)}")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
