"""Names and numbers as people write them: every usual spelling is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.names import (
    case_number,
    folded,
    identity_number,
    likeness,
    looks_like_number,
    looks_like_other_number,
    sounds_like,
)
from cases.numbers import given_number
from exitprogram.errors import Refused
from tests.spellings import OFFICIAL, spellings

words = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäöéüłøæ -'", max_size=14) | st.text(max_size=14)


@given(words)
def test_a_key_is_its_own_key(text):
    assert folded(folded(text)) == folded(text)
    assert sounds_like(sounds_like(text)) == sounds_like(text)


@given(words)
def test_case_and_space_say_nothing(text):
    assert folded(f" {text} ") == folded(text) == folded(text.casefold())


@given(st.sampled_from(OFFICIAL).flatmap(lambda number: st.tuples(st.just(number), spellings(number))))
def test_any_spelling_is_the_same_number(pair):
    number, spelling = pair
    assert looks_like_number(spelling)
    assert identity_number(spelling)[0] == number


@pytest.mark.parametrize(
    "alike",
    [
        "Åsa Aasa Asa ÅSA", "Söder Soeder Soder", "Bäck Baeck Back", "Łukasz Lukasz", "Jørgen Jörgen Jorgen",
    ],
)  # fmt: skip
def test_marks_and_transliterations_are_one(alike):
    assert len({folded(name) for name in alike.split()}) == 1


@pytest.mark.parametrize(
    "alike",
    [
        "Kristina Christina Kristin", "Karlsson Carlson Karlson Carlsson", "Sofia Zofia Sophia Sofie",
        "Mohammed Muhamed Mohamad Muhammad", "Olena Alyona", "Aleksandra Alexandra Oleksandra", "Ioana Joana Johanna",
        "Yulia Julia Iuliia", "Lindqvist Lindquist Lindkvist", "Natalia Nataliya Natalja", "Shirin Schirin Sjirin",
        "Erik Eric Erick", "Sara Sarah", "Tomas Thomas", "Mikael Michael", "Oxana Oksana", "Viktor Victor Wiktor",
    ],
)  # fmt: skip
def test_what_sounds_alike_is_found(alike):
    first, *others = alike.split()
    for other in others:
        assert likeness(first, other) in ("name", "sound")
        assert likeness(other, first) in ("name", "sound")


@pytest.mark.parametrize("pair", [("Maria", "Mira"), ("Eva", "Ivo"), ("Karlsson", "Nilsson"), ("Ali", "Ola")])
def test_what_does_not_sound_alike_is_not(pair):
    assert likeness(*pair) == ""


def test_the_words_may_come_in_any_order_and_half():
    assert likeness("Karlsson, Maria", "Maria Lovisa Karlsson") == "name"
    assert likeness("maria karl", "Maria Karlsson") == "name"
    assert likeness("Carlsson Maria", "Maria Karlsson") == "sound"
    assert likeness("Maria Nilsson", "Maria Karlsson") == ""
    assert likeness("Christ", "Kristina") == "sound", "the beginning of a name, spelled otherwise"


@pytest.mark.parametrize("text", ["2026-0147", "2026-147", " 2026/0147 ", "2026 147", "2026–0147"])
def test_a_case_number_in_any_spelling(text):
    assert case_number(text) == "2026-0147"
    assert not looks_like_number(text) and not looks_like_other_number(text)


@pytest.mark.parametrize("text", ["19661023-2842", "661023-2842", "661023+2842", "Maria", "1999-01-01", "20261", ""])
def test_what_is_no_case_number(text):
    assert case_number(text) == ""


@pytest.mark.parametrize("text", ["AB12 3456", "19850175KGG1", "P-9912345", "Kim1999"])
def test_letters_and_digits_are_another_kind_of_number(text):
    assert looks_like_other_number(text) and not looks_like_number(text)


def test_the_plus_says_a_hundred_years():
    assert identity_number("121212+1212") == ("191212121212", "personal")
    assert identity_number("19121212-1212") == ("191212121212", "personal")


@pytest.mark.parametrize(
    "text", ["196610232843", "1966102328", "66102328421", "abc", "", "19661023-284", "00000000-0000"]
)
def test_a_wrong_number_is_told(text):
    with pytest.raises(Refused, match="Numret stämmer inte"):
        identity_number(text)


def test_a_coordination_number_may_be_rough():
    """Month or day unknown: 00, and 60 on the day. The check digit still holds."""
    assert identity_number("19700060-2396") == ("197000602396", "coordination")
    assert identity_number("19701060-2394") == ("197010602394", "coordination")
    with pytest.raises(Refused):
        identity_number("19700060-2391")


@given(
    st.text(alphabet="ABCXYZ0123456789 -", min_size=8, max_size=16).filter(
        lambda text: sum(map(str.isalnum, text)) >= 4
    )
)
def test_a_reserve_or_foreign_number_is_never_turned_away(text):
    assert given_number(text, kind="reserve").kind == "reserve"
    assert given_number(text, kind="foreign", country="RO").country == "RO"


def test_a_reserve_number_that_looks_like_a_personal_one_stays_what_it_is():
    number = given_number("19661023-2842", kind="reserve", region_id="01")
    assert (number.kind, number.value, number.region_id) == ("reserve", "19661023-2842", "01")


@pytest.mark.parametrize("given_", [{"kind": "foreign"}, {"kind": "reserve", "text": "A1"}])
def test_what_is_lacking_is_told(given_):
    with pytest.raises(Refused):
        given_number(given_.pop("text", "AB123456"), **given_)
