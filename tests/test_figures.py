"""Figures: that they are counted right, and that only what is published can be read."""

import json
from collections import Counter
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection

from cases.areas import Area
from cases.models import Assessment, Individual
from exitprogram.crypto.fields import Sealed
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import Role
from plans.models import FollowUp, Measure
from reporting.definitions import ASKED, GROUPS, LAYOUT, SCALES, TABLES
from reporting.disclosure.cells import COUNTY, PROTECTED, TOTAL, Cell
from reporting.gathering import as_figures, counted
from reporting.models import Publication, PublishedCell
from reporting.periods import HalfYear, half_year_of, last_closed
from reporting.publishing import publish
from tests import databases
from tests.connections import connected
from tests.populace import SINCE, UNTIL, settle
from tests.world import World

PERIOD = HalfYear(2025, 2)


def test_half_years_close_two_weeks_after():
    assert half_year_of(date(2025, 7, 1)) == PERIOD
    assert last_closed(on=date(2026, 1, 14)) == HalfYear(2025, 1)
    assert last_closed(on=date(2026, 1, 15)) == PERIOD


# Counted right


@pytest.fixture(scope="module")
def peopled(django_db_setup, django_db_blocker):
    """Three boards of Gävleborg with some two hundred people."""
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        third = Authority.objects.get(pk=authority_id("social_board", "2184"))
        world.hedda = World._administrator(third, "Hedda Hud")
        world.hugo = World._member(world.hedda, "Hugo Hud", Role.SOCIAL_WORKER)
        settle([world.anna, world.cilla, world.hugo], seed=4, most=90)
        yield world
        databases.renew("people")


# The same things, asked of the tables themselves, one at a time and in other words than the product's.
DAYS = """
    WITH days AS (
      SELECT c.id, c.authority_id, i.guarded, c.opened_on AS opened, c.closed_on AS closed,
        (SELECT k.kind FROM cases_closure k WHERE k.case_id = c.id) AS kind,
        (SELECT date(timezone('Europe/Stockholm', min(t.created_at))) FROM cases_intake t WHERE t.case_id = c.id)
          AS met,
        (SELECT min(s.taken_on) FROM cases_consent s WHERE s.case_id = c.id) AS agreed,
        (SELECT date(timezone('Europe/Stockholm', min(v.agreed_at))) FROM plans_planversion v WHERE v.case_id = c.id)
          AS plan,
        (SELECT min(f.held_on) FROM plans_followup f WHERE f.case_id = c.id) AS looked
      FROM cases_case c, cases_individual i WHERE i.id = c.individual_id AND c.programme = %(programme)s
    ), seen AS (
      SELECT id, authority_id, guarded, opened, kind, met, agreed, plan, looked, closed FROM days
      WHERE kind IS DISTINCT FROM 'mistake'
    )
"""
SINCE_TO = "BETWEEN %(since)s AND %(until)s"
NEVER = "'2100-01-01'"
LAST_LOOK = "(SELECT max(x.held_on) FROM plans_followup x WHERE x.case_id = seen.id AND x.held_on <= %(until)s)"


def _in_band(later, earlier):
    """Each band of days, and what cannot be said."""
    apart = f"{later} - {earlier}"
    return {
        "days0": f"{apart} IN (0, 1, 2, 3, 4, 5, 6, 7)", "days8": f"{later} BETWEEN {earlier} + 8 AND {earlier} + 30",
        "days31": f"{later} BETWEEN {earlier} + 31 AND {earlier} + 90", "days91": f"{later} > {earlier} + 90",
        "unknown": f"({later} >= {earlier}) IS NOT TRUE",
    }  # fmt: skip


def _in_area(area):
    """By which statuses the area's measures have, whatever the product makes of them."""
    said = f"SELECT case_id FROM plans_measure WHERE area = '{area}'"
    lacked = f"{said} AND status = 'not_available'"
    absent = f"{lacked} AND lack = 'absent'"
    given = f"{said} AND status = ANY ('{{ongoing,done,stopped}}')"
    return {
        "got": f"id IN ({given} EXCEPT {lacked})", "partly": f"id IN ({given} INTERSECT {lacked})",
        "absent": f"id IN ({absent}) AND id NOT IN ({given})",
        "missing": f"id IN ({lacked} EXCEPT {given}) AND id NOT IN ({absent})",
        "waiting": f"id IN ({said} EXCEPT {lacked} EXCEPT {given})",
        "no": f"id NOT IN ({said})",
    }  # fmt: skip


