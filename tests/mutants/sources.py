"""Each question about who may, taken out of the source one at a time: the running function gets the code of a module
from which it is missing."""

import ast
import gc
from dataclasses import dataclass
from types import CodeType, FunctionType

from django.conf import settings

ROOMS = ("exitprogram", "cases", "teams", "children", "plans", "reporting")
REQUIRES = {"require", "require_role"}


@dataclass(frozen=True)
class Mutant:
    kind: str
    path: str  # from the clone
    line: int
    column: int
    function: str  # the module's own function, or Class.method, that it stands in
    what: str

    def __str__(self):
        return f"{self.path}:{self.line} {self.function}: {self.what}"


def modules():
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            parts = path.relative_to(settings.BASE_DIR).parts
            if "operations" in {part.removesuffix(".py") for part in parts}:
                yield path


def mutants():
    for path in modules():
        tree = ast.parse(path.read_text())
        for function, name in _functions(tree):
            for node in ast.walk(function):
                kind = _kind(node)
                if kind:
                    where = str(path.relative_to(settings.BASE_DIR))
                    yield Mutant(kind, where, node.lineno, node.col_offset, name, ast.unparse(node)[:90])


def _functions(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, node.name
        elif isinstance(node, ast.ClassDef):
            yield from ((one, f"{node.name}.{one.name}") for one in node.body if isinstance(one, ast.FunctionDef))


def _kind(node):
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
        return "require" if node.value.func.id in REQUIRES else None
    return None


class _Without(ast.NodeTransformer):
    def __init__(self, mutant):
        self.mutant = mutant

    def generic_visit(self, node):
        here = getattr(node, "lineno", None), getattr(node, "col_offset", None)
        if here == (self.mutant.line, self.mutant.column) and _kind(node) == self.mutant.kind:
            if ast.unparse(node)[:90] == self.mutant.what:
                return ast.copy_location(ast.Pass(), node)
        return super().generic_visit(node)


def apply(mutant):
    """In this process, for good: do it in a child. How many functions got the new code."""
    path = settings.BASE_DIR / mutant.path
    tree = ast.fix_missing_locations(_Without(mutant).visit(ast.parse(path.read_text())))
    code = _code_of(compile(tree, str(path), "exec"), mutant.function)
    found = [one for one in _running(str(path)) if one.__code__.co_qualname == mutant.function]
    for one in found:
        one.__code__ = code
    return len(found)


def _running(path):
    gc.unfreeze()  # what the web's own start has put aside is not among the objects
    return [one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename == path]


def _code_of(code, name):
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_qualname == name:
                return one
            if found := _code_of(one, name):
                return found
    return None
