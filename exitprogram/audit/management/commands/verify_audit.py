"""``verify_audit``: walk every authority's chain and say what is wrong. Exit code 1 when anything is."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from exitprogram.audit.models import AuditHead
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.owner import become_owner


def faults(authority_id):
    """(seq, event id, what is wrong) for one chain; empty when untouched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, event_id, fault FROM wall.audit_faults(%s)", [authority_id])
        return cursor.fetchall()


class Command(BaseCommand):
    help = "Kontrollera att ingen har ändrat i loggen."

    def handle(self, *args, **options):
        become_owner()
        wrong = 0
        for authority in Authority.objects.order_by("name"):
            for seq, event_id, fault in faults(authority.pk):
                wrong += 1
                self.stdout.write(f"{authority.name}: länk {seq}, händelse {event_id}: {fault}")
        if wrong:
            raise CommandError(f"{wrong} fel i loggen.")
        links = sum(AuditHead.objects.values_list("seq", flat=True))
        self.stdout.write(f"Loggen är hel: {links} händelser i {AuditHead.objects.count()} kedjor.")
