"""The Celery application with its sender spoilt on purpose, so that the run can be seen to go red."""

import os

from celery.signals import worker_process_init
from django.db import connection, transaction

from exitprogram.celery import app  # noqa: F401  what the worker is started with


def no_lease():
    """Once claimed is claimed for ever: whoever dies takes the rows with her."""
    from cases.notices import delivery

    start = delivery.CLAIM.index("AND (sending_at IS NULL")
    end = delivery.CLAIM.index("ORDER BY")
    delivery.CLAIM = f"{delivery.CLAIM[:start]} AND sending_at IS NULL {delivery.CLAIM[end:]}"


def mark_first():
    """Marked as sent, and then sent."""
    from cases.notices import delivery

    send, sent = delivery.send_neutral, delivery.SENT
    current = []
    held = delivery._held

    def remembered(claims):
        current[:] = held(claims)
        return list(current)

    def too_late(**more):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sent, delivery._under(current))
        send(**more)

    delivery._held, delivery.send_neutral = remembered, too_late


def no_key():
    """Nothing keeps a notice from being made a second time: spoilt in the database, below."""


TELL = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'worker_tell'"


def spoil_database(stage):
    """A notice without its unique key, and a clock that never goes on to its next day."""
    if stage.told["EXIT_FAULTS_BREAK"] == "no_key":
        stage.ask("ALTER TABLE cases_notice DROP CONSTRAINT one_notice_per_occurrence")
        [[function]] = stage.ask(TELL)
        spoilt = function.replace("ON CONFLICT DO NOTHING", "").replace(
            "WHERE k.id = s.id", "WHERE k.id = s.id AND false"
        )
        assert spoilt.count("AND false") == 1
        stage.ask(spoilt)


@worker_process_init.connect
def spoil(**_more):
    {"no_lease": no_lease, "mark_first": mark_first, "no_key": no_key}[os.environ["EXIT_FAULTS_BREAK"]]()
