"""Assessments: drafts are their author's, signed is locked with its rows, and what is repeated is drawn as it was
answered and nothing more."""

import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from cases import instruments
from cases import operations as cases
from cases.assessments import newest_threats, repeated
from cases.material import pieces
from cases.models import AssessedThreat, Assessment
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees, text_of
from tests.world import today

TWO = [
    {"kind": "person", "who": "Den förre", "relation": "tidigare sambo", "knows": "adressen", "ability": "bil"},
    {"kind": "network", "who": "De runt klubben", "last_contact": "i måndags"},
]
SAFETY = {"instrument": "safety", "instrument_version": "1"}
WELL = {"instrument": "wellbeing", "instrument_version": "1"}


def save(world, by=None, **more):
    by = by or world.anna
    with acting(by):
        return cases.save_assessment(by=by, case=world.case, **{**SAFETY, "day": today(), "answers": {}, **more})


def sign(world, assessment):
    with acting(world.anna):
        return cases.sign_assessment(by=world.anna, case=world.case, assessment=assessment)


def measured(world, days_ago, **answers):
    return sign(world, save(world, **WELL, day=today() - timedelta(days=days_ago), answers=answers))


def rows_of(world, assessment):
    with acting(world.anna):
        return [(row.place, row.kind, row.who) for row in AssessedThreat.objects.filter(assessment=assessment)]


def test_several_exploiters_are_rows_that_follow_the_page(world):
    draft = save(world, threats=TWO)
    assert rows_of(world, draft) == [(0, "person", "Den förre"), (1, "network", "De runt klubben")]
    third = {"kind": "person", "who": "Den tredje"}
    save(world, assessment=draft, version=1, threats=[TWO[0], {"kind": "person"}, third, TWO[1]])
    assert [who for _place, _kind, who in rows_of(world, draft)] == ["Den förre", "Den tredje", "De runt klubben"]
    save(world, assessment=draft, version=2, threats=[third])
    assert rows_of(world, draft) == [(0, "person", "Den tredje")]
    with pytest.raises(Refused, match="Högst"):
        save(world, assessment=draft, version=3, threats=[third] * 31)


def test_stale(world):
    draft = save(world, own_words="Ett")
    save(world, assessment=draft, version=1, own_words="Två")
    with pytest.raises(Stale) as stale:
        save(world, assessment=draft, version=1, own_words="Tre")
    assert stale.value.current.own_words == "Två"
    with pytest.raises(Stale), acting(world.anna):
        cases.sign_assessment(by=world.anna, case=world.case, assessment=draft, version=1)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"answers": {"deadly": "perhaps"}}, "passar inte frågan"),
        ({"answers": {"nonsense": "yes"}}, "passar inte frågan"),
        ({**WELL, "answers": {"safe": "11"}}, "passar inte frågan"),
        ({"instrument": "external", "answers": {"result": "x" * 601}}, "passar inte frågan"),
        ({"instrument": "nonsense"}, "finns inte"),
        ({"instrument_version": "0"}, "finns inte"),
        ({"day": today() + timedelta(days=1)}, "i framtiden"),
    ],
)
def test_what_is_refused(world, wrong, sentence):
    with pytest.raises(Refused, match=sentence):
        save(world, **wrong)
    with acting(world.anna):
        assert not Assessment.objects.exists()


def test_a_draft_keeps_its_instrument_and_version(world, monkeypatch):
    draft = save(world)
    with pytest.raises(Refused, match="annat instrument"):
        save(world, **WELL, assessment=draft)
    older = tuple(
        instruments.Instrument(**{**vars(one), "valid_until": today() - timedelta(days=1)})
        for one in instruments.all_instruments()
    )
    monkeypatch.setattr(instruments, "all_instruments", lambda: older)
    save(world, assessment=draft, own_words="Skrivs färdig")
    with pytest.raises(Refused, match="används inte längre"):
        save(world)


