"""A mandate: somebody employed by another municipality may decide on a board's behalf (KL 9:37)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from exitprogram.tenancy.models.agreement import ADMINISTRATOR, AGREEMENT_MINE, AgreementParty, CooperationAgreement
from exitprogram.tenancy.models.authority import Authority
from exitprogram.tenancy.models.people import Membership
from exitprogram.tenancy.roles import GIVES, Permission, Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

DECIDING_ROLES = tuple(role for role in Role if Permission.DECIDE in GIVES[role])


class MandateQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(agreement_id__in=CooperationAgreement.objects.visible_to(by).values("pk"))

    def on_day(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)

    def in_force(self, *, on):
        """Within its own days, under an agreement in force that neither the board nor the employer has left."""
        agreed = CooperationAgreement.objects.in_force(on=on).values("pk")
        left = AgreementParty.objects.filter(agreement_id=OuterRef("agreement_id"), leaves_on__lt=on)
        board, employer = OuterRef("authority_id"), OuterRef("employer_authority_id")
        left = left.filter(Q(party_authority_id=board) | Q(party_authority_id=employer))
        return self.on_day(on).filter(agreement_id__in=agreed).exclude(Exists(left))


class Mandate(TenantModel):
    """``authority`` is the board that owns the matters; who decides for it is employed by ``employer_authority``: a
    named membership, or whoever holds a role there. Part of the agreement as every party signed it, or given later
    by the board itself. It opens no case: she sees the proposals that are sent to her."""

    agreement = TenantKey(CooperationAgreement, authority_column="drafter_authority_id", related_name="mandates")
    drafter_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")  # the agreement's
    employer_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    membership = TenantKey(Membership, null=True, authority_column="employer_authority_id")
    role = models.CharField(max_length=30, choices=[(r.value, r.label) for r in DECIDING_ROLES], blank=True)
    kinds = ArrayField(models.CharField(max_length=40))  # matters, as the delegation scheme names them
    starts_on = models.DateField("från och med")
    ends_on = models.DateField("till och med", null=True, blank=True)
    given_by = TenantKey(Membership, null=True)  # nobody: it stood in the agreement that all have signed

    objects = SharedManager.from_queryset(MandateQuerySet)()
    wall = Wall(
        share=AGREEMENT_MINE,
        insert=f"{ADMINISTRATOR} AND wall.may_mandate(agreement_id, authority_id, employer_authority_id, membership_id,"
        " starts_on, ends_on, given_by_id)",
        share_insert=f"{ADMINISTRATOR} AND given_by_id IS NULL AND wall.may_mandate(agreement_id, authority_id,"
        " employer_authority_id, membership_id, starts_on, ends_on, given_by_id)",
        update=ADMINISTRATOR,
        share_update=f"employer_authority_id = (SELECT wall.authority()) AND {ADMINISTRATOR}",
        fixed=(
            "agreement_id", "drafter_authority_id", "employer_authority_id", "membership_id", "role", "kinds",
            "starts_on", "given_by_id",
        ),
        only_earlier=("ends_on",), mine=("given_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["starts_on", "created_at", "id"]
        indexes = [models.Index(fields=["employer_authority", "agreement"], name="mandates_of_employer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="mandate_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(employer_authority=F("authority")), name="mandate_to_another_employer"),
            models.CheckConstraint(
                condition=Q(membership=None, role__in=[str(role) for role in DECIDING_ROLES])
                | Q(membership__isnull=False, role=""),
                name="mandate_to_a_person_or_a_role",
            ),
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="mandate_names_its_matters"),
        ]
