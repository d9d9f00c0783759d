"""How the contact came about, what was heard and what had to be done at once."""

from django.db import models

from cases.models.case import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText, sealed_json
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class Intake(TenantModel):
    """*Första kontakten*: one per case, written on by those who have the case. What more the person lives with, that
    the plan must fit, lies here sealed and is shown on the case's own pages only (SoLPUL 7 a §)."""

    case = TenantKey(Case, related_name="intakes")
    contact_by = EncryptedText()
    wished_by = EncryptedText()
    sealed_screening = EncryptedText()
    sealed_triage = EncryptedText()
    done_at_once = EncryptedText()
    sealed_needs = EncryptedText()
    needs_text = EncryptedText()
    started_by = TenantKey(Membership)
    version = models.PositiveIntegerField(default=1)

    screening = sealed_json("sealed_screening")  # {prompt: words}
    triage = sealed_json("sealed_triage")  # {question: {"answer": yes, no or unknown, "words": …}}
    needs = sealed_json("sealed_needs")  # {need: true}

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, mine=("started_by_id",), fixed=("case_id", "started_by_id"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "case"], name="one_intake_per_case")]


class UrgentQuerySet(OfCaseQuerySet):
    def open(self):
        return self.filter(handled_at=None)


class UrgentStep(TenantModel):
    """An answer of the triage that calls for something at once. Stands under *Nu* until somebody has said what was
    done; which question it is about is sealed, since the code alone would tell of threats and injuries."""

    case = TenantKey(Case, related_name="+")
    intake = TenantKey(Intake, related_name="urgent_steps")
    question = EncryptedText()
    raised_by = TenantKey(Membership)
    handled_at = models.DateTimeField(null=True)
    handled_by = TenantKey(Membership, null=True)
    how = EncryptedText()

    objects = TenantManager.from_queryset(UrgentQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.handled_at IS NOT NULL", mine=("raised_by_id", "handled_by_id"),
        fixed=("case_id", "intake_id", "question", "raised_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["case"], name="urgent_of_case", condition=models.Q(handled_at=None))]
