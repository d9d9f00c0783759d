"""``python -m tests.hostile [--seed S]``; ``make hostile`` starts it. All that is hostile and not a share: texts in
every field and every role in Chromium, uploads, formulas, documents that fetch, headers, another site, what a
browser keeps. The last line is the result."""

import argparse
import time

import pytest

from tests.hostile.shares import WHOLE, Share

FILES = ["test_headers", "test_browser_origin", "test_browser_leftovers", "test_hostile_text", "test_hostile_files",
         "test_hostile_names", "test_hostile_forms", "test_hostile_sheets", "test_hostile_papers",
         "test_hostile_requests"]  # fmt: skip
ZEROS = ("breaches", "acting", "cells", "sockets", "opens", "slow", "failed")


class Asked:
    def __init__(self, seed):
        self.share, self.failed = Share(seed=seed, **WHOLE), 0

    def pytest_configure(self, config):
        config.share = self.share

    def pytest_runtest_logreport(self, report):
        self.failed += report.failed


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--seed", type=int, default=Share.seed)
    asked, began = Asked(parser.parse_args().seed), time.monotonic()
    files = [f"tests/{name}.py" for name in FILES]
    code = pytest.main(["-q", "--tb=short", "-p", "no:cacheprovider", *files], plugins=[asked])
    told = asked.share.told
    told["failed"] = asked.failed
    tried = ", ".join(f"{told[what]} {what}" for what in ("texts", "pages", "files", "formulas", "papers", "requests"))
    print(f"seed {asked.share.seed}, {time.monotonic() - began:.0f} s")
    print(f"hostile: {tried}; " + ", ".join(f"{what} {told[what]}" for what in ZEROS))
    raise SystemExit(int(code) or int(any(told[what] for what in ZEROS)))


if __name__ == "__main__":
    main()
