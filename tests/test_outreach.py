"""Support without a case: counted, never identifiable, and the way to a case leaves no thread behind."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from cases import operations as cases
from cases.models import Case, OpenAccessContact
from cases.outreach import FEW, HIDDEN, clue_in, monthly
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from tests.oracle import WALLED
from tests.visits import Visit, sees, text_of
from tests.world import today

SENT = {"day": today(), "way": "chat", "hours": "0,5", "support": ["talk", "rights"], "language": "en", "text": ""}


def met(world, by=None, **more):
    by = by or world.anna
    given = {"day": today(), "way": "street", "hours": Decimal("1.5"), "support": ["talk"], "language": "sv", **more}
    with acting(by):
        return cases.record_open_contact(by=by, **given)


@pytest.mark.parametrize(
    "text",
    ["ring 070-123 45 67", "19661023-2842", "660102 2842", "anna@exempel.se", "heter @stjarna", "https://x.se/y",
     "www.sida.se", "född 1999-01-02", "+46 (0)70 12 34 56", "070 1234567"],
)  # fmt: skip
def test_what_points_at_somebody_is_refused(world, text):
    assert clue_in(f"Pratade. {text} Skickade vidare.")
    with pytest.raises(Refused, match="Ta bort"):
        met(world, text=text)
    page = Visit(world.anna).post("cases:open_contact_new", **{**SENT, "text": text})
    assert sees(page, "Ta bort", "id_text_error")
    with acting(world.anna):
        assert not OpenAccessContact.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "Pratade i 45 minuter om boende.", "2 samtal, 3 kondompaket, kl. 10–11", "90 000"]
)
def test_what_does_not_is_kept(world, text):
    assert clue_in(text) == ""
    assert met(world, text=text).text == text


@pytest.mark.parametrize("wrong", [{"day": today() + timedelta(days=1)}, {"support": []}])
def test_refused(world, wrong):
    with pytest.raises(Refused):
        met(world, **wrong)


def test_the_row_knows_nobody(world):
    """No column is a key to a person, a case or whoever met them, and the hour is forgotten."""
    contact = met(world)
    targets = {field.related_model for field in OpenAccessContact._meta.concrete_fields if field.is_relation}
    assert {model._meta.label for model in targets} == {"tenancy.Authority"}
    assert {field.name for field in OpenAccessContact._meta.concrete_fields} == {
        "id", "authority", "created_at", "day", "way", "hours", "support", "referred_to", "language", "text",
        "became_case",
    }  # fmt: skip
    with acting(world.anna):
        row = OpenAccessContact.objects.get(pk=contact.pk)
    assert row.created_at.astimezone().date() == row.day
    assert (row.created_at.minute, row.created_at.second, row.created_at.microsecond) == (0, 0, 0)


def test_the_log_names_no_row(world):
    contact = met(world)
    with acting(world.anna):
        cases.convert_open_contact(by=world.anna, contact=contact)
        cases.blank_open_contact(by=world.anna, contact=contact)
        with connection.cursor() as cursor:
            cursor.execute("SELECT row_to_json(e)::text FROM audit_auditevent e WHERE action LIKE 'open_access.%'")
            lines = [json.loads(row[0]) for row in cursor.fetchall()]
    assert {line["action"] for line in lines} == {
        "open_access.recorded", "open_access.became_case", "open_access.text_removed"
    }  # fmt: skip
    assert all((line["object_id"], line["case_id"], line["details"]) == (None, None, {}) for line in lines)


def test_the_walls(world):
    """The board's social workers and managers; nobody else, in either wall."""
    contact = met(world)
    for name in ("anna", "leo", "maud"):
        who = getattr(world, name)
        with acting(who):
            assert OpenAccessContact.objects.visible_to(who).get().pk == contact.pk, name
    for name in ("adam", "cilla", "siv", "sara", "mika", "rut"):
        who = getattr(world, name)
        with acting(who):
            assert not OpenAccessContact.objects.visible_to(who).exists()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM cases_openaccesscontact")
                assert cursor.fetchone() == (0,), name
        with pytest.raises(Exception, match=r"ger inte rätt|does not exist|matching query"), acting(who):
            cases.convert_open_contact(by=who, contact=contact)


@pytest.mark.parametrize(
    "change", ["day = day - 1", "way = 'phone'", "hours = 2", "became_case = false", "created_at = now()"]
)
def test_what_was_counted_stays(world, change):
    contact = met(world, text="Kort")
    with acting(world.anna):
        cases.convert_open_contact(by=world.anna, contact=contact)
        with pytest.raises(Refused, match="redan räknad"):
            cases.convert_open_contact(by=world.anna, contact=contact)
    with pytest.raises(IntegrityError, match="låst"), acting(world.anna), connection.cursor() as cursor:
        cursor.execute(f"UPDATE cases_openaccesscontact SET {change}")


def test_a_text_can_be_taken_away_and_no_other_put_there(world):
    first, other = met(world, text="Hette visst Eva"), met(world, text="Annat")
    anna = Visit(world.anna)
    assert sees(anna.get("cases:open_contacts"), "Hette visst Eva", "Ta bort texten")
    anna.post("cases:open_contact_blank", first)
    assert not sees(anna.get("cases:open_contacts"), "Hette visst Eva")
    with pytest.raises(IntegrityError, match="låst"), acting(world.anna), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_openaccesscontact SET text = '\\x0102'::bytea WHERE id = %s", [other.pk])


