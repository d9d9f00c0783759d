"""The board's delegation scheme: who may decide what, within which limits, in which version."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from exitprogram.tenancy.mandates import boards_for
from exitprogram.tenancy.models import DateRange, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall
from teams.matters import all_matters, committee_only, delegable

# Of the own board's employees only these decide about a person (KL 7:5).
DECIDERS = (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)
BY_ADMINISTRATOR = "(SELECT wall.role()) = 'administrator'"
OF_DRAFT = f"{BY_ADMINISTRATOR} AND scheme_id = ANY ((SELECT wall.draft_schemes())::uuid[])"


class SchemeQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own board's; and what boards have adopted for which one may decide today, through ``across`` alone."""
        lent = Q(state=DelegationScheme.State.ADOPTED, authority_id__in=boards_for(by, on=timezone.localdate()))
        return self.filter(Q(authority_id=by.authority_id) | lent)

    def adopted(self):
        return self.filter(state=DelegationScheme.State.ADOPTED)

    def in_force(self, *, on):
        return self.adopted().filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)

    def reaching(self, day):
        """Still in force that day, or ending later."""
        return self.adopted().filter(Q(valid_to=None) | Q(valid_to__gte=day))


class DelegationScheme(TenantModel):
    """One version of the board's delegation scheme (delegationsordning). It is written as a draft, and put in force by
    the board's minute (KL 6:37, 7:5); from then on it only gets a last day."""

    class State(models.TextChoices):
        DRAFT = "draft", "utkast"
        ADOPTED = "adopted", "beslutad"

    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    minute = models.CharField("protokollsparagraf", max_length=60, blank=True)
    minute_on = models.DateField("nämndens beslut", null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    adopted_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(SchemeQuerySet)()
    across = SharedManager.from_queryset(SchemeQuerySet)()  # with those of boards that one decides for (KL 9:37)
    wall = Wall(
        share="id = ANY ((SELECT wall.lent_schemes())::uuid[])",
        insert=f"{BY_ADMINISTRATOR} AND state = 'draft'", update=BY_ADMINISTRATOR,
        delete=f"{BY_ADMINISTRATOR} AND state = 'draft'", fixed=("version",), mine=("adopted_by_id",),
        locked="OLD.state = 'adopted'", still_free=("valid_to",), only_earlier=("valid_to",),
    )  # fmt: skip

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "version"], name="one_scheme_per_version"),
            models.UniqueConstraint(fields=["authority"], condition=Q(state="draft"), name="one_draft_of_a_scheme"),
            ExclusionConstraint(
                name="one_scheme_at_a_time",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state="adopted"),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", valid_from=None, valid_to=None, minute_on=None, adopted_by=None)
                | (
                    Q(state="adopted", valid_from__isnull=False, minute_on__isnull=False, adopted_by__isnull=False)
                    & ~Q(minute="")
                    & Q(valid_from__gte=F("minute_on"))
                ),
                name="scheme_is_adopted_by_a_minute",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="scheme_ends_after_start"
            ),
        ]

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    def __str__(self):
        return f"version {self.version}"


# What can be decided, by ``teams/matters.toml``; DELEGABLE are those that an official may decide.
DecisionKind = models.TextChoices("DecisionKind", [(m.key.upper(), (m.key, m.label)) for m in all_matters().values()])
DELEGABLE = tuple(DecisionKind(m.key) for m in delegable())


class RowQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(scheme__in=DelegationScheme.across.visible_to(by))


class DelegationRow(TenantModel):
    """One row: this matter, under this section, may be decided by holders of this role, or by one named person, within
    these limits. What only the board or its committee decides has no row, whoever writes it."""

    class Target(models.TextChoices):
        ALL = "all", "alla"
        ADULT = "adult", "vuxna"
        CHILD = "child", "barn"

    class Reported(models.TextChoices):
        NEXT = "next", "vid nästa sammanträde"
        QUARTER = "quarter", "varje kvartal"
        MINUTED = "minuted", "anmäls inte, protokollförs särskilt"

    class How(models.TextChoices):
        LIST = "list", "på lista"
        EACH = "each", "vart och ett för sig"

    scheme = TenantKey(DelegationScheme, related_name="rows")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=30, choices=DecisionKind.choices)
    law = models.CharField("lagrum", max_length=80)
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    member = TenantKey(Membership, null=True)
    max_amount = models.PositiveIntegerField(null=True)
    max_days = models.PositiveIntegerField(null=True)
    target = models.CharField(max_length=10, choices=Target.choices, default=Target.ALL)
    conditions = models.CharField(max_length=300, blank=True)
    may_pass_on = models.BooleanField(default=False)
    reported = models.CharField(max_length=10, choices=Reported.choices, default=Reported.NEXT)
    how = models.CharField(max_length=10, choices=How.choices, default=How.LIST)

    objects = TenantManager.from_queryset(RowQuerySet)()
    across = SharedManager.from_queryset(RowQuerySet)()
    wall = Wall(
        insert=OF_DRAFT, update="false", delete=OF_DRAFT, app="SELECT, INSERT",
        share="scheme_id = ANY ((SELECT wall.lent_schemes())::uuid[])",
    )  # fmt: skip

    class Meta:
        ordering = ["number", "role", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "scheme", "kind", "role", "member", "target"], nulls_distinct=False,
                name="one_row_per_kind_holder_and_target",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in DECIDERS], member=None) | Q(role="", member__isnull=False),
                name="row_names_a_role_or_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[matter.key for matter in committee_only()]), name="committee_only_has_no_row"
            ),
            models.CheckConstraint(
                condition=Q(may_pass_on=False) | Q(member__isnull=False), name="only_a_head_passes_on"
            ),
        ]  # fmt: skip

    @property
    def holder(self):
        return self.member.user.name if self.member_id else self.get_role_display()
