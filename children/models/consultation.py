"""A consultation at a children's house (samråd i barnahus), with or without the others knowing who the child is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class Consultation(TenantModel):
    """Who were there, what was agreed, and the next step. It is the board's own record: nothing of it goes to those who
    were there. ``named``: they knew who the child is, on the grounds in ``grounds``."""

    class Kind(models.TextChoices):
        PLANNING = "planning", "Planeringssamråd"
        PROSECUTOR = "prosecutor", "Åklagarens samråd"
        TREATMENT = "treatment", "Behandlingssamråd"

    class Party(models.TextChoices):
        SOCIAL = "social", "Socialtjänsten här"
        OTHER_SOCIAL = "other_social", "En annan kommuns socialtjänst"
        POLICE = "police", "Polisen"
        PROSECUTOR = "prosecutor", "Åklagaren"
        PSYCHIATRY = "psychiatry", "BUP"
        PAEDIATRICS = "paediatrics", "Barnmedicin"
        FORENSIC = "forensic", "Rättsmedicin"

    case = TenantKey(Case, related_name="consultations")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    named = models.BooleanField()
    grounds = ArrayField(models.CharField(max_length=60), default=list)  # rules of law, when named
    ground_why = EncryptedText()  # how it was tried, or who has consented and to what
    parties = ArrayField(models.CharField(max_length=12, choices=Party.choices))
    present = EncryptedText()
    asked = EncryptedText()  # what it was about
    agreed = EncryptedText()
    next_step = EncryptedText()
    next_who = EncryptedText()
    next_on = models.DateField(null=True)
    written_by = TenantKey(Membership)
    done_on = models.DateField(null=True)
    done_by = TenantKey(Membership, null=True)
    result = EncryptedText()

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND done_on IS NULL AND wall.is_childs_case(case_id)",
        locked="OLD.done_on IS NOT NULL",
        fixed=(
            "case_id", "day", "kind", "named", "grounds", "ground_why", "parties", "present", "asked", "agreed",
            "next_step", "next_who", "next_on", "written_by_id",
        ),
        mine=("written_by_id", "done_by_id"), once=("done_on", "done_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-day", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(parties=[]), name="consulted_with_somebody"),
            models.CheckConstraint(
                condition=Q(named=False, grounds=[]) | (Q(named=True) & ~Q(grounds=[]) & ~Q(ground_why=b"")),
                name="named_on_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | (~Q(next_step=b"") & ~Q(next_who=b"")), name="next_step_has_somebody"
            ),
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None)
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(result=b"")),
                name="next_step_ends_with_a_result",
            ),
        ]  # fmt: skip

    @property
    def party_labels(self):
        return [self.Party(code).label for code in self.parties]
