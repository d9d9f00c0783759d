from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, require_role
from teams.delegation import DEFAULTS, as_dict, doubled, draft_of, faults_of_row, key_of, left_with_nobody
from teams.models import DelegationRow, DelegationScheme

NO_DRAFT = "Utkastet finns inte längre. Det är satt i kraft eller borttaget."


@transaction.atomic
def start_draft(*, by):
    """A new version to write in, with the rows of the newest one as they stand."""
    require_role(by, Permission.ADMINISTER)
    draft, newest = _begin(by)
    rows = DelegationRow.objects.filter(scheme=newest) if newest else ()
    _put(draft, [as_dict(row) for row in rows])
    record(by=by, action="delegation.draft_started", obj=draft, version=draft.version)
    return draft


@transaction.atomic
def add_row(*, by, **row):
    """One more row in the draft. Keywords are those of ``teams.delegation.DEFAULTS``."""
    require_role(by, Permission.ADMINISTER)
    draft, row = _draft(), {**DEFAULTS, **row}
    _refuse(_faults(by, [row]))
    rows = [as_dict(one) for one in draft.rows.select_related("member__user")]
    if key_of(row) in {key_of(one) for one in rows}:
        raise Refused("Den rollen eller personen har redan en rad för det ärendet och den målgruppen.")
    [added] = _put(draft, [row])
    record(by=by, action="delegation.row_added", obj=draft, row=str(added.pk))
    return added


@transaction.atomic
def change_row(*, by, row, **values):
    """Say another thing in one row of the draft."""
    require_role(by, Permission.ADMINISTER)
    draft = _draft()
    old = draft.rows.select_related("member__user").filter(pk=row.pk).first()
    if old is None:
        raise Refused(NO_DRAFT)
    new = {**as_dict(old), **values}
    _refuse(_faults(by, [new]))
    others = draft.rows.exclude(pk=old.pk).select_related("member__user")
    if key_of(new) in {key_of(as_dict(one)) for one in others}:
        raise Refused("Den rollen eller personen har redan en rad för det ärendet och den målgruppen.")
    old.delete()
    [changed] = _put(draft, [new])
    record(by=by, action="delegation.row_changed", obj=draft, row=str(changed.pk))
    return changed


@transaction.atomic
def remove_row(*, by, row):
    require_role(by, Permission.ADMINISTER)
    draft = _draft()
    if not draft.rows.filter(pk=row.pk).delete()[0]:
        raise Refused(NO_DRAFT)
    record(by=by, action="delegation.row_removed", obj=draft, row=str(row.pk))


@transaction.atomic
def replace_rows(*, by, rows):
    """All the draft's rows at once, from a sheet. One that may not stand refuses them all; begins a draft if there is
    none."""
    require_role(by, Permission.ADMINISTER)
    draft = draft_of() and _draft()
    draft = draft or _begin(by)[0]
    rows = [{**DEFAULTS, **row} for row in rows]
    _refuse(_faults(by, rows))
    draft.rows.all().delete()
    _put(draft, rows)
    record(by=by, action="delegation.rows_replaced", obj=draft, rows=len(rows))
    return draft


@transaction.atomic
def drop_draft(*, by):
    require_role(by, Permission.ADMINISTER)
    draft = _draft()
    draft.rows.all().delete()
    record(by=by, action="delegation.draft_dropped", obj=draft, version=draft.version)
    draft.delete()


@transaction.atomic
def adopt_draft(*, by, minute, minute_on, valid_from, valid_to=None):
    """Put the draft in force by the board's minute. The version before ends the day before. Raises Refused, with the
    rule: a matter left with nobody, two versions on one day, a decision already made on the version before."""
    require_role(by, Permission.ADMINISTER)
    return _adopt(by, _draft(), minute, minute_on, valid_from, valid_to)


@transaction.atomic
def adopt_scheme(*, by, minute, valid_from, rows, minute_on=None):
    """The same from a whole list of rows, with no draft in between."""
    require_role(by, Permission.ADMINISTER)
    draft, _newest = _begin(by)
    rows = [{**DEFAULTS, **row} for row in rows]
    _refuse(_faults(by, rows))
    _put(draft, rows)
    return _adopt(by, draft, minute, minute_on or min(valid_from, timezone.localdate()), valid_from, None)