def test_an_empty_one_is_not_signed(world):
    with pytest.raises(Refused, match="Svara på något"):
        sign(world, save(world))
    other = save(world, instrument="external", answers={"name": "Ett instrument"})
    with pytest.raises(Refused, match="Version, Gjort av, Resultat"):
        sign(world, other)


STATEMENTS = {
    "its words": "UPDATE cases_assessment SET own_words = ''::bytea WHERE id = %s",
    "its day": "UPDATE cases_assessment SET day = day - 1 WHERE id = %s",
    "its signature": "UPDATE cases_assessment SET signed_at = NULL WHERE id = %s",
    "a row's words": "UPDATE cases_assessedthreat SET who = ''::bytea WHERE assessment_id = %s",
    "a row's place": "UPDATE cases_assessedthreat SET place = 7 WHERE assessment_id = %s",
}


@pytest.mark.parametrize("what", sorted(STATEMENTS))
def test_signing_locks_in_the_database(world, what):
    signed = sign(world, save(world, threats=TWO, own_words="Som det var"))
    with pytest.raises(IntegrityError, match="låst"), acting(world.anna), connection.cursor() as cursor:
        cursor.execute(STATEMENTS[what], [signed.pk])


def test_no_row_comes_to_or_goes_from_a_signed_one(world):
    draft, signed = save(world, threats=TWO), sign(world, save(world, threats=TWO))
    with acting(world.anna), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_assessedthreat WHERE assessment_id = %s", [signed.pk])
        assert cursor.rowcount == 0
    for new in ({}, {"assessment": draft}):  # the positive control: a draft takes one
        row = AssessedThreat(authority_id=signed.authority_id, case=world.case, author=world.anna, place=9, who="Ny")
        row.assessment = new.get("assessment", signed)
        if new:
            with acting(world.anna):
                row.save(force_insert=True)
        else:
            with pytest.raises(Exception, match="row-level security"), acting(world.anna):
                row.save(force_insert=True)
    assert len(rows_of(world, signed)) == 2 and len(rows_of(world, draft)) == 3
    with pytest.raises(Refused, match="signerad och låst"):
        save(world, assessment=signed)


def test_a_draft_and_its_rows_are_the_authors_alone(world):
    world.join(world.maud)
    draft, signed = save(world, threats=TWO), sign(world, save(world, threats=TWO))
    with acting(world.maud):
        assert [row.pk for row in Assessment.objects.visible_to(world.maud)] == [signed.pk]
        assert {row.assessment_id for row in AssessedThreat.objects.visible_to(world.maud)} == {signed.pk}
    maud = Visit(world.maud)
    assert maud.get("cases:assessment", world.case, draft).status_code == 404
    assert sees(maud.get("cases:assessment", world.case, signed), "De runt klubben", "Den förre")
    assert maud.post("cases:assessment", world.case, signed, version=2, sign="1").status_code == 200
    with acting(world.anna):
        assert newest_threats(world.anna, world.case).pk == signed.pk


# Over time.


class Drawn(HTMLParser):
    """Every picture of a page: how many points, and its own words."""

    def __init__(self, html):
        super().__init__()
        self.pictures, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "svg" and dict(attrs).get("role") == "img" and "aria-labelledby" in dict(attrs):
            self.pictures.append([])
        elif tag == "circle":
            self.pictures[-1].append((int(dict(attrs)["cx"]), int(dict(attrs)["cy"])))


