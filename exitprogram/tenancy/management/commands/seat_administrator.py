"""``seat_administrator "Socialnämnden, Bollnäs kommun" anna@… "Anna Berg"``: an authority's first administrator."""

from django.core.management.base import BaseCommand, CommandError

from exitprogram.tenancy.acting import acting_as_system
from exitprogram.tenancy.models import Authority, User
from exitprogram.tenancy.operations import Upkeep, seat_administrator
from exitprogram.tenancy.passwords import set_password


class Command(BaseCommand):
    help = "Ge en nämnd, region eller part sin första administratör."

    def add_arguments(self, parser):
        parser.add_argument("authority", help="namn, precis som i systemet")
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument(
            "--password", help="annars sätts lösenordet vid första inloggningen via identitetsleverantör"
        )

    def handle(self, *args, authority, email, name, password, **options):
        found = Authority.objects.filter(name=authority).first()
        if found is None:
            raise CommandError(f"Det finns ingen nämnd, region eller part som heter {authority}.")
        with acting_as_system(found):
            seat_administrator(by=Upkeep(found), email=email, name=name)
        if password:
            user = User.objects.get(email=email.strip().lower())
            set_password(user, password)
        self.stdout.write(f"{name} är administratör hos {found.name}.")
