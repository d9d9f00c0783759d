"""The contributor's way: an invitation, one's own section, a meeting to answer. Nothing else: no search, no list."""

from datetime import timedelta

from django.contrib import messages
from django.db import connection
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved, tried, whole_number
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.forms import SectionForm
from plans.forms.meetings import CallForm
from plans.models import Goal, MeetingCall, Section
from plans.papers import shared_documents
from teams.models import TeamMember
from teams.presented import NEUTRAL, presented_to, presented_to_all


@require_GET
@allow(Permission.CONTRIBUTE)
def contributions(request):
    by = request.acting
    mine = Section.objects.visible_to(by).filter(writer=by).select_related("authority")
    mine = _with_presented(by, _with_askers(mine))
    calls = MeetingCall.objects.visible_to(by).filter(
        membership=by, meeting__held=False, meeting__starts_at__gte=timezone.now() - timedelta(hours=2)
    )
    context = {
        "invitations": TeamMember.objects.visible_to(by).waiting().filter(membership=by).select_related(
            "authority", "invited_by__user"
        ),
        "to_write": [s for s in mine if s.state != Section.State.SIGNED],
        "signed": [s for s in mine if s.state == Section.State.SIGNED],
        "calls": calls.select_related("meeting", "authority", "member_authority").order_by("meeting__starts_at", "pk"),
        "papers": _papers(by), "neutral": NEUTRAL,
        "answers": CallForm.base_fields["answer"].choices,
    }  # fmt: skip
    return render(request, "plans/contributions.html", context)


def _papers(by):
    """Papers that have been ticked for one's authority, with the words in which one was told who it is about."""
    return _with_presented(by, list(shared_documents(by).select_related("authority")))


def _with_askers(sections):
    """Who asked, as far as the wall shows it to a guest: those who invited her and coordinate. Not by a join, which
    would hide the section itself when somebody else in the team has asked."""
    sections = list(sections)
    asked = Membership.objects.filter(pk__in={s.requested_by_id for s in sections}).select_related("user")
    names = {member.pk: f"{member.user.name}, " for member in asked}
    for row in sections:
        row.asked_by = names.get(row.requested_by_id, "") + row.authority.name
    return sections


def _with_presented(by, sections):
    """In what words each was told who it is about: rows alike are otherwise told apart by nothing."""
    parts = list(TeamMember.objects.visible_to(by).filter(membership=by).on_day(timezone.localdate()))
    words = dict(zip((part.case_id for part in parts), presented_to_all(parts), strict=True))
    for row in sections:
        row.presented = words.get(row.case_id, NEUTRAL)
    return sections


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def section(request, section_id):
    """The question, the goals it belongs to, one's own words, and who will be able to read them."""
    mine = Section.objects.visible_to(request.acting).filter(writer=request.acting)
    row = get_object_or_404(mine.select_related("authority"), pk=section_id)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row, SectionForm(initial={"text": row.text}))


def _save(request, row):
    form, autosave = SectionForm(request.POST), is_autosave(request)
    if request.POST.get("keep") == "theirs":
        return redirect("plans:section", row.pk)
    form.is_valid()
    words = form.cleaned_data["text"]
    seen = request.POST.get("seen_version" if request.POST.get("keep") == "mine" else "version", "")
    act = operations.sign_section if "sign" in request.POST and not autosave else operations.save_section
    try:
        row = act(by=request.acting, section=row, text=words, expected=whole_number(seen))
    except Stale as stale:
        both = {
            "mine": words, "theirs": stale.current.text, "saved_by": "Du själv i en annan flik",
            "saved_at": timezone.now(), "seen_version": stale.current.row_version,
        }  # fmt: skip
        return both_versions(request, **both) if autosave else _page(request, stale.current, form, both, status=409)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why)) if autosave else _page(request, row, form)
    if autosave:
        return saved(row.row_version)
    signed = row.state == Section.State.SIGNED
    messages.success(request, "Avsnittet är signerat. Tack!" if signed else "Avsnittet är sparat.")
    return redirect("plans:contributions") if signed else redirect("plans:section", row.pk)


def _page(request, row, form, conflict=None, status=200):
    operations.view_section(by=request.acting, section=row)
    _with_askers([row])
    parts = TeamMember.objects.visible_to(request.acting).filter(case=row.case_id, membership=request.acting)
    member = parts.on_day(timezone.localdate()).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT name, organisation FROM wall.readers(%s)", [row.pk])
        readers = [{"name": name, "organisation": organisation} for name, organisation in cursor.fetchall()]
    context = {
        "section": row, "form": form, "conflict": conflict,
        "presented": presented_to(member) if member else NEUTRAL,
        "readers": [r for r in readers if r["name"] != request.acting.user.name],
        "goals": Goal.objects.visible_to(request.acting).filter(version=row.version_id, area=row.area),
    }  # fmt: skip
    return render(request, "plans/section.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allow(Permission.CONTRIBUTE)
@once
def call_answer(request, call_id):
    """The summons or invitation, and one's own answer to it: until the meeting it can be another one."""
    mine = MeetingCall.objects.visible_to(request.acting).filter(membership=request.acting)
    call = get_object_or_404(mine.select_related("meeting", "authority", "member_authority"), pk=call_id)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(
            form, operations.answer_call, by=request.acting, call=call, answer=form.cleaned_data["answer"],
            proposed_at=form.proposed_at,
        ):  # fmt: skip
            messages.success(request, "Ditt svar är skickat.")
            return redirect("plans:contributions")
    context = {"call": call, "meeting": call.meeting, "form": form, "answers": CallForm.base_fields["answer"].choices}
    return render(request, "plans/call.html", context)
