import hashlib
import hmac

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cases import retention, vault
from cases.access import require
from cases.models import Case, DisposalCertificate, DisposalItem, DisposalList, RetentionMark
from exitprogram.audit.operations import record, record_many
from exitprogram.crypto import keys
from exitprogram.errors import NotAllowed, Refused
from exitprogram.jobs.operations import ask_job
from exitprogram.tenancy.roles import Permission, may, require_role

PERSON_FILES = "Personakter med journal, planer, beslut och handlingar"


@transaction.atomic
def view_retention(*, by, page):
    """Write down that the list of closed cases, by number and without a person, was read."""
    require_role(by, Permission.DISPOSE)
    record(by=by, action="desk.viewed", obj=None, page=page)


@transaction.atomic
def mark_retention(*, by, case, kind, reason):
    """Say what the rules cannot see: a hold, that a child has been placed or never has, that there is a patient record.
    Those who have the case say it; a hold also whoever prepares destruction. An answer ends the one it contradicts."""
    if not (kind == RetentionMark.Kind.HOLD and by.authority_id == case.authority_id and may(by, Permission.DISPOSE)):
        require(by, Permission.KEEP_DOCUMENTS, case, after_closing=True)
    if not reason.strip():
        raise Refused("Skriv varför.")
    if kind == RetentionMark.Kind.NOT_PLACED:
        _require_never_placed(case)
    answers = (RetentionMark.Kind.PLACED, RetentionMark.Kind.NOT_PLACED)
    for old in RetentionMark.objects.in_force().filter(case=case, kind__in=answers if kind in answers else (kind,)):
        if old.kind == kind:
            raise Refused("Det står redan i akten.")
        _end(by, old, reason)
    mark = RetentionMark(authority_id=case.authority_id, case_id=case.pk, kind=kind, reason=reason, set_by=by)
    mark.save(force_insert=True)
    record(by=by, action="retention.marked", obj=mark, case=case, kind=kind)
    return mark


@transaction.atomic
def end_retention_mark(*, by, mark, reason):
    """A hold is lifted, or an answer was wrong. The row stays, with who ended it and why."""
    require(by, Permission.KEEP_DOCUMENTS, mark.case, after_closing=True)
    mark = RetentionMark.objects.visible_to(by).select_for_update(of=("self",)).get(pk=mark.pk)
    if mark.ended_at:
        raise Refused("Det är redan hävt.")
    if not reason.strip():
        raise Refused("Skriv varför.")
    if mark.kind == RetentionMark.Kind.PLACED:
        _require_never_placed(mark.case)
    _end(by, mark, reason)
    record(by=by, action="retention.mark_ended", obj=mark, case=mark.case, kind=mark.kind)
    return mark


def _require_never_placed(case):
    if any(placed(case) for placed in retention.PLACED):
        raise Refused("En placering står i akten, och akten bevaras för alltid (SoL 16:2).")


def _end(by, mark, reason):
    mark.ended_at, mark.ended_by, mark.end_reason = timezone.now(), by, reason
    mark.save(update_fields=["ended_at", "ended_by", "end_reason"])


# The list


def _due(by):
    return [verdict for verdict in retention.verdicts(by) if verdict.is_due(timezone.localdate())]


@transaction.atomic
def prepare_disposal(*, by, case_ids):
    """A list of cases to destroy, chosen among those that are due today. One open list at a time."""
    require_role(by, Permission.DISPOSE)
    if DisposalList.objects.visible_to(by).filter(carried_out_at=None, dropped_at=None).exists():
        raise Refused("Det finns redan en lista som inte är avslutad. Avsluta den först.")
    due = {verdict.facts.case_id: verdict for verdict in _due(by)}
    if not case_ids or not set(case_ids) <= set(due):
        raise Refused("Välj minst ett ärende bland dem som ska gallras i dag.")
    chosen = [due[pk] for pk in sorted(case_ids, key=str)]
    _require_whole_people(chosen, due)
    made = DisposalList(
        authority_id=by.authority_id, prepared_by=by, cases=len(chosen), list_hash=_hash(by.authority_id, chosen)
    )
    made.save(force_insert=True)
    DisposalItem.objects.bulk_create(
        DisposalItem(
            authority_id=by.authority_id, list=made, target_id=verdict.facts.case_id, rule_id=verdict.rule_id,
            last_on=verdict.facts.last_on, destroy_from=verdict.destroy_from,
        )
        for verdict in chosen
    )  # fmt: skip
    record(by=by, action="disposal.prepared", obj=made, cases=len(chosen))
    return made


def _require_whole_people(chosen, due):
    """All that remains on a person goes at once, or waits."""
    listed, people = {v.facts.case_id for v in chosen}, {v.facts.individual_id for v in chosen}
    left = [v.facts.number for v in due.values() if v.facts.individual_id in people and v.facts.case_id not in listed]
    if left:
        raise Refused(f"Samma person har fler ärenden. Ta också med {', '.join(sorted(left))}.")


