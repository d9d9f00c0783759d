"""*Första kontakten*: sealed, never silently overwritten; what is urgent stands until somebody says what was done; and
what more a person lives with reaches no list, no log, no file name."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from cases import operations as cases
from cases.intake import urgent_steps
from cases.models import Intake, UrgentStep
from exitprogram.demo.clock import at, moment_of
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.acting import acting
from plans.content import content_of
from tests.visits import Visit, sees, text_of

NOTHING = {"screening": {}, "triage": {}, "needs": []}


def save(world, version=0, by=None, **more):
    by = by or world.anna
    with acting(by):
        return cases.save_intake(by=by, case=world.case, version=version, **{**NOTHING, **more})


def answers(**given):
    return {key: {"answer": answer, "words": ""} for key, answer in given.items()}


def steps(world):
    with acting(world.anna):
        return [(step.question, bool(step.handled_at), step.how) for step in UrgentStep.objects.all()]


def test_two_who_begin_and_two_who_write_at_once(world):
    world.join(world.maud)
    first = save(world, contact_by="En väninna")
    for version in (0, 7):
        with pytest.raises(Stale) as stale:
            save(world, version, by=world.maud, contact_by="Någon annan")
        assert stale.value.current.contact_by == "En väninna"
    assert save(world, 1, by=world.maud, contact_by="Hon själv").version == 2
    with acting(world.anna):
        assert Intake.objects.get().pk == first.pk


@pytest.mark.parametrize(
    "wrong",
    [{"screening": {"nonsense": "x"}}, {"triage": answers(nonsense="yes")}, {"triage": answers(care="maybe")},
     {"needs": ["nonsense"]}, {"version_of": "x"}],
)  # fmt: skip
def test_what_is_no_question_is_refused_whole(world, wrong):
    with pytest.raises(Refused):
        save(world, contact_by="x", **wrong)
    with acting(world.anna):
        assert not Intake.objects.exists()


def test_an_alarm_stands_until_handled_and_is_not_raised_twice(world):
    save(world, triage=answers(safe_now="no", care="unknown", tonight="yes"))
    assert steps(world) == [("safe_now", False, "")]
    save(world, 1, triage=answers(safe_now="no"))
    assert len(steps(world)) == 1, "the same answer saved again"
    with acting(world.anna):
        with pytest.raises(Refused, match="vad som gjordes"):
            cases.handle_urgent(by=world.anna, case=world.case, step=UrgentStep.objects.get(), how=" ")
        cases.handle_urgent(by=world.anna, case=world.case, step=UrgentStep.objects.get(), how="Jouren, Anna")
        with pytest.raises(Refused, match="redan hanterat"):
            cases.handle_urgent(by=world.anna, case=world.case, step=UrgentStep.objects.get(), how="Igen")
    save(world, 2, triage=answers(safe_now="no"))
    assert steps(world) == [("safe_now", True, "Jouren, Anna")]
    save(world, 3, triage=answers(safe_now="yes"))
    save(world, 4, triage=answers(safe_now="no"))
    assert [handled for _question, handled, _how in steps(world)] == [True, False], "it has become so anew"


def test_an_answer_taken_back_leaves_its_trace(world):
    save(world, triage=answers(threats="yes", under_18="yes"))
    save(world, 1, triage=answers(under_18="yes"))
    assert sorted(steps(world)) == [
        ("threats", True, "Svaret ändrades i Första kontakten."), ("under_18", False, "")
    ]  # fmt: skip


def test_what_was_done_is_locked_in_the_database(world):
    save(world, triage=answers(care="yes"))
    with acting(world.anna):
        step = cases.handle_urgent(by=world.anna, case=world.case, step=UrgentStep.objects.get(), how="Akuten")
    for change in ("handled_at = NULL", "how = ''::bytea", "created_at = now()"):
        with pytest.raises(IntegrityError, match="låst"), acting(world.anna), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cases_urgentstep SET {change} WHERE id = %s", [step.pk])
    save(world, 1, triage=answers(care="yes", tonight="no"))
    with pytest.raises(IntegrityError, match="låst"), acting(world.anna), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_urgentstep SET question = how WHERE handled_at IS NULL")


# The canary: words that stand for what must never leave the case's own pages.

NEEDS = ["substance_use", "disability", "foreign_background", "hbtqi"]
DELICATE = ["skadligt bruk", "beroende", "funktionsneds", "utländsk bakgrund", "hbtqi", "substance_use", "disability",
            "foreign_background", "kanariebehov", "kanariegrupp", "utsatt för", "safe_now", "threats"]  # fmt: skip
LISTS = ["cases:list", "plans:my_day", "plans:meetings", "teams:decisions", "cases:open_contacts", "cases:open_figures"]


def delicate_in(text):
    return [word for word in DELICATE if word in text.lower()]


@pytest.fixture
def canary(world):
    world.case = world.open_case(target_group="similar", target_text="Kanariegrupp")
    save(world, needs=NEEDS, needs_text="Kanariebehov", triage=answers(safe_now="no", threats="yes"))
    world.join(world.maud)
    return world


def test_it_is_on_the_cases_own_pages(canary):
    """The positive control: there is something that could show elsewhere."""
    anna = Visit(canary.anna)
    page = anna.get("plans:person", canary.case)
    assert sees(page, "Planen behöver ta hänsyn till", "Hbtqi", "Funktionsnedsättning", "Kanariebehov")
    assert sees(page, "Behöver göras nu: personen är inte trygg just nu", "112", "2025:400")
    assert sees(anna.get("cases:intake", canary.case), "Kanariegrupp", "Kanariebehov")
    version = canary.draft(canary.case)
    assert sees(anna.get("plans:version", version), "Planen behöver ta hänsyn till", "Hbtqi", "Kanariebehov")


@pytest.mark.parametrize("name", LISTS)
def test_it_is_on_no_list(canary, name):
    for who in (canary.anna, canary.maud):
        page = Visit(who).get(name)
        assert page.status_code == 200
        assert delicate_in(text_of(page)) == [], name
    assert delicate_in(text_of(Visit(canary.maud).get("teams:unit"))) == []


def test_it_is_in_no_search_and_no_address(canary):
    page = Visit(canary.leo).post("cases:search", q="Maria", follow=True)
    assert sees(page, "Maria") and delicate_in(text_of(page) + page.redirect_chain[-1][0]) == []
    for words in ("hbtqi", "Kanariebehov", "Kanariegrupp"):
        assert Visit(canary.anna).post("cases:search", q=words, follow=True).context["hits"] == []
    anna = Visit(canary.anna)
    sent = {"version": 1, "needs": "hbtqi", "needs_text": "Kanariebehov", "t_safe_now": "no"}
    assert delicate_in(anna.post("cases:intake", canary.case, **sent).url) == []


def test_it_is_in_no_log(canary, caplog, capfd):
    """Neither in the log of acts, nor in what the processes write."""
    Visit(canary.anna).post("cases:intake", canary.case, version=1, needs="hbtqi", needs_text="Kanariebehov")
    with acting(canary.anna), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM audit_auditevent e")
        log = [json.loads(row[0]) for row in cursor.fetchall()]
    assert any(line["action"] == "intake.saved" for line in log)
    assert delicate_in(" ".join(f"{line['details']} {line['action']}" for line in log)) == []
    written = capfd.readouterr()
    assert delicate_in(caplog.text + written.out + written.err) == []


def test_it_is_in_no_copy_that_leaves(canary):
    version = canary.draft(canary.case)
    with acting(canary.anna):
        assert delicate_in(str(content_of(version, on=timezone.localdate()))) == []


# The page.


@pytest.fixture
def anna(world):
    return Visit(world.anna)


def intake_of(world):
    with acting(world.anna):
        return Intake.objects.filter(case=world.case).first()


def test_the_page_saves_itself(world, anna):
    page = anna.get("cases:intake", world.case)
    assert sees(page, "Lyssna efter:", "Är personen trygg just nu?", "Om nej:", "19 kap. 1 §", 'name="t_safe_now"')
    assert intake_of(world) is None, "a page only looked at makes nothing"
    sent = {"s_why_now": "Hon ringde själv", "t_safe_now": "no", "w_safe_now": "Han är hemma", "needs": "hbtqi"}
    assert anna.autosave("cases:intake", world.case, version=0, **sent).json()["version"] == 1
    assert anna.autosave("cases:intake", world.case, version=1, **sent).json()["version"] == 2
    row = intake_of(world)
    assert row.screening == {"why_now": "Hon ringde själv"} and list(row.needs) == ["hbtqi"]
    assert row.triage == {"safe_now": {"answer": "no", "words": "Han är hemma"}}
    assert sees(anna.get("cases:intake", world.case), "Hon ringde själv", "Han är hemma", "Behöver göras nu")
    assert {"intake.begun", "intake.saved", "urgent.raised", "case.viewed.intake"} <= set(anna.logged())


def test_a_stale_page_shows_both_and_loses_nothing(world, anna):
    save(world, contact_by="Först")
    sent = {"version": 0, "contact_by": "Min text", "t_care": "yes", "needs": ["hbtqi"]}
    for page in (anna.autosave("cases:intake", world.case, **sent), anna.post("cases:intake", world.case, **sent)):
        assert page.status_code == 409
        assert sees(page, "Min text", "Först", "Anna Berg", "vård nu?: Ja", "hänsyn till: Hbtqi")
    assert intake_of(world).contact_by == "Först"
    anna.post("cases:intake", world.case, **sent, keep="theirs", seen_version=1)
    assert intake_of(world).contact_by == "Först"
    anna.post("cases:intake", world.case, **sent, keep="mine", seen_version=1)
    assert intake_of(world).contact_by == "Min text"


@pytest.mark.parametrize("wrong", [{"t_care": "kanske"}, {"needs": "nonsense"}, {"contact_by": "x" * 301}])
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(world, anna, wrong):
    sent = {"version": 0, "s_why_now": "Kvar på sidan", **wrong}
    assert anna.autosave("cases:intake", world.case, **sent).status_code == 422
    page = anna.post("cases:intake", world.case, **sent)
    assert page.status_code == 200 and sees(page, "Något behöver rättas", "Kvar på sidan", 'value="0"')
    assert intake_of(world) is None


def test_now_until_handled(world, anna):
    save(world, triage=answers(tonight="no"))
    with acting(world.anna):
        step = UrgentStep.objects.get()
    assert sees(anna.get("plans:my_day"), "Behöver göras nu", world.case.number)
    assert sees(anna.get("plans:person", world.case), "Ingen trygg plats för natten".lower(), "29 kap. 4 §")
    page = anna.post("cases:urgent_handled", world.case, step, how="")
    assert sees(page, "Något behöver rättas")
    assert anna.post("cases:urgent_handled", world.case, step, how="Jourboende ordnat av Anna").status_code == 302
    assert not sees(anna.get("plans:person", world.case), "Behöver göras nu")
    assert not sees(anna.get("plans:my_day"), "Behöver göras nu")
    assert sees(anna.get("cases:urgent_handled", world.case, step), "redan hanterat")


def test_an_older_day_has_the_law_of_that_day(world):
    with at(moment_of(date(2025, 6, 2))):
        world.case = world.open_case()
        save(world, triage=answers(under_18="yes"))
    save(world, 1, triage=answers(under_18="yes", children="yes"))
    with acting(world.anna):
        old, new = urgent_steps(world.anna, world.case)
    assert "2001:453" in old["citation"] and "2025:400" in new["citation"]
