import uuid

from django.db import connection, transaction
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
from plans.operations.telling import tell_holders
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
        thread=_thread(version, member, area),
    )  # fmt: skip
    section.save(force_insert=True)
    notify(by=by, case=version.case, about=Notice.About.SECTION, subject_id=section.pk, membership=member.membership)
    record(by=by, action="plan.section_requested", obj=section, case=version.case, area=area)
    if version.state == version.State.DRAFT:
        send_out(by=by, plan_version=version)
    return section


def _thread(version, member, area):
    """That of the same principal's section in the same area, when an earlier version had one; the same hand's first."""
    same = Section.objects.filter(case=version.case, area=area, principal=member.member_authority)
    taken = same.filter(version=version).values("thread")
    before = list(same.exclude(version=version).exclude(thread__in=taken).order_by("-created_at"))
    before.sort(key=lambda row: row.writer_id != member.membership_id)
    return before[0].thread if before else uuid.uuid4()


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
    if not _is_open(section):
        raise Refused("Planen är överenskommen och låst. Säg till samordnaren om något ska ändras.")
    return section


def _is_open(section):
    """The version itself is not hers to read; the database says whether it is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT wall.version_locked(%s)", [section.version_id])
        return cursor.fetchone()[0]


def _write(section, **fields):
    for name, value in fields.items():
        setattr(section, name, value)
    section.row_version += 1
    section.save(update_fields=[*fields, "row_version"])
    return section


@transaction.atomic
def save_section(*, by, section, text, expected=None):
    """Save one's own words. Raises Stale when they were saved elsewhere meanwhile."""
    require_role(by, Permission.CONTRIBUTE)
    section = _own_section(by, section, expected)
    if section.state == Section.State.DECLINED:
        raise Refused("Du har svarat att du inte kan bidra. Ångra det först.")
    section = _write(section, text=text, state=Section.State.WRITING)
    record(by=by, action="section.saved", obj=section, case=section.case_ref)
    return section


@transaction.atomic
def sign_section(*, by, section, text=None, expected=None):
    """Sign and lock one's own section, here and in the database."""
    require_role(by, Permission.CONTRIBUTE)
    section = _own_section(by, section, expected)
    text = section.text if text is None else text
    if section.state == Section.State.DECLINED:
        raise Refused("Du har svarat att du inte kan bidra. Ångra det först.")
    if not text.strip():
        raise Refused("Skriv något innan du signerar.")
    section = _write(section, text=text, state=Section.State.SIGNED, signed_at=timezone.now())
    record(by=by, action="section.signed", obj=section, case=section.case_ref)
    return section


@transaction.atomic
def decline_section(*, by, section, kind, because):
    """I cannot contribute, or am not the one to ask. Those who hold the case are told; what was written stays mine."""
    require_role(by, Permission.CONTRIBUTE)
    section = _own_section(by, section, None)
    if section.state == Section.State.DECLINED:
        raise Refused("Du har redan svarat att du inte kan bidra.")
    if kind not in Section.Declined.values:
        raise Refused("Välj varför.")
    if not because.strip():
        raise Refused("Skriv med en mening varför, eller vem som borde tillfrågas i stället.")
    section = _write(section, state=Section.State.DECLINED, declined=kind, declined_because=because)
    record(by=by, action="section.declined", obj=section, case=section.case_ref, kind=kind)
    tell_holders(by, section, Notice.About.DECLINED)
    return section


def decline_unsigned(by, member):
    """Of the team that she leaves: her questions without an answer, so that nobody waits for one. How many."""
    waiting = Section.objects.visible_to(by).select_for_update(of=("self",)).filter(writer=by, case=member.case_id)
    waiting = [s for s in waiting.filter(state__in=[Section.State.REQUESTED, Section.State.WRITING]) if _is_open(s)]
    for section in waiting:
        left = Section.Declined.LEFT
        _write(section, state=Section.State.DECLINED, declined=left, declined_because=left.label)
    return len(waiting)


@transaction.atomic
def take_up_section(*, by, section):
    """I can contribute after all, or declined by mistake."""
    require_role(by, Permission.CONTRIBUTE)
    section = _own_section(by, section, None)
    if section.state != Section.State.DECLINED:
        raise Refused("Avsnittet väntar redan på dig.")
    state = Section.State.WRITING if section.text else Section.State.REQUESTED
    section = _write(section, state=state, declined="", declined_because="")
    record(by=by, action="section.taken_up", obj=section, case=section.case_ref)
    return section


@transaction.atomic
def drop_section(*, by, section):
    """Take back a question that nobody will answer. What somebody has begun to write is not others' to throw away."""
    version = locked_version(section.version)
    require(by, Permission.EDIT_PLAN, version.case)
    section = Section.objects.visible_to(by).get(pk=section.pk)
    if section.state not in (Section.State.REQUESTED, Section.State.DECLINED):
        raise Refused("Avsnittet skrivs eller är signerat och kan inte tas bort.")
    record(by=by, action="plan.section_dropped", obj=section, case=version.case, area=section.area)
    section.delete()
