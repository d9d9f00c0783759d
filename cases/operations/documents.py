import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases import papers, vault
from cases.access import ground_of, require
from cases.models import AccessGrant, ArchiveExport, Case, Document, DocumentReader, Individual, KeptCopy
from cases.pictures import refuse_shown
from exitprogram.audit.operations import record
from exitprogram.crypto.fingerprint import fingerprint_of_bytes
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.scan import clamd
from exitprogram.tenancy.roles import Permission

LONG_AGO = timedelta(days=365 * 120)


@transaction.atomic
def add_document(*, by, case, file, title, kind, area, received_from, received_on, open_to="case", members=(),
                 parties=(), shows=""):  # fmt: skip
    """Put a paper in the file. ``file`` comes from ``exitprogram.scan.content.checked``. With the scanner down it is
    kept in quarantine, where nobody opens it. Raises Refused for malware, for a paper that is here already, and in a
    child's case for a picture of which nobody has said what it ``shows``, or that shows somebody exploited."""
    require(by, Permission.KEEP_DOCUMENTS, case, after_closing=True)
    if case.programme == Case.Programme.CHILD:
        picture = file.content_type.startswith("image/")
        refuse_shown(picture=picture, words=title, shows=shows, on=timezone.localdate())
    if received_on > timezone.localdate() or received_on < timezone.localdate() - LONG_AGO:
        raise Refused("Dagen då handlingen kom ligger i framtiden eller alldeles för långt bak.")
    person = Individual.objects.select_for_update(of=("self",)).get(pk=case.individual_id)
    document = Document(
        authority_id=case.authority_id, case=case, title=title, kind=kind, area=area, received_from=received_from,
        received_on=received_on, content_type=file.content_type, size=len(file.data), open_to=open_to, uploaded_by=by,
        fingerprint=fingerprint_of_bytes(case.authority_id, file.data),
    )  # fmt: skip
    _refuse_double(by, document)
    _ask_scanner(document, file.data)
    # Were this never committed, the file would be one without a row, which the sweep throws away.
    vault.keep(document, file.data, person_key=vault.person_key(person))
    document.save(force_insert=True)
    for membership in members:
        _state(by, document, DocumentReader(kind=DocumentReader.Kind.MEMBER, membership=membership, may_read=True))
    for party in parties:
        _state(by, document, DocumentReader(kind=DocumentReader.Kind.PARTY, party=party, may_read=True))
    record(by=by, action="document.added", obj=document, case=case, kind=kind, state=document.state)
    return document


def _refuse_double(by, document):
    same = Document.objects.visible_to(by).filter(case=document.case, fingerprint=document.fingerprint)
    found = same.exclude(state=Document.State.REFUSED).first()
    if found:
        raise Refused(f"Samma fil finns redan i akten: {found.title}.")


def _ask_scanner(document, data):
    if not clamd.is_configured() and settings.EXIT_ENV != "production":
        document.state = Document.State.UNSCANNED
        return
    try:
        found = clamd.found_in(data)
    except clamd.ScannerDown:
        document.state = Document.State.QUARANTINED
        return
    if found:
        raise Refused("Skadlig kod hittades i filen. Den har inte sparats. Öppna den inte, och säg till er it-support.")
    document.state, document.scanned_at = Document.State.CLEAN, timezone.now()


@transaction.atomic
def open_document(*, by, document, case=None):
    """(bytes) of one paper, for somebody who has the case and sees this paper. The reading is written down first."""
    case = case or document.case
    require(by, Permission.READ_CASE, case, in_emergency=True)
    document = Document.objects.visible_to(by).get(pk=document.pk, case=case)
    data = papers.file_of(document)
    ground = ground_of(by, case)
    record(by=by, action="document.viewed", obj=document, case=case, ground=ground)
    return data


@transaction.atomic
def rescan_document(*, by, document):
    """Ask the scanner once more about a paper in quarantine. The worker does the same every minute."""
    require(by, Permission.KEEP_DOCUMENTS, document.case, after_closing=True)
    document = Document.objects.visible_to(by).select_for_update(of=("self",)).get(pk=document.pk)
    if document.state == Document.State.QUARANTINED:
        _scan_again(document)
    record(by=by, action="document.scanned", obj=document, case=document.case, state=document.state)
    return document


def _scan_again(document):
    data = vault.quarantined(document.pk, document.authority_id, document.stored_name, document.quarantine_key)
    try:
        found = clamd.found_in(data) if clamd.is_configured() else None
    except clamd.ScannerDown:
        found = None
    if found is None:
        raise Refused("Genomsökningen svarar inte än. Filen ligger kvar och prövas igen av sig själv.")
    document.state = Document.State.REFUSED if found else Document.State.CLEAN
    document.scanned_at, document.quarantine_key = timezone.now(), b""
    document.save(update_fields=["state", "scanned_at", "quarantine_key"])
    if found:
        transaction.on_commit(lambda: vault.remove(document.authority_id, [document.stored_name]))


