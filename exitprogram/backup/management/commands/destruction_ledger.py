"""``destruction_ledger --to file``: what has been destroyed, added to a file kept apart from the backups. Run it
often, and copy the file to another machine each time; it holds ids and days only."""

from django.core.management.base import BaseCommand, CommandError

from exitprogram.backup import ledger
from exitprogram.errors import Refused


class Command(BaseCommand):
    help = "Skriv upp vad som är gallrat i en fil utanför databasen."

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, help="filen")

    def handle(self, *args, to, **options):
        try:
            added, number, last = ledger.add_to(to)
        except Refused as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{added} nya rader, {number} i allt. Sista radens kontrollsumma: {last or '-'}")