def test_the_chart_has_as_many_points_as_measures(world):
    measured(world, 200, safe="2", sleep="4")
    anna = Visit(world.anna)
    once = anna.get("cases:assessments", world.case)
    assert Drawn(text_of(once)).pictures == [] and sees(once, "När frågorna har ställts två gånger")
    measured(world, 100, safe="5")
    measured(world, 1, safe="10", sleep="0")
    save(world, **WELL, answers={"safe": "1"})  # a draft is no measure
    page = text_of(anna.get("cases:assessments", world.case))
    drawn = Drawn(page)
    safe, sleep = drawn.pictures
    assert [len(safe), len(sleep)] == [3, 2], "a question not answered has no point"
    assert [x for x, _y in safe] == sorted({x for x, _y in safe}) and sleep[0][0] == safe[0][0]
    assert sleep[1][0] == safe[2][0], "the points of one day stand under each other"
    assert safe[0][1] > safe[1][1] > safe[2][1], "higher is higher"
    _same_numbers_in_the_table(page)
    _said_in_words(page, drawn)


def _same_numbers_in_the_table(page):
    table = page[page.index("<table") : page.index("</table>")]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table, re.S)
    cells = {question: re.findall(r"<td[^>]*>(.*?)</td>", rest) for question, rest in rows}
    assert cells["Jag känner mig trygg där jag är."] == ["2", "5", "10"]
    assert cells["Jag får den sömn jag behöver."] == ["4", "–", "0"]


def _said_in_words(page, drawn):
    """Neither colour nor style: the picture has a title, its numbers in words, and words at both ends of its axis."""
    assert page.count("<title id=") == page.count("<desc id=") == 2
    assert "stämmer inte alls" in page and "stämmer helt" in page
    ids = [attrs["id"] for _tag, attrs in drawn.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = [attrs for tag, attrs in drawn.tags if tag in ("svg", "line", "polyline", "circle", "text")]
    assert not [attrs for attrs in inside if "style" in attrs]
    colours = {attrs[key] for attrs in inside for key in ("fill", "stroke") if key in attrs}
    assert colours <= {"currentColor", "none"}


def test_a_score_decides_nothing_and_the_page_says_so(world):
    measured(world, 9, safe="0")
    anna = Visit(world.anna)
    for name, row in (("cases:assessments", None), ("cases:assessment", measured(world, 1, safe="0"))):
        page = anna.get(name, *[one for one in (world.case, row) if one])
        assert sees(page, "avgör ingenting")
    assert sees(page, "Vägledning: Lågt.")
    with acting(world.anna):
        [series] = repeated(world.anna, world.case)
        assert set(series) == {"used", "days", "table", "charts"}, "no sum and no level"


# The page.


@pytest.fixture
def anna(world):
    return Visit(world.anna)


def found(world):
    with acting(world.anna):
        return list(Assessment.objects.order_by("created_at"))


ROWS = {"rows": 2, "t0-kind": "person", "t0-who": "Den förre", "t1-kind": "network", "t1-who": "Klubben"}


def test_the_first_answer_makes_the_draft(world, anna):
    assert sees(anna.get("cases:assessments", world.case), "Säkerhetsbedömning", "Så har jag det", "bara resultatet")
    page = anna.get("cases:assessment_new", world.case, "safety")
    assert page.status_code == 200 and found(world) == []
    sent = {**SAFETY, **ROWS, "day": today(), "q_deadly": "yes", "q_fears": "Att han kommer"}
    new = page.context["assessment_id"]
    assert anna.autosave("cases:assessment", world.case, new, version=0, **sent).json()["version"] == 1
    assert anna.autosave("cases:assessment", world.case, new, version=1, **sent).json()["version"] == 2
    [draft] = found(world)
    assert (draft.pk, draft.answers) == (new, {"deadly": "yes", "fears": "Att han kommer"})
    assert len(rows_of(world, draft)) == 2
    again = anna.get("cases:assessment_new", world.case, "safety")
    assert again.url == reverse("cases:assessment", args=[world.case.pk, new])
    assert sees(anna.get("cases:assessment", world.case, new), "Den förre", 'name="rows" value="4"')
    more = anna.post("cases:assessment", world.case, new, version=2, more="1", **sent)
    assert more.url == reverse("cases:assessment", args=[world.case.pk, new])
    assert anna.post("cases:assessment", world.case, new, version=3, sign="1", **sent).status_code == 302
    page = anna.get("cases:assessment", world.case, new)
    assert sees(page, "Klubben", "flera eller ett nätverk", "Vägledning: Tala med enhetschefen", "låst")
    assert {"assessment.begun", "assessment.saved", "assessment.signed"} <= set(anna.logged())


def test_a_new_one_begins_with_those_seen_last(world, anna):
    sign(world, save(world, threats=TWO))
    assert sees(anna.get("cases:assessment_new", world.case, "safety"), "De runt klubben", "tidigare sambo")
    version = world.draft(world.case)
    assert sees(anna.get("plans:version", version), "Bedömd hotbild", "2 personer eller nätverk")


def test_two_tabs(world, anna):
    draft = save(world, threats=TWO, own_words="Första fliken")
    save(world, assessment=draft, version=1, threats=TWO, own_words="Andra fliken")
    sent = {**SAFETY, **ROWS, "day": today(), "own_words": "Min text", "version": 1}
    for page in (
        anna.autosave("cases:assessment", world.case, draft, **sent),
        anna.post("cases:assessment", world.case, draft, **sent),
    ):
        assert page.status_code == 409 and sees(page, "Min text", "Andra fliken", "De runt klubben", "Hot: Klubben")
    kept = anna.post("cases:assessment", world.case, draft, **sent, keep="mine", seen_version=2)
    assert kept.status_code == 302 and found(world)[0].own_words == "Min text"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"day": today() + timedelta(days=2)}, "i framtiden"), ({"q_deadly": "kanske"}, "giltigt alternativ"),
     ({"t0-who": "x" * 301}, "300 tecken"), ({"rows": "²"}, "")],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_lost(world, anna, wrong, sentence):
    sent = {**SAFETY, **ROWS, "day": today(), "own_words": "Kvar", "version": 0, **wrong}
    auto = anna.autosave("cases:assessment", world.case, uuid.uuid4(), **sent)
    assert auto.status_code == (422 if sentence else 200)
    page = anna.post("cases:assessment", world.case, uuid.uuid4(), **sent)
    assert not sentence or sees(page, sentence, "Kvar", "Något behöver rättas")
    assert len(found(world)) == (0 if sentence else 2)