def _answered(column):
    given = f"""SELECT g.{column} FROM plans_goalanswer g, plans_followup f
        WHERE f.id = g.follow_up_id AND f.case_id = seen.id AND f.held_on = {LAST_LOOK}"""
    return {
        "reached": f"'reached' IN ({given})", "partly": f"'partly' IN ({given}) AND 'reached' NOT IN ({given})",
        "not": f"'not' IN ({given}) AND NOT EXISTS ({given} AND g.{column} IN ('reached', 'partly'))",
        "none": f"NOT EXISTS ({given} AND g.{column} NOT IN ('', 'not_relevant'))",
    }  # fmt: skip


def _lacked():
    reasons = (
        "ARRAY(SELECT DISTINCT lack FROM plans_measure m WHERE m.case_id = seen.id AND m.status = 'not_available')"
    )
    without = f"array_remove({reasons}, '')"
    return {
        **{reason: f"{without} = ARRAY['{reason}']::varchar[]" for reason in Measure.Lack.values},
        "none": f"{reasons} = '{{}}'", "unsaid": f"{reasons} = ARRAY['']::varchar[]",
        "several": f"cardinality({without}) > 1",
    }  # fmt: skip


IN_GROUP = {"reached": "opened", "contact": "met", "consent": "agreed", "planned": "plan", "followed": "looked",
            "ended": "closed"}  # fmt: skip
SPLITS = {
    "step": ("reached", {
        "followed": "looked <= %(until)s", "planned": f"plan <= %(until)s AND coalesce(looked, {NEVER}) > %(until)s",
        "consent": f"agreed <= %(until)s AND coalesce(plan, {NEVER}) > %(until)s",
        "contact": f"met <= %(until)s AND coalesce(agreed, {NEVER}) > %(until)s",
        "opened": f"coalesce(least(met, agreed), {NEVER}) > %(until)s"}),
    "state": ("planned", {"ended": "closed <= %(until)s", "kept": f"coalesce(closed, {NEVER}) > %(until)s"}),
    "reason": ("ended", {
        "moved": "kind = ANY ('{moved,transferred,other_programme}')", "other": "kind = ANY ('{deceased,other}')",
        "no_contact": "kind = 'no_contact'", "enough": "kind = 'enough'", "own_wish": "kind = 'own_wish'"}),
    "stay": ("ended", {
        "days0": "closed < opened + 92", "days92": "closed >= opened + 92 AND closed < opened + 183",
        "days183": "closed - opened BETWEEN 183 AND 365", "days366": "closed > opened + 365"}),
    "time_contact": ("contact", _in_band("met", "opened")), "time_consent": ("consent", _in_band("agreed", "met")),
    "time_planned": ("planned", _in_band("plan", "agreed")), "time_followed": ("followed", _in_band("looked", "plan")),
    **{f"need_{area}": ("planned", _in_area(area)) for area in Area.values},
    "lack": ("planned", _lacked()), "goal": ("ended", _answered("person_answer")),
    "seen": ("ended", _answered("worker_answer")),
}  # fmt: skip
SEALED = ("change_", "voice_", "age_", "gender_")  # opened, and counted otherwise below


def _independent():
    """(group, category, SQL) of every figure that is shown, but those of sealed answers."""
    for group, day in IN_GROUP.items():
        whole = f"SELECT authority_id, guarded FROM seen WHERE {day} {SINCE_TO}"
        yield group, TOTAL, whole
        for code, (of_group, parts) in SPLITS.items():
            if of_group == group:
                yield from ((group, f"{code}:{name}", f"{whole} AND ({rule})") for name, rule in parts.items())


def test_no_figure_is_without_its_own_other_sql():
    sealed = {name for table in TABLES if table.code.startswith(SEALED) for name in table.categories}
    shown = {(group, name) for group in GROUPS for name in LAYOUT.categories(group) if name not in sealed}
    assert shown == {(group, name) for group, name, _question in _independent()}


def _places(rows):
    found = Counter()
    for authority, guarded in rows:
        found[PROTECTED if guarded else str(authority)] += 1
        found[COUNTY] += 1
    return dict(found)


