"""Where somebody is, with readers of its own: that a case is open to one opens no address.

What a place *says* lies in a row of its own, behind a policy of its own. That it exists, of what kind, and who may read
it, is seen by those who have the case, so that they know whom to ask.
"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cases.models.case import Case, OfCaseQuerySet, open_cases
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.models import Membership, is_resting
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import OPEN_CASE, Wall

READ_PLACE = "place_id = ANY ((SELECT wall.read_places())::uuid[])"


class Place(TenantModel):
    """That there is an address, whereabouts or the like, and from when to when. Not a word of where."""

    class Kind(models.TextChoices):
        ADDRESS = "address", "bostad"
        WHEREABOUTS = "whereabouts", "vistelseort"
        SHELTERED_HOUSING = "sheltered_housing", "skyddat boende"
        WORK_OR_SCHOOL = "work_or_school", "arbete eller skola"

    case = TenantKey(Case, related_name="places")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    added_by = TenantKey(Membership)

    objects = TenantManager.from_queryset(OfCaseQuerySet)()
    wall = Wall(
        read=OPEN_CASE, fixed=("case_id", "kind", "starts_on", "added_by_id"), mine=("added_by_id",),
        only_earlier=("ends_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="place_ends_after_start"
            )
        ]


class ReaderQuerySet(OfCaseQuerySet):
    def on_day(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, ended_at=None)

    def of(self, by, *, on):
        """The membership's own rows in force, in cases that it has by more than an emergency."""
        return self.filter(case__in=Case.objects.held_by(by), membership_id=by.pk).on_day(on)


class PlaceReader(TenantModel):
    """One who may read a place, by name. Whoever writes it down is the first; a reader names the next."""

    case = TenantKey(Case)
    place = TenantKey(Place, related_name="readers")
    membership = TenantKey(Membership)
    reason = EncryptedText()
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True)
    given_by = TenantKey(Membership)
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Membership, null=True)

    objects = TenantManager.from_queryset(ReaderQuerySet)()
    wall = Wall(
        read=OPEN_CASE,
        insert=f"{OPEN_CASE} AND wall.may_name_reader(place_id, membership_id)",
        update=f"{OPEN_CASE} AND (membership_id = (SELECT wall.membership()) OR {READ_PLACE}"
        " OR (SELECT wall.role()) = 'unit_manager')",
        fixed=("case_id", "place_id", "membership_id", "reason", "starts_on", "given_by_id"),
        mine=("given_by_id", "ended_by_id"), once=("ended_at", "ended_by_id"), only_earlier=("ends_on",),
    )  # fmt: skip

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="reading_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["authority", "place", "membership"],
                condition=Q(ended_at=None, ends_on=None),
                name="named_once_to_a_place",
            ),
        ]


class PlaceTextQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """Readers in force, and of those only who have the case; an emergency opens no address."""
        if is_resting(by):
            return self.none()
        return self.filter(place__in=PlaceReader.objects.of(by, on=timezone.localdate()).values("place_id"))


class PlaceText(TenantModel):
    """What the place is. Never in a list, a title, a document or a log; read through ``reveal_place`` only. It is not
    changed: somebody who moves gets a new place, and the old one an end."""

    case = TenantKey(Case)
    place = TenantKey(Place)
    text = EncryptedText()
    note = EncryptedText()

    objects = TenantManager.from_queryset(PlaceTextQuerySet)()
    wall = Wall(read=READ_PLACE, append_only=True, app="SELECT, INSERT")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "place"], name="one_text_per_place")]


class RevealQuerySet(TenantQuerySet):
    def visible_to(self, by):
        return self.filter(Q(membership_id=by.pk) | Q(case__in=open_cases(by)))


class PlaceReveal(TenantModel):
    """Somebody wanted to see a place, and why: written before anything is shown, and good for one showing."""

    class Reason(models.TextChoices):
        MEET = "meet", "Ska möta eller besöka personen"
        TRANSPORT = "transport", "Ordnar resa eller flytt"
        SAFETY = "safety", "Bedömer eller ordnar skydd"
        DUTY = "duty", "En myndighet har rätt att få veta"
        CHECK = "check", "Kontrollerar att uppgiften stämmer"
        DANGER = "danger", "Fara just nu"

    case = TenantKey(Case)
    place = TenantKey(Place, related_name="reveals")
    membership = TenantKey(Membership)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = EncryptedText()
    shown_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(RevealQuerySet)()
    wall = Wall(
        read=f"membership_id = (SELECT wall.membership()) OR {OPEN_CASE}", insert=READ_PLACE,
        update="membership_id = (SELECT wall.membership())", mine=("membership_id",), once=("shown_at",),
        fixed=("case_id", "place_id", "membership_id", "reason", "words", "created_at"),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["membership", "created_at"], name="reveals_of_member")]
