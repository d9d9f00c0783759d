"""Wrong passwords and codes, and asked-for links, counted. Whose and from where stand as keyed digests, for a day."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Knock(models.Model):
    account = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class WrongGuess(Knock):
    class Meta:
        indexes = [
            models.Index(fields=["account", "place", "at"], name="wrong_guesses_for"),
            models.Index(fields=["place", "at"], name="wrong_guesses_from"),
        ]


class LinkRequest(Knock):
    """*Glömt lösenord?*, for an address that may be nobody's: the request itself never looks. Sent by the worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.BinaryField()  # sealed
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="links_asked_for"),
            models.Index(fields=["place", "at"], name="links_asked_from"),
        ]
