"""What a board asks its regional coordinator for: method, housing, a way to somebody. Never about a named person."""

from django.db import models
from django.db.models import Q

from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

ASKERS = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)
HERS = "to_authority_id = (SELECT wall.authority()) AND (SELECT wall.role()) = 'regional_coordinator'"


class SupportQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """Those who handle cases see what their board has asked for; a regional coordinator what is sent to hers."""
        if by.role in ASKERS:
            return self.filter(authority_id=by.authority_id)
        return self.filter(to_authority_id=by.authority_id) if by.role == Role.REGIONAL_COORDINATOR else self.none()

    def waiting(self):
        return self.filter(answered_at=None, closed_at=None)


class SupportRequest(TenantModel):
    """Asked by a board, answered by a regional coordinator, closed by either."""

    class Subject(models.TextChoices):
        METHOD = "method", "Metod och arbetssätt"
        HOUSING = "housing", "Boende eller skyddat boende"
        CONTACT = "contact", "Kontakt med en annan aktör"
        TEAM = "team", "Vara med i ett team"
        EDUCATION = "education", "Utbildning eller handledning"
        OTHER = "other", "Något annat"

    asked_by = TenantKey(Membership)
    to_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=10, choices=Subject.choices)
    text = EncryptedText()
    answer = EncryptedText()
    answered_at = models.DateTimeField(null=True)
    answered_by = TenantKey(Membership, null=True, authority_column="to_authority_id")
    closed_at = models.DateTimeField(null=True)

    objects = SharedManager.from_queryset(SupportQuerySet)()
    wall = Wall(
        read="(SELECT wall.role()) IN ('social_worker', 'unit_manager')", share=HERS, share_update=HERS,
        insert="(SELECT wall.role()) IN ('social_worker', 'unit_manager') AND answered_at IS NULL AND closed_at IS NULL"
        " AND answer = '' AND to_authority_id = ANY ((SELECT wall.supporters())::uuid[])",
        fixed=("asked_by_id", "to_authority_id", "subject", "text"), mine=("asked_by_id", "answered_by_id"),
        once=("answered_at", "answered_by_id", "closed_at"), locked="OLD.closed_at IS NOT NULL",
        never="NOT wall.system() AND (OLD.answer IS DISTINCT FROM NEW.answer OR OLD.answered_at IS DISTINCT FROM"
        " NEW.answered_at) AND (OLD.answered_at IS NOT NULL OR wall.role() <> 'regional_coordinator'"
        " OR wall.authority() IS DISTINCT FROM OLD.to_authority_id)",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer=b"")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=b"")),
                name="support_answered_by_somebody",
            )
        ]
