"""What must happen by a day."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cases.clocks import KINDS, CaseClock, choices, functions
from cases.models.block import closed_cases
from cases.models.case import Case, OfCaseQuerySet, open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.law.workdays import first_workday
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import HELD_CASE, OPEN_CASE, Wall

# Moved only to a later day, with a ground of its own; handed on only in one's own name and to somebody who has the
# case, or with the whole caseload (``wall.hand_over``); an unsigned note's is done by signing it and by nothing else.
# What is watched by itself (``ClockKind.watched``) the database alone moves, ends and begins anew.
# A slip of the hand is undone by whoever made it, for a quarter of an hour; after that done is done.
UNDO_MINUTES = 15
NEVER = f"""
    current_user <> 'exit_wall' AND OLD.extended_to IS DISTINCT FROM NEW.extended_to AND (
        NEW.extended_to IS NULL OR NEW.extended_to <= coalesce(OLD.extended_to, OLD.due_on)
        OR NEW.extension_ground = '' OR NEW.extension_ground IS NOT DISTINCT FROM OLD.extension_ground
        OR NOT wall.clock_moves(OLD.kind)
        OR NEW.extended_to > coalesce(wall.clock_until(OLD.kind, OLD.subject_id), '-infinity'))
    OR OLD.extension_ground IS DISTINCT FROM NEW.extension_ground
        AND OLD.extended_to IS NOT DISTINCT FROM NEW.extended_to AND NOT wall.system()
    OR OLD.owner_id IS DISTINCT FROM NEW.owner_id AND (
        NEW.handed_by_id IS DISTINCT FROM wall.membership() OR wall.clock_personal(OLD.kind)
        OR current_user <> 'exit_wall' AND NOT wall.has_case(NEW.owner_id, NEW.case_id))
    OR OLD.done_at IS DISTINCT FROM NEW.done_at AND (
        NEW.done_at IS NOT NULL AND NEW.done_by_id IS NULL AND current_user <> 'exit_wall'
        OR NOT wall.is_settled(OLD.kind, OLD.subject_id))
    OR current_user <> 'exit_wall' AND OLD.done_at IS NOT NULL AND ROW(OLD.done_at, OLD.done_by_id, OLD.version)
        IS DISTINCT FROM ROW(NEW.done_at, NEW.done_by_id, NEW.version) AND NOT (
        NEW.done_at IS NULL AND NEW.done_by_id IS NULL AND OLD.done_by_id IS NOT DISTINCT FROM wall.membership()
        AND OLD.done_at > now() - interval '{UNDO_MINUTES} minutes' AND wall.clock_undoable(OLD.kind))
