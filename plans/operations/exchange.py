import hashlib

from django.db import transaction

from cases import beside
from cases.access import require
from cases.models import DisclosedItem, Disclosure
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission
from plans.exchange import document
from plans.exports import recipient_of
from plans.models import PlanVersion

BUNDLE = "plan.bundle"


@transaction.atomic
def release_bundle(*, by, plan_version, recipient_key, via="web"):
    """The disclosure of a numbered copy as a file for another system, for one recipient with cover today. Numbered and
    written down as the paper is, and kept word for word as it was given out. Raises Refused without ground."""
    version = PlanVersion.objects.select_for_update(of=("self",)).select_related("case__individual", "case__authority")
    version = version.get(pk=plan_version.pk)
    require(by, Permission.EXPORT_PLAN, version.case)
    if recipient_key.startswith(f"{beside.KIND}:"):
        raise Refused("En vårdnadshavare får det som är släppt på papper, inte som fil för andra system.")
    recipient = recipient_of(version.case, recipient_key)
    number = Disclosure.objects.filter(object_id=version.pk).count() + 1
    text = document(version, recipient, copy_number=number)
    disclosure = Disclosure(
        authority_id=version.authority_id, case=version.case, what=BUNDLE, object_id=version.pk,
        recipient_kind=recipient.kind, recipient_id=recipient.authority_id, recipient_text=recipient.name,
        ground=recipient.ground, copy_number=number, sha256=hashlib.sha256(text.encode()).digest(), disclosed_by=by,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    DisclosedItem(
        authority_id=version.authority_id, case=version.case, disclosure=disclosure, kind=BUNDLE,
        object_id=version.pk, position=1, text=text,
    ).save(force_insert=True)  # fmt: skip
    record(
        by=by, action="plan.bundle_released", obj=version, case=version.case, copy=number, to=recipient.kind, via=via
    )
    return disclosure


@transaction.atomic
def open_bundle(*, by, disclosure):
    """The text of a copy as it was given out, for whoever has the case; written down as a reading of it."""
    disclosure = Disclosure.objects.visible_to(by).select_related("case").get(pk=disclosure.pk)
    require(by, Permission.EXPORT_PLAN, disclosure.case)
    item = DisclosedItem.objects.visible_to(by).filter(disclosure=disclosure, kind=BUNDLE).first()
    if item is None:
        raise Refused("Den kopian är inte en fil för ett annat system.")
    record(by=by, action="plan.bundle_opened", obj=disclosure, case=disclosure.case, copy=disclosure.copy_number)
    return item.text