# Figures.

ON = date(2026, 3, 15)


def month_of(world, first):
    with acting(world.anna):
        return next(row for row in monthly(world.anna, on=ON) if row["month"] == first)


def many(world, number, day, cases_of=0, **more):
    for place in range(number):
        contact = met(world, day=day, **more)
        if place < cases_of:
            with acting(world.anna):
                cases.convert_open_contact(by=world.anna, contact=contact)


def test_figures_are_whole_months_and_never_few(world):
    many(world, 4, date(2026, 2, 10))
    few = month_of(world, date(2026, 2, 1))
    assert (few["contacts"], few["hours"], few["cases"], few["support"]) == (FEW, None, HIDDEN, [])
    many(world, 1, date(2026, 2, 28), support=["talk", "rights"])
    enough = month_of(world, date(2026, 2, 1))
    assert (enough["contacts"], enough["hours"], enough["cases"]) == ("5", Decimal("7.5"), "0")
    assert enough["support"] == [("samtal och stöd", 5)], "a kind given once is not shown"
    many(world, 6, date(2026, 3, 10))
    many(world, 6, date(2025, 2, 28))
    with acting(world.anna):
        months = monthly(world.anna, on=ON)
    assert len(months) == 12 and months[-1]["month"] == date(2026, 2, 1) and months[0]["month"] == date(2025, 3, 1)
    assert [row["contacts"] for row in months[:-1]] == ["0"] * 11, "neither the running month nor a thirteenth"


@pytest.mark.parametrize(
    ("contacts", "became", "shown"),
    [(9, 0, "0"), (9, 2, HIDDEN), (9, 6, HIDDEN), (11, 6, "6"), (6, 6, "6"), (3, 3, HIDDEN)],
)
def test_a_part_is_hidden_together_with_its_rest(world, contacts, became, shown):
    """Six of nine would tell that three did not."""
    many(world, contacts, date(2026, 1, 7), cases_of=became)
    row = month_of(world, date(2026, 1, 1))
    assert row["cases"] in (shown, FEW) if shown == HIDDEN else row["cases"] == shown


def test_the_figures_page_has_no_author_and_no_sum(world):
    many(world, 7, today().replace(day=1) - timedelta(days=3))
    page = text_of(Visit(world.leo).get("cases:open_figures"))
    assert "Siffror" not in page or "Anna Berg" not in page.split("<main")[1]
    assert ">7<" in page.replace("7,", "7") and "<tfoot" not in page and "Anna" not in page.split("<main")[1]


# The page, and on to a case.


def test_a_contact_is_written_and_a_double_press_counts_once(world):
    anna, key = Visit(world.anna), "7b9f2f0e-36a0-4f57-9f3e-0d8a1b1f6a11"
    for _twice in range(2):
        assert anna.post("cases:open_contact_new", form_key=key, **SENT).status_code == 302
    with acting(world.anna):
        contact = OpenAccessContact.objects.get()
    assert (contact.hours, contact.support, contact.language) == (Decimal("0.50"), ["rights", "talk"], "en")
    page = anna.get("cases:open_contacts")
    assert sees(page, "Chatt", "0,5", "11 kap. 5–6 §§", "14 kap. 5 §") and "Anna" not in text_of(page).split("<main")[1]
    assert sees(anna.get("cases:list"), "Öppet stöd")


@pytest.mark.parametrize(
    "wrong", [{"hours": "0"}, {"hours": "25"}, {"hours": "mycket"}, {"way": "x"}, {"support": ["x"]}]
)
def test_what_is_wrong_is_told(world, wrong):
    page = Visit(world.anna).post("cases:open_contact_new", **{**SENT, "text": "Kvar här", **wrong})
    assert sees(page, "Något behöver rättas", "Kvar här")


@pytest.mark.parametrize(("way", "contact_way"), [("street", "outreach"), ("chat", "self")])
def test_to_a_case_by_the_forced_search_and_no_thread_back(world, way, contact_way):
    contact, anna = met(world, way=way), Visit(world.anna)
    page = anna.post("cases:open_contact_case", contact, follow=True)
    assert sees(page, "Sök personen först", f'name="contact_way" value="{contact_way}"')
    assert str(contact.pk) not in text_of(page), "the contact is left behind here"
    found = anna.post("cases:search", q="Nykomna Person", contact_way=contact_way)
    search = found.url.strip("/").split("/")[-1]
    assert anna.get("cases:person_add", search).context["form"].initial["contact_way"] == contact_way
    sent = {"name": "Nykomna Person", "language": "svenska", "protection": "none", "programme": "adult",
            "contact_way": contact_way, "target_group": "prostitution"}  # fmt: skip
    assert anna.post("cases:person_add", search, **sent).status_code == 302
    with acting(world.anna):
        assert Case.objects.filter(contact_way=contact_way).exists()
        assert OpenAccessContact.objects.get().became_case
    _no_thread(world, contact)


def _no_thread(world, contact):
    """No row of any table but its own holds the contact's id: neither the log, nor what makes a double press one."""
    found = set()
    with acting(world.anna), connection.cursor() as cursor:
        for model in WALLED.values():
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{contact.pk}%"])
            found |= {table} if cursor.fetchone()[0] else set()
    assert found == {"cases_openaccesscontact"}


def test_an_unknown_way_is_not_there(world):
    assert Visit(world.anna).get("cases:open_contact_search", "nonsense").status_code == 404
