"""What may be watched. Each room declares its kinds of clock in ``<room>/clocks.py``, found when the product starts;
both walls read what is declared, and nothing but a clock reminds anybody of a case."""

from dataclasses import dataclass

from django.utils import timezone

from cases.escalation import steps_of
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission


@dataclass(frozen=True)
class ClockKind:
    """One kind of clock.

    label: on lists of many cases it must say nothing of what it is about.
    ends: the sentence that tells how it becomes done, when a press is not enough; then it is not undone either.
    settled: SQL over ``subject`` (uuid) that must hold before the database lets it be done.
    not_before: the sentence for a press before its day; '' when it may be done at any time.
    moves: may be moved to a later day with a ground. moved_by: SQL over ``subject`` that gives the last day it may be
    moved to, by a decision and never by a press; then ``moves`` is False.
    shown: as itself; else as what it is about, until it is late.
    personal: stays with whom it began with. page: the view of the case it leads to, ``button`` is what the way
    there is called; anchored: at its subject; of_subject: the page of the subject itself.
    rolls: a day in a law: may also be kept on the next working day (lag 1930:173), shown beside the strict one.
    at_once: mailed when it happens and not the next morning: "danger", or "same_day" on the day that a law gives.
    watched: SQL that gives what is to be watched by itself, without anybody starting or ending a clock: rows of
    (authority, case or NULL, subject, owner, first day, day of now), with ``today`` and the days ``AHEAD``, by the
    days of ``rule_id``. The sweep begins, moves and ends these clocks. Without a case they are for administrators:
    of_house, and the page takes no case.
    widely: its reminders go also to the coordinator, her deputy and the managers, so that nobody is alone with it.
    permission, in_emergency: asked of who starts and ends it. outsiders: SQL over ``subject`` by which somebody who
    does not hold the case may start it; ``begun_by`` is then all that is asked of her here.
    """

    code: str
    label: str
    ends: str = ""
    settled: str = ""
    not_before: str = ""
    moves: bool = True
    moved_by: str = ""
    shown: bool = True
    personal: bool = False
    page: str = "plans:person"
    button: str = "Öppna"
    anchored: bool = False
    of_subject: bool = False
    rolls: bool = False
    at_once: str = ""
    watched: str = ""
    rule_id: str = ""
    of_house: bool = False
    widely: bool = False
    permission: Permission = Permission.READ_CASE
    in_emergency: bool = False
    outsiders: str = ""
    begun_by: Permission | None = None


KINDS = {}


def declare(code, label, **said):
    """The code, to be kept as a constant. ValueError when two rooms want the same."""
    if code in KINDS:
        raise ValueError(f"two kinds of clock are called {code}")
    KINDS[code] = ClockKind(code, label, **said)
    return code


def choices():
    return [(kind.code, kind.label) for kind in KINDS.values()]


def functions():
    """The declarations as the database asks for them: ``wall.clock_…``, made anew with the walls."""
    yield _asked("clock_known", [], "watched IN ({})".format(", ".join(f"'{code}'" for code in KINDS)))
    yield _asked("clock_moves", [(k.code, "false") for k in KINDS.values() if not (k.moves or k.moved_by)], "true")
    yield _asked("clock_personal", [(k.code, "true") for k in KINDS.values() if k.personal], "false")
    at_once = [(k.code, "true") for k in KINDS.values() if k.in_emergency and not k.personal]
    yield _asked("clock_in_emergency", at_once, "false")
    yield _asked("clock_undoable", [(k.code, "false") for k in KINDS.values() if k.ends], "true")
    yield _of_subject("is_settled", [(k.code, k.settled) for k in KINDS.values() if k.settled], "true")
    yield _asked("clock_at_once", [(k.code, f"'{k.at_once}'") for k in KINDS.values() if k.at_once], "''", "text")
    kinds = ", ".join(f"'{kind.code}'" for kind in KINDS.values() if kind.watched)
    yield (
        "CREATE OR REPLACE FUNCTION wall.watched_kinds() RETURNS text[] LANGUAGE sql IMMUTABLE SECURITY DEFINER"
        f" SET search_path = pg_catalog AS $body$ SELECT ARRAY[{kinds}]::text[] $body$"
    )
    yield _watched([kind for kind in KINDS.values() if kind.watched], timezone.localdate())
    yield _asked("clock_widely", [(k.code, "true") for k in KINDS.values() if k.widely], "false")
    last_days = [(k.code, k.moved_by) for k in KINDS.values() if k.moved_by]
    yield _function("clock_until(watched text, subject uuid)", last_days, "'infinity'::date", "STABLE", "date")
    yield _of_subject("clock_begins", [(k.code, k.outsiders) for k in KINDS.values() if k.outsiders], "false")


