"""When a file is destroyed, what stops it, and the list that two people sign. The rules themselves are law data."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.law.rules import rule
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, may
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall

DISPOSERS = "(SELECT wall.role()) IN ('unit_manager', 'administrator')"


class MarkQuerySet(OfCaseQuerySet):
    def in_force(self):
        return self.filter(ended_at=None)


class RetentionMark(TenantModel):
    """Something that the rules cannot see by themselves, said by somebody, with a reason. Ended, never taken back."""

    class Kind(models.TextChoices):
        HOLD = "hold", "Rättslig spärr: akten får inte gallras"
        PLACED = "placed", "Barnet har varit placerat eller mottaget (även i skyddat boende)"
        NOT_PLACED = "not_placed", "Barnet har aldrig varit placerat"
        PATIENT_RECORD = "patient_record", "Akten innehåller patientjournal"

    case = TenantKey(Case, related_name="retention_marks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = EncryptedText()
    set_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)
    end_reason = EncryptedText()

    objects = TenantManager.from_queryset(MarkQuerySet)()
    wall = Wall(
        # A hold may have to come from somebody who cannot read the file: the board's lawyer asks its manager.
        read=OPEN_CASE, insert=f"{OPEN_CASE} OR (kind = 'hold' AND {DISPOSERS})", locked="true",
        still_free=("ended_at", "ended_by_id", "end_reason"), once=("ended_at", "ended_by_id"),
        mine=("set_by_id", "ended_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["case"], name="marks_of_case", condition=Q(ended_at=None))]


class DisposalQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return super().visible_to(by) if may(by, Permission.DISPOSE) else self.none()


class DisposalList(TenantModel):
    """Prepared by one, signed by two, then carried out. ``list_hash`` is keyed, over the cases that are on it."""

    prepared_by = TenantKey(Membership)
    cases = models.PositiveIntegerField()
    list_hash = models.BinaryField()
    signed_first_by = TenantKey(Membership, null=True)
    signed_first_at = models.DateTimeField(null=True)
    signed_second_by = TenantKey(Membership, null=True)
    signed_second_at = models.DateTimeField(null=True)
    dropped_by = TenantKey(Membership, null=True)
    dropped_at = models.DateTimeField(null=True)
    carried_out_by = TenantKey(Membership, null=True)
    carried_out_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(DisposalQuerySet)()
    wall = Wall(
        read=DISPOSERS, fixed=("prepared_by_id", "cases", "list_hash", "created_at"),
        mine=("prepared_by_id", "signed_first_by_id", "signed_second_by_id", "dropped_by_id", "carried_out_by_id"),
        once=(
            "signed_first_by_id", "signed_first_at", "signed_second_by_id", "signed_second_at", "dropped_by_id",
            "dropped_at", "carried_out_by_id", "carried_out_at",
        ),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_second_by=None)
                | (Q(signed_first_by__isnull=False) & ~Q(signed_second_by=F("signed_first_by"))),
                name="two_different_signatures",
            ),
            models.CheckConstraint(
                condition=Q(carried_out_by=None) | Q(signed_second_by__isnull=False, dropped_at=None),
                name="carried_out_when_signed_twice",
            ),
        ]

    @property
    def is_open(self):
        return self.carried_out_at is None and self.dropped_at is None


class DisposalItem(TenantModel):
    """One case on a list, and why. Goes with the case. Number and days are shown, never a person."""

    list = TenantKey(DisposalList, related_name="items")
    target = TenantKey(Case)
    rule_id = models.CharField(max_length=60)
    last_on = models.DateField()
    destroy_from = models.DateField()

    objects = TenantManager.from_queryset(DisposalQuerySet)()
    wall = Wall(
        read=DISPOSERS, insert=f"{DISPOSERS} AND wall.list_unsigned(list_id)", app="SELECT, INSERT", append_only=True
    )

    class Meta:
        ordering = ["destroy_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "list", "target"], name="once_on_a_list"),
        ]


class DisposalCertificate(TenantModel):
    """That destruction has been done: what class, how many, on what ground, who, when. No content, no case number."""

    list = TenantKey(DisposalList)
    record_class = models.CharField(max_length=60)
    cases = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    rule_ids = ArrayField(models.CharField(max_length=60))
    list_hash = models.BinaryField()
    prepared_by = TenantKey(Membership)
    signed_first_by = TenantKey(Membership)
    signed_second_by = TenantKey(Membership)
    carried_out_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(DisposalQuerySet)()
    wall = Wall(read=DISPOSERS, app="SELECT, INSERT", append_only=True, mine=("carried_out_by_id",))

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["authority", "list"], name="one_certificate_per_list")]

    @property
    def grounds(self):
        """The rules that were used, in the words of the day of destruction."""
        found = [rule(rule_id, on=timezone.localdate(self.created_at)) for rule_id in self.rule_ids]
        return [f"{one.text} ({one.citation})" for one in found]

    @property
    def short_hash(self):
        return bytes(self.list_hash).hex()[:16]
