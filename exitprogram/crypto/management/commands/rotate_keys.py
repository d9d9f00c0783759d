"""``rotate_keys``: seal every encrypted value with the newest key. Safe to stop and to run again."""

from django.apps import apps
from django.core.management.base import BaseCommand

from exitprogram.crypto import keys
from exitprogram.crypto.fields import EncryptedText
from exitprogram.tenancy.acting import acting_as_system
from exitprogram.tenancy.codes import seal_anew
from exitprogram.tenancy.models import Authority, User

AT_A_TIME = 200


def encrypted_columns():
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedText)]
        if fields:
            yield model, fields


def reseal(model, fields, authority):
    """Rows of one authority that an older key sealed; returns how many. One short transaction per batch."""
    with acting_as_system(authority):
        ids = list(model._base_manager.filter(authority=authority).order_by("pk").values_list("pk", flat=True))
    done = 0
    for start in range(0, len(ids), AT_A_TIME):
        with acting_as_system(authority):
            rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=ids[start : start + AT_A_TIME])
            done += sum(_reseal_row(row, fields) for row in rows)
    return done


def _reseal_row(row, fields):
    old = [f for f in fields if row.__dict__[f.attname] and row.__dict__[f.attname].key_version != keys.newest()]
    for field in old:
        getattr(row, field.attname)  # opens it, so that saving seals it anew
    if old:
        row.save(update_fields=[field.name for field in old])
    return bool(old)


def _round():
    found = sum(seal_anew(user) for user in User.objects.order_by("pk"))
    return found + sum(
        reseal(model, fields, authority)
        for authority in Authority.objects.all() for model, fields in encrypted_columns()
    )  # fmt: skip


class Command(BaseCommand):
    help = "Försegla all krypterad text med den nyaste nyckeln."

    def handle(self, *args, **options):
        """Round after round until one finds nothing: what was written meanwhile by a process with the old ring too."""
        total = found = _round()
        while found:
            found = _round()
            total += found
        self.stdout.write(f"{total} rader förseglade med nyckel {keys.newest()}.")