@pytest.mark.parametrize("programme", ["adult", "child"])
def test_every_figure_agrees_with_other_sql(peopled, db, programme):
    with as_figures() as raw:
        counts = counted(raw, "21", programme, PERIOD)
    asked, compared = {"programme": programme, "since": SINCE, "until": UNTIL}, 0
    with connected("backup") as backup:
        for group, category, question in _independent():
            expected = _places(backup.execute(DAYS + question, asked))
            mine = {cell.place: n for cell, n in counts.items() if (cell.group, cell.category) == (group, category)}
            assert mine == expected, (group, category)
            compared += bool(expected)
    assert compared > 50  # of some ninety: that somebody was counted in
    boards = [str(peopled.anna.authority_id), str(peopled.cilla.authority_id), str(peopled.hugo.authority_id)]
    assert LAYOUT.complete(counts, boards)  # and everything adds up


ENDED = """
    SELECT c.id FROM cases_case c JOIN cases_closure k ON k.case_id = c.id WHERE c.authority_id = %s
    AND c.programme = 'adult' AND c.closed_on BETWEEN %s AND %s AND k.kind <> 'mistake'
"""
OUTCOMES = "SELECT id, sealed_answers FROM cases_assessment WHERE case_id = %s AND day <= %s ORDER BY day"
LOOKS = "SELECT id, sealed_experience FROM plans_followup WHERE case_id = %s AND held_on <= %s ORDER BY held_on"


CAME = """
    FROM seen JOIN cases_case c USING (id) JOIN cases_individual p ON p.id = c.individual_id
    WHERE seen.authority_id = %(board)s AND seen.{day} BETWEEN %(since)s AND %(until)s
"""


def _age(born, day):
    """Months since the month of birth, less one when the day has not come."""
    if not born:
        return "unknown"
    year, month, date_ = map(int, born.split("-"))
    years = ((day.year * 12 + day.month) - (year * 12 + month) - (day.day < date_)) // 12
    return ("child" if years < 18 else "young" if years <= 24 else "grown" if years <= 34 else
            "middle" if years <= 49 else "older")  # fmt: skip


def _opened(model, column, rows, authority_id):
    """What was sealed, read as text and not by the model."""
    for pk, sealed in rows:
        row = model(pk=pk, authority_id=authority_id)
        yield json.loads(row._meta.get_field(column).opened(row, Sealed(sealed)) or "{}")


def _went(numbers):
    if len(numbers) < 2:
        return "missing"
    return {1: "better", 0: "same", -1: "worse"}[(numbers[-1] > numbers[0]) - (numbers[-1] < numbers[0])]


def test_answers_that_were_sealed_are_counted(peopled, db):
    """The same from the rows themselves, one person at a time and every question."""
    expected = Counter()
    for member in (peopled.anna, peopled.cilla, peopled.hugo):
        with connected("backup") as backup:
            for (case,) in backup.execute(ENDED, [member.authority_id, SINCE, UNTIL]).fetchall():
                rows = backup.execute(OUTCOMES, [case, UNTIL]).fetchall()
                given = list(_opened(Assessment, "sealed_answers", rows, member.authority_id))
                for scale in SCALES:
                    said = [one[scale] for one in given if type(one.get(scale)) is int]
                    expected[f"change_{scale}:{_went(said)}"] += 1
                rows = backup.execute(LOOKS, [case, UNTIL]).fetchall()
                last = [*_opened(FollowUp, "sealed_experience", rows, member.authority_id), {}][max(len(rows) - 1, 0)]
                for question in ASKED:
                    expected[f"voice_{question}:{last.get(question, 'missing')}"] += 1
            for group, day in (("reached", "opened"), ("planned", "plan")):
                question = f"SELECT p.id, {day}, p.sealed_birth_date, p.gender {CAME.format(day=day)}"
                asked = {"programme": "adult", "since": SINCE, "until": UNTIL, "board": member.authority_id}
                for pk, when, *sealed in backup.execute(DAYS + question, asked).fetchall():
                    person = Individual(pk=pk, authority_id=member.authority_id)
                    opened = [person._meta.get_field(name).opened(person, Sealed(value))
                              for name, value in zip(("sealed_birth_date", "gender"), sealed, strict=True)]  # fmt: skip
                    expected[f"age_{group}:{_age(opened[0], when)}"] += 1
                    expected[f"gender_{group}:{opened[1] or 'unknown'}"] += 1
    with as_figures() as raw:
        counts = counted(raw, "21", "adult", PERIOD)
    mine = {c.category: n for c, n in counts.items() if c.place == COUNTY and c.category.startswith(SEALED)}
    assert mine == dict(expected)
    assert len(mine) > 30


# Published, and read


@pytest.fixture(scope="module")
def published(peopled, django_db_blocker):
    with django_db_blocker.unblock():
        return publish("21", "adult", PERIOD)


