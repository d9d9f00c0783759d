"""Plans that a regional coordinator follows by her own words for each, and what she asks about them."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cases.models import Notice
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from reporting import operations as reporting
from reporting.flow import my_questions, rows
from reporting.models import FlowQuestion
from reporting.naming import why_named
from tests.agreements import agreed
from tests.guardianship import a_child, beside
from tests.visits import Visit, sees, text_of
from tests.world import today


@pytest.fixture
def followed(world):
    """Bollnäs lets Söderhamn's coordinators follow each plan; there are two of them."""
    world.agreement = agreed(world.adam, world.siv, oversight="flow", overseer=world.soderhamn, notice_months=0)
    world.rita = world._member(world.siv, "Rita Region", Role.REGIONAL_COORDINATOR)
    world.case  # noqa: B018  Maria's, without a coordinator
    return world


def flow(world, by=None, **more):
    with acting(by or world.rut):
        return rows(world.bollnas, **more)


def ask(world, text="Hur går det?", by=None):
    [row] = flow(world, by)
    with acting(by or world.rut):
        return reporting.ask_about_plan(by=by or world.rut, board=world.bollnas, ref=row.ref, text=text)


def answer(world, text, by=None):
    with acting(world.anna):
        question = FlowQuestion.objects.select_related("case__individual").get()
    with acting(by or world.anna):
        return reporting.answer_question(by=by or world.anna, question=question, text=text)


def test_a_row_says_step_days_and_what_is_lacking(followed):
    [row] = flow(followed)
    assert (row.step, row.waited, row.flags) == ("consent", 0, ("no_coordinator",))
    followed.consent(), followed.coordinator()
    [row] = flow(followed)
    assert (row.step, row.flags) == ("start", ())
    followed.draft()
    assert flow(followed)[0].step == "draft" and flow(followed, lacking="late") == []


def test_the_words_are_the_readers_own_and_stay_the_same(followed):
    [mine], [hers] = flow(followed), flow(followed, followed.rita)
    assert mine.ref != hers.ref and not set(mine.ref.split("-")) & set(hers.ref.split("-"))
    assert flow(followed) == [mine]
    assert str(followed.case.pk)[:4] not in mine.ref and followed.case.number not in mine.ref
    page = Visit(followed.rut).get("reporting:plan", followed.bollnas, hers.ref)
    assert page.status_code == 404, "what another sees means nothing here"


def test_nobody_makes_the_words_for_a_case_she_knows(followed):
    denied = pytest.raises(DatabaseError, match="permission denied")
    with acting(followed.rut), connection.cursor() as cursor, denied, transaction.atomic():
        cursor.execute("SELECT wall.flow_ref(%s, %s)", [followed.rut.pk, followed.case.pk]
        )  # fmt: skip


def test_only_those_whose_it_is(followed):
    assert flow(followed) and not flow(followed, followed.cilla) and not flow(followed, followed.maud)
    assert not flow(followed, followed.sara) and not flow(followed, followed.adam)


def test_only_while_the_agreement_holds(world):
    agreed(world.adam, world.siv, oversight="flow", overseer=world.soderhamn, starts_on=today() + timedelta(days=1))
    world.case  # noqa: B018
    assert flow(world) == []


def test_figures_alone_give_no_row(world):
    agreed(world.adam, world.siv, oversight="figures", overseer=world.soderhamn)
    world.case  # noqa: B018
    assert flow(world) == []
    assert Visit(world.rut).get("reporting:flow", world.bollnas).status_code == 404


def test_protected_people_are_not_there(followed):
    followed.open_case(individual=followed.person(name="Stina Skyddad", protection="secrecy_mark"))
    assert len(flow(followed)) == 1


def test_a_question_reaches_those_who_have_the_case_and_the_answer_the_asker(followed):
    ask(followed, "Vad väntar planen på?")
    page = Visit(followed.anna).get("plans:my_day")
    assert sees(page, "Fråga från regionkoordinatorn", followed.case.number)
    assert not sees(Visit(followed.leo).get("plans:my_day"), "Fråga från regionkoordinatorn")
    answer(followed, "På ett samtycke, det tas på tisdag.")
    with acting(followed.rut):
        [mine] = my_questions()
    assert (mine.text, mine.answer) == ("Vad väntar planen på?", "På ett samtycke, det tas på tisdag.")
    assert mine.ref == flow(followed)[0].ref
    with acting(followed.rita):
        assert my_questions() == []


