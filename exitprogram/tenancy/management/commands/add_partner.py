"""``add_partner "Föreningen …" --region 21``: register an organisation outside the public sector."""

from django.core.management.base import BaseCommand

from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.owner import as_owner


class Command(BaseCommand):
    help = "Lägg upp en samverkanspart (förening, stiftelse, myndighet utanför kommun och region)."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("--region", help="länskod, t.ex. 21")

    def handle(self, *args, name, region, **options):
        with as_owner():
            partner, new = Authority.objects.get_or_create(
                kind=Authority.Kind.PARTNER, name=name, defaults={"region_id": region}
            )
        self.stdout.write(f"{partner.name}: {partner.pk}{'' if new else ' (fanns redan)'}")
