"""Loggkontroll: what is drawn, for whom, and that nobody judges herself or learns of what she may not know."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases import operations as cases
from cases.models import Clock
from cases.notices import due
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.log_review import coverage, months_to_review, told
from teams.models import LogReview, LogSample
from tests import houses
from tests.connections import logged_in_as
from tests.reviewing import as_if, begun, last_month, moment, read
from tests.visits import Visit, sees
from tests.world import World, today


def samples(manager):
    review = begun(manager)
    with acting(manager):
        return told(LogSample.objects.visible_to(manager).filter(review=review))


def why(manager):
    return {sample.event_id: set(sample.why.split()) for sample in samples(manager)}


def judge_all(manager, review, judgement="ok"):
    with acting(manager):
        for sample in review.samples.filter(judgement=""):
            teams.judge_sample(by=manager, sample=sample, judgement=judgement)


def grant_since_long(case):
    """The way into the case was there already then."""
    as_if("cases_accessgrant", "starts_on = %s WHERE content_object_id = %s", today() - timedelta(days=90), case.pk)


@pytest.mark.django_db
class TestWhatIsDrawn:
    def test_fifteen_at_random_and_ten_that_are_worth_a_look(self, world):
        case = world.case
        for day in range(1, 25):
            for hour in (8, 12):
                read(world.leo, case, moment(day=min(day, 24), hour=hour), action=f"case.viewed.page{day}")
        drawn = samples(world.maud)
        assert len([one for one in drawn if one.why != "random"]) == 10
        assert len([one for one in drawn if one.why == "random"]) == 15
        assert [one.place for one in drawn] == list(range(1, 26))
        assert len({one.event_id for one in drawn}) == 25

    def test_the_same_month_gives_the_same_sample(self, world):
        for day in range(1, 25):
            read(world.leo, world.case, moment(day), action=f"case.viewed.page{day}")
        first = why(world.maud)
        read(world.leo, world.case, moment(3), action="case.viewed.later")
        assert why(world.maud) == first
        with acting(world.maud):
            assert LogReview.objects.count() == 1

    def test_why_it_is_worth_a_look(self, world):
        night = read(world.leo, world.case, moment(hour=23))
        early = read(world.leo, world.case, moment(hour=5))
        late = read(world.leo, world.case, moment(hour=21))
        reasons = why(world.maud)
        assert reasons == {night.pk: {"no_link", "night"}, early.pk: {"no_link", "night"}, late.pk: {"no_link"}}

    def test_the_same_surname_as_the_person(self, world):
        case = world.open_case(individual=world.person(name="Åsa Öberg"))
        other = world.open_case(individual=world.person(name="Ek Ahlgren"))
        oberg = world._member(world.adam, "Sven Oeberg", Role.SOCIAL_WORKER)
        same, not_same = read(oberg, case), read(oberg, other)
        reasons = why(world.maud)
        assert "same_name" in reasons[same.pk] and "same_name" not in reasons[not_same.pk]

    def test_many_cases_in_an_hour(self, world):
        opened = [world.open_case(individual=world.person(name=f"Person {n}")) for n in range(10)]
        nine = [read(world.leo, case, moment(5)) for case in opened[:9]]
        ten = [read(world.anna, case, moment(6)) for case in opened]
        reasons = why(world.maud)
        assert all("many" in reasons[one.pk] for one in ten if one.pk in reasons)
        assert not any("many" in reasons[one.pk] for one in nine if one.pk in reasons)

    def test_only_readings_of_that_month_by_the_boards_own(self, world):
        month = last_month()
        before = moment(month=(month - timedelta(days=1)).replace(day=1), day=28)
        for at in (before, moment(month=today().replace(day=1), day=1)):
            read(world.leo, world.case, at)
        read(world.leo, world.case, action="note.signed")
        read(world.cilla, world.open_case(world.cilla, world.person(world.cilla, "Elsa Annan")))
        assert why(world.maud) == {}


@pytest.mark.django_db(transaction=True)
class TestWhoseAndForWhom:
    @pytest.fixture
    def world(self, transactional_db):
        return World()

    def test_nobody_reviews_her_own_and_managers_review_each_other(self, world):
        mona = world._member(world.adam, "Mona Chef", Role.UNIT_MANAGER)
        mauds, monas = read(world.maud, world.case), read(mona, world.case)
        assert set(why(world.maud)) == {monas.pk} and set(why(mona)) == {mauds.pk}

    def test_a_manager_reviews_her_unit_and_what_is_nobodys(self, world):
        mona = world._member(world.adam, "Mona Chef", Role.UNIT_MANAGER)
        houses.place(world.adam, world.anna, houses.unit(world.adam, managers=[world.maud]))
        houses.place(world.adam, world.leo, houses.unit(world.adam, "Ungdom", managers=[mona]))
        new = world._member(world.adam, "Nya Handläggaren", Role.SOCIAL_WORKER)
        annas, leos, news = (read(who, world.case) for who in (world.anna, world.leo, new))
        assert set(why(world.maud)) == {annas.pk, news.pk} and set(why(mona)) == {leos.pk, news.pk}

    def test_a_guarded_persons_case_only_for_the_manager_who_has_it(self, world):
        hidden = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
        known = read(world.anna, world.case)
        secret = read(world.anna, hidden)
        assert set(why(world.maud)) == {known.pk}
        mona = world._member(world.adam, "Mona Chef", Role.UNIT_MANAGER)
        with acting(world.anna):
            teams.invite_member(by=world.anna, case=hidden, membership=mona, function="chef", reason="ledning")
        world.answers(mona, hidden)
        assert set(why(mona)) == {known.pk, secret.pk} and "guarded" in why(mona)[secret.pk]

    def test_who_becomes_guarded_afterwards_has_no_number(self, world):
        read(world.anna, world.case)
        assert world.case.number in samples(world.maud)[0].sentence
        person = world.case.individual
        with acting(world.anna):
            cases.save_person(
                by=world.anna, case=world.case, version=person.version, name=person.name, alias="", birth_date=None,
                protection="secrecy_mark", language="", needs_interpreter=False,
            )  # fmt: skip
        assert world.case.number not in samples(world.maud)[0].sentence

    def test_who_had_the_case_is_said_and_is_at_random(self, world):
        grant_since_long(world.case)
        read(world.anna, world.case)
        [one] = samples(world.maud)
        assert one.why == "random" and one.reasons[0].startswith("Hen var med i ärendet")
        assert one.sentence.startswith(f"Anna Berg läste anteckningarna i ärende {world.case.number}, ")


@pytest.mark.django_db
class TestSigning:
    def test_all_are_judged_first_and_nothing_changes_after(self, world):
        read(world.anna, world.case)
        review = begun(world.maud)
        with acting(world.maud):
            [sample] = review.samples.all()
            with pytest.raises(Refused, match="inte bedömd"):
                teams.sign_log_review(by=world.maud, review=review)
            with pytest.raises(Refused, match="anmäler"):
                teams.judge_sample(by=world.maud, sample=sample, judgement="report", note=" ")
            teams.judge_sample(by=world.maud, sample=sample, judgement="ok")
            teams.judge_sample(by=world.maud, sample=sample, judgement="ask", note="Varför?")
            teams.sign_log_review(by=world.maud, review=review)
            for act, given in ((teams.judge_sample, {"sample": sample, "judgement": "ok"}),
                               (teams.sign_log_review, {"review": review})):  # fmt: skip
                with pytest.raises(Refused, match="signerad"):
                    act(by=world.maud, **given)

    @pytest.mark.parametrize("sql", [
        "UPDATE teams_logsample SET judgement = 'ask'", "UPDATE teams_logreview SET signed_at = NULL",
        "UPDATE teams_logsample SET event_id = gen_random_uuid()", "DELETE FROM teams_logsample",
        "INSERT INTO teams_logreview SELECT gen_random_uuid(), now(), '2020-01-01', NULL, authority_id, reviewer_id"
        " FROM teams_logreview",
    ])  # fmt: skip
    def test_the_database_refuses_alone(self, world, sql):
        read(world.anna, world.case)
        review = begun(world.maud)
        judge_all(world.maud, review)
        with acting(world.maud):
            teams.sign_log_review(by=world.maud, review=review)
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)

    def test_the_database_does_not_sign_what_is_left(self, world):
        read(world.anna, world.case)
        begun(world.maud)
        with acting(world.maud), pytest.raises(DatabaseError), transaction.atomic():
            LogReview.objects.update(signed_at=moment())

    @pytest.mark.parametrize("month", [today().replace(day=1), today().replace(day=2), None])
    def test_only_a_month_that_is_over(self, world, month):
        with acting(world.maud), pytest.raises(Refused, match="månaden"):
            teams.begin_log_review(by=world.maud, month=month)

    def test_nobody_but_a_manager_draws(self, world):
        for who in (world.anna, world.adam):
            with acting(who), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT wall.draw_log_review(%s)", [last_month()])


@pytest.mark.django_db(transaction=True)
class TestCoverage:
    @pytest.fixture
    def world(self, transactional_db):
        return World()

    def test_how_far_each_month_has_come_and_what_was_reported(self, world):
        one, other = read(world.anna, world.case), read(world.leo, world.case)
        review = begun(world.maud)
        with acting(world.maud):
            sample = review.samples.get(event_id=one.pk)
            teams.judge_sample(by=world.maud, sample=sample, judgement="report", note="Läste utan skäl.")
        with acting(world.adam):
            [(manager, months)] = coverage(world.adam, on=today())
            assert manager == world.maud and [m.month for m in months] == months_to_review(today())
            assert (months[0].drawn, months[0].judged, months[0].signed_at) == (2, 1, None)
            assert (months[1].drawn, months[1].judged) == (0, 0)
        adam = Visit(world.adam)
        assert not sees(adam.get("teams:overview"), "Läste utan skäl."), "not before it is signed"
        judge_all(world.maud, review)
        with acting(world.maud):
            teams.sign_log_review(by=world.maud, review=review)
        page = adam.get("teams:overview")
        assert sees(page, "1 anmälan följs upp", "2 av 2"), "a count, and of whom is for the manager"
        assert not sees(page, "Läste utan skäl.") and not sees(page, world.case.number)
        assert other.pk  # was ok, and is shown to nobody else

    def test_the_clock_goes_until_it_is_signed(self, world, monkeypatch):
        as_if("tenancy_membership", "starts_on = %s", today() - timedelta(days=120))
        due_on = today().replace(day=15)
        self.kept(due_on)
        assert self.clock(world) is None, "nothing was read"
        read(world.anna, world.case)
        self.kept(due_on - timedelta(days=8))
        assert self.clock(world) is None
        self.kept(due_on - timedelta(days=7))
        assert self.clock(world).day == due_on and self.clock(world).owner_id == world.adam.pk
        review = begun(world.maud)
        judge_all(world.maud, review)
        with acting(world.maud):
            teams.sign_log_review(by=world.maud, review=review)
        self.kept(due_on)
        assert self.clock(world) is None

    def kept(self, day):
        with logged_in_as("worker"):
            due.make_due(moment(month=day.replace(day=1)).replace(day=day.day))

    def clock(self, world):
        with acting(world.adam):
            return Clock.objects.visible_to(world.adam).open().filter(kind="log_review").first()


@pytest.mark.django_db
class TestTheScreen:
    def test_one_press_for_each_and_the_password_to_sign(self, world):
        for day in (3, 8, 15):
            read(world.anna, world.case, moment(day))
        maud = Visit(world.maud)
        assert sees(maud.get("teams:unit"), "Loggkontroll") and not sees(
            maud.get("teams:unit"), "Loggkontroll att göra"
        )
        page = maud.post("teams:log_reviews", month=last_month(), follow=True)
        assert sees(page, "0 av 3 bedömda", "Anna Berg läste")
        with acting(world.maud):
            review = LogReview.objects.get()
            rows = list(review.samples.all())
        refused = maud.post("teams:log_judge", rows[0], judgement="report", note="")
        assert sees(refused, "Skriv vad du anmäler", "0 av 3 bedömda")
        for row in rows:
            maud.post("teams:log_judge", row, judgement="ok", note="")
        assert sees(maud.get("teams:log_review", review), "3 av 3 bedömda", "Signera")
        maud.confirm(ago=1000)
        assert "/losenord-igen/" in maud.post("teams:log_review_sign", review).url
        maud.confirm()
        assert sees(maud.post("teams:log_review_sign", review, follow=True), "Loggkontrollen är signerad", "Signerad")
        assert "log_review.signed" in maud.logged()

    def test_what_is_begun_is_waiting_on_the_units_page(self, world):
        read(world.anna, world.case)
        begun(world.maud)
        assert sees(Visit(world.maud).get("teams:unit"), "Loggkontroll att göra", "(0 av 1)")

    def test_as_many_questions_for_many_rows(self, world, django_assert_max_num_queries):
        read(world.anna, world.case, moment(3))
        maud, review = Visit(world.maud), begun(world.maud)
        maud.get("teams:log_review", review)
        counts = []
        for _ in range(2):
            with django_assert_max_num_queries(200) as asked:
                maud.get("teams:log_review", review)
            counts.append(len(asked))
            review = self._more(world, review)
        assert counts[0] == counts[1]

    def _more(self, world, review):
        """Ten more readings of the month before, in a sample of its own."""
        month = months_to_review(today())[1]
        for day in range(1, 11):
            read(world.anna, world.case, moment(day, month=month), action=f"case.viewed.page{day}")
        with acting(world.maud):
            return teams.begin_log_review(by=world.maud, month=month)
