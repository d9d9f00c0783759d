"""Every refusal that a call can come upon has its English sentence: what is reached is found by walking the source."""

import ast
import inspect
import json
import re
import textwrap
import uuid

import pytest

from exitprogram.api import urlpatterns
from exitprogram.tokens import english
from tests.callers import Caller
from tests.source import FLOORS
from tests.test_api import keys_of

SAYS_NO = {"Refused", "NotAllowed", "Stale"}
# Sentences made elsewhere, which no call comes to, with why not.
OTHERWISE = {
    ("plans.exports", "one.refusal"): "release_bundle has refused every guardian's key before",
}


def ours(found):
    """Written by us: not what a library gives, nor what dataclass makes of a class."""
    code = getattr(inspect.unwrap(found) if inspect.isfunction(found) else found, "__code__", None)
    return (found.__module__ or "").split(".")[0] in FLOORS and (code is None or code.co_filename != "<string>")


def source_of(function):
    function = inspect.unwrap(function)
    return function, ast.parse(textwrap.dedent(inspect.getsource(function)))


def named(node, names):
    """What a dotted name means in a function's module, or None."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(named(node.value, names), node.attr, None)
    return None


def reached(start):
    """Functions of ours that these call, and what those call, methods of the classes that they name too."""
    seen, waiting = {}, list(start)
    while waiting:
        found = waiting.pop()
        if inspect.isclass(found):
            waiting += [one for one in vars(found).values() if inspect.isfunction(one) and ours(one)]
            continue
        found, tree = source_of(found)
        if found in seen:
            continue
        seen[found] = tree
        for node in ast.walk(tree):
            one = named(node, found.__globals__) if isinstance(node, ast.Name | ast.Attribute) else None
            if (inspect.isfunction(one) and ours(one)) or (inspect.isclass(one) and ours(one) and _acts(one)):
                waiting.append(one)
    return seen


def _acts(one):
    return not issubclass(one, Exception) and not hasattr(one, "_meta") and one.__module__ != "exitprogram.api"


def template_of(node, names):
    """The sentence with {} where something is put in; None for one that is made elsewhere."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    value = named(node, names)
    return value if isinstance(value, str) else None


def refusals():
    """(module, sentence or source) of every no in what the views reach."""
    views = [pattern.callback.api for pattern in urlpatterns]
    for function, tree in reached(views).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYS_NO:
                if node.func.id == "Stale":
                    continue  # said in both languages by the problem itself
                given = node.args[0]
                for one in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                    said = template_of(one, function.__globals__)
                    yield function.__module__, said if said is not None else ast.unparse(one), said is not None


FOUND = sorted(set(refusals()))


def test_something_is_reached():
    modules = {module for module, _said, _known in FOUND}
    assert {"plans.operations.measures", "plans.operations.progress", "plans.operations.exchange", "cases.access",
            "cases.papers"} <= modules  # fmt: skip


@pytest.mark.parametrize(("module", "said", "is_sentence"), FOUND, ids=[said[:50] for _module, said, _known in FOUND])
def test_it_has_an_english_sentence(module, said, is_sentence):
    if not is_sentence:
        assert (module, said) in OTHERWISE
        return
    assert english.in_english(said.replace("{}", "något")), said


def test_nothing_is_translated_that_nobody_says():
    said = {said for _module, said, _known in FOUND}
    assert [sv for sv in english.sentences() if sv not in said] == []


def test_english_is_not_swedish():
    for sv, en in english.sentences().items():
        assert en and en != sv and not re.search("[åäöÅÄÖ]", en), en
        assert en.count("{}") <= sv.count("{}")


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.case)


def test_a_refusal_in_both_languages(standing, db, keys):
    anna, path = Caller(standing.anna), f"measures/{keys['measure']}/status/"
    answer = anna.post(path, {"status": "stopped"}, **{"Accept-Language": "en"})
    assert (answer.status_code, answer["Content-Language"]) == (422, "en")
    assert answer.json()["detail"] == "Write why."
    answer = anna.post(path, {"status": "stopped"})
    assert (answer["Content-Language"], answer.json()["detail"]) == ("sv", "Skriv varför.")


def test_what_has_no_english_is_said_in_swedish_and_says_so(standing, db, keys, monkeypatch):
    monkeypatch.setattr(english, "in_english", lambda sentence: "")
    path = f"measures/{keys['measure']}/status/"
    answer = Caller(standing.anna).post(path, {"status": "stopped"}, **{"Accept-Language": "en"})
    assert answer["Content-Language"] == "en, sv"
    assert json.loads(answer.content)["detail"] == "The case system refuses, in Swedish: Skriv varför."


def test_one_who_may_not_is_told_in_english(standing, db):
    answer = Caller(standing.adam).get(f"cases/{uuid.uuid4()}/", **{"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")