"""
# Those who lead review what was opened in an emergency, in whichever case; a note that was begun in one is one's own.
TO_REVIEW = (
    "(kind = 'emergency_review' AND (SELECT wall.role()) = 'unit_manager'"
    " AND case_id <> ALL ((SELECT wall.blocked_cases())::uuid[]))"
)
# What cannot wait is done also by one who is in by an emergency.
AT_ONCE = f"({OPEN_CASE} AND wall.clock_in_emergency(kind))"
OWN_DRAFT = f"(kind = 'note_draft' AND owner_id = (SELECT wall.membership()) AND {OPEN_CASE})"
# What hangs on no case (an agreement's end, a role's) is for those who administer.
OF_THE_HOUSE = "(case_id IS NULL AND (SELECT wall.role()) = 'administrator')"


class ClockQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        """In the cases one has; and for those who lead, what was opened in an emergency and is to be reviewed."""
        seen = Q(case__in=open_cases(by))
        if by.role == Role.ADMINISTRATOR:
            seen |= Q(case=None, authority_id=by.authority_id)
        if by.role == Role.UNIT_MANAGER:
            seen |= Q(kind=CaseClock.EMERGENCY_REVIEW) & ~Q(case_id__in=closed_cases(by))
        return self.filter(seen)

    def open(self):
        return self.filter(done_at=None)

    def about(self, subject, kind):
        return self.filter(subject_id=subject.pk, kind=kind)


class Clock(TenantModel):
    """Something that must happen by a day. Ends by *done* or *extended with ground*; nobody can delete it. Its owner is
    reminded on each of the days before, and its unit's managers are told when it has been late for too long."""

    case = TenantKey(Case, null=True, related_name="clocks")  # or of the house
    kind = models.CharField(max_length=30, choices=choices)
    rule_id = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    owner = TenantKey(Membership)
    due_on = models.DateField()  # strict day
    warn_days = ArrayField(models.PositiveSmallIntegerField())  # before the day; as the rule said when it began
    cover_days = models.PositiveSmallIntegerField(default=3)  # after the day: whoever stands in is told
    escalate_days = models.PositiveSmallIntegerField()  # after the day: those who lead are told
    again_days = models.PositiveSmallIntegerField(null=True)  # after *Jag har sett det*; None: it was enough
    next_at = models.DateTimeField(null=True)  # when somebody is next to be told; the database's own
    extended_to = models.DateField(null=True)
    extension_ground = EncryptedText()
    handed_by = TenantKey(Membership, null=True)  # who gave it to its owner of now
    done_at = models.DateTimeField(null=True)
    done_by = TenantKey(Membership, null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(ClockQuerySet)()
    wall = Wall(
        read=f"{OPEN_CASE} OR {TO_REVIEW} OR {OF_THE_HOUSE}", locked="OLD.done_at IS NOT NULL",
        mine=("done_by_id", "handed_by_id"),
        still_free=("done_at", "done_by_id", "version", "next_at"),  # of what is done: only as NEVER lets it be undone
        insert=f"({HELD_CASE} OR {OWN_DRAFT} OR wall.clock_begins(kind, subject_id)) AND wall.clock_known(kind)"
        " AND extended_to IS NULL AND done_at IS NULL",
        update=f"{HELD_CASE} OR {OWN_DRAFT} OR {TO_REVIEW} OR {AT_ONCE} OR {OF_THE_HOUSE}", in_emergency=True,
        # Begun by who decided for another board (KL 9:37); she does not see it.
        share_insert="kind IN ('unexecuted', 'tell') AND wall.lent_watch(subject_id, case_id, owner_id)"
        " AND extended_to IS NULL AND done_at IS NULL",
        fixed=(
            "authority_id", "case_id", "kind", "rule_id", "subject_id", "due_on", "warn_days", "cover_days",
            "escalate_days", "again_days",
        ),
        never=NEVER,
        worker="SELECT",
        worker_columns="id, authority_id, owner_id, due_on, extended_to, warn_days, escalate_days,"
        " again_days, done_at",
    )  # fmt: skip

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["owner", "due_on"], name="open_clocks_of_owner", condition=Q(done_at=None)),
            models.Index(fields=["kind"], name="open_clocks_of_kind", condition=Q(done_at=None)),
            models.Index(fields=["next_at"], name="clocks_to_tell", condition=~Q(next_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "kind", "subject_id"], name="one_clock_per_subject"),
            models.CheckConstraint(condition=Q(warn_days__len__gt=0), name="clock_reminds_at_least_once"),
        ]

    @property
    def day(self):
        return self.extended_to or self.due_on

    @property
    def rolled_day(self):
        """The next working day when the strict one is a Saturday, Sunday or holiday (lag 1930:173), else None.
        Everybody is reminded against the strict one."""
        rolled = first_workday(self.day)
        return rolled if self.said.rolls and rolled != self.day else None

    @staticmethod
    def wall_functions():
        return functions()

    @property
    def said(self):
        """The declaration of its kind."""
        return KINDS[self.kind]

    @property
    def label(self):
        return self.said.label

    @property
    def may_be_pressed(self):
        """Done by a press, now; else by what its kind says."""
        return not self.said.ends and not (self.said.not_before and self.due_on > timezone.localdate())

    @property
    def url(self):
        """The page where it is done."""
        args = [] if self.said.of_house else [self.case_id]
        args += [self.subject_id] if self.said.of_subject else []
        url = reverse(self.said.page, args=args)
        return f"{url}#{self.subject_id}" if self.said.anchored else url

    def can_be_undone(self, by, *, at):
        """Done by a slip of the hand, by this person and just now."""
        just_now = self.done_at and self.done_at > at - timedelta(minutes=UNDO_MINUTES)
        return bool(just_now) and self.done_by_id == by.pk and not self.said.ends

    @property
    def first_reminder(self):
        return self.day - timedelta(days=max(self.warn_days))
