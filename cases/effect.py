"""What an act on a consent would open or close, told by name before it is done. The act is carried out, the wall is
asked who reads what, and everything is undone: no second telling of the rule that could differ from the first."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction

from cases.areas import Area


@dataclass(frozen=True)
class Change:
    """One person from elsewhere: what she begins or stops to read, and whether she is told who it is."""

    name: str
    organisation: str
    what: str  # «avsnittet Hälsa, 2 mål och 1 insats»; '' when only the name is concerned
    told_who: bool


@dataclass(frozen=True)
class Effect:
    gains: tuple
    losses: tuple
    in_team: frozenset  # authorities that have somebody in the team, who could read

    def __bool__(self):
        return bool(self.gains or self.losses)


class _Undo(Exception):
    pass


def effect_of(case, act, **given):
    """The Effect of ``act(case=case, **given)``, which is not done. What it refuses, it refuses here too."""
    try:
        with transaction.atomic():
            before = _reading(case)
            act(case=case, **given)
            after = _reading(case)
            raise _Undo
    except _Undo:
        team = frozenset(row["organisation_id"] for row in after if row["part"] is None)
        return Effect(_changes(after, before), _changes(before, after), team)


def _reading(case):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.reading(%s)", [case.pk])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _changes(here, there):
    """What stands in ``here`` and not in ``there``, by person."""
    known = {(row["member_id"], row["part_id"]) for row in there if row["part"]}
    told = {row["member_id"] for row in there if row["told_who"]}
    parts, people, named = defaultdict(list), {}, set()
    for row in here:
        people[row["member_id"]] = row["name"], row["organisation"]
        if row["part"] and (row["member_id"], row["part_id"]) not in known:
            parts[row["member_id"]].append(row)
        if row["told_who"] and row["member_id"] not in told:
            named.add(row["member_id"])
    return tuple(
        Change(*people[member], _words(parts[member]), member in named)
        for member in sorted(parts.keys() | named, key=lambda member: people[member])
    )


def _words(rows):
    """The newest version's parts by kind, and that there are older ones."""
    if not rows:
        return ""
    newest = max(row["version"] for row in rows)
    now = [row for row in rows if row["version"] == newest]
    sections = [Area(area).label for area in sorted({row["area"] for row in now if row["part"] == "section"})]
    phrases = [f"avsnittet {label}" for label in sections]
    for part, one, many in (("goal", "1 mål", "mål"), ("measure", "1 insats", "insatser")):
        if number := sum(row["part"] == part for row in now):
            phrases.append(one if number == 1 else f"{number} {many}")
    older = len({row["version"] for row in rows}) - 1
    return listed(phrases) + (", och det som står om samma områden i tidigare versioner" if older else "")


def listed(words):
    """ett, två och tre"""
    return " och ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
