"""Whether somebody whom a case is to be opened to knows the person: asked of herself, before anything is shown."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.block import closed_cases
from cases.models.case import Case, open_cases
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall

NOT_BLOCKED = "case_id <> ALL ((SELECT wall.blocked_cases())::uuid[])"


class AnswerQuerySet(TenantQuerySet):
    def visible_to(self, by):
        mine = Q(membership_id=by.pk) & ~Q(case_id__in=closed_cases(by))
        led = Q(knows=True) if by.role == "unit_manager" else Q(pk=None)
        return super().visible_to(by).filter(Q(case__in=open_cases(by)) | mine | led)


class ConflictAnswer(TenantModel):
    """Her own answer, once for a case. No: what has been opened to her is open from now. Yes: the database blocks her
    in the same moment, and what she was to hold goes to ``successor`` (``wall.follow_up_answer``)."""

    case = TenantKey(Case, related_name="conflict_answers")
    membership = TenantKey(Membership)
    knows = models.BooleanField()
    successor = TenantKey(Membership, null=True)
    day = models.DateField(default=timezone.localdate)

    objects = TenantManager.from_queryset(AnswerQuerySet)()
    wall = Wall(
        read=f"({OPEN_CASE}) OR ({NOT_BLOCKED} AND (membership_id = (SELECT wall.membership())"
        " OR (knows AND (SELECT wall.role()) = 'unit_manager')))",
        insert="membership_id = (SELECT wall.membership()) AND wall.is_asked(case_id)",
        app="SELECT, INSERT", append_only=True, mine=("membership_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["authority", "case", "membership"], name="asked_once_in_a_case")]
