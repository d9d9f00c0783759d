"""``demo_data``: the demonstration's people and cases. ``make demo`` runs it at each start; it fills only once."""

from django.core.management.base import BaseCommand, CommandError

from exitprogram.demo.load import NotHere, load
from exitprogram.demo.sign_ins import table
from reporting.tasks import publish_closed_periods


class Command(BaseCommand):
    help = "Lägg upp demons personer och ärenden. Finns de redan görs ingenting."

    def add_arguments(self, parser):
        parser.add_argument("--list-sign-ins", action="store_true", help="visa vilka man kan logga in som")

    def handle(self, *args, list_sign_ins, **options):
        if list_sign_ins:
            for line in table():
                self.stdout.write(line)
            return
        try:
            made = load()
        except NotHere as why:
            raise CommandError(str(why))
        if made:
            publish_closed_periods()  # beat comes to it within the hour; nobody should have to wait to look
        self.stdout.write("Demodata är upplagt." if made else "Demodata finns redan; inget ändrades.")
