"""The administrator's door to cooperation: who works with whom, proposals and answers, mandates, notice."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exitprogram.errors import Refused
from exitprogram.page.saving import tried
from exitprogram.tenancy import operations
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.cooperation import earliest_leave, joint_board_of, municipalities_of, oversight_for, rule_of
from exitprogram.tenancy.models import Authority, CooperationAgreement, Mandate
from exitprogram.tenancy.roles import Permission, may
from teams.cooperation import holder_words, mandates_of, matter_words, opens, preview, stops
from teams.forms.agreements import AgreementForm, MandateEndForm, MandateForm, NoticeForm
from teams.standing import SOON_DAYS, map_of, standing_of

Ground = CooperationAgreement.Ground
TEMPLATES = (
    (Ground.KL_9_37, "Med andra kommuner"),
    (Ground.HSL_16_3, "Med regionen"),
    (Ground.KL_9_19, "Gemensam nämnd"),
    (Ground.OTHER, "Med en förening"),
)


def _agreements(request):
    rows = CooperationAgreement.objects.visible_to(request.acting).select_related("authority", "overseer", "host")
    return rows.prefetch_related("parties__party_authority")


def _agreement_or_404(request, agreement_id):
    return get_object_or_404(_agreements(request), pk=agreement_id)


@require_GET
@allow(Permission.ADMINISTER, Permission.REGION_OVERVIEW)
def agreements(request):
    """What waits for an answer first, with what it would open; then who works with whom, and what ends when."""
    by, today = request.acting, timezone.localdate()
    rows = [standing_of(one, by, on=today) for one in _agreements(request)]
    administers = may(by, Permission.ADMINISTER)
    asked = [row for row in rows if row.asks_us] if administers else []
    context = {
        "asked": [(row, opens(row.agreement, by)) for row in asked], "administers": administers,
        "waiting": [row for row in rows if row.waits and row not in asked],
        "current": [row for row in rows if row.holds], "past": [row for row in rows if row.is_over],
        "map": map_of([row for row in rows if row.holds], by), "templates": TEMPLATES, "soon": SOON_DAYS,
        "oversight": _oversight(by, today), "year": today.year, "joint": _joint(by.authority),
    }  # fmt: skip
    return render(request, "teams/agreements.html", context)


def _joint(authority):
    """Names of the municipalities, of one's own joint board."""
    return municipalities_of(authority) if authority.kind == Authority.Kind.JOINT_BOARD else []


def _oversight(by, today):
    levels = dict(CooperationAgreement.Oversight.choices)
    found = oversight_for(by, on=today)
    names = {
        side.party_authority_id: side.party_authority.name
        for one in CooperationAgreement.objects.visible_to(by).filter(overseer_id=by.authority_id).prefetch_related(
            "parties__party_authority")
        for side in one.parties.all()
    }  # fmt: skip
    return sorted((names[pk], levels[level]) for pk, level in found.items())


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def agreement_propose(request, ground):
    """The form; then in sentences what it would open; then sent. «Ändra» comes back with all that was typed."""
    if ground not in Ground.values:
        raise Http404
    by = request.acting
    form = AgreementForm(request.POST or None, by=by, ground=Ground(ground))
    context = {"form": form, "ground": Ground(ground), "law": rule_of(ground, on=timezone.localdate())}
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        if "send" in request.POST:
            if agreement := tried(form, operations.propose_agreement, by=by, **form.given):
                messages.success(request, "Förslaget är skickat. Det gäller när alla andra parter har godkänt.")
                return redirect("teams:agreement", agreement.pk)
        elif (lines := tried(form, preview, act=operations.propose_agreement, by=by, **form.given)) is not None:
            return render(request, "teams/agreement_preview.html", {**context, "lines": lines, "given": form.given})
    return render(request, "teams/agreement_form.html", context)


@require_GET
@allow(Permission.ADMINISTER, Permission.REGION_OVERVIEW)
def agreement(request, agreement_id):
    """One agreement: what it says, who has signed, the mandates, and what it opens or closes for this side."""
    by, today = request.acting, timezone.localdate()
    row = standing_of(_agreement_or_404(request, agreement_id), by, on=today)
    board = joint_board_of(row.agreement)
    context = {
        "row": row, "agreement": row.agreement, "administers": may(by, Permission.ADMINISTER),
        "lines": opens(row.agreement, by), "today": today,
        "mandates": [(m, holder_words(m), matter_words(m.kinds), _may_end(m, by, today))
                     for m in mandates_of(row.agreement, by)],
        "is_joint": row.agreement.ground == Ground.KL_9_19, "joint_board": board,
        "joint": municipalities_of(board) if board else [],
        "gives_mandates": rule_of(row.agreement.ground, on=row.agreement.starts_on).values.get("mandates", False),
    }  # fmt: skip
    return render(request, "teams/agreement.html", context)


def _may_end(mandate, by, today):
    mine = by.authority_id in (mandate.authority_id, mandate.employer_authority_id)
    return mine and (mandate.ends_on is None or mandate.ends_on > today)


@require_POST
@allow(Permission.ADMINISTER)
@once
def agreement_accept(request, agreement_id):
    done = "Ni har godkänt. Överenskommelsen gäller när alla parter har gjort det."
    return _answered(request, agreement_id, operations.accept_agreement, done)


@require_POST
@allow(Permission.ADMINISTER)
@once
def agreement_decline(request, agreement_id):
    return _answered(request, agreement_id, operations.decline_agreement, "Förslaget är avslutat. Inget gäller.")


def _answered(request, agreement_id, act, done):
    row = _agreement_or_404(request, agreement_id)
    try:
        act(by=request.acting, agreement=row)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, done)
    return redirect("teams:agreements")


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def agreement_notice(request, agreement_id):
    """What stops is shown before, by the day that is proposed."""
    row, by = _agreement_or_404(request, agreement_id), request.acting
    earliest = earliest_leave(row, on=timezone.localdate())
    form = NoticeForm(request.POST or None, initial={"leaves_on": earliest})
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.give_notice, by=by, agreement=row, **form.cleaned_data):
            messages.success(request, "Överenskommelsen är uppsagd. Den upphör av sig själv efter sista dagen.")
            return redirect("teams:agreement", row.pk)
    context = {"form": form, "agreement": row, "lines": stops(row, by, earliest), "earliest": earliest}
    return render(request, "teams/agreement_notice.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def mandate_give(request, agreement_id):
    row, by = _agreement_or_404(request, agreement_id), request.acting
    others = [side.party_authority for side in row.parties.all() if side.party_authority_id != by.authority_id]
    form = MandateForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.give_mandate, by=by, agreement=row, **form.cleaned_data):
            messages.success(request, "Mandatet är givet. Det öppnar inget ärende: förslag skickas ett och ett.")
            return redirect("teams:agreement", row.pk)
    return render(request, "teams/mandate_form.html", {"form": form, "agreement": row})


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def mandate_end(request, mandate_id):
    rows = Mandate.objects.visible_to(request.acting).select_related(
        "authority", "employer_authority", "membership__user", "agreement"
    )
    mandate = get_object_or_404(rows, pk=mandate_id)
    form = MandateEndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if tried(form, operations.end_mandate, by=request.acting, mandate=mandate, **form.cleaned_data):
            messages.success(request, "Sista dagen är satt.")
            return redirect("teams:agreement", mandate.agreement_id)
    context = {"form": form, "mandate": mandate, "who": holder_words(mandate), "what": matter_words(mandate.kinds)}
    return render(request, "teams/mandate_end.html", context)
