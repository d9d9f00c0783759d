"""``reconcile_notices``: does everything that is due add up with what has been said? Exit code 1 when it does not."""

import sys

from django.core.management.base import BaseCommand

from cases.reconciler import reconcile


class Command(BaseCommand):
    help = "Jämför det som ska påminnas om med det som har sagts. Körs med EXIT_PROCESS=worker."

    def handle(self, *args, **options):
        found = reconcile()
        self.stdout.write(" ".join(f"{what} {count}" for what, count in found.items()))
        if any(found.values()):
            sys.exit(1)
