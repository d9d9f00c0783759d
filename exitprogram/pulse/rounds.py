"""Rounds: told when one is finished, asked how old the latest is. Ages are by the database's clock."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

FINISHED = """
    INSERT INTO pulse_round (name, finished_at, faults, suspects) VALUES (%(name)s, now(), %(faults)s, %(suspects)s)
    ON CONFLICT (name) DO UPDATE
    SET finished_at = excluded.finished_at, faults = excluded.faults, suspects = excluded.suspects
"""
AGES = "SELECT name, extract(epoch FROM statement_timestamp() - finished_at)::float8, faults FROM pulse_round"


@dataclass(frozen=True)
class Standing:
    """How one round stands. ``age`` is None when there never was one."""

    name: str
    age: float | None
    faults: int
    longest: int

    @property
    def is_well(self):
        return self.age is not None and self.age <= self.longest and not self.faults


def finished(name, *, faults=0, suspects=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FINISHED, {"name": name, "faults": faults, "suspects": list(suspects)})


def suspects_of(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT suspects FROM pulse_round WHERE name = %s", [name])
        row = cursor.fetchone()
    return set(row[0]) if row else set()


def standings():
    """Every round that the settings expect, also one that has never been."""
    with connection.cursor() as cursor:
        cursor.execute(AGES)
        seen = {name: (age, faults) for name, age, faults in cursor.fetchall()}
    return [Standing(name, *seen.get(name, (None, 0)), longest) for name, longest in settings.ROUNDS.items()]


def all_well():
    return all(standing.is_well for standing in standings())
