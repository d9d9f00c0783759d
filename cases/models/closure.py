"""That a case was closed, why, and that it was taken up again: each time is a row of its own."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class Closure(TenantModel):
    """``Case.closed_on`` says whether the case is closed; here stand the reason and who. Locked but for the reopening,
    which is written once."""

    class Kind(models.TextChoices):
        ENOUGH = "enough", "Personen behöver inte stödet längre"
        OWN_WISH = "own_wish", "Personen vill inte ha stödet"
        NO_CONTACT = "no_contact", "Ingen kontakt trots upprepade försök"
        MOVED = "moved", "Personen har flyttat"
        TRANSFERRED = "transferred", "Ärendet är överflyttat till en annan nämnd"
        OTHER_PROGRAMME = "other_programme", "Stödet fortsätter i det andra programmet"
        DECEASED = "deceased", "Personen har avlidit"
        MISTAKE = "mistake", "Ärendet öppnades av misstag"
        OTHER = "other", "Annat skäl"

    case = TenantKey(Case, related_name="closures")
    kind = models.CharField("skäl", max_length=20, choices=Kind.choices)
    reason = EncryptedText()
    closed_on = models.DateField(default=timezone.localdate)
    closed_by = TenantKey(Membership)
    reopened_on = models.DateField(null=True)
    reopened_by = TenantKey(Membership, null=True)
    reopen_reason = EncryptedText()

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="true", still_free=("reopened_on", "reopened_by_id", "reopen_reason"),
        mine=("closed_by_id", "reopened_by_id"), once=("reopened_on", "reopened_by_id"),
        never="OLD.reopened_on IS NOT NULL AND OLD.reopen_reason IS DISTINCT FROM NEW.reopen_reason"
        " AND NOT wall.system()",
    )  # fmt: skip

    class Meta:
        ordering = ["-closed_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=Q(reopened_on=None), name="closed_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(reopened_on=None, reopened_by=None)
                | Q(reopened_on__isnull=False, reopened_by__isnull=False),
                name="reopened_by_somebody",
            ),
        ]
