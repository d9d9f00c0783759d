"""Access that can be explained: who can see this and why, and who has read (2001:454 §10)."""

from django.utils import timezone
from django.views.decorators.http import require_GET

from cases.areas import Area
from cases.door import case_or_404, case_page
from cases.models import AccessGrant, Consent
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from teams.models import TeamMember

READS = {
    "person.found": "namnet, i en sökning", "case.listed": "namnet, i listan över ärenden",
    "person.viewed": "namnet, när ett ärende skulle öppnas",
    "case.viewed.person": "personens sida", "case.viewed.plan": "planen", "case.viewed.notes": "anteckningarna",
    "case.viewed.note": "en anteckning", "case.viewed.consents": "samtycken och utlämnat",
    "case.viewed.consent": "ett samtycke", "case.viewed.contact": "säker kontakt", "case.viewed.team": "teamet",
    "case.viewed.person_edit": "uppgifter om personen",
    "case.viewed.decision": "beslut", "case.viewed.meeting": "möten", "case.viewed.copies": "utlämning av planen",
    "case.viewed.clock": "en bevakning", "case.viewed.insight": "vem som kan se och har läst",
    "decision.viewed": "ett beslut", "section.viewed": "sitt eget avsnitt", "team.invitation_viewed": "en inbjudan",
    "plan.copy_released": "lämnade ut en kopia av planen",
}  # fmt: skip
AT_MOST = 300


@require_GET
@allow(Permission.READ_CASE)
def insight(request, case_id):
    case = case_or_404(request, case_id)
    by, today = request.acting, timezone.localdate()
    grants = AccessGrant.objects.visible_to(by).on_day(today).filter(content_object=case)
    context = {
        "grants": grants.select_related("membership__user").order_by("membership__user__name", "kind", "pk"),
        "guests": _guests(by, case, today),
        "reads": _reads(by, case),
        "at_most": AT_MOST,
    }
    return case_page(request, "plans/insight.html", case, context, page="insight")


def _guests(by, case, today):
    """People from elsewhere in the team, with what a waiver shows them today, and until when."""
    members = TeamMember.objects.visible_to(by).on_day(today).filter(case=case)
    members = members.exclude(member_authority_id=case.authority_id)
    waivers = list(Consent.objects.visible_to(by).waivers().in_force(on=today).filter(case=case))
    found = []
    for member in members.select_related("membership__user", "member_authority"):
        covering = [w for w in waivers if w.recipient_id == member.member_authority_id]
        areas = sorted({Area(area).label for w in covering for area in w.areas})
        ends = [day for day in (member.ends_on, *(w.ends_on for w in covering)) if day]
        found.append({"member": member, "areas": areas, "until": min(ends) if ends else None})
    return found


def _reads(by, case):
    events = AuditEvent.objects.about_case(case).filter(action__in=READS)
    events = events.select_related("membership__user", "membership_authority").order_by("-created_at", "pk")
    return [
        {
            "when": event.created_at, "what": READS[event.action], "ground": _ground(event),
            "who": event.membership.user.name if event.membership else "Någon som inte längre är med",
            "where": event.membership_authority.name if event.membership_authority else "",
        }
        for event in events[:AT_MOST]
    ]  # fmt: skip


def _ground(event):
    if event.ground in AccessGrant.Kind:
        return AccessGrant.Kind(event.ground).label
    return "är med i teamet, med samtycke" if event.ground else ""
