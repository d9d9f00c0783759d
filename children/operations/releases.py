from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases import papers
from cases.majority import known_of
from cases.models import Disclosure, Document
from children import releasable
from children.access import of_child
from children.custody import custody_on, standing_limit
from children.models import Guardian, GuardianRelease
from children.models.release import GUARDIAN, PARTY
from children.releases import GROWN, Keeper, grown, standing_mark, why_marked
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission, Role

GROUNDS = (GUARDIAN, PARTY, "secrecy.disclosure.no_harm", "secrecy.waiver")
DOCUMENT = "document"


@transaction.atomic
def release_to_guardian(*, by, case, guardian, keys, ground, reason, ends_on=None):
    """[GuardianRelease]: these pieces, as they stand now, may be given to this guardian. The one way by which anything
    may. Raises Refused for whoever is suspected, but for what a party has a right to and the manager has weighed."""
    case = of_child(by, Permission.DISCLOSE, case)
    today = timezone.localdate()
    guardian = Guardian.objects.select_for_update(of=("self",)).get(pk=guardian.pk, case=case)
    if grown(case, today):
        raise Refused(GROWN)
    if not reason.strip():
        raise Refused("Skriv hur ni har prövat att barnet inte skadas, och varför just den här personen ska få det.")
    _require_ground(case, guardian, ground, today)
    there, wanted = releasable.pieces(by, case), list(dict.fromkeys(keys))
    if not wanted or any(key not in there for key in wanted):
        raise Refused("Välj vad som släpps. Något av det du valt har ändrats eller finns inte längre.")
    given = {
        "authority_id": case.authority_id, "case": case, "guardian": guardian, "ground_rule": ground,
        "reason": reason.strip(), "despite": _despite(by, guardian, ground), "starts_on": today,
        "ends_on": _last_day(case, today, ends_on), "decided_by": by,
    }  # fmt: skip
    return [_release(by, case, there[key], given) for key in wanted]


def _require_ground(case, guardian, ground, today):
    if ground not in GROUNDS:
        raise Refused("Välj en grund som gäller i dag.")
    law = rule(ground, on=today)
    if ground in (GUARDIAN, PARTY) and not custody_on(case, today).has(guardian):
        raise Refused(f"{guardian.name} har inte vårdnaden i dag. {law.citation} gäller bara den som har det.")
    limit = standing_limit(guardian)
    if ground == PARTY and limit:
        raise Refused(f"Det finns en beslutad begränsning av {guardian.name} som part. Avsluta den först.")


def _despite(by, guardian, ground):
    """The mark that the manager weighs against a party's right. Anybody else, and any other ground, is refused."""
    mark = standing_mark(guardian)
    if mark and not (by.role == Role.UNIT_MANAGER and ground == PARTY):
        raise Refused(why_marked(guardian))
    return mark


def _last_day(case, today, ends_on):
    """Never after the day before the child is 18."""
    known = known_of(case)
    last = known.earliest_on - timedelta(days=1) if known and known.earliest_on else None
    if ends_on and ends_on < today:
        raise Refused("Sista dagen har redan varit.")
    return min((day for day in (ends_on, last) if day), default=None)


def _release(by, case, piece, given):
    row = GuardianRelease(
        kind=piece.kind, object_id=piece.row_id, part=piece.part, heading=piece.heading,
        digest=releasable.digest(piece.text), **given,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="release.decided", obj=row, case=case, kind=piece.kind, ground=row.ground_rule)
    return row


@transaction.atomic
def withdraw_release(*, by, case, release, reason):
    """Taken back: from this moment nothing of it may be handed over. What has gone out stands in the register."""
    of_child(by, Permission.DISCLOSE, case)
    release = GuardianRelease.objects.select_for_update(of=("self",)).get(pk=release.pk, case=case)
    if release.withdrawn_at:
        raise Refused("Det är redan taget tillbaka.")
    if not reason.strip():
        raise Refused("Skriv varför det tas tillbaka.")
    release.withdrawn_at, release.withdrawn_by, release.withdrawn_reason = timezone.now(), by, reason.strip()
    release.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(by=by, action="release.withdrawn", obj=release, case=case)
    return release


@transaction.atomic
def hand_document(*, by, case, guardian, document, handed_over):
    """(bytes, disclosure) of one paper for the guardian it has been released to. It is written down as given out."""
    case = of_child(by, Permission.DISCLOSE, case)
    document = Document.objects.visible_to(by).select_for_update(of=("self",)).get(pk=document.pk, case=case)
    pieces = [one for one in releasable.PAPERS[DOCUMENT].pieces(by, case) if one.row_id == document.pk]
    if not pieces:
        raise Refused("Handlingen kan inte öppnas.")
    to = Keeper().require_released(case, guardian.pk, pieces)
    if not handed_over.strip():
        raise Refused("Skriv hur handlingen lämnas.")
    data = papers.file_of(document)
    release = GuardianRelease.objects.in_force(on=timezone.localdate()).filter(
        guardian_id=to.pk, kind=DOCUMENT, object_id=document.pk
    ).first()  # fmt: skip
    disclosure = Disclosure(
        authority_id=case.authority_id, case=case, what=DOCUMENT, object_id=document.pk, recipient_kind="guardian",
        beside_id=to.pk, recipient_text=to.words, handed_over=handed_over.strip(),
        ground=rule(release.ground_rule, on=timezone.localdate()).citation[:120], ground_rule=release.ground_rule,
        reason=release.reason, sha256=releasable.digest(data.hex()), disclosed_by=by,
        copy_number=Disclosure.objects.filter(object_id=document.pk).count() + 1,
    )  # fmt: skip
    disclosure.save(force_insert=True)
    record(by=by, action="document.handed_over", obj=document, case=case, copy=disclosure.copy_number)
    return data, disclosure