def _begin(by):
    """(an empty draft, the newest version there is)"""
    if draft_of():
        raise Refused("Det finns redan ett utkast till ny delegationsordning. Fortsätt i det, eller ta bort det.")
    newest = DelegationScheme.objects.order_by("-version").first()
    version = newest.version + 1 if newest else 1
    return DelegationScheme.objects.create(authority_id=by.authority_id, version=version), newest


def _draft():
    drafts = DelegationScheme.objects.filter(state=DelegationScheme.State.DRAFT).select_for_update(of=("self",))
    draft = drafts.first()
    if draft is None:
        raise Refused(NO_DRAFT)
    return draft


def _put(draft, rows):
    made = [DelegationRow(authority_id=draft.authority_id, scheme=draft, **row) for row in rows]
    return DelegationRow.objects.bulk_create(made)


def _faults(by, rows):
    for row in rows:
        for sentence in faults_of_row(row):
            yield f"Rad {row['number']}: {sentence}" if len(rows) > 1 else sentence
        member = row["member"]
        if member and not Membership.objects.filter(pk=member.pk, authority_id=by.authority_id).exists():
            yield "Den namngivna personen har inget uppdrag hos nämnden (KL 7:5)."
    if doubled(rows):
        yield "Två rader gäller samma ärende, samma roll eller person och samma målgrupp."


def _refuse(faults):
    faults = list(faults)
    if faults:
        raise Refused(" ".join(faults[:3]))


def _adopt(by, draft, minute, minute_on, valid_from, valid_to):
    rows = [as_dict(row) for row in draft.rows.select_related("member__user")]
    _refuse(_faults(by, rows))
    if nobody := list(left_with_nobody(rows)):
        raise Refused(
            f"Ordningen lämnar detta utan någon som får besluta (KL 6:37, 7:5): {', '.join(nobody)}. Lägg till en rad."
        )
    _require_in_force(rows, valid_from)
    _require_days(minute, minute_on, valid_from, valid_to)
    _end_before(valid_from)
    draft.state, draft.minute, draft.minute_on = DelegationScheme.State.ADOPTED, minute.strip(), minute_on
    draft.valid_from, draft.valid_to, draft.adopted_by = valid_from, valid_to, by
    draft.save(update_fields=["state", "minute", "minute_on", "valid_from", "valid_to", "adopted_by"])
    record(by=by, action="delegation.adopted", obj=draft, version=draft.version, rows=len(rows))
    return draft


def _require_in_force(rows, on):
    named = {row["member"].pk: row["member"].user.name for row in rows if row["member"]}
    there = set(Membership.objects.filter(pk__in=named).in_force(on=on).values_list("pk", flat=True))
    if gone := [name for pk, name in named.items() if pk not in there]:
        raise Refused(f"{', '.join(gone)} har inget uppdrag hos nämnden den dagen (KL 7:5).")


def _require_days(minute, minute_on, valid_from, valid_to):
    if not minute.strip():
        raise Refused("Skriv nämndens protokollsparagraf.")
    if minute_on > timezone.localdate():
        raise Refused("Nämndens beslut kan inte ligga framåt i tiden. Vänta tills nämnden har beslutat.")
    if valid_from < minute_on:
        raise Refused("Ordningen kan inte börja gälla före nämndens beslut.")
    if valid_to and valid_to < valid_from:
        raise Refused("Sista dagen ligger före första dagen.")


def _end_before(valid_from):
    """No two versions on a day, and no decision that would rest on a version that had ended."""
    adopted = DelegationScheme.objects.adopted().select_for_update(of=("self",))
    if later := adopted.filter(valid_from__gte=valid_from).order_by("valid_from").first():
        raise Refused(
            f"Version {later.version} börjar gälla {later.valid_from:%Y-%m-%d}. Två versioner kan inte gälla samma dag:"
            " den nya måste börja senare."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.decided_since(%s)", [valid_from])
        [made] = cursor.fetchone()
    if made:
        raise Refused(
            f"{made} beslut är redan fattade med den förra ordningen från och med den dagen."
            " Låt den nya börja gälla en senare dag."
        )
    for before in adopted.reaching(valid_from):
        before.valid_to = valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
