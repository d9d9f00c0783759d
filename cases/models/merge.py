"""Two rows that turned out to be one person."""

from django.db import models
from django.db.models import F, Q

from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.prepared import asked_once, prepared_rows, whoever
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

EITHER_OPEN = " OR ".join(
    f"{side} IN (SELECT unnest((SELECT wall.open_individuals()))) OR wall.newly_added({side})"
    for side in ("kept_id", "merged_id")
)


def same_people(ids, at="pk"):
    """A condition on the individual that ``at`` leads to: one of these, or merged with one. PostgreSQL's is
    ``wall.same_people``."""
    standing = PersonMerge.objects.standing()
    roots = standing.filter(merged_id__in=ids).values("kept_id")
    others = standing.filter(Q(kept_id__in=ids) | Q(kept_id__in=roots)).values("merged_id")
    return Q((f"{at}__in", ids)) | Q((f"{at}__in", roots)) | Q((f"{at}__in", others))


@prepared_rows
def _about(by, person_id):
    about = Q(merged_id=person_id) | Q(kept_id=person_id)
    return PersonMerge.objects.standing().filter(about).select_related("kept")


@asked_once
def merges_about(person_id):
    """The standing merges in which this individual is kept or given up, with the one kept."""
    return _about(whoever(), person_id)


class MergeQuerySet(TenantQuerySet):
    def visible_to(self, by):
        from cases.models.person import Individual

        people = Individual.objects.visible_to(by).values("pk")
        return self.filter(Q(kept__in=people) | Q(merged__in=people))

    def standing(self):
        return self.filter(undone_at=None)

    def know_roots(self, people):
        """Tell each of these individuals its ``root``, with one question for them all."""
        found = {m.merged_id: m.kept for m in self.standing().filter(merged__in=people).select_related("kept")}
        for person in people:
            person.root = found.get(person.pk, person)


class PersonMerge(TenantModel):
    """``merged`` is the same person as ``kept``. No row is moved: while the merge stands, whoever may see one of them
    sees the numbers and the safe contact of both, under the kept one's name; no case opens by it. Undone, all is as
    before."""

    kept = TenantKey("cases.Individual", related_name="merges_kept")
    merged = TenantKey("cases.Individual", related_name="merges_given_up")
    reason = EncryptedText()
    merged_by = TenantKey(Membership)
    undone_at = models.DateTimeField(null=True)
    undone_by = TenantKey(Membership, null=True)
    undone_reason = EncryptedText()

    # Without the blanket filter: a block on the one holds for the other, also in a guest's own authority.
    objects = SharedManager.from_queryset(MergeQuerySet)()
    wall = Wall(
        read=EITHER_OPEN, insert="wall.may_merge(kept_id, merged_id)", locked="OLD.undone_at IS NOT NULL",
        fixed=("kept_id", "merged_id", "reason", "merged_by_id"), mine=("merged_by_id", "undone_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["kept"], condition=Q(undone_at=None), name="merge_of_kept")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "merged"], condition=Q(undone_at=None), name="merged_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_is_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        ]