def _asked(name, answers, otherwise, returns="boolean"):
    return _function(f"{name}(watched text)", answers, otherwise, "IMMUTABLE", returns)


def _of_subject(name, answers, otherwise):
    return _function(f"{name}(watched text, subject uuid)", answers, otherwise, "STABLE")


def _function(signature, answers, otherwise, kind, returns="boolean"):
    whens = "".join(f" WHEN '{code}' THEN {answer}" for code, answer in answers)
    body = f"CASE watched{whens} ELSE {otherwise} END" if answers else otherwise
    return (
        f"CREATE OR REPLACE FUNCTION wall.{signature} RETURNS {returns} LANGUAGE sql {kind} SECURITY DEFINER"
        f" SET search_path = pg_catalog AS $body$ SELECT {body} $body$"
    )


def _watched(kinds, on):
    """``wall.worker_watched``: all that is watched by itself on a day, with the days of its rule."""
    parts = [_one_watched(kind, on) for kind in kinds]
    return (
        "CREATE OR REPLACE FUNCTION wall.worker_watched(today date) RETURNS TABLE (authority_id uuid, case_id uuid,"
        " subject_id uuid, owner_id uuid, due_on date, day date, kind text, rule_id text, warn_days smallint[],"
        " cover_days smallint, escalate_days smallint, again_days smallint) LANGUAGE sql STABLE SECURITY DEFINER"
        f" SET search_path = pg_catalog AS $body$ {' UNION ALL '.join(parts)} $body$"
    )


def _one_watched(kind, on):
    warn, steps = rule(kind.rule_id, on=on).values["warn_days"], steps_of(kind.rule_id, on=on)
    again = "NULL" if steps.again_days is None else steps.again_days
    return (
        f"SELECT w.*, '{kind.code}', '{kind.rule_id}', ARRAY{sorted(warn, reverse=True)}::smallint[],"  # noqa: S608
        f" {steps.cover_days}::smallint, {steps.escalate_days}::smallint, {again}::smallint"
        f" FROM ({kind.watched.replace('AHEAD', str(max(warn)))}) w (authority_id, case_id, subject_id, owner_id,"
        " due_on, day) WHERE w.owner_id IS NOT NULL"
    )


# Of those who administer a board, the one who has done so longest; what has come to its end needs no watching.
ADMINISTERS = """(
    SELECT m.id FROM public.tenancy_membership m JOIN public.tenancy_user u ON u.id = m.user_id AND u.is_active
    WHERE m.authority_id = {} AND m.role = 'administrator' AND m.starts_on <= today
      AND (m.ends_on IS NULL OR m.ends_on >= today)
    ORDER BY m.starts_on, m.id LIMIT 1)"""


