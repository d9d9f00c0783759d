"""``exchange_schema``: writes the published JSON Schema of the exchange file anew from the library's models."""

from django.core.management.base import BaseCommand

from plans.exchange.schema import FILE, json_schema


class Command(BaseCommand):
    help = "Skriv om JSON Schema för planens fil till andra system."
    requires_system_checks = ()

    def handle(self, *args, **options):
        FILE.write_text(json_schema())
        self.stdout.write(f"{FILE.name} är skriven.")