def test_published_once_and_then_only_for_a_reason(peopled, published, db):
    assert published
    assert publish("21", "adult", PERIOD) is None
    with pytest.raises(Refused):
        publish("21", "adult", half_year_of(date.today() + timedelta(days=1)))  # noqa: DTZ011
    with pytest.raises(Refused):
        publish("21", "child", PERIOD, reason="Fel")


def test_each_reads_what_is_hers(peopled, published, db):
    own = {}
    for who in ("maud", "adam", "siv", "anna", "sara", "rut"):
        member = getattr(peopled, who)
        with acting(member):
            seen = set(PublishedCell.objects.visible_to(member).values_list("board", flat=True))
            with connection.cursor() as cursor:
                cursor.execute("SELECT DISTINCT board_id FROM reporting_publishedcell")
                assert {board for (board,) in cursor.fetchall()} == seen  # the database alone says the same
        own[who] = seen
    bollnas, soderhamn = peopled.bollnas.pk, peopled.soderhamn.pk
    assert own == {
        "maud": {bollnas, None}, "adam": {bollnas, None}, "siv": {soderhamn, None}, "rut": {None}, "anna": set(),
        "sara": set(),
    }  # fmt: skip


def test_what_is_published_is_what_was_protected(peopled, published, db):
    with connected("figures") as raw:
        rows = raw.execute('SELECT board_id::text, "group", category, value FROM reporting_publishedcell').fetchall()
        counts = counted(raw, "21", "adult", PERIOD)
    assert len(rows) == 4 * sum(len(LAYOUT.categories(group)) for group in GROUPS)
    shown = {Cell(group, category, board or COUNTY): value for board, group, category, value in rows if value}
    assert len(shown) > 20
    assert all(abs(counts.get(cell, 0) - value) < 5 for cell, value in shown.items())
    assert all(counts[cell] >= 5 for cell in shown)
    assert {(table.group, TOTAL) for table in TABLES} == {(group, TOTAL) for group in GROUPS}


@pytest.mark.parametrize("role, statement", [
    ("figures", "SELECT 1 FROM cases_case"), ("figures", "SELECT 1 FROM cases_individual"),
    ("figures", "SELECT 1 FROM tenancy_user"), ("figures", "UPDATE reporting_publishedcell SET value = 5"),
    ("figures", "DELETE FROM reporting_publishedcell"), ("app", "DELETE FROM reporting_publishedcell"),
    ("figures", "SELECT * FROM wall.counting_people('21', 'adult', '2025-07-01', '2025-12-31')"),
    ("app", "SELECT * FROM wall.figures_counts('21', 'adult', '2025-07-01', '2025-12-31', '{}')"),
    ("app", "SELECT * FROM wall.figures_answers('21', 'adult', '2025-07-01', '2025-12-31')"),
    ("app", "SELECT * FROM wall.counting_steps('21', 'adult', '2025-12-31')"),
    ("worker", "SELECT * FROM wall.figures_boards('21', '2025-12-31')"),
    ("app", "INSERT INTO reporting_publishedcell SELECT * FROM reporting_publishedcell"),
])  # fmt: skip
def test_nobody_goes_round(peopled, published, db, role, statement):
    with connected(role) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_what_is_published_is_never_changed(peopled, published, db):
    for statement in ("UPDATE reporting_publishedcell SET value = 5", "DELETE FROM reporting_publication"):
        with connected("owner") as owner, pytest.raises(psycopg.errors.Error):
            owner.execute("ALTER TABLE reporting_publishedcell NO FORCE ROW LEVEL SECURITY")
            owner.execute("ALTER TABLE reporting_publication NO FORCE ROW LEVEL SECURITY")
            owner.execute(statement)


def test_the_new_version_stands_beside_the_old(peopled, published, db):
    assert publish("21", "adult", PERIOD, reason="En nämnd hade fallit bort", asked_for=published)
    assert publish("21", "adult", PERIOD, reason="En nämnd hade fallit bort", asked_for=published) is None
    with acting(peopled.maud):
        rows = Publication.objects.visible_to(peopled.maud)
        assert sorted(rows.values_list("version", flat=True)) == [1, 2]
        assert rows.newest().get().version == 2
        cells = PublishedCell.objects.visible_to(peopled.maud)
        both = [{(c.board_id, c.group, c.category): c.value for c in cells.filter(publication=row)} for row in rows]
    assert both[0] == both[1]  # nobody came or went


def test_areas_are_all_asked_about():
    assert {table.code for table in TABLES if table.code.startswith("need_")} == {
        f"need_{area}" for area in Area.values
    }
