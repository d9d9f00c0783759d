"""``verify_audit``: walk every authority's chain, hold it against the anchors, and say what is wrong. Exit code 1 when
anything is."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from exitprogram.audit import anchors
from exitprogram.audit.models import AuditHead
from exitprogram.audit.verifying import chains, inner_faults, outer_faults
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.owner import become_owner


class Command(BaseCommand):
    help = "Kontrollera att ingen har ändrat i loggen, mot den själv och mot vad som har förankrats utanför databasen."

    def add_arguments(self, parser):
        parser.add_argument("--anchors", type=Path, help="mappen med förankringar; annars EXIT_ANCHOR_DIR")

    def handle(self, *args, anchors=None, **options):
        become_owner()
        names = {authority.pk: authority.name for authority in Authority.objects.all()}
        found, told = [], _anchored(anchors)
        with connection.cursor() as cursor:
            for chain in chains(cursor):
                found += inner_faults(cursor, chain)
            found += outer_faults(cursor, told or [])
        for fault in found:
            name = names.get(fault.chain, f"okänd myndighet {fault.chain}")
            self.stdout.write(f"{name}: länk {fault.seq}, händelse {fault.event_id}: {fault.what}")
        if found:
            raise CommandError(f"{len(found)} fel i loggen.")
        links = sum(AuditHead.objects.values_list("seq", flat=True))
        self.stdout.write(f"Loggen är hel: {links} händelser i {AuditHead.objects.count()} kedjor.")
        self._say_how_old(told)

    def _say_how_old(self, told):
        if told:
            last = f"{timezone.localtime(told[-1].at):%Y-%m-%d %H:%M}"
            self.stdout.write(f"Den stämmer med {len(told)} förankringar, den senaste från {last}.")
        else:
            self.stdout.write(
                "Den är inte jämförd med någon förankring: en kedja som är omskriven i sin helhet syns inte."
            )


def _anchored(folder):
    if not settings.ANCHOR_KEY:
        return None
    try:
        return anchors.read(folder)
    except anchors.Broken as why:
        raise CommandError(f"Förankringarna går inte att lita på. {why}.") from None
