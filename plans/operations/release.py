import hashlib

from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from cases.models import DisclosedItem, Disclosure
from cases.papers import copy_of, keep_copy
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.jobs.operations import ask_job
from exitprogram.tenancy.roles import Permission
from plans import childs_copy
from plans.childs_copy import GROUPS, is_for_a_child
from plans.exports import document, recipient_of, recipients
from plans.guardians import PREFIX, released_part
from plans.languages import SWEDISH, codes
from plans.models import PlanVersion


@transaction.atomic
def release_copy(*, by, plan_version, recipient_key, language=SWEDISH, safe=False, child="",
                 via="web"):  # fmt: skip
    """(bytes, disclosure) of a numbered copy for one recipient with cover today. A copy is a disclosure, always
    written down; ``language``, ``safe`` and ``child`` (an age group) are for the individual's own. Raises Refused
    without ground, and NoPdf where the machine cannot make one."""
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("case__individual", "case__authority")
    version = version.get(pk=plan_version.pk)
    require(by, Permission.EXPORT_PLAN, version.case)
    recipient = recipient_of(version.case, recipient_key)
    number = Disclosure.objects.filter(object_id=version.pk).count() + 1
    if recipient.kind != "individual" and (safe or child or language != SWEDISH):
        raise Refused("Bara personens egen kopia görs på andra språk eller i säker version.")
    if child and (child not in GROUPS or not is_for_a_child(version.case)):
        raise Refused("Den versionen görs i ett barns ärende, för en av åldersgrupperna.")
    if language not in codes():
        raise Refused("Planens fasta texter finns inte på det språket.")
    what, pieces = _what(language, safe, child), []
    if recipient.kind == beside.KIND:
        what, pieces, recipient = released_part(by, version, recipient)
    given = {"copy_number": number, "made_on": timezone.localdate()}
    data = (
        childs_copy.document(version, child, **given) if child
        else document(version, recipient, **given, language=language, safe=safe)
    )  # fmt: skip
    disclosure = Disclosure(
        authority_id=version.authority_id, case=version.case, what=what, object_id=version.pk,
        beside_id=recipient.key.removeprefix(PREFIX) if recipient.kind == beside.KIND else None,
        recipient_kind=recipient.kind, recipient_id=recipient.authority_id, recipient_text=recipient.name,
        ground=recipient.ground, copy_number=number, sha256=hashlib.sha256(data).digest(), disclosed_by=by,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    _name_pieces(disclosure, pieces)
    keep_copy(disclosure, data)
    record(by=by, action="plan.copy_released", obj=version, case=version.case, copy=number, to=recipient.kind, via=via)
    return data, disclosure


def _name_pieces(disclosure, pieces):
    """Which released sections a guardian's copy holds: the database asks of each whether it may be given."""
    for position, piece in enumerate(pieces):
        DisclosedItem(
            authority_id=disclosure.authority_id, case_id=disclosure.case_id, disclosure=disclosure, kind=piece.kind,
            object_id=piece.row_id, position=position, heading=piece.heading, text=piece.text,
        ).save(force_insert=True)  # fmt: skip


@transaction.atomic
def begin_copies(*, by, plan_version):
    """Ask for a copy to each of those who may have one today, as long work in one's own name. Whether each still may is
    asked again when her copy is made."""
    version = PlanVersion.objects.select_related("case__authority").get(pk=plan_version.pk)
    require(by, Permission.EXPORT_PLAN, version.case)
    job = ask_job(by=by, kind="plan_copies", subject_id=version.pk, parts=[one.key for one in recipients(version.case)])
    record(by=by, action="plan.copies_asked", obj=version, case=version.case, copies=len(job.parts))
    return job


@transaction.atomic
def fetch_copy(*, by, disclosure):
    """The bytes of a copy that went out, as they were. A reading, written down as one; nothing is given out anew."""
    disclosure = Disclosure.objects.visible_to(by).select_related("case").get(pk=disclosure.pk)
    require(by, Permission.EXPORT_PLAN, disclosure.case)
    data = copy_of(disclosure)
    record(by=by, action="copy.viewed", obj=disclosure, case=disclosure.case, copy=disclosure.copy_number)
    return data


def _what(language, safe, child):
    """plan.version, plan.version.ro, plan.version.safe, plan.version.under_12: which paper it was."""
    if child:
        return f"plan.version.{child}"
    return "plan.version" + (f".{language}" if language != SWEDISH else "") + (".safe" if safe else "")
