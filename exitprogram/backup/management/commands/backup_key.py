"""``backup_key``: a new pair of keys. The public one makes backups; the private one is kept where no backup is."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from exitprogram.backup.stream import new_pair
from exitprogram.embedded.places import write_private


class Command(BaseCommand):
    help = "Gör ett nyckelpar för säkerhetskopior."

    def add_arguments(self, parser):
        parser.add_argument("--private-key", required=True, help="fil som den privata nyckeln skrivs till")

    def handle(self, *args, private_key, **options):
        if Path(private_key).exists():
            raise CommandError("Filen finns redan. En nyckel skrivs aldrig över.")
        public, private = new_pair()
        write_private(Path(private_key), f"{private}\n")
        self.stdout.write(f"EXIT_BACKUP_RECIPIENT={public}")
        self.stdout.write("Flytta filen med den privata nyckeln till ett ställe där varken servern eller kopiorna når.")
