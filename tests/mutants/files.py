"""The slow way, for what the quick questions have not missed: the suite's own files that speak of it, in a run of their
own in which it is gone."""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from django.conf import settings

MOST = 3  # files
SHARED = "test_sharing.py"  # team × consent × area × day: asked about every filter
LONGEST = 900  # seconds
# Asked already, or too large to ask about one.
NOT_AGAIN = {"test_operations.py", "test_views_doors.py", "test_probe.py", "test_mutants.py", "test_guards_doors.py"}
FOLDER = Path(__file__).parents[1]


def red(mutant):
    """What went red, or ''."""
    files = [str(path) for path in speaking_of(words_of(mutant))]
    files += [str(FOLDER / SHARED)] if mutant.kind == "filter" else []
    if not files:
        return ""
    env = {name: value for name, value in os.environ.items() if name != "EXIT_DATABASE_URL"}
    env["EXIT_MUTANT"] = f"{mutant.kind}|{mutant}"
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=line", "--show-capture=no", "-p", "no:cacheprovider"]
    command += ["-p", "tests.mutants.plugin", *files]
    run = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    failed = re.findall(r"^FAILED (\S+)", run.stdout, re.M)
    assert run.returncode in (0, 1) and bool(failed) == bool(run.returncode), run.stdout[-2000:] + run.stderr[-2000:]
    return failed[0] if failed else ""


def words_of(mutant):
    """How a test would name it: the function, or for one of the module's own those that call it; the address."""
    if mutant.kind == "filter":
        said = rf"\.{mutant.name}\("
        if any(re.search(said, text) for text in _texts().values()):
            return [said]
        return [rf"\b{name}\b" for name in _askers(said)] or [said]
    if mutant.kind != "require":
        return [f'"{mutant.name}"']
    names = [mutant.function.split(".")[-1]]
    functions = [one for one in ast.parse((settings.BASE_DIR / mutant.path).read_text()).body if _is_function(one)]
    while names[0].startswith("_") and (callers := [one.name for one in functions if _calls(one, names)]):
        names = callers
    return [rf"\b{name}\b" for name in names]


def _askers(said):
    """The product's functions in which it is asked, where no test names it."""
    found = set()
    for room in ("cases", "teams", "children", "plans", "reporting"):
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            text = path.read_text()
            if re.search(said, text):
                functions = [one for one in ast.walk(ast.parse(text)) if _is_function(one)]
                found |= {one.name for one in functions if re.search(said, ast.get_source_segment(text, one) or "")}
    return sorted(found - {"visible_to"})


def _is_function(node):
    return isinstance(node, ast.FunctionDef)


def _calls(function, names):
    found = {node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
    return bool(found & set(names)) and function.name not in names


def speaking_of(words):
    """Those with most mentions first; what needs a browser last."""
    counts = {path: sum(len(re.findall(word, text)) for word in words) for path, text in _texts().items()}
    found = [path for path, count in counts.items() if count and path.name != SHARED]
    return sorted(found, key=lambda path: ("browser" in path.name, -counts[path]))[:MOST]


@cache
def _texts():
    return {path: path.read_text() for path in sorted(FOLDER.glob("test_*.py")) if path.name not in NOT_AGAIN}
