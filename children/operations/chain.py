from django.db import transaction
from django.utils import timezone

from cases import beside
from cases.access import require
from cases.majority import is_childs
from cases.models import Case
from cases.operations import finish_about, start_clock
from children.clocks import ChildClock
from children.days import after_care_day, law_of
from children.models import AfterCare, CaseLink, NextResponsible
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission

AFTER = "child.after_care"


@transaction.atomic
def name_next(*, by, case, who, name="", reason="", about="case", subject=None):
    """Who answers for the child when the case, or ``subject`` in it, ends; or why nobody needs to."""
    require(by, Permission.BUILD_TEAM, case)
    if not is_childs(case):
        raise Refused("Nästa ansvariga skrivs i barnets ärende.")
    if who == NextResponsible.Who.NOBODY and not reason.strip():
        raise Refused("Skriv varför ingen behövs.")
    if who != NextResponsible.Who.NOBODY and not name.strip():
        raise Refused("Skriv vem som tar vid, och hur hon eller han nås.")
    beside.refuse_marked(case, name)
    row = NextResponsible(
        authority_id=case.authority_id, case=case, about=about, subject_id=subject.pk if subject else case.pk, who=who,
        name=name.strip(), reason=reason.strip(), written_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="chain.next_named", obj=row, case=case, about=str(about), who=str(who))
    return row


@transaction.atomic
def begin_after_care(*, by, case, after, since_on, why):
    """Follow the child's situation after what has ended, as the law of that day lets the board do without consent."""
    require(by, Permission.BUILD_TEAM, case)
    if not is_childs(case):
        raise Refused("Uppföljning utan samtycke gäller barn.")
    today = timezone.localdate()
    if since_on > today:
        raise Refused("Det kan inte ha avslutats en dag som inte har varit.")
    if not why.strip():
        raise Refused("Skriv varför barnets situation behöver följas upp.")
    if AfterCare.objects.open().filter(case=case).exists():
        raise Refused("En uppföljning pågår redan. Avsluta den först.")
    law, last_on = law_of(AFTER, on=since_on), after_care_day(since_on)
    if last_on < today:
        raise Refused(f"Uppföljning utan samtycke får pågå högst sex månader ({law.citation}), och de har gått.")
    row = AfterCare(
        authority_id=case.authority_id, case=case, after=after, since_on=since_on, last_on=last_on, why=why.strip(),
        begun_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="after_care.begun", obj=row, case=case, after=str(after))
    start_clock(
        by=by,
        case=case,
        kind=ChildClock.AFTER_CARE,
        rule_id=AFTER,
        subject_id=row.pk,
        owner=case.worker,
        due_on=last_on,
    )
    return row


@transaction.atomic
def end_after_care(*, by, case, result):
    """What came of it: an investigation, a consent to something, or nothing more."""
    require(by, Permission.BUILD_TEAM, case)
    row = AfterCare.objects.open().filter(case=case).select_for_update(of=("self",)).first()
    if row is None:
        raise Refused("Ingen uppföljning pågår.")
    if not result.strip():
        raise Refused("Skriv vad uppföljningen visade och vad som händer nu.")
    row.ended_on, row.ended_by, row.result = timezone.localdate(), by, result.strip()
    row.save(update_fields=["ended_on", "ended_by", "result"])
    record(by=by, action="after_care.ended", obj=row, case=case)
    finish_about(by=by, case=case, kind=ChildClock.AFTER_CARE, subject=row)
    return row


@transaction.atomic
def link_cases(*, by, case, other, relation, shown_there):
    """Say that two cases belong together. Only by one who has both; it opens neither to anybody."""
    require(by, Permission.BUILD_TEAM, case)
    other = Case.objects.held_by(by).select_related("individual").filter(pk=getattr(other, "pk", None)).first()
    if other is None:
        raise NotAllowed("Bara den som har båda ärendena kan koppla ihop dem.")
    if other.pk == case.pk:
        raise Refused("Välj ett annat ärende.")
    if shown_there and case.individual.is_protected:
        raise Refused("Personen har skyddade uppgifter. Kopplingen får inte synas i det andra ärendet.")
    if CaseLink.objects.filter(case=case, other_case=other, ended_at=None).exists():
        raise Refused("Ärendena är redan kopplade.")
    row = CaseLink(
        authority_id=case.authority_id, case=case, other_case=other, relation=relation, shown_there=shown_there,
        made_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="chain.linked", obj=row, case=case, relation=str(relation))
    return row


@transaction.atomic
def end_link(*, by, case, link):
    require(by, Permission.BUILD_TEAM, case)
    row = CaseLink.objects.select_for_update(of=("self",)).get(pk=link.pk, case=case)
    if row.ended_at:
        raise Refused("Kopplingen är redan borttagen.")
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    record(by=by, action="chain.unlinked", obj=row, case=case)
    return row
