"""A planned, voluntary, safe return: its checklist, its own consent, and what has been said abroad about it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet
from cases.models.consent import Consent
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class ReturnPlan(TenantModel):
    """What must be thought through before anybody travels (Återvändandeprogrammet). One at a time; it stays."""

    POINTS = ("risk", "meets", "must_not_know", "children", "money", "contact_after")

    case = TenantKey(Case, related_name="returns")
    destination = EncryptedText()
    risk = EncryptedText()
    meets = EncryptedText()
    must_not_know = EncryptedText()
    children = EncryptedText()
    money = EncryptedText()
    contact_after = EncryptedText()
    both_countries = EncryptedText()  # of a child: what both countries' authorities have agreed on
    begun_by = TenantKey(Membership)
    travelled_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    stop_reason = EncryptedText()
    version = models.PositiveIntegerField(default=1)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="OLD.stopped_on IS NOT NULL", fixed=("case_id", "begun_by_id"), mine=("begun_by_id",),
        once=("travelled_on", "stopped_on"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=Q(stopped_on=None), name="one_return_at_a_time"
            )
        ]

    def lacking(self):
        """Names of the points of the checklist that nobody has written anything about."""
        return [name for name in self.POINTS if not getattr(self, name).strip()]


class ReturnConsentQuerySet(OfCaseQuerySet):
    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), taken_on__lte=on, withdrawn_at=None)


class ReturnConsent(TenantModel):
    """That the person wants to return and what may be said about her abroad. Of its own: it says nothing of the plan,
    waives nothing at home, and falls alone. Withdrawn, everything about the return stops in the same moment."""

    case = TenantKey(Case, related_name="return_consents")
    return_plan = TenantKey(ReturnPlan, related_name="consents")
    form = models.CharField(max_length=10, choices=Consent.Form.choices)
    language = EncryptedText()
    covers = EncryptedText()
    taken_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    taken_by = TenantKey(Membership)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(ReturnConsentQuerySet)()
    wall = Wall(
        read=OPEN_CASE, locked="true", still_free=("withdrawn_at", "withdrawn_by_id"),
        mine=("taken_by_id", "withdrawn_by_id"), once=("withdrawn_at", "withdrawn_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-taken_on", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("taken_on")), name="return_consent_ends_after_start"
            )
        ]


class ReturnShare(TenantModel):
    """What has been told to somebody abroad, or to IOM, and on what ground (OSL 8:3). PostgreSQL takes it only while
    the consent to the return stands. Never changed, never taken away."""

    class Recipient(models.TextChoices):
        IOM = "iom", "IOM"
        AUTHORITY = "authority", "utländsk myndighet"
        ORGANISATION = "organisation", "organisation i det andra landet"

    class Ground(models.TextChoices):
        CONSENT = "consent", "Personen samtycker till just det här"
        RULE = "rule", "En bestämmelse säger uttryckligen att uppgiften ska lämnas"
        INTEREST = "interest", "Kunde lämnats till svensk myndighet, och klart förenligt med svenska intressen"

    case = TenantKey(Case, related_name="return_shares")
    return_plan = TenantKey(ReturnPlan, related_name="shares")
    consent = TenantKey(ReturnConsent)
    recipient = EncryptedText(choices=Recipient.choices)
    recipient_text = EncryptedText()
    what = EncryptedText()
    ground = models.CharField(max_length=10, choices=Ground.choices)
    reasons = EncryptedText()
    shared_on = models.DateField(default=timezone.localdate)
    shared_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND wall.return_stands(return_plan_id, consent_id)",
        app="SELECT, INSERT", append_only=True, mine=("shared_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-shared_on", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=["consent", "rule", "interest"]), name="a_ground_is_named")
        ]
