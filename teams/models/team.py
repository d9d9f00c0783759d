"""Who is in the team around one person."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case, CaseRef, OfCaseQuerySet, closed_cases
from cases.models.case import open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Authority, CooperationAgreement, Membership
from exitprogram.tenancy.rows import SharedManager, TenantKey, TenantModel
from exitprogram.tenancy.wall import OPEN_CASE, Wall

NOT_BLOCKED = "case_id <> ALL ((SELECT wall.blocked_cases())::uuid[])"
MINE = f"membership_id = (SELECT wall.membership()) AND {NOT_BLOCKED}"


class TeamMemberQuerySet(OfCaseQuerySet):
    def visible_to(self, by):
        mine = Q(membership_id=by.pk) & ~Q(case_id__in=closed_cases(by))
        return self.filter(Q(case__in=open_cases(by)) | mine)

    def joined_by(self, by, *, on):
        """Where the membership itself is in the team that day: what a guest's part opens, while her authority and the
        case's have an agreement. A colleague's opens nothing before the case does. A block goes before it."""
        partners = CooperationAgreement.objects.partners_of(by, on=on)
        mine = self.on_day(on).filter(membership_id=by.pk).exclude(case_id__in=closed_cases(by))
        own = Q(authority_id=by.authority_id, case__in=open_cases(by))
        return mine.filter(own | (~Q(authority_id=by.authority_id) & Q(authority_id__in=partners)))

    def on_day(self, on):
        """Joined and within the period that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), state=TeamMember.State.JOINED, starts_on__lte=on)

    def waiting(self):
        return self.filter(state=TeamMember.State.INVITED)


class TeamMember(TenantModel):
    """One person's part in one team: function, reason, from–to, and why it ended. ``authority`` is the case's."""

    class State(models.TextChoices):
        INVITED = "invited", "inbjuden"
        JOINED = "joined", "med i teamet"
        DECLINED = "declined", "har tackat nej"
        ENDED = "ended", "har slutat"

    case = TenantKey(Case, related_name="team")
    membership = TenantKey(Membership, authority_column="member_authority_id", related_name="teams")
    member_authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    function = models.CharField("funktion i teamet", max_length=80)
    reason = EncryptedText()  # why in the team
    presented_as = EncryptedText()  # what an outsider is told about who the person is, chosen by the one who invites
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    invited_by = TenantKey(Membership)
    answered_at = models.DateTimeField(null=True)
    end_reason = EncryptedText()
    successor = EncryptedText()  # whom the one who left herself proposed in her place

    objects = SharedManager.from_queryset(TeamMemberQuerySet)()
    wall = Wall(
        read=OPEN_CASE, share=MINE, share_update=MINE, locked="OLD.state IN ('declined', 'ended')",
        fixed=("authority_id", "case_id", "membership_id", "member_authority_id", "invited_by_id", "starts_on"),
        mine=("invited_by_id",),
        # Whoever is called from elsewhere answers for herself.
        insert=f"{OPEN_CASE} AND (state = 'invited' OR member_authority_id = authority_id)",
        never="OLD.state = 'invited' AND NEW.state IN ('joined', 'declined')"
        " AND OLD.membership_id IS DISTINCT FROM wall.membership()",
    )  # fmt: skip

    class Meta:
        ordering = ["starts_on", "created_at", "id"]
        indexes = [models.Index(fields=["membership", "state"], name="teams_of_member")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "case", "membership"],
                condition=Q(state__in=["invited", "joined"]),
                name="once_in_a_team",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="team_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(end_reason=b""), name="leaving_has_a_reason"),
        ]

    @property
    def case_ref(self):
        return CaseRef(self)

    @property
    def is_outside(self):
        return self.member_authority_id != self.authority_id
