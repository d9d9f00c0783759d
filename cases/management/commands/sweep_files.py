"""``sweep_files``: files without a row are thrown away; rows without a file are told of. Exit code 1 when any is."""

from django.core.management.base import BaseCommand, CommandError

from cases.operations import sweep_files
from exitprogram.tenancy.acting import acting_as_system
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.operations import Upkeep


class Command(BaseCommand):
    help = "Jämför filerna på disk med akternas handlingar, åt båda hållen."

    def handle(self, *args, **options):
        thrown_away, missing = 0, []
        for authority in Authority.objects.order_by("name"):
            with acting_as_system(authority):
                rubbish, gone = sweep_files(by=Upkeep(authority))
            thrown_away += rubbish
            missing += [f"{authority.name}: handling {pk} har ingen fil." for pk in gone]
        for line in missing:
            self.stdout.write(line)
        self.stdout.write(f"{thrown_away} filer utan rad är bortkastade.")
        if missing:
            raise CommandError(f"{len(missing)} handlingar saknar fil. Hämta mappen ur senaste säkerhetskopian.")
