"""What a room declares about its clocks is what both walls go by."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from cases import clocks
from cases.clocks import KINDS, CaseClock
from cases.models import Clock
from exitprogram.tenancy.acting import acting
from tests.world import today


def asked(question, *about):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT wall.{question}", about)
        return cursor.fetchone()[0]


def test_two_rooms_never_mean_the_same_kind():
    with pytest.raises(ValueError, match="note_draft"):
        clocks.declare(CaseClock.NOTE_DRAFT, "Något annat")


def test_every_kind_leads_somewhere(world):
    for kind in KINDS.values():
        args = [] if kind.of_house else [world.case.pk, world.case.pk] if kind.of_subject else [world.case.pk]
        assert reverse(kind.page, args=args)


def test_the_database_goes_by_the_declarations(world):
    with acting(world.anna):
        for kind in KINDS.values():
            assert asked("clock_known(%s)", kind.code)
            assert asked("clock_moves(%s)", kind.code) == (kind.moves or bool(kind.moved_by))
            assert asked("clock_personal(%s)", kind.code) == kind.personal
            assert asked("clock_undoable(%s)", kind.code) == (not kind.ends)
        assert not asked("clock_known(%s)", "påhittad")


def test_a_kind_that_nobody_declared_is_not_started(world):
    with acting(world.anna), pytest.raises(ProgrammingError), transaction.atomic():
        Clock(
            authority_id=world.case.authority_id, case=world.case, kind="påhittad", rule_id="plan.follow_up",
            subject_id=world.case.pk, owner=world.anna, due_on=today(), warn_days=[1], escalate_days=3,
        ).save(force_insert=True)  # fmt: skip
