"""Who can see a case, and why: a sentence for each person and each rule. A room that opens something of its own to
somebody adds one function to ``WAYS``; it takes (by, case, today) and gives ``Line``s."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cases.areas import Area
from cases.cover import covers
from cases.models import AccessBlock, AccessGrant, DocumentReader, EmergencyAccess, PlaceReader
from exitprogram.page.templatetags.page import sv_day, sv_when
from teams.models import TeamMember


@dataclass(frozen=True)
class Line:
    who: str
    what: str
    reason: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    when: str = ""  # in place of a period
    where: str = ""  # who works elsewhere
    icon: str = "user"


def grants(by, case, today):
    """The own board's people, by worker, coordinator, team, named or an emergency that goes on."""
    rows = AccessGrant.objects.visible_to(by).on_day(today).filter(content_object=case)
    for g in rows.select_related("membership__user", "granted_by__user").order_by("membership__user__name", "kind"):
        given = "" if g.granted_by_id == g.membership_id else f"Gavs av {g.granted_by.user.name}."
        until = f"till {timezone.localtime(g.until):%H:%M}" if g.until else ""
        yield Line(
            g.membership.user.name, f"{g.get_kind_display()}.", f"{g.reason} {given}".strip(), g.starts_on, g.ends_on,
            until,
        )  # fmt: skip


def guests(by, case, today):
    """People from elsewhere in the team, with what a waiver or a ground in law shows them, and until when."""
    members = TeamMember.objects.visible_to(by).on_day(today).filter(case=case)
    members = members.exclude(member_authority_id=case.authority_id).select_related(
        "membership__user", "member_authority"
    )
    holds, blocked = covers(case, on=today), _blocked(by, case)
    for member in members:
        covering = [cover for cover in holds if cover.recipient_id == member.member_authority_id]
        areas = ", ".join(sorted({Area(area).label for cover in covering for area in cover.areas}))
        because = " och ".join(sorted({cover.because for cover in covering}, reverse=True))
        ends = [day for day in (member.ends_on, *(cover.ends_on for cover in covering)) if day]
        sees = (
            f"{areas}, för att {because}." if areas else "ingenting i dag, inget samtycke och ingen annan grund täcker."
        )
        if member.membership.user_id in blocked:
            sees = "ingenting, eftersom hen är spärrad."
        yield Line(
            member.membership.user.name, sees, starts_on=member.starts_on, ends_on=min(ends) if ends else None,
            where=member.member_authority.name,
        )  # fmt: skip


def _blocked(by, case):
    return set(AccessBlock.objects.visible_to(by).of_case(case).standing().values_list("user_id", flat=True))


def readers_of_places(by, case, today):
    """Who may ask to see an address, by name; not what or where it is."""
    rows = PlaceReader.objects.visible_to(by).filter(case=case).on_day(today)
    for row in rows.select_related("membership__user", "given_by__user"):
        given = "" if row.given_by_id == row.membership_id else f"Gavs av {row.given_by.user.name}."
        yield Line(
            row.membership.user.name, "får läsa en adress, med skäl och lösenord varje gång.",
            f"{row.reason} {given}".strip(), row.starts_on, row.ends_on,
        )  # fmt: skip


def readers_of_documents(by, case, today):
    """Those to whom a document is open by name or by party; the others are open to whoever has the case."""
    rows = DocumentReader.objects.visible_to(by).in_force().filter(case=case)
    rows = rows.select_related("membership__user", "party")
    for who, count in sorted(Counter(_reader(row) for row in rows).items()):
        yield Line(
            who, f"får läsa {count} {'handling' if count == 1 else 'handlingar'} som valts ut.", icon="file-text"
        )


def _reader(row):
    if row.membership_id:
        return row.membership.user.name
    return row.party.name if row.party_id else row.name or "Personen själv"


def emergencies(by, case, today):
    """Everybody who has opened it in an emergency, now or before, and what was thought of it."""
    rows = EmergencyAccess.objects.visible_to(by).filter(case=case)
    rows = rows.select_related("membership__user", "reviewed_by__user")
    for row in rows:
        judged = "Inte granskad än."
        if row.reviewed_at:
            judged = f"Granskad av {row.reviewed_by.user.name}: {row.get_judgement_display()}."
        yield Line(row.membership.user.name, f"{row.get_reason_display()}.", judged, when=sv_when(row.started_at))


def blocks(by, case, today):
    for block in AccessBlock.objects.visible_to(by).of_case(case).standing().select_related("user"):
        yield Line(
            block.user.name, "är spärrad och kan inte öppna något, inte heller med nödåtkomst.",
            when=f"sedan {sv_day(block.created_at)}", icon="ban",
        )  # fmt: skip


def those_who_cannot(by, case, today):
    """Whom one could think of."""
    hidden = case.individual.is_protected
    found = "De hittar det inte när de söker." if hidden else "Söker de på namnet ser de numret och vem de kan fråga."
    yield Line(
        "Kollegor i nämnden", "som inte står ovan kan inte öppna ärendet.", f"{found} Vid fara kan de ta nödåtkomst med"
        " hela numret: en timme, med besked genast till dem som har ärendet, och granskning efteråt.", icon="lock",
    )  # fmt: skip
    yield Line(
        "Enhetschefen", "ser inte ärendet om hen inte står ovan." if hidden else
        "ser ärendets nummer, handläggare, samordnare och uppföljningsdag, men inte vem det gäller.", icon="lock",
    )  # fmt: skip
    yield Line("Administratören", "lägger upp personal och ser inget ärende.", icon="lock")
    yield Line("Regionkoordinatorn", "ser inget ärende utan att vara med i teamet.", icon="lock")
    yield Line("Andra nämnder, regionen och föreningar", "ser ingenting om de inte står ovan.", icon="lock")
    yield Line("De som driver systemet", "kan inte läsa det som är förseglat i databasen utan nycklarna.", icon="lock")


# Heading, who, what is said when there is nobody ("" leaves the heading out).
WAYS = [
    ("Kan öppna ärendet", grants, "Ingen."),
    ("Ser en del av planen", guests, "Ingen utanför nämnden."),
    ("Får läsa adresser", readers_of_places, ""),
    ("Får läsa enskilda handlingar", readers_of_documents, ""),
    ("Har öppnat i en nödsituation", emergencies, ""),
    ("Spärrade", blocks, ""),
    ("Kan inte se", those_who_cannot, ""),
]


def who_can_see(by, case, today):
    """[(heading, lines, words when there are none)]"""
    found = [(heading, list(way(by, case, today)), empty) for heading, way, empty in WAYS]
    return [part for part in found if part[1] or part[2]]
