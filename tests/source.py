"""The product's own source, walked once for the guards."""

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = ["exitprogram", "cases", "teams", "children", "plans", "reporting"]
# Wiring may import everything and is imported by nothing below.
WIRING = {f"exitprogram/{name}.py" for name in ("settings", "urls", "api", "celery", "asgi", "wsgi")}


@cache
def files(pattern="*.py"):
    """Paths, relative to the root, of the product's files: no tests, no migrations."""
    found = [path.relative_to(ROOT) for floor in FLOORS for path in (ROOT / floor).rglob(pattern)]
    return sorted(path for path in found if "migrations" not in path.parts and "__pycache__" not in path.parts)


@cache
def text(path):
    return (ROOT / path).read_text()


@cache
def tree(path):
    return ast.parse(text(path))


def is_wiring(path):
    return str(path) in WIRING or path.parts[:2] == ("exitprogram", "demo")


def imports(parsed):
    """Dotted names a module imports, also inside functions."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(parsed):
    return [node for node in ast.walk(parsed) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def templates():
    """{name that a view would use: path}."""
    folders = [ROOT / "templates", *ROOT.glob("*/templates"), *ROOT.glob("exitprogram/*/templates")]
    return {str(path.relative_to(folder)): path for folder in folders for path in folder.rglob("*.html")}
