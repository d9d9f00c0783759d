"""A closed case handed to the archive: every write about the request and its package."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.utils import timezone

from cases import retention, vault
from cases.access import can, require
from cases.models import AccessBlock, ArchiveExport, Case, Individual, Notice
from cases.models.archive import ANSWER_STANDS, STANDS
from exitprogram.audit.operations import record
from exitprogram.crypto.envelope import certificate_of, pem_of
from exitprogram.errors import NotAllowed, Refused
from exitprogram.jobs.operations import ask_job
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, Role, require_role

JOB = "archive"
End = ArchiveExport.End


@transaction.atomic
def ask_export(*, by, case, recipient, purpose, certificate):
    """Ask for a closed case to be handed to the archive, encrypted to that archive's ``certificate`` (PEM). Refused
    for a file that the law says is to be destroyed. Those who approve are told."""
    require(by, Permission.DISCLOSE, case)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.closed_on is None:
        raise Refused("Bara ett avslutat ärende lämnas till arkivet.")
    if not recipient.strip() or not purpose.strip():
        raise Refused("Skriv vilket arkiv det är och varför ärendet lämnas.")
    _require_kept(case)
    if ArchiveExport.objects.going().filter(case=case).exists():
        raise Refused("Det finns redan en begäran för ärendet. Ta tillbaka den först.")
    found = certificate_of(certificate, at=timezone.now())
    export = ArchiveExport(
        authority_id=case.authority_id, case=case, number=case.number, recipient=recipient.strip(),
        purpose=purpose.strip(), certificate=pem_of(found), requested_by=by,
    )  # fmt: skip
    export.save(force_insert=True)
    record(by=by, action="archive.asked", obj=export, case=case)
    for member in _approvers(by, case):
        _tell(by, export, member)
    return export


def _require_kept(case):
    verdict = retention.judged(retention.facts_of(case), retention.house_of(case.authority_id))
    if verdict.is_due(timezone.localdate()):
        raise Refused(f"Akten ska gallras och lämnas därför inte till arkivet. {verdict.why} ({verdict.citation})")


def _approvers(by, case):
    """The managers; without another manager the administrators. Nobody who is blocked in the case."""
    blocked = AccessBlock.objects.standing().of_case(case).values("user_id")
    people = Membership.objects.filter(authority_id=by.authority_id, user__is_active=True)
    people = people.in_force(on=timezone.localdate()).exclude(user_id=by.user_id).exclude(user_id__in=blocked)
    return list(people.filter(role=Role.UNIT_MANAGER)) or list(people.filter(role=Role.ADMINISTRATOR))


def _tell(by, export, member):
    notice = Notice(
        authority_id=export.authority_id, about=Notice.About.ARCHIVE, subject_id=export.pk, recipient=member,
        recipient_authority_id=member.authority_id, about_on=timezone.localdate(),
    )  # fmt: skip
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def _locked(by, export):
    row = ArchiveExport.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=export.pk).first()
    if row is None:
        raise NotAllowed("Begäran är inte öppen för dig.")
    if row.ended_at:
        raise Refused(f"Begäran är avslutad: {row.get_end_display()}.")
    return row


def _to_answer(by, export):
    require_role(by, Permission.APPROVE_EXPORT)
    row = _locked(by, export)
    if row.requested_by.user_id == by.user_id:
        raise NotAllowed("Du har själv bett om det här. En annan person godkänner.")
    if row.approved_at:
        raise Refused("Begäran är redan godkänd.")
    return row


@transaction.atomic
def approve_export(*, by, export):
    """Another person's yes. It says nothing of what is in the file, which the approver need not be able to read."""
    row = _to_answer(by, export)
    row.approved_by, row.approved_at = by, timezone.now()
    row.save(update_fields=["approved_by", "approved_at"])
    record(by=by, action="archive.approved", obj=row, case=_ref(row))
    _tell(by, row, row.requested_by)
    return row


@transaction.atomic
def refuse_export(*, by, export, reason):
    row = _to_answer(by, export)
    if not reason.strip():
        raise Refused("Skriv varför.")
    _end(row, End.REFUSED, by=by, reason=reason.strip())
    record(by=by, action="archive.refused", obj=row, case=_ref(row))
    _tell(by, row, row.requested_by)
    return row


def _ref(row):
    return Case(pk=row.case_id, authority_id=row.authority_id)


def _of_asker(by, export):
    """The row, for her who asked and still has the case."""
    require(by, Permission.DISCLOSE, export.case)
    row = _locked(by, export)
    if row.requested_by_id != by.pk:
        raise NotAllowed("Bara den som bad om utlämningen gör och hämtar paketet.")
    return row


@transaction.atomic
def begin_export(*, by, export):
    """Make the package, as long work in one's own name. Who may is asked again when it is made."""
    row = _of_asker(by, export)
    _require_approved(row)
    job = ask_job(by=by, kind=JOB, subject_id=row.pk, parts=["package"])
    record(by=by, action="archive.begun", obj=row, case=row.case)
    return job


