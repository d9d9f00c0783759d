"""Fråga and Anmäl: who is told what, who answers, who judges, and that nobody sees to what is about herself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases.models import Clock, Notice
from cases.notices import due
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.log_review import asked_of, follow_ups, unreviewed
from teams.models import LogQuestion, LogReport, LogSample
from tests import houses
from tests.connections import logged_in_as
from tests.reviewing import as_if, begun, moment, read, signed
from tests.visits import Visit, sees
from tests.world import World, today

CANARY = "Kanariefrågan: läste hon grannen?"


@pytest.fixture
def world(transactional_db):
    return World()


@pytest.fixture
def asked(world):
    """Anna is asked about one reading."""
    read(world.anna, world.case)
    signed(world.maud, "ask", CANARY)
    return world


def only(model, by):
    with acting(by):
        return model.objects.visible_to(by).get()


def raw(by, statement, *values):
    """Rows that the database alone lets somebody touch."""
    with acting(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


pytestmark = pytest.mark.django_db(transaction=True)


class TestTheQuestion:
    def test_she_is_told_which_reading_and_which_day_and_no_more(self, asked):
        with acting(asked.anna):
            notice = Notice.objects.visible_to(asked.anna).get(about="question")
            [row] = asked_of(asked.anna)
            assert notice.subject_id == row.pk
        assert row.sentence.startswith(f"Du läste anteckningarna i ärende {asked.case.number}, ")
        assert "kl." not in row.sentence
        anna = Visit(asked.anna)
        page = anna.get("teams:reading_questions")
        assert sees(page, row.sentence) and not sees(page, "Kanariefrågan") and not sees(page, "Maud")
        assert sees(anna.get("plans:my_day"), "En fråga om vad du har läst")
        assert anna.get("plans:onward", notice).url.endswith("/fragor-om-lasning/")
        assert raw(asked.anna, "SELECT 1 FROM teams_logsample") == 0

    def test_nothing_is_asked_before_the_month_is_signed(self, world):
        read(world.anna, world.case)
        review = begun(world.maud)
        with acting(world.maud):
            sample = review.samples.get()
            teams.judge_sample(by=world.maud, sample=sample, judgement="ask", note=CANARY)
            with pytest.raises(DatabaseError), transaction.atomic():
                LogQuestion(
                    authority_id=world.bollnas.pk, sample=sample, asked_by=world.maud, asked_of=world.anna,
                    asked_authority=world.bollnas,
                ).save(force_insert=True)  # fmt: skip
        with acting(world.anna):
            assert asked_of(world.anna) == []

    def test_the_answer_goes_to_the_manager_who_judges_it(self, asked):
        anna, maud = Visit(asked.anna), Visit(asked.maud)
        question = only(LogQuestion, asked.anna)
        assert sees(anna.post("teams:reading_answer", question, answer=" "), "Skriv ett svar.")
        assert sees(anna.post("teams:reading_answer", question, answer="Jag vikarierade.", follow=True), "Tack")
        with acting(asked.maud):
            assert Notice.objects.visible_to(asked.maud).filter(about="question", subject_id=question.pk).exists()
        assert sees(maud.get("teams:unit"), "1 svar om läsning att bedöma")
        page = maud.get("teams:log_question", question)
        assert sees(page, "Jag vikarierade.", CANARY, "Anna Berg läste")
        assert sees(maud.post("teams:log_question", question, judgement="report", words=""), "Skriv vad du anmäler")
        maud.post("teams:log_question", question, judgement="ok")
        assert not sees(maud.get("teams:unit"), "svar om läsning")
        with acting(asked.maud):
            assert not LogReport.objects.exists()
            with pytest.raises(Refused, match="avgjord"):
                teams.settle_question(by=asked.maud, question=question, judgement="ok")
        with acting(asked.anna), pytest.raises(Refused, match="avgjord"):
            teams.answer_reading(by=asked.anna, question=question, text="Igen")

    def test_she_answers_once(self, asked):
        question = only(LogQuestion, asked.anna)
        with acting(asked.anna):
            teams.answer_reading(by=asked.anna, question=question, text="Jag vikarierade.")
            with pytest.raises(Refused, match="redan svarat"):
                teams.answer_reading(by=asked.anna, question=question, text="Nej")
        with pytest.raises(DatabaseError):
            raw(asked.anna, "UPDATE teams_logquestion SET answer = 'x'")

    @pytest.mark.parametrize(("who", "statement"), [
        ("maud", "UPDATE teams_logquestion SET answer = 'x', answered_at = now()"),
        ("anna", "UPDATE teams_logquestion SET settled_at = now()"),
        ("anna", "UPDATE teams_logquestion SET asked_of_id = asked_by_id"),
        ("anna", "DELETE FROM teams_logquestion"),
    ])  # fmt: skip
    def test_the_database_refuses_alone(self, asked, who, statement):
        with pytest.raises(DatabaseError):
            raw(getattr(asked, who), statement)

    @pytest.mark.parametrize("who", ["leo", "adam", "cilla", "sara"])
    def test_nobody_else_reads_it(self, asked, who):
        assert raw(getattr(asked, who), "SELECT 1 FROM teams_logquestion") == 0

    def test_what_it_led_to_is_in_nothing_of_hers(self, asked):
        question = only(LogQuestion, asked.anna)
        with acting(asked.maud):
            teams.settle_question(by=asked.maud, question=question, judgement="report", words="Utan skäl.")
            assert LogReport.objects.visible_to(asked.maud).get().words == "Utan skäl."
        assert raw(asked.anna, "SELECT 1 FROM teams_logreport") == 0
        assert not sees(Visit(asked.anna).get("teams:reading_questions"), "nmäl")
        with acting(asked.adam):
            logged = AuditEvent.objects.visible_to(asked.adam).filter(object_id=question.pk)
            assert {(one.action, str(one.details)) for one in logged} == {
                ("log_question.asked", "{}"), ("log_question.settled", "{}")}  # fmt: skip

    def test_seven_days_without_an_answer_escalates(self, asked):
        day = today() + timedelta(days=7)
        assert self._clock(asked, day - timedelta(days=1)) is None
        assert self._clock(asked, day).day == day
        with acting(asked.anna):
            teams.answer_reading(by=asked.anna, question=only(LogQuestion, asked.anna), text="Vikarie.")
        assert self._clock(asked, day) is None

    def _clock(self, world, day):
        with logged_in_as("worker"):
            due.make_due(moment(month=day.replace(day=1)).replace(day=day.day))
        with acting(world.adam):
            return Clock.objects.visible_to(world.adam).open().filter(kind="log_question").first()

    def test_a_guest_is_asked_in_her_own_house(self, world):
        world.join(world.sara)
        seen = read(world.sara, world.case, action="section.viewed", ground="share")
        review = signed(world.maud, "ask", CANARY)
        with acting(world.maud):
            sample = review.samples.get()
            assert sample.event_id == seen.pk and "no_link" in sample.why and "guest" in sample.why
            [[question], _reports] = follow_ups(world.maud)
            assert question.sample.sentence.startswith("Sara Lind, Hälso- och sjukvården, Region Gävleborg, läste")
        page = Visit(world.sara).get("teams:reading_questions")
        assert sees(page, "Du läste ditt eget avsnitt i ett ärende")
        assert not sees(page, world.case.number) and not sees(page, "Kanariefrågan")
        with acting(world.sara):
            teams.answer_reading(by=world.sara, question=LogQuestion.objects.asked_of(world.sara).get(), text="Teamet.")
        assert only(LogQuestion, world.maud).answer == "Teamet."

    def test_a_guest_in_the_team_or_who_was_sent_it_had_a_part(self, world):
        world.join(world.sara)
        as_if("teams_teammember", "starts_on = %s", today() - timedelta(days=90))
        read(world.sara, world.case, action="section.viewed", ground="share")
        [sample] = self._samples(world.maud)
        assert sample.why == "random"

    def _samples(self, manager):
        with acting(manager):
            return list(LogSample.objects.filter(review=begun(manager)))


class TestTheReport:
    @pytest.fixture
    def reported(self, world):
        read(world.anna, world.case)
        signed(world.maud, "report", "Läste utan skäl.")
        return world

    def test_it_is_closed_with_what_was_done(self, reported):
        maud, report = Visit(reported.maud), only(LogReport, reported.maud)
        assert sees(maud.get("teams:unit"), "1 anmälan att följa upp")
        assert sees(maud.get("teams:log_report", report), "Läste utan skäl.", "Anna Berg läste", "72 timmar")
        for given, why in (({"done": "Samtal."}, "Välj hur"), ({"outcome": "talked", "done": " "}, "Skriv vad som")):
            assert sees(maud.post("teams:log_report", report, **given), why)
        maud.post("teams:log_report", report, outcome="talked", done="Samtal på tu man hand.")
        closed = only(LogReport, reported.maud)
        assert (closed.outcome, closed.done, closed.closed_by_id) == (
            "talked", "Samtal på tu man hand.", reported.maud.pk)  # fmt: skip
        with pytest.raises(DatabaseError):
            raw(reported.maud, "UPDATE teams_logreport SET outcome = 'nothing'")
        assert sees(Visit(reported.adam).get("teams:overview"), "1 anmälan är avslutad")

    @pytest.mark.parametrize("who", ["anna", "leo", "adam", "cilla"])
    def test_nobody_else_knows_of_it(self, reported, who):
        assert raw(getattr(reported, who), "SELECT 1 FROM teams_logreport") == 0
        assert raw(getattr(reported, who), "SELECT 1 FROM teams_logsample") == 0
        with acting(reported.anna):
            assert not Notice.objects.visible_to(reported.anna).filter(about="question").exists()

    def test_whoever_it_is_about_does_not_see_to_it_in_another_role(self, reported):
        """Maud leaves; the other manager sees to what is hers, unless it is about herself."""
        mona = reported._member(reported.adam, "Mona Chef", Role.UNIT_MANAGER)
        with acting(reported.adam):
            also = Membership.objects.create(
                authority=reported.bollnas, user=reported.anna.user, role=Role.UNIT_MANAGER, starts_on=today()
            )
        for who in (mona, also):
            assert raw(who, "SELECT 1 FROM teams_logreport") == 0, "while Maud is there it is hers"
        as_if("tenancy_membership", "starts_on = %s, ends_on = %s WHERE id = %s", today() - timedelta(days=200),
              today() - timedelta(days=1), reported.maud.pk)  # fmt: skip
        assert raw(also, "SELECT 1 FROM teams_logreport") == 0
        assert raw(also, "SELECT 1 FROM teams_logsample") == 0
        report = only(LogReport, mona)
        with acting(also), pytest.raises(LogReport.DoesNotExist):
            teams.close_report(by=also, report=report, outcome="nothing", done="Skäl fanns.")
        assert sees(Visit(mona).get("teams:log_report", report), "Anna Berg läste")
        with acting(mona):
            teams.close_report(by=mona, report=report, outcome="closed", done="Rollen avslutad.")


class TestNobodyIsUnreviewed:
    def test_one_manager_alone_is_said_until_there_is_another(self, world):
        with acting(world.adam):
            assert unreviewed(world.adam) == ["Maud Chef"]
        assert sees(Visit(world.adam).get("teams:overview"), "Ingen granskar vad de här läser", "Maud Chef")
        world._member(world.adam, "Mona Chef", Role.UNIT_MANAGER)
        with acting(world.adam):
            assert unreviewed(world.adam) == []

    def test_who_leads_her_own_unit_is_reviewed_by_the_others(self, world):
        """Maud also handles cases, in the unit that she alone leads."""
        mona = world._member(world.adam, "Mona Chef", Role.UNIT_MANAGER)
        unit = houses.unit(world.adam, managers=[world.maud])
        with acting(world.adam):
            handles = Membership.objects.create(
                authority=world.bollnas, user=world.maud.user, role=Role.SOCIAL_WORKER, starts_on=today()
            )
        houses.place(world.adam, handles, unit)
        seen = read(handles, world.case)
        with acting(world.adam):
            assert unreviewed(world.adam) == []
        with acting(mona):
            assert list(begun(mona).samples.values_list("event_id", flat=True)) == [seen.pk]
        with acting(world.maud):
            assert not begun(world.maud).samples.exists()


class TestWhatElseIsWorthALook:
    def why(self, manager):
        with acting(manager):
            return {one.event_id: set(one.why.split()) for one in begun(manager).samples.all()}

    def test_a_public_holiday_is_not_a_working_day(self, world):
        with connection.cursor() as cursor:
            cursor.execute("SELECT wall.is_holiday(day::date), day::date FROM unnest(ARRAY["
                           "'2026-04-03','2026-04-06','2026-05-14','2026-06-19','2026-12-24','2026-04-07',"
                           "'2035-03-23','2026-11-23']) day")  # fmt: skip
            found = [row[0] for row in cursor.fetchall()]
        assert found == [True] * 5 + [False, True, False]

    def test_a_holiday_is_said(self, world):
        seen = read(world.leo, world.case, moment(10))
        other = read(world.leo, world.case, moment(20))
        day = moment(10).date()
        with logged_in_as("owner"), connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef('wall.is_holiday(date)'::regprocedure)")
            before = cursor.fetchone()[0]
            cursor.execute("CREATE OR REPLACE FUNCTION wall.is_holiday(day date) RETURNS boolean LANGUAGE sql IMMUTABLE"
                           f" SET search_path = pg_catalog AS $$ SELECT day = '{day}' $$")  # noqa: S608  # fmt: skip
        try:
            reasons = self.why(world.maud)
        finally:
            with logged_in_as("owner"), connection.cursor() as cursor:
                cursor.execute(before)
        assert "night" in reasons[seen.pk] and "night" not in reasons[other.pk]

    def test_who_has_said_that_she_knows_the_person(self, world):
        seen = read(world.leo, world.case)
        other = read(world.leo, world.open_case(individual=world.person(name="Okänd Person")))
        with acting(world.anna):
            teams.invite_member(by=world.anna, case=world.case, membership=world.leo, function="stöd", reason="stöd")
        with acting(world.leo):
            teams.answer_conflict(by=world.leo, case_id=world.case.pk, knows=True)
        reasons = self.why(world.maud)
        assert "knows" in reasons[seen.pk] and "knows" not in reasons[other.pk]

    def test_again_and_again_without_a_part_in_the_case(self, world):
        case = world.case
        other = world.open_case(individual=world.person(name="Okänd Person"))
        three = [read(world.leo, case, moment(day)) for day in (3, 10, 17)]
        two = [read(world.leo, other, moment(day)) for day in (3, 10)]
        reasons = self.why(world.maud)
        assert all("often" in reasons[one.pk] for one in three) and not any("often" in reasons[one.pk] for one in two)

    def test_searched_for_again_and_again(self, world):
        case = world.case
        found = [read(world.leo, case, moment(10, hour), action="person.found") for hour in (8, 9, 10)]
        once = read(world.leo, world.open_case(individual=world.person(name="Okänd Person")), action="person.found")
        reasons = self.why(world.maud)
        assert all("sought" in reasons[one.pk] for one in found) and "sought" not in reasons[once.pk]
