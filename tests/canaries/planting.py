"""The furnished world once more, with a word of its own in every text that anybody gives to an operation.

The operations are the product's; only what is handed to them is exchanged at the door: «Kanarieskäl» becomes
«Kanarieskäl Zqvbadogu», and the register says which operation and argument that word went in by."""

import functools
import importlib
import inspect
import re
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

ROOMS = ("cases", "teams", "children", "plans", "reporting")
# Codes, numbers and what names the staff or the law: nothing about the person the case is about.
CODED = {
    "by", "law", "number", "identity", "email", "worker", "minute", "query", "kind", "rows", "networks", "rule_id",
    "channels", "decided_by", "reference", "opened_on", "areas", "presented_as",
}  # fmt: skip
CODE = re.compile(r"[\w.:/+-]*", re.ASCII)  # "health", "secrecy.waiver", "2026-11-23": no sentence


@contextmanager
def marking(register):
    """Every operation called through its room's package gives its texts a word first."""
    with ExitStack() as stack:
        for room in ROOMS:
            package = importlib.import_module(f"{room}.operations")
            for name, operation in inspect.getmembers(package, inspect.isfunction):
                stack.enter_context(patch.object(package, name, _marked(register, f"{room}.{name}", operation)))
        yield register


def _marked(register, called, operation):
    @functools.wraps(operation)
    def with_words(**given):
        marked = {name: _planted(register, f"{called}({name})", name, value) for name, value in given.items()}
        return operation(**marked)

    return with_words


def _planted(register, where, name, value):
    if isinstance(value, dict):
        return {key: _planted(register, f"{where}[{key}]", key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_planted(register, where, name, one) for one in value]
    if not isinstance(value, str) or name in CODED or _code(value):
        return value
    return f"{value} {register.new(where)}"


def _code(value):
    return not value or ("anarie" not in value and CODE.fullmatch(value) and value.lower() == value)