def _hash(authority_id, verdicts):
    """Keyed, over ids and days: proves which list it was to somebody who has the list, and says nothing to others."""
    lines = sorted(f"{v.facts.case_id}|{v.rule_id}|{v.facts.last_on}|{v.destroy_from}" for v in verdicts)
    return hmac.new(keys.derived(1, "disposal", authority_id), "\n".join(lines).encode(), hashlib.sha256).digest()


def _locked(by, disposal):
    require_role(by, Permission.DISPOSE)
    row = DisposalList.objects.visible_to(by).select_for_update(of=("self",)).get(pk=disposal.pk)
    if not row.is_open:
        raise Refused("Listan är redan avslutad.")
    return row


@transaction.atomic
def sign_disposal(*, by, disposal):
    """The first or the second signature; two people, each in her own name. Asked once more: is every case still due?"""
    row = _locked(by, disposal)
    _require_unchanged(by, row)
    if row.signed_first_by_id is None:
        row.signed_first_by, row.signed_first_at = by, timezone.now()
        row.save(update_fields=["signed_first_by", "signed_first_at"])
    elif row.signed_second_by_id is not None:
        raise Refused("Listan är redan signerad av två.")
    elif row.signed_first_by.user_id == by.user_id:
        raise Refused("Du har redan signerat. Den andra signaturen är en annan persons.")
    else:
        row.signed_second_by, row.signed_second_at = by, timezone.now()
        row.save(update_fields=["signed_second_by", "signed_second_at"])
    record(by=by, action="disposal.signed", obj=row)
    return row


def _require_unchanged(by, row):
    due = {verdict.facts.case_id: verdict for verdict in _due(by)}
    listed = [due.get(pk) for pk in row.items.values_list("target_id", flat=True)]
    if None in listed or len(listed) != row.cases or _hash(by.authority_id, listed) != bytes(row.list_hash):
        raise Refused("Något i ett ärende på listan har ändrats. Släng listan och gör en ny.")


@transaction.atomic
def drop_disposal(*, by, disposal):
    """The list is thrown away. Nothing is destroyed."""
    row = _locked(by, disposal)
    row.dropped_by, row.dropped_at = by, timezone.now()
    row.save(update_fields=["dropped_by", "dropped_at"])
    record(by=by, action="disposal.dropped", obj=row)
    return row


@transaction.atomic
def begin_disposal(*, by, disposal):
    """Ask for the destruction as long work, in one's own name. Everything is asked once more when it is done."""
    row = _locked(by, disposal)
    if row.signed_second_by_id is None:
        raise NotAllowed("Listan ska vara signerad av två olika personer.")
    _require_unchanged(by, row)
    job = ask_job(by=by, kind="disposal", subject_id=row.pk, parts=[str(row.pk)])
    record(by=by, action="disposal.asked", obj=row)
    return job


@transaction.atomic
def carry_out_disposal(*, by, disposal):
    """Destroy what is on the list, and leave a certificate without content. Python asks everything once more, and the
    database asks it again by itself; then the files. A file that stays behind has no key, and the sweep takes it."""
    row = _locked(by, disposal)
    if row.signed_second_by_id is None:
        raise NotAllowed("Listan ska vara signerad av två olika personer.")
    _require_unchanged(by, row)
    rule_ids = sorted(set(row.items.values_list("rule_id", flat=True)))
    targets = [Case(pk=pk, authority_id=row.authority_id) for pk in row.items.values_list("target_id", flat=True)]
    cases, people, files = _disposed(row)
    row.carried_out_by, row.carried_out_at = by, timezone.now()
    row.save(update_fields=["carried_out_by", "carried_out_at"])
    certificate = DisposalCertificate(
        authority_id=row.authority_id, list=row, record_class=PERSON_FILES, cases=cases, people=people,
        files=len(files), rule_ids=rule_ids, list_hash=row.list_hash, prepared_by_id=row.prepared_by_id,
        signed_first_by_id=row.signed_first_by_id, signed_second_by_id=row.signed_second_by_id, carried_out_by=by,
    )  # fmt: skip
    certificate.save(force_insert=True)
    record_many(by=by, action="case.disposed", about=[(case, case) for case in targets])
    record(by=by, action="disposal.carried_out", obj=row, cases=cases, people=people, files=len(files))
    transaction.on_commit(lambda: vault.remove(row.authority_id, files))
    return certificate


def _disposed(row):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT cases, people, files FROM wall.dispose(%s)", [row.pk])
            return cursor.fetchone()
    except IntegrityError as error:
        raise Refused(str(error.__cause__.diag.message_primary)) from error
