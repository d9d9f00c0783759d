"""``poll_notices``: the same sweep as beat asks for, every minute by the database's clock and without the broker."""

import logging
import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection

from cases.tasks import send_due_notices

LOG = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Skickar det som är dags, varje minut, även när kön inte svarar. Körs vid sidan av arbetarna."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="en gång, och sedan klart")

    def handle(self, *args, once, **options):
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            wait = self._round()
            if once:
                return
            stopped.wait(wait)

    @staticmethod
    def _round():
        """Seconds until the next, by the database's clock; that it does not answer is waited for."""
        try:
            send_due_notices()
            with connection.cursor() as cursor:
                cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
                now = cursor.fetchone()[0]
            return settings.SWEEP_SECONDS - now % settings.SWEEP_SECONDS
        except Error:
            LOG.exception("the database did not answer")
            return min(5, settings.SWEEP_SECONDS)
        finally:
            connection.close()
