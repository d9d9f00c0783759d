"""``python3 -m exitprogram.embedded`` …: demo, test, lint, setup, the long proofs; secrets, healthy for Docker."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 — before any import that an older Python could not read
    sys.exit("Exitprogram behöver Python 3.11 eller nyare; ange den så här: make demo PYTHON=python3.11")

import argparse
import os
import signal

from . import bootstrap, health, suite, system, values
from .places import CLONE, GivingUp, say


def main(arguments):
    asked = _parser().parse_args(arguments)
    os.chdir(CLONE)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return _do(asked, arguments)
    except GivingUp as why:
        print(f"\n{why}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("Avslutat.")
        return 0 if asked.command == "demo" else 130


def _parser():
    parser = argparse.ArgumentParser(prog="python3 -m exitprogram.embedded")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo").add_argument("--reset", action="store_true")
    commands.add_parser("test").add_argument("pytest", nargs="*")
    for name, (_module, options) in suite.LONG.items():
        proof = commands.add_parser(name)
        for option, value in options.items():
            proof.add_argument(f"--{option}", type=str if isinstance(value, str) else int, default=value)
    for name in ("setup", "lint", "secrets", "healthy"):
        commands.add_parser(name)
    return parser


def _do(asked, arguments):
    if asked.command == "secrets":
        say("\n".join(values.operator_secrets()))
        return 0
    if asked.command == "healthy":
        return 0 if health.container_is_well() else 1
    lock_file = "requirements.txt" if asked.command == "demo" else "requirements-test.txt"
    bootstrap.continue_inside(lock_file, arguments)
    # Only from here on do the packages exist that it looks for.
    from . import demo

    if asked.command == "demo":
        return demo.run(reset=asked.reset)
    if asked.command == "test":
        return suite.run(asked.pytest)
    if asked.command == "lint":
        return suite.lint()
    if asked.command in suite.LONG:
        return suite.long(asked.command, vars(asked))
    system.ensure_pdf()
    system.ensure_chromium()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
