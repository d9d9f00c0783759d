import hashlib

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import Disclosure
from cases.papers import copy_of, keep_copy
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.jobs.operations import ask_job
from exitprogram.tenancy.roles import Permission
from plans.exports import document, recipient_of, recipients
from plans.languages import SWEDISH, codes
from plans.models import PlanVersion


@transaction.atomic
def release_copy(*, by, plan_version, recipient_key, language=SWEDISH, safe=False, via="web"):
    """(bytes, disclosure) of a numbered copy for one recipient with cover today. A copy is a disclosure, always
    written down; ``language`` and ``safe`` are for the individual's own. Raises Refused without ground, and NoPdf where
    the machine cannot make one."""
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("case__individual", "case__authority")
    version = version.get(pk=plan_version.pk)
    require(by, Permission.EXPORT_PLAN, version.case)
    recipient = recipient_of(version.case, recipient_key)
    number = Disclosure.objects.filter(object_id=version.pk).count() + 1
    if recipient.kind != "individual" and (safe or language != SWEDISH):
        raise Refused("Bara personens egen kopia görs på andra språk eller i säker version.")
    if language not in codes():
        raise Refused("Planens fasta texter finns inte på det språket.")
    data = document(
        version, recipient, copy_number=number, made_on=timezone.localdate(), language=language, safe=safe
    )  # fmt: skip
    disclosure = Disclosure(
        authority_id=version.authority_id, case=version.case, what=_what(language, safe), object_id=version.pk,
        recipient_kind=recipient.kind, recipient_id=recipient.authority_id, recipient_text=recipient.name,
        ground=recipient.ground, copy_number=number, sha256=hashlib.sha256(data).digest(), disclosed_by=by,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    keep_copy(disclosure, data)
    record(by=by, action="plan.copy_released", obj=version, case=version.case, copy=number, to=recipient.kind, via=via)
    return data, disclosure


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


def _what(language, safe):
    """plan.version, plan.version.ro, plan.version.safe: which paper it was."""
    return "plan.version" + (f".{language}" if language != SWEDISH else "") + (".safe" if safe else "")