def _require_closed(row):
    """Taken up again it goes on growing, and what was approved was another file."""
    if row.case.closed_on is None:
        raise Refused("Bara ett avslutat ärende lämnas till arkivet. Det här har tagits upp igen: ta tillbaka begäran.")


def _require_approved(row):
    _require_closed(row)
    if row.made_at:
        raise Refused("Paketet är redan gjort.")
    if row.approved_at is None:
        raise NotAllowed("En annan person ska godkänna utlämningen först.")
    if timezone.now() >= row.approved_at + ANSWER_STANDS:
        raise Refused("Godkännandet är äldre än en vecka. Ta tillbaka begäran och gör en ny.")


@transaction.atomic
def keep_package(*, by, export, package, persons, files):
    """Seal what is to be handed out, already encrypted to the archive, under the person's key. ``persons``: how many
    people it tells of."""
    row = _of_asker(by, export)
    _require_approved(row)
    person = Individual.objects.select_for_update(of=("self",)).get(pk=row.case.individual_id)
    vault.keep(row, package, person_key=vault.person_key(person))
    row.made_at = timezone.now()
    row.expires_at = row.made_at + STANDS
    row.persons, row.files, row.size, row.sha256 = persons, files, len(package), hashlib.sha256(package).digest()
    row.save(update_fields=[
        "stored_name", "key_id", "wrapped_key", "made_at", "expires_at", "persons", "files", "size", "sha256",
    ])  # fmt: skip
    record(by=by, action="archive.made", obj=row, case=row.case, files=files, persons=persons)
    return row


@transaction.atomic
def fetch_export(*, by, export, persons):
    """The bytes, for the asker alone, a few times within a day. ``persons``: what she says that the file holds."""
    row = _of_asker(by, export)
    _require_closed(row)
    if row.step != "made":
        raise Refused("Paketet är inte gjort, eller tiden för att hämta det har gått ut.")
    if persons != row.persons:
        many = "1 person" if row.persons == 1 else f"{row.persons} personer"
        raise Refused(f"Paketet innehåller uppgifter om {many}. Skriv den siffran för att gå vidare.")
    if not row.left:
        raise Refused("Paketet har hämtats så många gånger det går. Gör en ny begäran om det behövs igen.")
    package = _package(row)
    row.fetches += 1
    row.save(update_fields=["fetches"])
    record(by=by, action="archive.fetched", obj=row, case=row.case, time=row.fetches)
    return package


def _package(row):
    try:
        package = vault.contents(row)
    except vault.FileGone:
        raise Refused("Paketet finns inte kvar på servern. Ta tillbaka begäran och gör en ny.") from None
    except InvalidTag:
        package = b""
    if not hmac.compare_digest(hashlib.sha256(package).digest(), bytes(row.sha256)):
        raise Refused("Filen är inte den som gjordes. Säg till er it-support.")
    return package


@transaction.atomic
def confirm_received(*, by, export):
    """The archive has said that it has come and could be opened. The package is destroyed here."""
    row = _of_asker(by, export)
    if not row.fetches:
        raise Refused("Paketet är inte hämtat än.")
    _end(row, End.RECEIVED, by=by)
    record(by=by, action="archive.received", obj=row, case=row.case)
    return row


@transaction.atomic
def withdraw_export(*, by, export):
    """Taken back by her who asked, at any time; a package that has been made is destroyed."""
    row = _of_asker(by, export)
    _end(row, End.WITHDRAWN, by=by)
    record(by=by, action="archive.withdrawn", obj=row, case=row.case)
    return row


def _end(row, end, *, by=None, reason=""):
    """Over. The file's wrapped key goes in the same transaction, and the file when that is certain."""
    name = row.stored_name
    row.end, row.ended_at, row.ended_by, row.reason = end, timezone.now(), by, reason
    row.stored_name, row.wrapped_key = "", b""
    row.save(update_fields=["end", "ended_at", "ended_by", "reason", "stored_name", "wrapped_key"])
    if name:
        transaction.on_commit(lambda: vault.remove(row.authority_id, [name]))


@transaction.atomic
def end_exports(*, by):
    """What has run out in one authority, or whose asker has left it, has been blocked or has the case no longer. By the
    house's upkeep; how many were ended."""
    now, ended = timezone.now(), 0
    rows = ArchiveExport.objects.select_for_update(of=("self",), skip_locked=True).going()
    for row in rows.select_related("case").filter(authority_id=by.authority_id):
        end = End.LEFT if not _still_has(row) else End.EXPIRED if row.step == "lapsed" else ""
        if end:
            _end(row, end)
            record(by=by, action="archive.ended", obj=row, case=row.case, end=end, at=now.date().isoformat())
            ended += 1
    return ended


def _still_has(row):
    members = Membership.objects.filter(pk=row.requested_by_id, user__is_active=True)
    asker = members.in_force(on=timezone.localdate()).select_related("user").first()
    return asker is not None and can(asker, Permission.DISCLOSE, row.case)
