"""Decisions: the list, the way to one, and its own page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import beside
from cases.door import case_bar, case_or_404, case_page, desk_page
from cases.models import AccessBlock, Case, Disclosure
from cases.models.case import open_cases
from exitprogram.errors import Refused
from exitprogram.page.paging import Piece
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.fresh import fresh, fresh_to_send
from exitprogram.tenancy.roles import Permission
from teams import before_deciding, operations
from teams.board import told_to_board
from teams.competence import competent, holders, officer, row_for, rows_in_force, rows_of
from teams.course import Course, Relation, courses
from teams.forms.decisions import BackForm, ChangeForm, DecideForm, ProposalForm, RejectionForm, SendForm
from teams.letters import file_name
from teams.matters import committee_only, delegable, matter
from teams.models import Decision, DelegationRow
from teams.nobody import waits_for_nobody
from teams.operations.letters import WHAT

LATELY = 30
MEASURES = ("amount", "days", "starts_on", "ends_on")


SHOWN_IN_PART = {
    "startade": "started", "andra": "others", "underratta": "to_tell", "overklagade": "appealed",
    "verkstalla": "unexecuted",
}  # fmt: skip


@require_GET
@allow(Permission.READ_CASE)
def decisions(request):
    """What waits for me, what I have started, what is to be done about those that are decided. Numbers, not names."""
    by, today = request.acting, timezone.localdate()
    rows = Decision.across.visible_to(by).select_related(
        "proposed_by__user", "sent_to__user", "sent_to__authority", "decided_by__user", "employer", "authority"
    )
    waiting = rows.waiting().exclude(sent_to=by).select_related("case")
    started, others = list(waiting.filter(proposed_by=by)), list(waiting.exclude(proposed_by=by))
    # Of the cases one has: whoever only decided does nothing more about it.
    held = rows.decided().filter(case__in=open_cases(by)).select_related("case")
    stands = [(course, *course.state(today)) for course in courses(held.order_by("decided_on", "number"))]
    words = {course.decision.pk: said for course, _code, said in stands}
    context = {
        # Without the case: whoever decides need not have it open, and a join would hide the proposal.
        "mine": rows.waiting().filter(sent_to=by),
        "started": started,
        "others": others,
        "nobody": waits_for_nobody([*started, *others], by, on=today),
        "to_tell": [course for course, code, _said in stands if code == "to_tell"],
        "appealed": [(course, said) for course, code, said in stands if code in ("appealed", "court")],
        "unexecuted": [course for course, _code, _said in stands if course.is_watched],
    }
    for name, kind in SHOWN_IN_PART.items():
        context[kind] = Piece(request, name, context[kind])
    decided = list(rows.decided().order_by("-decided_on", "-number")[:LATELY])
    told = told_to_board(decided, on=today)
    context["decided"] = [(one, words.get(one.pk, ""), told.get(one.pk)) for one in decided]
    return desk_page(request, "teams/decisions.html", context, page="decisions")


@require_http_methods(["GET", "POST"])
@allow(Permission.PROPOSE_DECISION)
@once
def decision_new(request, case_id):
    """First which matter: «du kan besluta» or «du kan starta». Then what, and who decides, by the scheme of today."""
    case = case_or_404(request, case_id)
    kind = request.POST.get("kind") or request.GET.get("typ", "")
    if kind not in {one.key for one in delegable()}:
        return _matters(request, case, refused="kind" in request.POST)
    form = ProposalForm(_posted(request), initial={"kind": kind}, by=request.acting, about=matter(kind))
    return _propose(request, case, form, matter(kind))


def _matters(request, case, refused):
    by, today = request.acting, timezone.localdate()
    fits = [one for one in delegable() if case.programme in one.programmes and one.key != "appeal_rejection"]
    blocked = set(AccessBlock.objects.standing().of_case(case).values_list("user_id", flat=True))
    mine, others = [], []
    for one in fits:
        row = _of_target(rows_of(by, one.key, on=today), case).first()
        rows = _of_target(rows_in_force(one.key, on=today), case)
        who = [] if row else holders(rows, by, on=today, target=case.programme)
        who = [officer(m, by) for m in who if m.pk != by.pk and m.user_id not in blocked]
        (mine if row else others).append({"matter": one, "row": row, "others": who})
    context = {
        "mine": mine, "others": others, "refused": refused,
        "closed": [one for one in committee_only() if case.programme in one.programmes],
    }  # fmt: skip
    return case_page(request, "teams/decision_kinds.html", case, context, page="decision")


def _of_target(rows, case):
    return rows.filter(target__in=[DelegationRow.Target.ALL, case.programme])


def _posted(request):
    return request.POST if request.method == "POST" else None


def _propose(request, case, form, about, earlier=None):
    live = "fetch" in request.POST
    if form.is_bound and not live and form.is_valid():
        given = {**form.cleaned_data, "earlier": earlier} if earlier else form.cleaned_data
        decision = tried(form, operations.propose_decision, by=request.acting, case=case, **given)
        if decision and decision.sent_to_id == request.acting.pk:
            return redirect("teams:decide", decision.pk)
        if decision:
            messages.success(request, f"Skickat till {officer(decision.sent_to, request.acting)}.")
            return redirect("plans:person", case.pk)
    context = {"form": form, "about": about, "earlier": earlier, "law": about.law_on(timezone.localdate()),
               **_who(request.acting, case, form, about)}  # fmt: skip
    if live:
        return render(request, "teams/decision_who.html", {**context, "case": case})
    return case_page(request, "teams/decision_new.html", case, context, page="decision")


def _who(by, case, form, about):
    """Who decides this, of these figures: as they are typed, when they can be read."""
    figures = {}
    if form.is_bound:
        form.is_valid()
        figures = {name: form.cleaned_data.get(name) for name in MEASURES if form.cleaned_data.get(name) is not None}
    starts_on, ends_on = figures.pop("starts_on", None), figures.pop("ends_on", None)
    if starts_on and ends_on and ends_on >= starts_on:
        figures["days"] = (ends_on - starts_on).days + 1
    today = timezone.localdate()
    given = {"on": today, "target": case.programme, **figures}
    row = row_for(by, about.key, **given)
    limited = () if row else _of_target(rows_of(by, about.key, on=today), case)
    return {"row": row, "limited": limited, "others": _others(by, case, about.key, given)}


def _others(by, case, kind, given):
    """Colleagues who may decide it. Those who are blocked are left out, and nothing tells why."""
    others = competent(by, kind, **given).exclude(pk=by.pk)
    if case is not None:
        others = others.exclude(user_id__in=AccessBlock.objects.standing().of_case(case).values("user_id"))
    return others


@require_http_methods(["GET", "POST"])
@allow(Permission.PROPOSE_DECISION)
@once
def decision_change(request, decision_id):
    """A new decision that corrects, changes or, of a late appeal, rejects: its own row, linked to the old one."""
    decision = get_object_or_404(Decision.objects.visible_to(request.acting).decided(), pk=decision_id)
    case = case_or_404(request, decision.case_id)
    course = Course.of(decision)
    late = bool(course.appeal_waits and not course.appealed.in_time) and "rattelse" not in request.GET
    about = matter("appeal_rejection") if late else decision.matter
    initial = {
        "kind": about.key,
        "relation": Relation.LATE_APPEAL if late else "",
        "what": "" if late else decision.what,
    }
    initial |= {name: getattr(decision, name) for name in MEASURES if not late}
    form = (RejectionForm if late else ChangeForm)(_posted(request), initial=initial, by=request.acting, about=about)
    return _propose(request, case, form, about, earlier=decision)


@require_http_methods(["GET", "POST"])
@allow(Permission.DECIDE)
@fresh_to_send
@once
def decide(request, decision_id):
    """One decision: the proposal, what has happened around it, and what is next."""
    rows = Decision.across.visible_to(request.acting).select_related(
        "proposed_by__user", "sent_to__user", "sent_to__authority", "decided_by__user", "row__scheme", "employer",
        "earlier", "authority", "given_mandate",
    )  # fmt: skip
    decision = get_object_or_404(rows, pk=decision_id)
    has_conflict = "conflict" in request.POST
    form = DecideForm(request.POST if request.method == "POST" and not has_conflict else None)
    if form.is_bound and form.is_valid():
        if tried(form, operations.decide, by=request.acting, decision=decision, **form.cleaned_data):
            lent = decision.authority_id != request.acting.authority_id
            told = f"{decision.authority.name} underrättar den enskilde." if lent else "Underrätta den enskilde."
            messages.success(request, f"Beslutet är fattat och låst. {told}")
            return redirect("teams:decide", decision.pk)
        decision = get_object_or_404(rows, pk=decision_id)  # it may be decided meanwhile, by somebody else
    operations.view_decision(by=request.acting, decision=decision)
    return render(request, "teams/decide.html", {"form": form, **_page(request, decision)})


def _page(request, decision):
    by, today = request.acting, timezone.localdate()
    case = Case.objects.visible_to(by).select_related("individual").filter(pk=decision.case_id).first()
    course, given = Course.of(decision), {"on": today, **decision.measures}
    code, words = course.state(today)
    lent = decision.authority_id != by.authority_id
    others = () if lent else _others(by, case, decision.kind, given).exclude(pk=decision.sent_to_id)
    return {
        "decision": decision, "course": course, "code": code, "words": words, "case": case, "today": today,
        "person": case and case.individual.root,
        "case_bar": case and case_bar(case, by), "law": decision.law or decision.matter.law_on(today),
        "row": row_for(by, decision.kind, board=decision.authority_id, **given) if code == "proposed" else None,
        "others": others, "lent": lent,
        "nobody": code == "proposed" and not lent and bool(waits_for_nobody([decision], by, on=today)),
        "board": told_to_board([decision], on=today).get(decision.pk) if decision.is_decided else None,
        "letters": _letters(by, decision) if case and decision.is_decided else (),
        "may_send_back": decision.sent_to_id == by.pk != decision.proposed_by_id,
        "mine": decision.proposed_by_id == by.pk, "in_force_on": course.in_force_on(),
        "beside": beside.people(case) if case else [], "has_conflict": "conflict" in request.POST,
        "asked": before_deciding.asked(by, decision),
    }  # fmt: skip


@require_POST
@allow(Permission.PROPOSE_DECISION)
@once
def decision_send(request, decision_id):
    """One press: the proposal goes to somebody who may decide it."""
    decision = get_object_or_404(Decision.objects.visible_to(request.acting), pk=decision_id)
    case = case_or_404(request, decision.case_id)
    given = {"on": timezone.localdate(), **decision.measures}
    form = SendForm(request.POST, others=_others(request.acting, case, decision.kind, given))
    if not form.is_valid():
        messages.warning(request, "Välj någon som får besluta i detta.")
        return redirect("teams:decide", decision.pk)
    try:
        operations.send_decision(by=request.acting, case=case, decision=decision, **form.cleaned_data)
        messages.success(request, f"Skickat till {officer(form.cleaned_data['sent_to'], request.acting)}.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("teams:decide", decision.pk)


@require_http_methods(["GET", "POST"])
@allow(Permission.DECIDE)
@once
def decision_back(request, decision_id):
    """Back to the one who wrote it, with why."""
    rows = Decision.across.visible_to(request.acting).waiting().select_related("proposed_by__user")
    mine = rows.filter(sent_to=request.acting).exclude(proposed_by=request.acting)
    decision = get_object_or_404(mine, pk=decision_id)
    form = BackForm(_posted(request))
    if form.is_bound and form.is_valid():
        if tried(form, operations.send_back, by=request.acting, decision=decision, **form.cleaned_data):
            messages.success(request, f"Skickat tillbaka till {decision.proposed_by.user.name}.")
            return redirect("teams:decisions")
    return render(request, "teams/decision_back.html", {"form": form, "decision": decision})


@require_POST
@allow(Permission.PROPOSE_DECISION)
@once
def decision_withdraw(request, decision_id):
    decision = get_object_or_404(Decision.objects.visible_to(request.acting), pk=decision_id)
    case = case_or_404(request, decision.case_id)
    try:
        operations.withdraw_proposal(by=request.acting, case=case, decision=decision)
        messages.success(request, "Förslaget är återtaget.")
    except Refused as why:
        messages.warning(request, str(why))
    return redirect("teams:decide", decision.pk)


def _guardian(case, key):
    """One of those beside the child, by id; None when the letter is to the one the decision is about."""
    found = next((one for one in beside.people(case) if str(one.pk) == key), None)
    if key and found is None:
        raise Refused("Välj till vem brevet ska.")
    return found and found.pk


@require_POST
@allow(Permission.PROPOSE_DECISION)
@fresh_to_send
def decision_letter(request, decision_id):
    """The letter as a file. A second press is a second copy, written down as such."""
    decision = get_object_or_404(Decision.objects.visible_to(request.acting), pk=decision_id)
    case = case_or_404(request, decision.case_id)
    try:
        data, _disclosure = operations.release_letter(
            by=request.acting,
            case=case,
            decision=decision,
            without_names="without_names" in request.POST,
            guardian=_guardian(case, request.POST.get("guardian")),
        )
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("teams:decide", decision.pk)
    return _attached(data, decision)


@require_GET
@allow(Permission.PROPOSE_DECISION)
@fresh
def letter_again(request, decision_id, disclosure_id):
    """A letter that went out, byte for byte as it was. It is a reading; nothing goes out anew."""
    decision = get_object_or_404(Decision.objects.visible_to(request.acting), pk=decision_id)
    case = case_or_404(request, decision.case_id)
    row = get_object_or_404(_letters(request.acting, decision), pk=disclosure_id)
    try:
        return _attached(operations.fetch_letter(by=request.acting, case=case, disclosure=row), decision)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("teams:decide", decision.pk)


def _letters(by, decision):
    rows = Disclosure.objects.visible_to(by).filter(object_id=decision.pk, what=WHAT)
    return rows.select_related("disclosed_by__user").prefetch_related("kept").order_by("copy_number")


def _attached(data, decision):
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(decision)}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
