"""``restore --from folder --private-key file``: into an empty database, counted, verified, and shut until
``destroy_again`` has been run. ``roles.sql`` is run before, by the cluster's superuser."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from exitprogram.backup import dump, figures, shut
from exitprogram.backup.stream import Spoilt, private_key
from exitprogram.errors import Refused
from exitprogram.tenancy.owner import become_owner

IS_EMPTY = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


class Command(BaseCommand):
    help = "Återställ en säkerhetskopia till en tom databas. Den är stängd tills destroy_again har körts."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--from", dest="folder", help="kopians mapp")
        what.add_argument("--shut", action="store_true", help="bara stäng: databasen är återställd på annat sätt")
        parser.add_argument("--private-key", help="filen med den privata nyckeln")

    def handle(self, *args, folder, private_key, **options):
        if options["shut"]:
            return self._shut()
        if not private_key:
            raise CommandError("Ange --private-key.")
        try:
            self._restore(folder, _key(private_key))
        except (Refused, Spoilt, ValueError, OSError) as why:
            raise CommandError(str(why)) from why

    def _shut(self):
        become_owner()
        with transaction.atomic(), connection.cursor() as cursor:
            shut.close(cursor, timezone.now())
        self.stdout.write("Databasen är stängd: kör destroy_again med den senaste liggaren.")

    def _restore(self, folder, key):
        manifest = dump.proven(folder, key)
        self.stdout.write("Kopian är hel och öppnas med nyckeln.")
        become_owner()
        _require_empty()
        with transaction.atomic(), connection.cursor() as cursor:
            shut.close(cursor, manifest["made_at"])
        dump.fill_database(folder, key, settings.OWNER_DATABASE)
        with dump.connected(settings.BACKUP_DATABASE) as line:
            wrong = figures.differences(figures.of(line), manifest["tables"])
        if wrong:
            raise CommandError("Skiljer sig från kopian: " + "; ".join(wrong[:20]))
        if dump.fill_files(folder, key) != manifest["files"]:
            raise CommandError("Filerna skiljer sig från kopian.")
        call_command("migrate", verbosity=0)
        call_command("verify_audit", stdout=self.stdout)
        tables = manifest["tables"]
        self.stdout.write(
            f"{len(figures.authorities(tables))} myndigheter, {len(tables)} tabeller, {len(manifest['files'])} filer:"
            " rader lika, kontrollsummor lika. Databasen är stängd: kör destroy_again med den senaste liggaren."
        )


def _key(path):
    return private_key(Path(path).read_text())


def _require_empty():
    with connection.cursor() as cursor:
        cursor.execute(IS_EMPTY)
        if cursor.fetchone()[0] or any(settings.FILES_DIR.glob("*")):
            raise Refused("Databasen och mappen med filer ska vara tomma. Ingenting är gjort.")
