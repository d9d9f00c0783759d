"""Kostnadsberäkning: what a board says that the programme will cost in five years, and what it assumes."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from cases.models import Case
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

LEADERS = (Role.UNIT_MANAGER, Role.ADMINISTRATOR)
MOST_PEOPLE, MOST_KRONOR, MOST_FIXED = 500, 5_000_000, 20_000_000
HERS = "sent_to_id = (SELECT wall.authority()) AND (SELECT wall.role()) = 'regional_coordinator'"


def _number(most):
    return models.PositiveIntegerField(default=0, validators=[MaxValueValidator(most)])


class EstimateQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """The board's leaders see the board's; a regional coordinator what is sent to hers."""
        if by.role in LEADERS:
            return self.filter(authority_id=by.authority_id)
        return self.filter(sent_to_id=by.authority_id) if by.role == Role.REGIONAL_COORDINATOR else self.none()


class CostEstimate(TenantModel):
    """Kronor are whole, shares per cent. Each group of numbers has its source in words. Sent, it is locked until it is
    taken back: what the region adds up is what the board stood for."""

    programme = models.CharField(max_length=10, choices=Case.Programme.choices)
    name = EncryptedText()
    made_by = TenantKey(Membership, related_name="+")
    first_year = models.PositiveIntegerField()
    people_low, people_likely, people_high = _number(MOST_PEOPLE), _number(MOST_PEOPLE), _number(MOST_PEOPLE)
    people_source = EncryptedText()
    stays_2, stays_3, stays_4, stays_5 = _number(100), _number(100), _number(100), _number(100)
    stays_source = EncryptedText()
    introduction_low = _number(MOST_KRONOR)
    introduction_likely = _number(MOST_KRONOR)
    introduction_high = _number(MOST_KRONOR)
    introduction_source = EncryptedText()
    running_low, running_likely, running_high = _number(MOST_KRONOR), _number(MOST_KRONOR), _number(MOST_KRONOR)
    running_source = EncryptedText()
    increase = models.DecimalField(
        max_digits=3, decimal_places=1, default=0, validators=[MinValueValidator(-5), MaxValueValidator(20)]
    )
    increase_source = EncryptedText()
    fixed_coordination, fixed_training = _number(MOST_FIXED), _number(MOST_FIXED)
    fixed_interpreter, fixed_premises = _number(MOST_FIXED), _number(MOST_FIXED)
    fixed_source = EncryptedText()
    share_municipality = _number(100)
    share_region, share_refund, share_grant, share_other = _number(100), _number(100), _number(100), _number(100)
    share_source = EncryptedText()
    sent_to = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    sent_by = TenantKey(Membership, null=True, related_name="+")
    row_version = models.PositiveIntegerField(default=1)

    objects = SharedManager.from_queryset(EstimateQuerySet)()
    wall = Wall(
        read="(SELECT wall.role()) IN ('unit_manager', 'administrator')", share=HERS,
        insert="(SELECT wall.role()) IN ('unit_manager', 'administrator') AND sent_to_id IS NULL",
        fixed=("made_by_id", "programme"), mine=("made_by_id", "sent_by_id"), locked="OLD.sent_at IS NOT NULL",
        still_free=("sent_at", "sent_to_id", "sent_by_id", "row_version"),
        # Only to one whom the board works with. Back it comes also when they no longer do.
        never="NEW.sent_to_id IS NOT NULL AND OLD.sent_to_id IS DISTINCT FROM NEW.sent_to_id"
        " AND (OLD.sent_to_id IS NOT NULL OR NOT NEW.sent_to_id = ANY (wall.supporters()))",
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "programme"], condition=Q(sent_at__isnull=False),
                name="one_estimate_sent_by_a_board",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_to=None, sent_by=None)
                | Q(sent_at__isnull=False, sent_to__isnull=False, sent_by__isnull=False),
                name="estimate_sent_by_somebody_to_somebody",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}_low__lte": F(f"{name}_likely"), f"{name}_likely__lte": F(f"{name}_high")}),
                    name=f"estimate_{name}_low_to_high",
                )
                for name in ("people", "introduction", "running")
            ),
            models.CheckConstraint(
                condition=Q(
                    share_municipality=100 - F("share_region") - F("share_refund") - F("share_grant") - F("share_other")
                ),
                name="estimate_shares_are_the_whole",
            ),
            models.CheckConstraint(
                condition=Q(
                    stays_2__gte=F("stays_3"), stays_3__gte=F("stays_4"), stays_4__gte=F("stays_5"), stays_2__lte=100
                ),
                name="estimate_nobody_comes_back",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.name