def test_an_unknown_instrument_is_not_there(world, anna):
    assert anna.get("cases:assessment_new", world.case, "nonsense").status_code == 404
    sent = {"instrument": "nonsense", "instrument_version": "1", "version": 0}
    assert anna.post("cases:assessment", world.case, uuid.uuid4(), **sent).status_code == 404


def test_somebody_elses_instrument_keeps_its_result_only(world, anna):
    given = {"q_name": "Ett instrument", "q_edition": "3", "q_done_by": "Anna, utbildad 2025", "q_result": "Se akten"}
    sent = {"instrument": "external", "instrument_version": "1", "day": today(), "version": 0, "sign": "1"}
    assert anna.post("cases:assessment", world.case, uuid.uuid4(), **sent, **given).status_code == 302
    assert sees(anna.get("cases:assessments", world.case), "Ett instrument", "Signerad")
    page = anna.get("cases:assessment_new", world.case, "external")
    assert sees(page, "Skriv inte av instrumentets frågor eller text")


def test_what_can_be_handed_out(world):
    """A signed one, in parts: the names of those who threaten can stay when the answers go. A draft is nobody's."""
    signed = sign(world, save(world, threats=TWO, answers={"deadly": "yes"}, own_words="Egna ord"))
    save(world, own_words="Utkast")
    with acting(world.anna):
        found = {key: piece.text for key, piece in pieces(world.anna, world.case).items() if "assessment" in key}
    assert set(found) == {f"assessment:{signed.pk}:{part}" for part in ("answers", "own_words", "threat0", "threat1")}
    assert "Ja" in found[f"assessment:{signed.pk}:answers"] and "klubben" in found[f"assessment:{signed.pk}:threat1"]
    assert not any("Utkast" in text for text in found.values())
