"""``backup --to folder``: database and files, sealed to EXIT_BACKUP_RECIPIENT. The last line says what is in it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exitprogram.backup import dump, figures
from exitprogram.backup.stream import public_key
from exitprogram.errors import Refused
from exitprogram.pulse.rounds import finished


class Command(BaseCommand):
    help = "Säkerhetskopiera databas och filer till en mapp, låst till EXIT_BACKUP_RECIPIENT."

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, help="mappen som kopiorna ligger i")

    def handle(self, *args, to, **options):
        if not settings.BACKUP_RECIPIENT or not settings.BACKUP_DATABASE:
            raise CommandError("EXIT_BACKUP_RECIPIENT och EXIT_BACKUP_DATABASE_URL behövs (README, Inställningar).")
        try:
            place, manifest = dump.make(to, public_key(settings.BACKUP_RECIPIENT))
        except (Refused, ValueError) as why:
            raise CommandError(str(why)) from why
        if settings.EXIT_PROCESS == "worker":  # the role that may say when upkeep was done
            finished("backup")
        tables = manifest["tables"]
        self.stdout.write(
            f"{place}: {len(figures.authorities(tables))} myndigheter, {len(tables)} tabeller,"
            f" {len(manifest['files'])} filer."
        )
