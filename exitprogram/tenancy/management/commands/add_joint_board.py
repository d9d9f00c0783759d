"""``add_joint_board "Gemensamma nämnden …" 2183 2182``: register a joint board of several municipalities (KL 9:19)."""

from django.core.management.base import BaseCommand, CommandError

from exitprogram.tenancy.models import Authority, Municipality
from exitprogram.tenancy.owner import as_owner


class Command(BaseCommand):
    help = "Lägg upp en gemensam nämnd (9 kap. 19 § kommunallagen) för två eller flera kommuner."

    def add_arguments(self, parser):
        parser.add_argument("name")
        parser.add_argument("municipalities", nargs="+", help="kommunkoder, värdkommunen först, t.ex. 2183 2182")

    def handle(self, *args, name, municipalities, **options):
        name, codes = name.strip(), list(dict.fromkeys(municipalities))
        if not name:
            raise CommandError("Skriv vad nämnden heter.")
        if len(codes) < 2:
            raise CommandError("En gemensam nämnd har minst två kommuner (9 kap. 19 § kommunallagen).")
        found = Municipality.objects.in_bulk(codes)
        if unknown := [code for code in codes if code not in found]:
            raise CommandError(f"Det finns ingen kommun med koden {', '.join(unknown)}.")
        if Authority.objects.filter(name__iexact=name).exists():
            raise CommandError(f"Det finns redan en nämnd, region eller part som heter {name}.")
        with as_owner():
            board = Authority.objects.create(
                kind=Authority.Kind.JOINT_BOARD, name=name, region_id=found[codes[0]].region_id
            )
            board.municipalities.set(codes)
        names = ", ".join(found[code].short_name for code in codes)
        self.stdout.write(f"{board.name} för {names}: {board.pk}. Ge den en administratör med seat_administrator.")
