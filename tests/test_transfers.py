"""A case on its way to another board: asked, answered, handed over, taken. Somebody answers for it all the time."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import operations as cases
from cases.days import answer_day
from cases.models import Case, CaseNote, Clock, Disclosure, Notice, TransferRequest
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from tests import leaving
from tests.leaving import answered, asked, handed, keys_in


@pytest.fixture
def world(world):
    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    return world


@pytest.fixture
def transfer(world):
    return asked(world.anna, world.case, world.soderhamn, world.nora, world.cilla)


@pytest.mark.parametrize("on, due", [
    (date(2026, 1, 31), date(2026, 2, 28)), (date(2027, 12, 31), date(2028, 1, 31)),
    (date(2028, 1, 30), date(2028, 2, 29)), (date(2026, 11, 22), date(2026, 12, 22)),
])  # fmt: skip
def test_a_month_is_the_same_day_of_the_next(on, due):
    assert answer_day(on) == due


def test_the_other_board_sees_what_was_written_and_nothing_else(world, transfer):
    for who, sees in ((world.nora, True), (world.cilla, True), (world.siv, False), (world.rut, False)):
        with acting(who):
            found = TransferRequest.objects.visible_to(who).filter(pk=transfer.pk).first()
            assert bool(found) is sees
            assert not Case.objects.visible_to(who).filter(pk=world.case.pk).exists()
    with acting(world.nora):
        assert TransferRequest.objects.visible_to(world.nora).get().needed == "Kanarietext"


def test_the_managers_are_told_and_a_clock_waits_for_the_answer(world, transfer):
    with acting(world.nora):
        assert Notice.objects.visible_to(world.nora).filter(about="transfer", subject_id=transfer.pk).exists()
    with acting(world.anna):
        [clock] = Clock.objects.open().filter(case=world.case, kind="transfer")
        with pytest.raises(Refused, match="när svaret är läst"):
            cases.finish_clock(by=world.anna, case=world.case, clock=clock)
    answered(world.cilla, transfer, accept=False, reason="Personen bor inte här.")
    with acting(world.anna):
        assert Notice.objects.visible_to(world.anna).filter(about="transfer", subject_id=transfer.pk).exists()
        assert Clock.objects.open().filter(pk=clock.pk).exists(), "an answer nobody has read still nags"
        cases.read_answer(by=world.anna, case=world.case, transfer=transfer)
        assert not Clock.objects.open().filter(pk=clock.pk).exists()


def test_a_no_says_why_and_a_yes_need_not(world, transfer):
    with pytest.raises(Refused, match="varför"):
        answered(world.nora, transfer, accept=False, reason=" ")
    assert answered(world.nora, transfer, reason="").answer == "accepted"
    with pytest.raises(Refused, match="redan besvarad"):
        answered(world.nora, transfer, accept=False)


@pytest.mark.parametrize("board", ["region", "partner", "bollnas"])
def test_only_another_social_board(world, board):
    with acting(world.anna), pytest.raises(Refused, match="socialnämnd"):
        cases.request_transfer(
            by=world.anna, case=world.case, recipient=getattr(world, board), reason="flyttat", needed="x"
        )


def test_a_board_without_a_manager_is_asked_on_paper(world):
    from exitprogram.tenancy.models import Authority

    empty = Authority.objects.filter(kind="social_board").exclude(pk__in=[world.bollnas.pk, world.soderhamn.pk])[0]
    with acting(world.anna), pytest.raises(Refused, match="på papper"):
        cases.request_transfer(by=world.anna, case=world.case, recipient=empty, reason="flyttat", needed="x")


def test_one_at_a_time(world, transfer):
    with acting(world.anna), pytest.raises(Refused, match="pågår redan"):
        cases.request_transfer(by=world.anna, case=world.case, recipient=world.soderhamn, reason="x", needed="x")


def own_case(world):
    return world.open_case(world.cilla, world.person(world.cilla, "Samma Person"))


def test_the_whole_way(world, transfer):
    answered(world.cilla, transfer)
    with pytest.raises(Refused, match="Detta är kvar: En överflyttning"):
        leaving.closed(world.anna, world.case, kind="transferred")
    disclosure = handed(world.anna, world.case, transfer, world.cilla)
    assert disclosure.ground_rule == "secrecy.disclosure.transfer"
    with pytest.raises(Refused, match="Detta är kvar: En överflyttning"):
        leaving.closed(world.anna, world.case, kind="transferred")
    mine = own_case(world)
    with acting(world.cilla):
        cases.take_over(by=world.cilla, transfer=transfer, case=mine)
        assert "Namn: Maria Karlsson" in CaseNote.objects.get(case=mine).fact
    with acting(world.anna):
        told = Notice.objects.visible_to(world.anna).filter(about="transfer", subject_id=transfer.pk)
        assert told.exists()
    leaving.closed(world.anna, world.case, kind="transferred")
    with acting(world.anna):
        assert Case.objects.get(pk=world.case.pk).closed_on


def test_transferred_is_no_reason_when_nobody_has_taken_it(world, transfer):
    with acting(world.anna):
        cases.withdraw_transfer(by=world.anna, case=world.case, transfer=transfer)
    with pytest.raises(Refused, match="Ingen annan nämnd"):
        leaving.closed(world.anna, world.case, kind="transferred")


def test_taken_over_with_an_open_case_only(world, transfer):
    answered(world.cilla, transfer)
    handed(world.anna, world.case, transfer, world.cilla)
    mine = leaving.closed(world.cilla, own_case(world))
    with acting(world.cilla), pytest.raises(Refused, match="avslutat"):
        cases.take_over(by=world.cilla, transfer=transfer, case=mine)
    with acting(world.cilla), pytest.raises(NotAllowed):
        cases.take_over(by=world.cilla, transfer=transfer, case=world.case)


def test_given_to_a_colleague_the_copy_comes_along(world, transfer):
    answered(world.nora, transfer)
    disclosure = handed(world.anna, world.case, transfer, world.nora)
    per = world._member(world.siv, "Per Norr", Role.SOCIAL_WORKER)
    with acting(world.nora):
        cases.give_transfer(by=world.nora, transfer=transfer, membership=per)
    with acting(per):
        assert cases.open_received(by=per, disclosure=disclosure)
    with acting(world.cilla), pytest.raises(NotAllowed):
        cases.open_received(by=world.cilla, disclosure=disclosure)


# The database by itself.


def refused(who, statement, values=()):
    try:
        with transaction.atomic(), acting(who), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except (IntegrityError, ProgrammingError):
        return True


ALONE = {
    "the sender answers": ("anna", "UPDATE cases_transferrequest SET answer = 'accepted', answered_at = now(),"
                           " answered_by_id = wall.membership()"),
    "the sender confirms": ("anna", "UPDATE cases_transferrequest SET confirmed_at = now(), confirmed_by_id ="
                            " wall.membership(), taken_as = case_id"),
    "the asked board withdraws": ("cilla", "UPDATE cases_transferrequest SET withdrawn_at = now(), withdrawn_by_id ="
                                  " wall.membership()"),
    "the asked board changes what was asked": ("cilla", "UPDATE cases_transferrequest SET needed = ''"),
    "the asked board confirms at once": ("cilla", "UPDATE cases_transferrequest SET confirmed_at = now(),"
                                         " confirmed_by_id = wall.membership()"),
    "somebody else there answers": ("rut", "UPDATE cases_transferrequest SET answer = 'refused', answered_at = now(),"
                                    " answered_by_id = wall.membership()"),
    "the sender closes": ("anna", "UPDATE cases_case SET closed_on = opened_on"),
    "the request vanishes": ("anna", "DELETE FROM cases_transferrequest"),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(ALONE))
def test_the_database_refuses(world, transfer, what):
    who, statement = ALONE[what]
    assert refused(getattr(world, who), statement)


def test_the_same_by_the_one_whose_step_it_is(world, transfer):
    """The positive control of the test above."""
    statement = (
        "UPDATE cases_transferrequest SET answer = 'refused', answered_at = now(), answered_by_id = wall.membership()"
    )
    assert not refused(world.cilla, statement)
    assert not refused(world.anna, "UPDATE cases_case SET closed_on = opened_on")


# Whatever is done, in whatever order: there is always an open case with an authority that answers for it.

STEPS = ["ask", "withdraw", "yes", "no", "give", "hand_over", "open", "take_over", "close", "reopen"]


class Moves:
    """Two boards doing things in any order. What is refused changes nothing."""

    def __init__(self, world, case, mine):
        self.world, self.case, self.mine, self.disclosure = world, case, mine, None

    @property
    def transfer(self):
        return TransferRequest.objects.filter(case=self.case).order_by("-created_at").first()

    def go(self, step):
        try:
            with transaction.atomic():
                getattr(self, step)()
        except (Refused, AttributeError, TransferRequest.DoesNotExist):
            pass

    def _as(self, who, operation, **given):
        with acting(who):
            return operation(by=who, **given)

    def ask(self):
        asked(self.world.anna, self.case, self.world.soderhamn, self.world.nora, self.world.cilla)

    def _row(self, who):
        with acting(who):
            return self.transfer

    def withdraw(self):
        anna = self.world.anna
        self._as(anna, cases.withdraw_transfer, case=self.case, transfer=self._row(anna))

    def yes(self):
        answered(self.world.cilla, self._row(self.world.cilla))

    def no(self):
        answered(self.world.cilla, self._row(self.world.cilla), accept=False)

    def give(self):
        nora = self.world.nora
        self._as(nora, cases.give_transfer, transfer=self._row(nora), membership=self.world.cilla)

    def hand_over(self):
        anna = self.world.anna
        keys = keys_in(anna, self.case, "person")
        self._as(anna, cases.hand_over, case=self.case, transfer=self._row(anna), pieces=keys,
                 receiver=self.world.cilla.pk)  # fmt: skip

    def open(self):
        row = self._row(self.world.cilla)
        self._as(self.world.cilla, cases.open_received, disclosure=Disclosure(pk=row.disclosure_id))

    def take_over(self):
        row = self._row(self.world.cilla)
        self._as(self.world.cilla, cases.take_over, transfer=row, case=self.mine)

    def close(self):
        self._as(self.world.anna, plans.close_case, case=self.case, kind="transferred", reason="flyttat")

    def reopen(self):
        self._as(self.world.anna, plans.reopen_case, case=self.case, reason="kom tillbaka")

    def answers_for_it(self):
        with acting(self.world.anna):
            ours = Case.objects.get(pk=self.case.pk).closed_on is None
            taken = TransferRequest.objects.filter(case=self.case).exclude(confirmed_at=None).exists()
        with acting(self.world.cilla):
            theirs = Case.objects.get(pk=self.mine.pk).closed_on is None
        return ours or (taken and theirs)


class Undo(Exception):
    pass


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14))
def test_responsibility_never_lapses(world, steps):
    case = world.case
    mine = world.__dict__.setdefault("their_case", None) or own_case(world)
    world.their_case = mine
    moves = Moves(world, case, mine)
    try:
        with transaction.atomic():
            for step in steps:
                moves.go(step)
                assert moves.answers_for_it(), steps
            raise Undo
    except Undo:
        pass


def test_the_way_through_is_among_the_moves(world):
    """The property above would hold of moves that never get anywhere; these do."""
    moves = Moves(world, world.case, own_case(world))
    for step in ("ask", "yes", "hand_over", "open", "take_over", "close"):
        moves.go(step)
        assert moves.answers_for_it()
    with acting(world.anna):
        assert Case.objects.get(pk=world.case.pk).closed_on
