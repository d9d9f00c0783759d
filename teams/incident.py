"""What the log can say when something has leaked: whose files, what in them, who and when. Ids, case numbers, staff and
words of our own, no value of anybody's. For operations, on the written request of the one who answers for the data; who
the people are is looked up by their own authority, which alone can.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from cases.reading import words_of
from exitprogram.audit.operations import record
from exitprogram.backup.dump import connected
from exitprogram.tenancy.acting import acting_as_system
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.operations import Upkeep

HEADER = [
    "Myndighet",
    "Tid",
    "Ärende",
    "Person (id)",
    "Vem",
    "Roll",
    "Anställd hos",
    "Vad",
    "Rad (id)",
    "Grund",
    "Anrop",
]
EVENTS = """
    SELECT a.name AS house, a.id AS authority_id, e.created_at AT TIME ZONE 'Europe/Stockholm' AS at, c.number,
           coalesce(c.individual_id, i.id) AS individual_id, u.name AS who, m.role, h.name AS employer, e.action,
           e.object_id, e.ground, e.request_id, e.case_id, coalesce(p.guarded, i.guarded, false) AS guarded
    FROM audit_auditevent e
    JOIN tenancy_authority a ON a.id = e.authority_id
    LEFT JOIN tenancy_user u ON u.id = e.user_id
    LEFT JOIN tenancy_membership m ON m.id = e.membership_id
    LEFT JOIN tenancy_authority h ON h.id = e.membership_authority_id
    LEFT JOIN cases_case c ON c.id = e.case_id
    LEFT JOIN cases_individual p ON p.id = c.individual_id
    LEFT JOIN cases_individual i ON i.id = e.object_id AND e.object_type = 'cases.individual'
    WHERE e.created_at >= %(since)s AND e.created_at < %(until)s AND ({about})
      AND (%(house)s = '' OR a.name = %(house)s)
    ORDER BY a.name, e.created_at, e.id
"""
# What may have leaked, and which events then count.
ABOUT = {
    # A session, a computer or a password: all that was done in one person's name, whatever her roles.
    "member": "u.email = lower(%(given)s)",
    # A key of another system: the requests in which it was used, and all that was done in them.
    "token": "e.request_id <> '' AND e.request_id IN (SELECT t.request_id FROM audit_auditevent t"
    " WHERE t.action = 'token.used' AND t.object_id = %(given)s::uuid)",
    # A paper, a copy, a place: everybody who has had it before her.
    "row": "e.object_id = %(given)s::uuid",
    # A file: everybody who has been in it. Each authority numbers its own.
    "case": "c.number = %(given)s",
}


@dataclass(frozen=True)
class Extract:
    rows: list

    @property
    def authorities(self):
        return sorted({row["authority_id"] for row in self.rows}, key=str)

    def of(self, authority_id):
        return [row for row in self.rows if row["authority_id"] == authority_id]

    @property
    def people(self):
        return {row["individual_id"] for row in self.rows if row["individual_id"]}

    @property
    def guarded(self):
        return {row["individual_id"] for row in self.rows if row["guarded"]}

    def lines(self):
        for row in self.rows:
            yield [
                row["house"], f"{row['at']:%Y-%m-%d %H:%M:%S}", row["number"] or "", str(row["individual_id"] or ""),
                row["who"] or "systemet", row["role"] or "", row["employer"] or "", words_of(row["action"]),
                str(row["object_id"] or ""), row["ground"], row["request_id"],
            ]  # fmt: skip


def extract(*, about, given, since, until, house=""):
    """Asked as the backup role, which reads past every wall and writes nowhere."""
    with connected(settings.BACKUP_DATABASE) as line:
        cursor = line.execute(
            EVENTS.format(about=ABOUT[about]), {"given": given, "since": since, "until": until, "house": house}
        )
        names = [column.name for column in cursor.description]
        return Extract([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])


def write_down(found, *, about, reference):
    """In the log of every authority whose people it tells of, before anybody has it in hand."""
    with transaction.atomic():
        for authority in Authority.objects.filter(pk__in=found.authorities):
            mine = found.of(authority.pk)
            with acting_as_system(authority):
                record(
                    by=Upkeep(authority), action="incident.extracted", obj=authority, authority_id=authority.pk,
                    about=about, reference=reference, events=len(mine),
                    cases=len({row["case_id"] for row in mine if row["case_id"]}),
                )  # fmt: skip