class HouseClock:
    """Of no case: told to those who administer, and over when its day has been."""

    ROLE_ENDS = declare(
        "role_ends", "En roll upphör", page="tenancy:people", rule_id="role.ends", moves=False, of_house=True,
        ends="Bevakningen blir klar när rollen har fått en annan sista dag, eller har upphört.",
        watched=f"""
            SELECT r.authority_id, NULL::uuid, r.id, {ADMINISTERS.format("r.authority_id")}, r.ends_on, r.ends_on
            FROM public.tenancy_membership r WHERE r.ends_on BETWEEN today AND today + AHEAD""",  # noqa: S608
    )  # fmt: skip
    CONNECTION_ENDS = declare(
        "connection_ends", "En anslutnings nyckel går ut", page="tokens:connections", rule_id="connection.ends",
        moves=False, of_house=True, ends="Bevakningen blir klar när nyckeln är återkallad eller har gått ut.",
        watched=f"""
            SELECT t.authority_id, NULL::uuid, t.id, {ADMINISTERS.format("t.authority_id")}, t.expires_on, t.expires_on
            FROM public.tokens_apitoken t
            WHERE t.revoked_at IS NULL AND t.expires_on BETWEEN today AND today + AHEAD""",  # noqa: S608
    )  # fmt: skip
    # From the day that it was asked: the managers have heard of it, and nobody has answered.
    EXPORT_WAITS = declare(
        "export_waits", "En begäran väntar på svar", page="cases:approvals", rule_id="archive.answer", moves=False,
        of_house=True, ends="Bevakningen blir klar när någon har svarat.",
        watched=f"""
            SELECT e.authority_id, NULL::uuid, e.id, {ADMINISTERS.format("e.authority_id")}, e.day + 5, e.day + 5
            FROM (SELECT x.id, x.authority_id, (x.created_at AT TIME ZONE 'Europe/Stockholm')::date AS day
                  FROM public.cases_archiveexport x WHERE x.ended_at IS NULL AND x.approved_at IS NULL) e
            WHERE e.day + 5 <= today + AHEAD""",  # noqa: S608
    )  # fmt: skip


class CaseClock:
    CONSENT_ENDS = declare(
        "consent_ends", "Samtycke eller annan grund löper ut", moves=False, shown=False,
        page="cases:consents", button="Samtycken",
        not_before="Bevakningen blir klar när samtycket eller grunden förnyas, avslutas eller har löpt ut.",
    )  # fmt: skip
    NOTE_DRAFT = declare(
        "note_draft", "Osignerad anteckning", moves=False, shown=False, personal=True,
        page="cases:note", button="Skriv klart", of_subject=True,
        ends="Bevakningen blir klar när anteckningen signeras.", settled="NOT wall.is_draft(subject)",
        permission=Permission.WRITE_NOTE, in_emergency=True,
    )  # fmt: skip
    PROTECTION_REVIEW = declare(
        "protection_review", "Uppgift att kontrollera", page="cases:protection", button="Kontrollera",
        ends="Bevakningen blir klar när skyddet är kontrollerat, under Skydd.",
    )  # fmt: skip
    PERMIT_ENDS = declare(
        "permit_ends", "Tidsfrist löper ut", moves=False, page="cases:permits",
        not_before="Bevakningen blir klar när ett nytt tillstånd tar vid, när det återkallas eller har löpt ut.",
    )  # fmt: skip
    SUPPORT_ENDS = declare("support_ends", "Stödperiod löper ut", moves=False, page="cases:support_periods")
    TRANSFER = declare(
        "transfer", "Svar från en annan nämnd", rolls=True,
        ends="Bevakningen blir klar när svaret är läst, eller när begäran tas tillbaka.",
    )  # fmt: skip
    EMERGENCY_REVIEW = declare(
        "emergency_review", "Granskning av nödåtkomst", moves=False, shown=False,
        ends="Bevakningen blir klar när nödåtkomsten är granskad.", settled="wall.is_reviewed(subject)",
        outsiders="wall.my_emergency(subject)",
    )  # fmt: skip
    NOTE_FOLLOW_UP = declare("note_follow_up", "Något att följa upp", page="cases:notes", anchored=True)
    OUTCOME = declare("outcome", "Fråga hur det har blivit", page="plans:follow_up")
    # Of the child's programme; its pages are in the room above.
    COMING_OF_AGE = declare(
        "coming_of_age", "Övergång att förbereda", moves=False, page="children:bridge",
        ends="Bevakningen blir klar när överlämningen är gjord, eller när nästa ansvariga är skriven.",
        settled="wall.age_is_told(subject) OR wall.bridge_settled(subject)",
    )  # fmt: skip
    AGE_UNKNOWN = declare(
        "age_unknown", "Uppgift att ta reda på", page="children:age",
        ends="Bevakningen blir klar när åldern är skriven, eller när nästa ansvariga är det.",
        settled="wall.age_is_told(subject) OR wall.bridge_settled(subject)",
    )  # fmt: skip