@transaction.atomic
def set_document_readers(*, by, document, version, open_to, members=(), parties=()):
    """Who among us reads it, and which parties of the team. Nobody outside reads it by the team alone: it is ticked
    here, and a waiver or an exception covers its area. Raises Stale."""
    require(by, Permission.KEEP_DOCUMENTS, document.case, after_closing=True)
    document = Document.objects.visible_to(by).select_for_update(of=("self",)).get(pk=document.pk)
    if document.version != version:
        raise Stale(document)
    now = {(r.kind, r.membership_id or r.party_id): r for r in document.readers.filter(ended_at=None, may_read=True)}
    wanted = {("member", m.pk): DocumentReader(kind="member", membership=m, may_read=True) for m in members}
    wanted |= {("party", p.pk): DocumentReader(kind="party", party=p, may_read=True) for p in parties}
    for key, row in now.items():
        if key[0] in ("member", "party") and key not in wanted:
            _end(row)
    for key, row in wanted.items():
        if key not in now:
            _state(by, document, row)
    document.open_to = open_to
    document.version += 1
    document.save(update_fields=["open_to", "version"])
    record(
        by=by, action="document.readers_set", obj=document, case=document.case, open_to=open_to,
        members=[str(m.pk) for m in members], parties=[str(p.pk) for p in parties],
    )  # fmt: skip
    return document


@transaction.atomic
def state_reader(*, by, document, kind, may_read, ground, name=""):
    """Whether a guardian, or the individual herself, may be given the paper, and on what ground. The default is no.
    A new statement about the same person ends the one before."""
    require(by, Permission.KEEP_DOCUMENTS, document.case, after_closing=True)
    document = Document.objects.visible_to(by).select_for_update(of=("self",)).get(pk=document.pk)
    if not ground.strip():
        raise Refused("Skriv grunden för beslutet.")
    if kind == DocumentReader.Kind.GUARDIAN and not name.strip():
        raise Refused("Skriv vårdnadshavarens namn.")
    if kind == DocumentReader.Kind.GUARDIAN and may_read:
        raise Refused("Ett ja till en vårdnadshavare skrivs inte här. Släpp handlingen till just den personen, under"
                      " Vårdnadshavare i barnets akt (12 kap. 3 § OSL).")  # fmt: skip
    for row in document.readers.filter(ended_at=None, kind=kind):
        if row.name == name:
            _end(row)
    row = _state(by, document, DocumentReader(kind=kind, name=name, may_read=may_read, ground=ground))
    record(by=by, action="document.reader_stated", obj=row, case=document.case, kind=kind, may_read=may_read)
    return row


def _state(by, document, row):
    row.authority_id, row.case_id, row.document, row.set_by = document.authority_id, document.case_id, document, by
    if row.membership_id and not _has_case(row):
        raise NotAllowed("Bara den som har ärendet kan väljas som läsare.")
    if row.party_id and row.party_id == document.authority_id:
        raise Refused("Den egna nämnden väljs inte som part.")
    row.pk = uuid.uuid4()
    row.save(force_insert=True)
    return row


def _has_case(row):
    return AccessGrant.objects.on_day(timezone.localdate()).filter(
        membership_id=row.membership_id, content_object_id=row.case_id
    ).exists()  # fmt: skip


def _end(row):
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])


@transaction.atomic
def sweep_files(*, by):
    """(files thrown away, documents whose file is gone) of one authority. Run by a command, as the house's upkeep: a
    file without a row is what a broken upload or a destruction left behind."""
    documents = Document.objects.filter(authority_id=by.authority_id).exclude(state=Document.State.REFUSED)
    copies = KeptCopy.objects.filter(authority_id=by.authority_id)
    exports = ArchiveExport.objects.filter(authority_id=by.authority_id).kept()
    rows = {row.stored_name: row for row in (*documents, *copies, *exports)}
    found = vault.on_disk(by.authority_id)
    kept = set(rows)
    rubbish = [name for name, is_old in found.items() if is_old and name not in kept]
    missing = sorted(str(rows[name].pk) for name in kept - set(found))
    for name in rubbish:
        vault.discard(by.authority_id, name)
    if rubbish or missing:
        record(by=by, action="files.swept", obj=None, thrown_away=len(rubbish), missing=missing)
    return len(rubbish), missing
