"""The people who work here, and for whom, from–to."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from exitprogram.tenancy.acting import somebody_acts
from exitprogram.tenancy.models.authority import DateRange
from exitprogram.tenancy.roles import CALLABLE, Role
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall


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

    def check_password(self, raw_password):
        """A hash that an older key or an older way made is made anew at sign-in, when nobody acts yet: the database
        lets an account be changed by its owner alone, and a session would end with the hash it began with."""
        from exitprogram.tenancy.passwords import set_password

        anew = None if somebody_acts() else lambda raw: set_password(self, raw)
        return check_password(raw_password, self.password, anew)


class MembershipQuerySet(TenantQuerySet):
    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, user__is_active=True)

    def standing(self, *, on):
        """In force, or to begin."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def visible_to(self, by):
        """One's own board's staff; from partners with an agreement only those who may be called to a team, and those
        who have a mandate to decide for one's own board."""
        from exitprogram.tenancy.mandates import named_to, role_holders_for
        from exitprogram.tenancy.models.agreement import CooperationAgreement

        return self.filter(
            Q(authority_id=by.authority_id)
            | Q(user_id=by.user_id)
            | Q(role__in=CALLABLE, authority__in=CooperationAgreement.objects.partners_of(by))
            | Q(pk__in=named_to(by))
            | role_holders_for(by, on=timezone.localdate())
        )


class Membership(TenantModel):
    """A person's role in one authority, from–to. One request acts for exactly one of these."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField("roll", max_length=30, choices=Role.choices)
    title = models.CharField("titel", max_length=80, blank=True)
    unit = TenantKey("tenancy.Unit", null=True, blank=True)
    starts_on = models.DateField("från och med", default=timezone.localdate)
    ends_on = models.DateField("till och med", null=True, blank=True)
    reopened_on = models.DateField(null=True, blank=True)  # by the administrator, after it has rested: tenancy.resting

    objects = SharedManager.from_queryset(MembershipQuerySet)()
    wall = Wall(
        share="user_id = (SELECT wall.usr()) OR id = ANY ((SELECT wall.colleagues())::uuid[])"
        " OR id = ANY ((SELECT wall.mandated())::uuid[])"
        " OR (authority_id = ANY ((SELECT wall.partners())::uuid[])"
        f" AND role IN {tuple(str(role) for role in CALLABLE)})",
        # Nobody gives herself a role, and a role once given only gets a last day: it never becomes somebody else's.
        insert="((SELECT wall.role()) = 'administrator' AND user_id <> (SELECT wall.usr())) OR (SELECT wall.system())",
        update="(SELECT wall.role()) = 'administrator' AND user_id <> (SELECT wall.usr())",
        delete="starts_on > wall.today() AND (SELECT wall.role()) = 'administrator' AND user_id <> (SELECT wall.usr())",
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
