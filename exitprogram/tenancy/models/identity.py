"""Identity providers of this installation (SITHS, Freja, a municipality's own), and who is who at them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from exitprogram.tenancy.models.authority import Authority
from exitprogram.tenancy.models.people import User


def words(**more):
    return ArrayField(models.CharField(max_length=200), blank=True, default=list, **more)


class IdentityProvider(models.Model):
    """Written by a command on the server alone: an administrator of one board could otherwise add a provider that signs
    in the people of another. It has always said how strongly somebody must have proved who she is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    issuer = models.CharField(max_length=300, unique=True)
    client_id = models.CharField(max_length=200)
    secret = models.BinaryField(default=b"", blank=True)  # sealed: tenancy.identities
    algorithms = words()
    acr = words()  # each of these is enough
    amr = words()  # and one of these is needed, when there are any
    hosts = words()  # beside the issuer's own, for its endpoints
    only_way_for = words()  # domains of e-mail whose people have no other way in
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, blank=True)  # whose people alone may use it
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(acr__len__gt=0) | Q(amr__len__gt=0), name="a_provider_says_how_strong"),
            models.CheckConstraint(condition=Q(algorithms__len__gt=0), name="a_provider_says_which_signatures"),
        ]

    def __str__(self):
        return self.name


class IdentityLink(models.Model):
    """An account and who the provider says she is: a keyed digest of issuer and subject, and beside it a proof over all
    three, without which the row opens nothing. Whoever can write in the table cannot make the proof."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(IdentityProvider, models.PROTECT, related_name="links")
    user = models.ForeignKey(User, models.PROTECT, related_name="identities")
    digest = models.BinaryField(max_length=32)
    proof = models.BinaryField(max_length=32)
    linked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["linked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "digest"], name="an_identity_is_one_person"),
            models.UniqueConstraint(fields=["provider", "user"], name="one_identity_at_each_provider"),
        ]
