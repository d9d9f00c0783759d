"""Authorities (the tenants), the people who work for them, and the agreements between them."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from exitprogram.tenancy.roles import CALLABLE, Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


class DateRange(Func):
    """``daterange(starts_on, ends_on, '[]')``: both days included, an open end is for ever."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s, '[]')"


class PoliceRegion(models.Model):
    """One of seven. Caseload regions; a *health* region is a ``Region`` (domain.md §3.6: two words in code)."""

    name = models.CharField(primary_key=True, max_length=20)


class Region(models.Model):
    county_code = models.CharField(primary_key=True, max_length=2)
    organisation_name = models.CharField(max_length=80)
    county_name = models.CharField(max_length=60)
    police_region = models.ForeignKey(PoliceRegion, models.PROTECT, related_name="+")


class Municipality(models.Model):
    code = models.CharField(primary_key=True, max_length=4)
    organisation_name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")


class Authority(models.Model):
    """The tenant: a board (nämnd), a joint board, a region's health authority, or an outside organisation."""

    class Kind(models.TextChoices):
        SOCIAL_BOARD = "social_board", "socialnämnd"
        JOINT_BOARD = "joint_board", "gemensam nämnd"
        HEALTH_AUTHORITY = "health_authority", "region"
        PARTNER = "partner", "samverkanspart"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    municipalities = models.ManyToManyField(Municipality, related_name="boards")  # several for a joint board

    class Meta:
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

    @property
    def is_social(self):
        return self.kind in (self.Kind.SOCIAL_BOARD, self.Kind.JOINT_BOARD)


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(email=username.strip().lower())


class User(AbstractBaseUser):
    """A person who works in the system. No superusers: what one may do comes from memberships alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-post", unique=True)
    name = models.CharField("namn", max_length=120)
    is_active = models.BooleanField(default=True)
    objects = UserManager()
    last_login = None  # nothing is written before anybody acts; "session.opened" in the log says when
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Func(F("email"), function="LOWER")), name="email_lower")
        ]

    def __str__(self):
        return self.name


class MembershipQuerySet(TenantQuerySet):
    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, user__is_active=True)

    def visible_to(self, by):
        """One's own board's staff; from partners with an agreement only those who may be called to a team."""
        return self.filter(
            Q(authority_id=by.authority_id)
            | Q(user_id=by.user_id)
            | Q(role__in=CALLABLE, authority__in=CooperationAgreement.objects.partners_of(by))
        )


class Membership(TenantModel):
    """A person's role in one authority, from–to. One request acts for exactly one of these."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField("roll", max_length=30, choices=Role.choices)
    title = models.CharField("titel", max_length=80, blank=True)
    starts_on = models.DateField("från och med", default=timezone.localdate)
    ends_on = models.DateField("till och med", null=True, blank=True)

    objects = SharedManager.from_queryset(MembershipQuerySet)()
    wall = Wall(
        share="user_id = (SELECT wall.usr()) OR id = ANY ((SELECT wall.colleagues())::uuid[])"
        " OR (authority_id = ANY ((SELECT wall.partners())::uuid[])"
        f" AND role IN {tuple(str(role) for role in CALLABLE)})",
        # Nobody gives herself a role, and a role once given only gets a last day: it never becomes somebody else's.
        insert="((SELECT wall.role()) = 'administrator' AND user_id <> (SELECT wall.usr())) OR (SELECT wall.system())",
        update="(SELECT wall.role()) = 'administrator' AND user_id <> (SELECT wall.usr())",
        fixed=("authority_id", "user_id", "role"),
        worker="SELECT",
        worker_columns="id, authority_id, user_id, role, starts_on, ends_on",
    )

    class Meta:
        ordering = ["authority_id", "user_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_role_at_a_time_per_authority",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.user.name}, {self.authority.name}"

    def in_force(self, *, on):
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


class AgreementQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(Q(authority_id=by.authority_id) | Q(other_id=by.authority_id))

    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), accepted_at__isnull=False, starts_on__lte=on)

    def partners_of(self, by):
        """Ids of authorities with an agreement in force with this membership's authority."""
        both = self.visible_to(by).in_force(on=timezone.localdate())
        other = models.Case(models.When(authority_id=by.authority_id, then="other_id"), default="authority_id")
        return both.annotate(partner=other).values("partner")


class CooperationAgreement(TenantModel):
    """Drafted by one side, accepted by the other. Opens no rows of any case (design.md §4 rule 4)."""

    class Ground(models.TextChoices):
        KL_9_37 = "kl_9_37", "avtalssamverkan (KL 9:37)"
        HSL_16_3 = "hsl_16_3", "överenskommelse kommun–region (SoL 7:2, HSL 16:3)"
        OTHER = "other", "annan överenskommelse"

    other = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=Ground.choices)
    purpose = models.CharField("ändamål", max_length=300)
    programmes = ArrayField(models.CharField(max_length=10), default=list)
    starts_on = models.DateField("från och med")
    ends_on = models.DateField("till och med", null=True, blank=True)
    proposed_by = TenantKey(Membership)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = TenantKey(Membership, null=True, authority_column="other_id")

    objects = SharedManager.from_queryset(AgreementQuerySet)()
    wall = Wall(
        share="other_id = (SELECT wall.authority())",
        insert="(SELECT wall.role()) = 'administrator' AND accepted_at IS NULL AND accepted_by_id IS NULL",
        update="(SELECT wall.role()) = 'administrator'",
        share_update="other_id = (SELECT wall.authority()) AND (SELECT wall.role()) = 'administrator'",
        locked="OLD.accepted_at IS NOT NULL",
        still_free=("ends_on",),
        fixed=("authority_id", "other_id", "proposed_by_id"),
    )

    class Meta:
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(other=F("authority")), name="agreement_with_another"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="agreement_accepted_by_somebody",
            ),
        ]


class SubmissionQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(membership_id=by.pk)


class Submission(TenantModel):
    """One press of one button. A second arrival of the same form finds where the first one went."""

    membership = TenantKey(Membership)
    went_to = models.CharField(max_length=300, blank=True)

    objects = TenantManager.from_queryset(SubmissionQuerySet)()
    wall = Wall(read="membership_id = (SELECT wall.membership())", delete="membership_id = (SELECT wall.membership())")
