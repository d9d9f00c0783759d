"""A caseload from another system: each line of a file becomes a person and a case by the operations that the screens
use. Nothing about anybody stands in the log, in the job or in a mail: they hold ids, counts and row numbers."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from cases import operations as cases
from cases.access import require_not_blocked
from exitprogram.audit.models import AuditEvent
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.jobs.operations import ask_job
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, Role, require_role
from teams.importing import FAULT, NEW, Outcome, staff_of
from teams.models import CaseloadImport
from teams.operations.coordinator import appoint_coordinator

JOB, BEGUN = "caseload", "caseload.import_begun"
SOURCE = "Kalkylblad från ett annat system"


@transaction.atomic
def examine_caseload(*, by, rows):
    """What each line would do: whoever is in it is searched for, exactly as on the screens, and the search stays in the
    log. What is wrong with a line by itself ``read_caseload`` has said; each is asked about anew when it is done."""
    _require_leader(by)
    staff, outcomes = staff_of(by), []
    for row in rows:
        try:
            _looked_for(by, row)
            what, sentence = NEW, _told(row, staff)
        except Refused as why:
            what, sentence = FAULT, str(why)
        outcomes.append(Outcome(row["number"], what, sentence))
    record(by=by, action="caseload.examined", obj=None, rows=len(rows))
    return outcomes


@transaction.atomic
def begin_import(*, by, key, rows):
    """Long work, in one's own name: a line at a time, and each is asked about anew when its turn comes. ``key`` is
    of one reading of a file, which is never begun twice, also when its row is gone."""
    _require_leader(by)
    if AuditEvent.objects.filter(action=BEGUN, object_id=key).exists():
        raise Refused("Den filen är redan inläst.")
    if not rows:
        raise Refused("Det finns inget att läsa in.")
    row = CaseloadImport(pk=key, authority_id=by.authority_id, asked_by=by, total=len(rows))
    row.lines = {str(one["number"]): one for one in rows}
    row.save(force_insert=True)
    record(by=by, action=BEGUN, obj=row, rows=len(rows))
    _ask(by, row)
    return row


@transaction.atomic
def continue_import(*, by, caseload):
    """Again with the lines that are left, when it was stopped before the end."""
    _require_leader(by)
    row = CaseloadImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=caseload.pk)
    if not row.left:
        raise Refused("Alla rader är gjorda.")
    record(by=by, action="caseload.import_continued", obj=row, rows=len(row.left))
    _ask(by, row)
    return row


def _ask(by, row):
    ask_job(by=by, kind=JOB, subject_id=row.pk, parts=[str(number) for number in row.left])


@transaction.atomic
def import_line(*, by, caseload, number):
    """One line, whole or not at all; done once, however often it is asked for. Returns its case, or None."""
    _require_leader(by)
    row = CaseloadImport.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=caseload).first()
    if row is None:
        raise Refused("Det som skulle läsas in är borttaget.")
    line, case = row.lines.get(str(number)), None
    if line is None:
        return None
    staff = staff_of(by)
    try:
        search = _looked_for(by, line)
        with transaction.atomic():
            case = _bring_in(by, line, search, staff)
    except Refused as why:
        row.is_done(number, FAULT, str(why))
    else:
        row.is_done(number, NEW, f"Ärende {case.number} hos {staff[line['worker']].user.name}.")
    row.save(update_fields=["sealed_lines", "sealed_outcomes"])
    record(by=by, action="caseload.line_imported", obj=row, case=case, row=number, made=case is not None)
    return case


@transaction.atomic
def forget_import(*, by, caseload):
    """Gone, with what is left of it, before its day is over. The cases that it has made stand."""
    _require_leader(by)
    row = CaseloadImport.objects.visible_to(by).select_for_update(of=("self",)).get(pk=caseload.pk)
    record(by=by, action="caseload.import_forgotten", obj=row, left=len(row.left))
    row.delete()


@transaction.atomic
def pass_case(*, by, case, membership):
    """A case that one has opened oneself goes to the colleague who is to handle it, with what must be done by a day. It
    opens to her when she has answered whether she knows the person; one's own way in ends at once."""
    require_role(by, Permission.UNIT_OVERVIEW)
    if case.worker_id != by.pk or case.created_by_id != by.pk:
        raise NotAllowed("Bara den som själv har öppnat ärendet, och handlägger det, kan lämna det så.")
    own = Membership.objects.filter(authority_id=case.authority_id, pk=membership.pk, role=Role.SOCIAL_WORKER)
    found = own.in_force(on=timezone.localdate()).filter(ends_on=None).exclude(user_id=by.user_id).first()
    if found is None:
        raise Refused("Den som tar över ska vara anställd tills vidare i socialtjänsten hos den egna nämnden.")
    require_not_blocked(case, found)
    record(by=by, action="case.worker_changed", obj=case, case=case, to=str(found.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.pass_case(%s, %s)", [case.pk, found.pk])
    return case


def _require_leader(by):
    require_role(by, Permission.UNIT_OVERVIEW)
    require_role(by, Permission.CREATE_CASE)


def _looked_for(by, row):
    """The id of the search, when it found nobody. What it says of somebody is what the search itself would show: of
    one who is protected, or whom the searcher is shut out from, nothing."""
    hits, search = cases.search_people(by=by, query=row["identity"] or row["name"])
    for hit in hits:
        if hit.case and hit.case.closed_on is None:
            raise Refused(f"Personen finns redan, och ärendet är öppet: {hit.case.number}.")
        if hit.case:
            raise Refused(f"Personen har haft ärende {hit.case.number} här. Ta upp det därifrån.")
        if hit.ask:
            raise Refused(f"Personen kan finnas redan. Fråga {hit.ask}.")
        raise Refused("Personen är redan upplagd, utan ärende. Sök och öppna ärendet därifrån.")
    return search


def _bring_in(by, row, search, staff):
    worker, coordinator = staff.get(row["worker"]), staff.get(row["coordinator"])
    if worker is None or (row["coordinator"] and coordinator is None):
        raise Refused("Handläggaren eller samordnaren arbetar inte längre hos er.")
    threat = row["protected"] == "threat"
    person = cases.add_person(
        by=by, after_search=search, name=row["name"], number=row["identity"], local_threat=threat,
        protection="none" if threat or not row["protected"] else row["protected"],
    )  # fmt: skip
    case = cases.open_case(
        by=by, individual=person, programme="adult", contact_way="unknown", target_group="unknown",
        opened_on=date.fromisoformat(row["opened_on"]),
    )  # fmt: skip
    _note(by, case, row)
    if coordinator is not None:
        appoint_coordinator(by=by, case=case, membership=coordinator)
    pass_case(by=by, case=case, membership=worker)
    return case


def _note(by, case, row):
    """What the other system knew, signed; the next following-up is watched from now."""
    said = ["Ärendet är överfört från ett annat system."]
    if row["earlier"]:
        said.append(f"Ärendenummer där: {row['earlier']}.")
    if row["agreed_on"]:
        said.append(f"Planen var överenskommen {row['agreed_on']}. Den behöver skrivas in här.")
    ahead = date.fromisoformat(row["follow_up_on"]) if row["follow_up_on"] else None
    if ahead:
        said.append(f"Nästa uppföljning: {row['follow_up_on']}.")
    note = cases.save_note(
        by=by, case=case, kind="other", event_on=timezone.localdate(), source=SOURCE, fact=" ".join(said),
        follow_up_on=ahead,
    )  # fmt: skip
    cases.sign_note(by=by, case=case, note=note)


def _told(row, staff):
    """Nobody's name but the staff's: which row it is, is known by its number."""
    said = [f"Nytt ärende hos {staff[row['worker']].user.name}, öppnat {sv_day(date.fromisoformat(row['opened_on']))}."]
    if row["coordinator"]:
        said.append(f"Samordnare: {staff[row['coordinator']].user.name}.")
    if row["follow_up_on"]:
        said.append(f"Uppföljning bevakas {sv_day(date.fromisoformat(row['follow_up_on']))}.")
    if row["protected"]:
        said.append("Skyddas från början.")
    return " ".join(said)
