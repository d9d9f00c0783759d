"""``destroy_again --ledger file``: after a restore, destroy what was destroyed after the backup was made, and open the
database. One transaction: until all of it is gone nobody signs in."""

from collections import defaultdict

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from cases import vault
from exitprogram.backup import ledger, shut
from exitprogram.errors import Refused
from exitprogram.tenancy.owner import become_owner


class Command(BaseCommand):
    help = "Gallra på nytt det som gallrats sedan säkerhetskopian gjordes, och öppna databasen."

    def add_arguments(self, parser):
        parser.add_argument("--ledger", required=True, help="den senaste filen från destruction_ledger")
        parser.add_argument("--hash", default="", help="sista radens kontrollsumma, om den är antecknad på annat håll")

    def handle(self, *args, **options):
        try:
            lines, last = ledger.read(options["ledger"])
        except (Refused, OSError) as why:
            raise CommandError(str(why)) from why
        if options["hash"] and options["hash"] != last:
            raise CommandError("Liggarens sista rad är inte den som är antecknad. Hämta den senaste.")
        become_owner()
        done, files = self._destroyed(lines)
        for authority_id, names in files.items():
            vault.remove(authority_id, names)
        removed = sum(len(names) for names in files.values())
        self.stdout.write(f"{done} ärenden gallrade på nytt av {len(lines)} i liggaren, {removed} filer. Öppet igen.")

    @staticmethod
    @transaction.atomic
    def _destroyed(lines):
        per_authority, files, done = defaultdict(list), {}, 0
        for line in lines:
            per_authority[line["authority"]].append(line["case"])
        with connection.cursor() as cursor:
            if shut.waits_since(cursor) is None:
                raise CommandError("Databasen är inte återställd ur en kopia, eller redan öppnad.")
            for authority_id, ids in sorted(per_authority.items()):
                cursor.execute("SELECT cases, files FROM wall.restored_dispose(%s, %s::uuid[])", [authority_id, ids])
                number, files[authority_id] = cursor.fetchone()
                done += number
            shut.open_again(cursor)
        return done, files
