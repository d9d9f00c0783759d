"""Who did and who read. Append-only, and chained per authority so that tampering shows.

``AuditEvent`` rows are written where the act happens, in its transaction. A deferred trigger (``sql/audit.sql``)
links each to the chain at commit: sequence, hash of the previous link and of the event. The head row is updated last,
so it is locked only while committing, and two writers can never fork the chain.
"""

from django.db import models
from django.db.models import Q

from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

MINE = "membership_id = (SELECT wall.membership()) AND user_id = (SELECT wall.usr())"

MARK = "cases.protectionmark"  # noted before the case is there; that somebody is protected is for those who get it


class AuditQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own traces, and for those who lead or administer also what is about no case, but for how somebody is
        protected. What was done in a case is read with ``about_case``, by somebody who has been let into the case."""
        mine = Q(membership_id=by.pk)
        if by.role in (Role.UNIT_MANAGER, Role.ADMINISTRATOR):
            mine |= Q(case_id=None) & ~Q(object_type=MARK)
        return self.filter(mine, authority_id=by.authority_id)

    def about_case(self, case):
        return self.filter(authority_id=case.authority_id, case_id=case.pk)


class AuditEvent(TenantModel):
    """``authority`` is the one whose rows were touched; the actor may work for another. Ids and words, never values."""

    user_id = models.UUIDField(null=True)
    membership = TenantKey(Membership, null=True, authority_column="membership_authority_id")
    membership_authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)  # short stable strings: "plan.measure_added"
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    ground = models.CharField(max_length=60, blank=True)  # worker, coordinator, team, share …
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)

    objects = SharedManager.from_queryset(AuditQuerySet)()
    wall = Wall(
        # One's own first: who asks about those alone pays nothing for the cases.
        read="membership_id = (SELECT wall.membership()) OR case_id IN (SELECT unnest((SELECT wall.open_cases())))"
        f" OR (case_id IS NULL AND object_type <> '{MARK}'"
        " AND (SELECT wall.role()) IN ('unit_manager', 'administrator'))",
        insert=f"({MINE}) OR (SELECT wall.system())",
        # An outsider reading what was shared with it leaves its trace in the chain of the authority that owns the rows.
        share_insert=f"{MINE} AND (authority_id || ':' || case_id) = ANY ((SELECT wall.called_to())::text[])",
        app="SELECT, INSERT",
        append_only=True,
    )

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["authority", "case_id", "-created_at"], name="audit_of_a_case"),
            models.Index(fields=["authority", "membership", "-created_at"], name="audit_of_a_member"),
        ]


class AuditLink(models.Model):
    """One link of an authority's chain. Written by the trigger only."""

    event_id = models.UUIDField(primary_key=True)
    authority_id = models.UUIDField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority_id", "seq"], name="one_link_per_number")]


class AuditHead(models.Model):
    """The newest link of each chain."""

    authority_id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=b"")