def test_an_answer_never_names_the_person(followed):
    ask(followed)
    for text in ("Maria mår bra", "Det är marias plan", "Karlsson vill vänta", "Ring 070-123 45 67"):
        with pytest.raises(Refused, match="Texten"):
            answer(followed, text)
    visit = Visit(followed.anna)
    with acting(followed.anna):
        question = FlowQuestion.objects.get()
    page = visit.post("reporting:answer", followed.case, question, text="Maria mår bra")
    assert sees(page, "Texten nämner personen", "Maria mår bra"), "nothing typed is lost"
    with pytest.raises(NotAllowed):
        answer(followed, "Bra", by=followed.leo)
    answer(followed, "Det går bra.")
    with pytest.raises(Refused, match="redan"):
        answer(followed, "Igen")


def test_the_asker_never_reads_the_row(followed):
    ask(followed)
    with acting(followed.rut):
        assert not FlowQuestion._base_manager.exists()
    with acting(followed.anna):
        row = FlowQuestion.objects.get()
        assert (row.case_id, row.ref) == (followed.case.pk, ""), "and the board never reads her words for it"


def test_the_database_alone_finds_the_case(followed):
    """Whatever case is written in the row, it goes where the words lead, and words of another's lead nowhere."""
    other = followed.open_case(individual=followed.person(name="Asta Ek"))
    given = {row.ref for row in flow(followed)}
    rows_of_hers = flow(followed, followed.rita)
    question = FlowQuestion(
        authority=followed.bollnas, case=other, ref=rows_of_hers[0].ref, asked_by=followed.rut,
        asker_authority=followed.soderhamn, text="Hej",
    )  # fmt: skip
    assert rows_of_hers[0].ref not in given
    with acting(followed.rut), pytest.raises(DatabaseError, match="går inte att följa"), transaction.atomic():
        question.save(force_insert=True)
    question.ref = flow(followed)[0].ref
    with acting(followed.cilla), pytest.raises(DatabaseError), transaction.atomic():
        question.save(force_insert=True)


def test_the_pages_name_nobody_and_ask_in_two_presses(followed):
    rut = Visit(followed.rut)
    page = rut.get("reporting:flow", followed.bollnas)
    [row] = flow(followed)
    assert sees(page, row.ref, "Väntar på samtycke", "Utan samordnare")
    assert not any(word in text_of(page) for word in ("Maria", followed.case.number, str(followed.case.pk)))
    assert sees(rut.get("reporting:plan", followed.bollnas, row.ref), "Skicka frågan")
    assert rut.post("reporting:plan", followed.bollnas, row.ref, text="Hur går det?").status_code == 302
    assert sees(rut.get("reporting:region"), "Hur går det?", row.ref)
    assert rut.logged().count("region.asked") == 1
    assert Visit(followed.anna).get("reporting:flow", followed.bollnas).status_code == 403
    assert not any(str(followed.case.pk) in text_of(rut.get("reporting:plan", followed.bollnas, row.ref)) for _ in "1")


def test_the_same_number_of_questions_however_many(followed, django_assert_num_queries):
    with acting(followed.rut), django_assert_num_queries(1):
        rows(followed.bollnas)
    for name in ("Asta Ek", "Berit Al"):
        followed.open_case(individual=followed.person(name=name))
    with acting(followed.rut), django_assert_num_queries(1):
        assert len(rows(followed.bollnas)) == 3


def test_an_answer_names_nobody_beside_a_child_either(world):
    """Nor what somebody was called before, a number, or a short name when it is written as one."""
    case = a_child(world, name="Bo Ung")
    beside(world.anna, case, name="Gudrun Mamma")
    with acting(world.anna):
        for text in ("Vi väntar på Gudrun.", "Gudruns svar dröjer.", "Bo vill inte.", f"Se {case.number}"):
            assert why_named(text, case, world.anna), text
        assert why_named("De ska bo hos någon.", case, world.anna) == ""


def told(member):
    with acting(member):
        return Notice.objects.visible_to(member).filter(about=Notice.About.QUESTION).count()


def test_whoever_is_to_answer_is_told_and_then_whoever_asked(followed):
    ask(followed)
    assert [told(who) for who in (followed.anna, followed.leo, followed.maud, followed.rut)] == [1, 0, 0, 0]
    answer(followed, "Planen skrivs nästa vecka.")
    assert [told(who) for who in (followed.anna, followed.rut, followed.rita)] == [1, 1, 0]


def test_the_coordinator_is_told_when_there_is_one(followed):
    followed.consent(), followed.coordinator(followed.leo)
    ask(followed)
    assert [told(who) for who in (followed.anna, followed.leo)] == [0, 1]


def test_nobody_tells_anybody_by_that_way(followed):
    with acting(followed.rut), connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute(
            "SELECT wall.tells('question', %s, %s, %s)", [followed.bollnas.pk, followed.anna.pk, followed.case.pk]
        )
