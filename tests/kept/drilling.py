"""``python -m tests.kept.drilling --destroyed 50``; ``make restore-drill`` starts it. The last line is the result."""

import argparse
import os
import re

import pytest


class Heard:
    """What the drill itself has printed, said last."""

    def __init__(self):
        self.lines = []

    def pytest_runtest_logreport(self, report):
        for _name, text in report.sections:
            self.lines += re.findall(r"^(?:restore-drill|times): .*$", text, re.M)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.kept.drilling")
    parser.add_argument("--destroyed", type=int, default=50)
    os.environ["EXIT_DRILL_DESTROYED"] = str(parser.parse_args().destroyed)
    heard = Heard()
    code = pytest.main(["-q", "-p", "no:cacheprovider", "--tb=short", "tests/test_restore.py"], plugins=[heard])
    print("\n".join(sorted(set(heard.lines), reverse=True)) if code == 0 else "restore-drill: FAILED, see above")
    raise SystemExit(int(code))


if __name__ == "__main__":
    main()
