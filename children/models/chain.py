"""From identification to after-care: nothing ends without somebody who answers for what comes next."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, OfCaseQuerySet
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall


class NextResponsible(TenantModel):
    """Who answers for the child from now on, when something ends; or why nobody needs to. Never changed."""

    class About(models.TextChoices):
        CASE = "case", "ärendet"
        PLACEMENT = "placement", "placeringen"
        INVESTIGATION = "investigation", "utredningen"
        PROGRAMME = "programme", "insatsen eller programmet"

    class Who(models.TextChoices):
        SOCIAL = "social", "Socialtjänsten, en annan enhet eller kommun"
        ADULT = "adult", "Vuxenprogrammet"
        HEALTH = "health", "Hälso- och sjukvården, till exempel BUP eller ungdomsmottagningen"
        SCHOOL = "school", "Skolan eller elevhälsan"
        CIVIL = "civil", "En förening"
        NETWORK = "network", "En trygg vuxen"
        NOBODY = "nobody", "Ingen behövs"

    case = TenantKey(Case, related_name="chain")
    about = models.CharField(max_length=14, choices=About.choices)
    subject_id = models.UUIDField()
    who = models.CharField(max_length=8, choices=Who.choices)
    name = EncryptedText()  # whom, and how she is reached
    reason = EncryptedText()  # when nobody is needed; or what was agreed
    from_on = models.DateField(default=timezone.localdate)
    written_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(read=OPEN_CASE, app="SELECT, INSERT", append_only=True, mine=("written_by_id",))

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["subject_id"], name="next_responsible_of")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(who="nobody") & ~Q(reason=b"")) | (~Q(who="nobody") & ~Q(name=b"")),
                name="next_is_somebody_or_a_reason",
            ),
        ]


class AfterCareQuerySet(OfCaseQuerySet):
    def open(self):
        return self.filter(ended_on=None)


class AfterCare(TenantModel):
    """Following up the child's situation after an investigation or a placement, without consent, for a time that the
    law limits (SoL 23:1–5)."""

    class After(models.TextChoices):
        INVESTIGATION = "investigation", "en avslutad utredning"
        PLACEMENT = "placement", "en avslutad placering"

    case = TenantKey(Case, related_name="after_care")
    after = models.CharField(max_length=14, choices=After.choices)
    since_on = models.DateField()  # when it ended
    last_on = models.DateField()
    why = EncryptedText()
    begun_by = TenantKey(Membership)
    ended_on = models.DateField(null=True)
    ended_by = TenantKey(Membership, null=True)
    result = EncryptedText()

    objects = TenantManager.from_queryset(AfterCareQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND ended_on IS NULL", locked="OLD.ended_on IS NOT NULL",
        fixed=("case_id", "after", "since_on", "last_on", "why", "begun_by_id"), mine=("begun_by_id", "ended_by_id"),
        once=("ended_on", "ended_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["-since_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case"], condition=Q(ended_on=None), name="one_after_care_at_a_time"
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("since_on")), name="after_care_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(result=b"")),
                name="after_care_ends_with_a_result",
            ),
        ]


class CaseLink(TenantModel):
    """That two cases belong together: siblings, a child and a parent. Made by one who has both, it opens neither; on
    either side it says that there is one, and whom to ask. Of somebody protected not even that."""

    class Relation(models.TextChoices):
        SIBLING = "sibling", "syskon"
        PARENT = "parent", "förälder eller annan vuxen i familjen"
        CHILD = "child", "barn i familjen"
        SAME_EVENT = "same_event", "berörs av samma händelse"

    BACK = {"sibling": "sibling", "parent": "child", "child": "parent", "same_event": "same_event"}

    case = TenantKey(Case, related_name="links")
    other_case = TenantKey(Case)
    relation = models.CharField(max_length=12, choices=Relation.choices)  # what the other is to the one here
    shown_there = models.BooleanField(default=False)
    made_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, insert=f"{OPEN_CASE} AND {OPEN_CASE.replace('case_id', 'other_case_id')}",
        locked="OLD.ended_at IS NOT NULL", fixed=("case_id", "other_case_id", "relation", "shown_there", "made_by_id"),
        mine=("made_by_id", "ended_by_id"), once=("ended_at", "ended_by_id"),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case", "other_case"], condition=Q(ended_at=None), name="linked_once"
            ),
            models.CheckConstraint(condition=~Q(case=F("other_case")), name="linked_to_another"),
        ]
