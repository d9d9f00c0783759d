from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.cover import is_covered
from cases.models import Notice
from cases.operations import notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tenancy.roles import Permission, require_role
from plans.models import Section
from plans.operations.content import locked_version, send_out
from teams.models import TeamMember


@transaction.atomic
def request_section(*, by, plan_version, member, area, question):
    """Ask a team member from another principal for its own section. Consent, or a ground in law, must cover that
    principal and area today; without it nothing is shown and nothing is asked."""
    version = locked_version(plan_version)
    require(by, Permission.EDIT_PLAN, version.case)
    member = TeamMember.objects.visible_to(by).select_related("member_authority", "membership").get(pk=member.pk)
    today = timezone.localdate()
    if member.case_id != version.case_id or member.state not in ("invited", "joined"):
        raise Refused("Personen är inte med i teamet.")
    if member.is_outside and not is_covered(version.case, member.member_authority_id, area, on=today):
        raise Refused(f"Inget samtycke täcker {member.member_authority.name} för det området. Registrera det först.")
    if not question.strip():
        raise Refused("Skriv vad du frågar efter.")
    if version.sections.filter(area=area, writer=member.membership).exists():
        raise Refused("Avsnittet är redan begärt.")
    section = Section(
        authority_id=version.authority_id, version=version, case=version.case, area=area,
        principal=member.member_authority, writer=member.membership, question=question, requested_by=by,
    )  # fmt: skip
    section.save(force_insert=True)
    notify(by=by, case=version.case, about=Notice.About.SECTION, subject_id=section.pk, membership=member.membership)
    record(by=by, action="plan.section_requested", obj=section, case=version.case, area=area)
    if version.state == version.State.DRAFT:
        send_out(by=by, plan_version=version)
    return section


@transaction.atomic
def view_section(*, by, section):
    """Write down, in the log of the board that owns the plan, that a contributor is reading her section."""
    require_role(by, Permission.CONTRIBUTE)
    if section.writer_id != by.pk:
        raise NotAllowed("Avsnittet skrivs och signeras bara av den som det är begärt av.")
    record(by=by, action="section.viewed", obj=section, case=section.case_ref, ground="team")


def _own_section(by, section, expected):
    section = Section.objects.visible_to(by).select_for_update(of=("self",)).get(pk=section.pk)
    if section.writer_id != by.pk:
        raise NotAllowed("Avsnittet skrivs och signeras bara av den som det är begärt av.")
    if section.state == Section.State.SIGNED:
        raise Refused("Avsnittet är signerat och låst.")
    if expected is not None and section.row_version != expected:
        raise Stale(section)
    return section


@transaction.atomic
def save_section(*, by, section, text, expected=None):
    """Save one's own words. Raises Stale when they were saved elsewhere meanwhile."""
    require_role(by, Permission.CONTRIBUTE)
    section = _own_section(by, section, expected)
    section.text, section.state = text, Section.State.WRITING
    section.row_version += 1
    section.save(update_fields=["text", "state", "row_version"])
    record(by=by, action="section.saved", obj=section, case=section.case_ref)
    return section


@transaction.atomic
def sign_section(*, by, section, text=None, expected=None):
    """Sign and lock one's own section, here and in the database."""
    require_role(by, Permission.CONTRIBUTE)
    section = _own_section(by, section, expected)
    if text is not None:
        section.text = text
    if not section.text.strip():
        raise Refused("Skriv något innan du signerar.")
    section.state, section.signed_at = Section.State.SIGNED, timezone.now()
    section.row_version += 1
    section.save(update_fields=["text", "state", "signed_at", "row_version"])
    record(by=by, action="section.signed", obj=section, case=section.case_ref)
    return section
