"""A caseload from another system, while it is being carried in."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from exitprogram.crypto.fields import EncryptedText, sealed_json
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.rows import TenantKey, TenantManager, TenantModel, TenantQuerySet
from exitprogram.tenancy.wall import Wall

MINE = "asked_by_id = (SELECT wall.membership())"
KEPT = timedelta(hours=24)


def kept_until():
    return timezone.now() + KEPT


class CaseloadImportQuerySet(TenantQuerySet):
    def visible_to(self, by):
        """One's own, for a day; a manager's, for as long as that is her role."""
        return self.filter(authority_id=by.authority_id, asked_by_id=by.pk, expires_at__gt=Now())

    def expired(self):
        return self.filter(expires_at__lte=Now())


class CaseloadImport(TenantModel):
    """What a file said, line by line, from the press that confirmed it until each line is carried out: then the line
    goes and what came of it stands. All of it is sealed, one person's, and gone after a day."""

    asked_by = TenantKey(Membership)
    sealed_lines = EncryptedText()  # {number of the row in the file: what it says}; only those that are left
    sealed_outcomes = EncryptedText()  # {number: [what, sentence]}
    total = models.PositiveIntegerField()
    expires_at = models.DateTimeField(default=kept_until)

    lines, outcomes = sealed_json("sealed_lines"), sealed_json("sealed_outcomes")
    objects = TenantManager.from_queryset(CaseloadImportQuerySet)()
    wall = Wall(
        read=f"{MINE} AND expires_at > now()",
        insert=f"{MINE} AND (SELECT wall.role()) = 'unit_manager' AND expires_at <= now() + interval '25 hours'",
        delete=f"({MINE} AND expires_at > now()) OR ((SELECT wall.system()) AND expires_at <= now())",
        fixed=("asked_by_id", "total", "expires_at"), mine=("asked_by_id",),
    )  # fmt: skip

    class Meta:
        ordering = ["-created_at", "id"]

    @property
    def left(self):
        """Numbers of the rows that nothing has been done about."""
        return sorted(int(number) for number in self.lines)

    def is_done(self, number, what, sentence):
        """The line goes, and what came of it stands."""
        lines, outcomes = self.lines, self.outcomes
        del lines[str(number)]
        outcomes[str(number)] = [what, sentence]
        self.lines, self.outcomes = lines, outcomes
