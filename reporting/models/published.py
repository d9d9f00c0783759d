"""What has been published, as it was: nothing here says anything about one person, and nothing is ever changed."""

import uuid

from django.db import models
from django.utils import timezone

from cases.models import Case
from exitprogram.tenancy.models import AgreementParty, Authority, CooperationAgreement, Region
from exitprogram.tenancy.roles import Role

READERS = (Role.UNIT_MANAGER, Role.REGIONAL_COORDINATOR, Role.ADMINISTRATOR)
COMPARED = 3  # boards at least, before they stand beside each other or are added up


def boards_of(by):
    """Ids of boards whose own figures the membership may see: one's own; for a regional coordinator those that have
    agreed that hers may see figures, when they are three or more."""
    if by.role != Role.REGIONAL_COORDINATOR:
        return [by.authority_id] if by.role in READERS else []
    today = timezone.localdate()
    agreed = CooperationAgreement.objects.visible_to(by).in_force(on=today).filter(overseer_id=by.authority_id)
    parties = AgreementParty.objects.still_in(on=today).filter(agreement__in=agreed)
    found = set(parties.exclude(party_authority_id=by.authority_id).values_list("party_authority_id", flat=True))
    return list(found) if len(found) >= COMPARED else []


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, by):
        return self.all() if by.role in READERS else self.none()

    def newest(self):
        """Only the last version of each."""
        return self.order_by("county", "programme", "first_day", "-version").distinct(
            "county", "programme", "first_day"
        )


class Publication(models.Model):
    """The figures of one programme in one county for one closed half-year. A correction is another version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    programme = models.CharField(max_length=10, choices=Case.Programme.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    version = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True)
    asked_for = models.UUIDField(null=True)  # the job, so that a part done again publishes nothing twice
    made_at = models.DateTimeField(default=timezone.now)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-first_day", "county", "programme", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "programme", "first_day", "version"], name="each_publication_its_version"
            ),
            models.CheckConstraint(
                condition=models.Q(version=1) | ~models.Q(reason=""), name="a_new_version_says_why"
            ),
        ]  # fmt: skip


class CellQuerySet(models.QuerySet):
    def visible_to(self, by):
        """Counties to everybody who reads figures; a board's own to the board, and to whom it has agreed with."""
        published = Publication.objects.visible_to(by)
        return self.filter(
            models.Q(board=None) | models.Q(board__in=boards_of(by)), publication__in=published.values("pk")
        )  # fmt: skip


class PublishedCell(models.Model):
    """One cell. ``value`` is rounded to five; empty when it is hidden."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="cells")
    board = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")  # empty: the county
    group = models.CharField(max_length=20)
    category = models.CharField(max_length=40, blank=True)
    value = models.PositiveIntegerField(null=True)

    objects = CellQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "board", "group", "category"], nulls_distinct=False, name="each_cell_once"
            ),
            models.CheckConstraint(
                condition=models.Q(value=None) | models.Q(value__gte=5), name="no_cell_below_the_threshold"
            ),
        ]  # fmt: skip
