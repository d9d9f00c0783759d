"""What an administrator should put right: who never signs in, what ends soon, what has nobody. Counts, staff and
authorities; nothing of any case."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from cases import retention
from cases.models import ArchiveExport, DisposalList
from exitprogram.audit.models import AuditEvent
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.letterheads import letterhead_of
from exitprogram.tenancy.models import CooperationAgreement, Membership
from exitprogram.tenancy.roles import Role
from exitprogram.tenancy.units import Units
from exitprogram.tokens.models import ApiToken
from teams.board import late, untold
from teams.delegation import draft_of, left_with_nobody, rows_of_scheme
from teams.log_review import unreviewed
from teams.models import DelegationScheme
from teams.standing import standing_of
from teams.who_decides import vacant

UNUSED_DAYS, NEW_DAYS, SOON_DAYS = 90, 14, 30


@dataclass(frozen=True)
class Sign:
    """``names``: of staff or authorities. ``act``: what the way to it is called."""

    text: str
    url: str
    act: str
    names: tuple = ()
    urgent: bool = False


def signs(by, *, on):
    """What is urgent first."""
    staff = list(
        Membership.objects.filter(authority_id=by.authority_id).in_force(on=on).select_related("user").order_by(
            "user__name", "pk")
    )  # fmt: skip
    found = [*_staff(by, staff, on), *_cooperation(by, on), *_retention(by, on), *_house(by, on)]
    if by.authority.is_social:
        found += [*_units(by, staff, on), *_scheme(by, on), *_board(on), *_unreviewed(by, staff)]
    return sorted(found, key=lambda sign: not sign.urgent)


def _sign(view, text, act, *args, **more):
    return Sign(text, reverse(view, args=args), act, **more)


def _count(number, one, many):
    return f"1 {one}" if number == 1 else f"{number} {many}"


def _staff(by, staff, on):
    opened = AuditEvent.objects.filter(authority_id=by.authority_id, action="session.opened")
    last = dict(opened.values_list("membership_id").annotate(last=Max("created_at")))
    unused = [one.user.name for one in staff if _is_unused(one, last.get(one.pk), on)]
    if unused:
        text = f"{_count(len(unused), 'roll har', 'roller har')} inte använts på {UNUSED_DAYS} dagar."
        yield _sign("tenancy:people", text, "Avsluta eller behåll", names=tuple(unused))
    ending = [one for one in staff if one.ends_on and one.ends_on <= on + timedelta(days=SOON_DAYS)]
    for one in ending:
        text = f"{one.user.name}, {one.get_role_display().lower()}: sista dagen är {sv_day(one.ends_on)}."
        yield _sign("tenancy:member_end", text, "Se vad som påverkas", one.pk)
    if sum(one.role == Role.ADMINISTRATOR for one in staff) == 1:
        text = "Du är ensam administratör. Ingen kan ta över om du är borta."
        yield _sign("tenancy:member_add", text, "Lägg till en till")


def _is_unused(one, last, on):
    """Not since long; and who has never signed in is let to be new for a while."""
    if last is None:
        return one.starts_on < on - timedelta(days=NEW_DAYS)
    return timezone.localdate(last) < on - timedelta(days=UNUSED_DAYS)


def _cooperation(by, on):
    rows = CooperationAgreement.objects.visible_to(by).select_related("authority")
    for one in rows.prefetch_related("parties__party_authority"):
        standing = standing_of(one, by, on=on)
        names = ", ".join(other.name for other in standing.others)
        if standing.asks_us:
            text = f"{one.authority.name} har föreslagit samverkan."
            yield _sign("teams:agreement", text, "Läs och svara", one.pk, urgent=True)
        elif standing.ends_soon:
            text = f"Samverkan med {names} slutar {sv_day(standing.ends_on)}."
            yield _sign("teams:agreement", text, "Öppna", one.pk)


def _retention(by, on):
    due = sum(verdict.is_due(on) for verdict in retention.verdicts(by))
    waiting = DisposalList.objects.visible_to(by).filter(carried_out_at=None, dropped_at=None).first()
    if waiting:
        text = "En gallringslista väntar på att bli klar."
        yield _sign("cases:disposal", text, "Öppna listan", waiting.pk, urgent=True)
    elif due:
        text = f"{_count(due, 'avslutat ärende', 'avslutade ärenden')} ska gallras enligt reglerna."
        yield _sign("cases:retention", text, "Gör en lista")
    if asked := ArchiveExport.objects.visible_to(by).waiting().count():
        text = f"{_count(asked, 'begäran', 'begäranden')} om utlämning till arkivet väntar på svar."
        yield _sign("cases:approvals", text, "Ta ställning", urgent=True)


def _house(by, on):
    if not letterhead_of(by.authority).lines:
        yield _sign("tenancy:letterhead", "Breven har ingen adress.", "Skriv brevhuvud")
    soon = ApiToken.objects.visible_to(by).standing(on=on).filter(expires_on__lte=on + timedelta(days=SOON_DAYS))
    names = tuple(soon.values_list("name", flat=True))
    if names:
        text = f"{_count(len(names), 'anslutning', 'anslutningar')} till andra system slutar inom {SOON_DAYS} dagar."
        yield _sign("tokens:connections", text, "Öppna", names=names)


def _units(by, staff, on):
    if not any(one.role == Role.UNIT_MANAGER for one in staff):
        text = "Ingen är enhetschef. Det som blir för sent visas då bara för dem som har ärendet."
        yield _sign("tenancy:member_add", text, "Lägg till", urgent=True)
    units = Units(by, on=on)
    alone = tuple(unit.name for unit in units.all if unit.pk not in units.led)
    if alone:
        text = f"{_count(len(alone), 'enhet har', 'enheter har')} ingen chef. Nämndens alla enhetschefer får veta."
        yield _sign("tenancy:units", text, "Välj chef", names=alone)
    workers = [one for one in staff if one.role == Role.SOCIAL_WORKER and one.pk not in units.of_member]
    if units.all and workers:
        text = f"{_count(len(workers), 'handläggare hör', 'handläggare hör')} inte till någon enhet."
        yield _sign("tenancy:people", text, "Välj enhet", names=tuple(one.user.name for one in workers))


def _scheme(by, on):
    now = DelegationScheme.objects.in_force(on=on).first()
    if now is None:
        text = "Ingen delegationsordning gäller. Alla beslut fattas av nämnden själv."
        yield _sign("teams:scheme", text, "Öppna", urgent=True)
        return
    if now.valid_to and now.valid_to <= on + timedelta(days=SOON_DAYS):
        text = f"Delegationsordningen slutar gälla {sv_day(now.valid_to)}."
        yield _sign("teams:scheme", text, "Öppna", urgent=True)
    rows = rows_of_scheme(now)
    nobody = tuple(left_with_nobody(rows))
    if nobody:
        text = f"{_count(len(nobody), 'beslutstyp har', 'beslutstyper har')} ingen som får besluta."
        yield _sign("teams:scheme", text, "Öppna", names=nobody, urgent=True)
    empty = tuple(vacant(by, rows, on=on))
    if empty:
        yield _sign("teams:scheme", "Roller i delegationsordningen som ingen har:", "Öppna", names=empty, urgent=True)
    if draft_of() is not None:
        yield _sign("teams:scheme_draft", "Ett förslag till delegationsordning är inte beslutat.", "Öppna förslaget")


def _board(on):
    untold_late = len(late(untold(), on=on))
    if untold_late:
        text = f"{_count(untold_late, 'beslut har', 'beslut har')} inte anmälts till nämnden i tid."
        yield _sign("teams:board", text, "Nämndlistor", urgent=True)


def _unreviewed(by, staff):
    """Nobody's reading goes unseen: a board with one manager needs another who goes through hers."""
    if any(one.role == Role.UNIT_MANAGER for one in staff) and (names := tuple(unreviewed(by))):
        text = "Ingen granskar vad de här läser. Ge någon till rollen enhetschef, så granskar ni varandra."
        yield _sign("tenancy:member_add", text, "Lägg till", names=names, urgent=True)
