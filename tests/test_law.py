"""Law is data: one record a day for each rule, by the date of the event, and every rule that is asked for exists."""

import ast
from datetime import date, timedelta
from itertools import combinations

import pytest
from django.conf import settings

from exitprogram.law.rules import NoRule, Rule, all_rules, rule

NEW_LAW = date(2025, 7, 1)  # socialtjänstlagen (2025:400)
RENEWED = ["plan.content", "plan.consent", "plan.participation", "plan.start"]


def overlapping(rules):
    far = date.max
    return [
        (one.id, one.valid_from, other.valid_from)
        for one, other in combinations(rules, 2)
        if one.id == other.id
        and one.valid_from <= (other.valid_until or far)
        and other.valid_from <= (one.valid_until or far)
    ]


def test_no_two_records_of_a_rule_on_one_day():
    assert overlapping(all_rules()) == []


def test_an_overlap_would_be_found():
    first = Rule("x", "", "", date(2020, 1, 1), date(2020, 12, 31))
    assert overlapping([first, Rule("x", "", "", date(2021, 1, 1))]) == []
    assert overlapping([first, Rule("x", "", "", date(2020, 12, 31))]) != []
    assert overlapping([Rule("x", "", "", date(2019, 1, 1)), first]) != []
    assert overlapping([first, Rule("y", "", "", date(2020, 6, 1))]) == []


@pytest.mark.parametrize("record", all_rules(), ids=lambda record: f"{record.id} {record.valid_from}")
def test_every_record_says_what_and_where(record):
    assert record.text.endswith(".") and len(record.text) > 20
    assert record.citation.strip()
    assert record.valid_until is None or record.valid_from <= record.valid_until


@pytest.mark.parametrize("rule_id", RENEWED)
def test_the_day_of_the_event_decides(rule_id):
    before = rule(rule_id, on=NEW_LAW - timedelta(days=1))
    after = rule(rule_id, on=NEW_LAW)
    assert "2001:453" in before.citation and before.valid_until == NEW_LAW - timedelta(days=1)
    assert "2025:400" in after.citation and after.valid_from == NEW_LAW


def test_the_new_law_is_faster():
    assert "utan dröjsmål" in rule("plan.start", on=date(2025, 6, 30)).text
    assert "genast" in rule("plan.start", on=date(2025, 7, 1)).text


@pytest.mark.parametrize(("rule_id", "on"), [("plan.content", date(2009, 12, 31)), ("no.such", NEW_LAW)])
def test_a_day_without_a_rule_is_a_stop(rule_id, on):
    with pytest.raises(NoRule, match=rule_id):
        rule(rule_id, on=on)


def asked_for(source):
    """Ids in ``rule("…")`` calls and in ``rule_id="…"`` arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = node.args[:1] if name == "rule" else []
            given += [keyword.value for keyword in node.keywords if keyword.arg == "rule_id"]
            yield from (value.value for value in given if isinstance(value, ast.Constant))


def test_every_rule_asked_for_exists():
    known = {record.id for record in all_rules()}
    rooms = ("exitprogram", "cases", "teams", "children", "plans", "reporting")
    files = [path for room in rooms for path in (settings.BASE_DIR / room).rglob("*.py")]
    asked = {(path.name, name) for path in files for name in asked_for(path.read_text())}
    assert {name for _file, name in asked} >= {"plan.content", "plan.follow_up"}
    assert {(file, name) for file, name in asked if name not in known} == set()
    assert list(asked_for("rule('no.such', on=x); f(rule_id='nor.this')")) == ["no.such", "nor.this"]
