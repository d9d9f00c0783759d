"""What the law and the programme ask of a version before it can be agreed (SoL 10:8–9, HSL 16:4; R11)."""

from dataclasses import dataclass

from cases.cover import covers
from cases.models import Consent
from children import coordination
from exitprogram.law.rules import rule
from exitprogram.page.templatetags.page import place
from plans.models import Measure, Section
from plans.principals import outside_the_plan
from teams.models import CoordinatorAppointment, TeamMember

GOES_ON = (Measure.Status.PLANNED, Measure.Status.ONGOING)


@dataclass(frozen=True)
class Missing:
    text: str
    anchor: str  # the id on the plan page where it can be mended


def missing(version, *, on):
    """Everything that hinders this version from being agreed that day, in the order of the page."""
    return [part for part in _all(version, on) if part is not None]


def _all(version, on):
    required = rule("plan.content", on=on).values["required"]
    measures = list(version.measures.all())
    others = [m for m in measures if m.principal_kind == Measure.Principal.OTHER]
    agreed_to = has_plan_consent(version.case, on=on) or coordination.is_lawful(version.case, on)
    yield _unless(agreed_to, "Samtycke till planen", "samtycke")
    yield _unless(version.what_matters.strip(), "Vad som är viktigt för personen", "rad-viktigt")
    yield _unless(version.goals.exists(), "Minst ett mål", "rad-nytt-mal")
    if "measures" in required:
        yield _unless(measures, "Minst en insats", "mal")
    if "others" in required:
        text = "Åtgärder av någon annan, eller en mening om att inga behövs"
        yield _unless(others or version.others_note.strip(), text, "rad-andra")
    if "lead_principal" in required:
        yield _unless(version.lead_principal_id, "Huvudman med övergripande ansvar", "rad-ramar")
    yield _unless(version.participation.strip(), "Hur personen varit med", "rad-delaktighet")
    yield _unless(
        version.follow_up_on and version.follow_up_on >= on, "Uppföljningsdag som inte har varit", "rad-ramar"
    )
    appointed = CoordinatorAppointment.objects.coordinators().on_day(on).filter(case=version.case)
    yield _unless(appointed.exists(), "Samordnare", "team")
    for section in _awaited(version, on):
        whose = f"{place(section.principal.name)}, {section.get_area_display().lower()}"
        yield Missing(f"Signatur från {whose}", f"rad-{section.pk}")
    for measure in measures:
        if measure.status in GOES_ON and outside_the_plan(version, measure.starts_on, measure.ends_on):
            yield Missing(f"Dagar inom planens tid för {measure.title}", f"rad-{measure.pk}")


def _awaited(version, on):
    """Sections that somebody is still to sign. One whose writer has left, or may read no more, waits for nobody."""
    answered = (Section.State.SIGNED, Section.State.DECLINED)
    waiting = list(version.sections.exclude(state__in=answered).select_related("principal"))
    if not waiting:
        return
    there = set(TeamMember.objects.on_day(on).filter(case=version.case).values_list("membership_id", flat=True))
    covered = {(cover.recipient_id, area) for cover in covers(version.case, on=on) for area in cover.areas}
    for section in waiting:
        may_read = (section.principal_id, section.area) in covered or section.principal_id == version.authority_id
        if may_read and section.writer_id in there:
            yield section


def _unless(there, text, anchor):
    return None if there else Missing(text, anchor)


def has_plan_consent(case, *, on):
    return Consent.objects.to_plan().in_force(on=on).filter(case=case).exists()
