"""Instruments and prompts are data that holds together; and no score decides anything anywhere."""

import inspect
import re
from datetime import date
from itertools import combinations

import pytest
from django.utils import timezone

from cases import instruments, prompts
from cases.areas import Area
from exitprogram.law.rules import all_rules
from tests.test_guards_doors import OPERATIONS

ALL = instruments.all_instruments()
BEFORE_AND_AFTER = (date(2025, 6, 30), date(2025, 7, 1))  # the old and the new socialtjänstlag


def faults_of(used):
    """What is wrong with one instrument, in words; empty when it holds together."""
    questions = {question.id: question for question in used.questions}
    found = []
    if len(questions) != len(used.questions):
        found.append("two questions with one id")
    found += [f"{one.id}: no such area" for one in used.domains if one.area and one.area not in Area]
    found += [f"{one.id}: no question" for one in used.domains if not one.questions]
    found += [f"{one.id}: a scale without answers" for one in questions.values() if not _answers(one.scale)]
    for advice in used.guidance:
        question = questions.get(advice.question)
        if question is None or not _reachable(advice, question.scale):
            found.append(f"{advice.question}: guidance that nobody reaches")
        if (advice.at_most is None) == (not advice.when):
            found.append(f"{advice.question}: guidance with two limits or none")
    return found


def _answers(scale):
    kinds = [scale.words, scale.is_steps, bool(scale.choice)]
    return kinds.count(True) == 1 and (not scale.is_steps or (scale.low and scale.high))


def _reachable(advice, scale):
    return any(advice.fits(code) for code, _label in scale.choices) and set(advice.when) <= set(dict(scale.choices))


@pytest.mark.parametrize("used", ALL, ids=lambda used: f"{used.id} {used.version}")
def test_an_instrument_holds_together(used):
    assert faults_of(used) == []
    assert used.title and used.purpose and used.how
    assert all(question.text and question.short for question in used.questions)


SOUND = """
id = "x"
version = "1"
title = "x"
purpose = "x"
how = "x"
valid_from = 2025-01-01
[[scale]]
id = "s"
lowest = 0
highest = 3
low = "a"
high = "b"
[[domain]]
id = "d"
title = "d"
area = "health"
[[domain.question]]
id = "q"
text = "q"
short = "q"
scale = "s"
[[guidance]]
question = "q"
at_most = 1
text = "x"
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('area = "health"', 'area = "moon"', "no such area"),
        ('low = "a"\n', "", "a scale without answers"),
        ('question = "q"', 'question = "p"', "guidance that nobody reaches"),
        ("at_most = 1", "at_most = -1", "guidance that nobody reaches"),
        ("at_most = 1", 'at_most = 1\nwhen = ["2"]', "two limits or none"),
    ],
)
def test_a_fault_would_be_found(old, new, fault):
    assert faults_of(instruments.read(SOUND)) == []
    assert old in SOUND
    assert any(fault in one for one in faults_of(instruments.read(SOUND.replace(old, new))))


def test_one_version_a_day():
    """And never two files that say they are the same."""
    names = [(used.id, used.version) for used in ALL]
    assert len(names) == len(set(names))
    far = date.max
    assert [
        (one.id, one.version, other.version) for one, other in combinations(ALL, 2)
        if one.id == other.id and one.valid_from <= (other.valid_until or far)
        and other.valid_from <= (one.valid_until or far)
    ] == []  # fmt: skip


def test_what_is_shipped():
    today = {used.id: used for used in instruments.in_force(on=timezone.localdate())}
    assert today["safety"].threats and len(today["safety"].questions) >= 8
    assert today["wellbeing"].repeated and 8 <= len(today["wellbeing"].questions) <= 10
    assert all(question.scale.words for question in today["external"].questions), "nothing of somebody else's text"
    areas = {domain.area for domain in today["wellbeing"].domains}
    assert areas == set(Area.values) - {"return"}


def test_never_one_single_perpetrator():
    told = " ".join(question.text for used in ALL for question in used.questions)
    assert not re.search(r"\b(förövaren|gärningsmannen|hallicken|partnern|mannen)\b", told, re.I)


def test_no_label_on_a_person():
    """Words that the field has left behind stand in no question, prompt or advice."""
    prompted = [*prompts.screening(on=timezone.localdate()), *prompts.triage(on=timezone.localdate())]
    told = [question.text for used in ALL for question in used.questions]
    told += [text for one in prompted for text in (one.title, one.ask, one.listen, one.short)]
    assert not re.search(r"prostituerad|hora|missbrukare|barnprostitution|offer\b", " ".join(told), re.I)


SCORES = r"score|points|poäng|total|\bsumm?a?\b|level|nivå"


def test_a_score_never_decides():
    """No operation takes one; answers go into the operations that keep them and into no other."""
    takes = {
        name: {one.name for one in inspect.signature(function).parameters.values() if one.kind != one.VAR_KEYWORD}
        for name, function in OPERATIONS.items()
    }
    assert {name for name, given in takes.items() if any(re.search(SCORES, one) for one in given)} == set()
    keeps = {name.rsplit(".")[-1] for name, given in takes.items() if "answers" in given}
    assert keeps == {"save_assessment", "save_follow_up"}
    attributes = dir(instruments.Instrument) + dir(instruments.Scale) + dir(instruments.Guidance)
    assert not [name for name in attributes if re.search(SCORES, name)]


def test_what_to_do_at_once_has_its_law_on_both_sides_of_the_new_act():
    for on in BEFORE_AND_AFTER:
        questions = prompts.triage(on=on)
        assert len(questions) >= 6
        assert all(question.at_once(on).text and question.at_once(on).citation for question in questions)
    for name in ("urgent.under_18", "urgent.children"):
        assert "19 kap. 1 §" in next(r for r in all_rules() if r.id == name and r.in_force(date(2025, 7, 1))).citation
    everything = " ".join(one.at_once(date(2026, 1, 1)).text for one in prompts.triage(on=date(2026, 1, 1)))
    for words in ("112", "skyddat boende", "enhetschefen", "programmet för barn", "orosanmälan"):
        assert words in everything


def test_prompts_have_ids_that_stay():
    for kind in (prompts.screening, prompts.triage, prompts.needs):
        ids = [one.id for one in kind(on=timezone.localdate())]
        assert len(ids) == len(set(ids)) >= 4
    assert {one.alarm for one in prompts.triage(on=timezone.localdate())} == {"yes", "no"}
