"""A proposal: started, sent on, taken back."""

from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.models import AccessBlock, Notice
from cases.operations import notify
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.roles import Permission, require_role
from teams import consequences
from teams.competence import competent, row_for
from teams.course import CONFLICT, locked_proposal, why_not_changed
from teams.matters import AMOUNT, DAYS, PERIOD, matter
from teams.models import Decision
from teams.operations.telling import tell_proposer

MOST_KRONOR = 100_000_000
LONGEST = 3660  # days


@transaction.atomic
def propose_decision(*, by, case, kind, what, sent_to=None, earlier=None, relation="", **figures):
    """Start a decision. ``sent_to`` is a competent colleague, when one is not competent oneself. ``figures``: amount,
    days, starts_on, ends_on. ``earlier`` and ``relation``: which decision it corrects or changes, and by what rule."""
    require(by, Permission.PROPOSE_DECISION, case)
    if not what.strip():
        raise Refused("Skriv vad beslutet ska gälla.")
    figures = _figures(kind, case, **figures)
    if earlier is not None:
        earlier = _earlier(by, case, earlier, kind, relation)
    decision = Decision(
        authority_id=case.authority_id, case=case, kind=kind, target=case.programme, what=what, proposed_by=by,
        earlier=earlier, relation=relation if earlier else "", **figures,
    )  # fmt: skip
    _address(by, decision, sent_to or by)
    decision.save(force_insert=True)
    _tell(by, case, decision)
    record(by=by, action="decision.proposed", obj=decision, case=case, kind=kind)
    return decision


def _figures(kind, case, amount=None, days=None, starts_on=None, ends_on=None):
    """What the matter asks for in figures, and nothing else; a period says how many days it is."""
    about = matter(kind)
    if about.committee_only:
        raise NotAllowed(about.refusal)
    if case.programme not in about.programmes:
        raise Refused(f"{about.label}: det beslutet fattas inte i ett ärende i {case.get_programme_display().lower()}.")
    if PERIOD not in about.asks:
        starts_on = ends_on = None
    if starts_on and ends_on:
        if ends_on < starts_on:
            raise Refused("Sista dagen ligger före första dagen.")
        days = (ends_on - starts_on).days + 1
    amount, days = amount if AMOUNT in about.asks else None, days if {DAYS, PERIOD} & set(about.asks) else None
    if amount is not None and not 0 < amount <= MOST_KRONOR:
        raise Refused("Skriv beloppet i hela kronor, större än noll.")
    if days is not None and not 0 < days <= LONGEST:
        raise Refused("Skriv ett antal dagar, minst en och högst tio år.")
    return {"amount": amount, "days": days, "starts_on": starts_on, "ends_on": ends_on}


def _earlier(by, case, earlier, kind, relation):
    """The decision that is corrected or changed, when the law lets it be."""
    rows = Decision.objects.visible_to(by).select_for_update(of=("self",)).filter(case=case)
    earlier = rows.get(pk=earlier.pk)
    if relation not in Decision.Relation.values:
        raise Refused("Välj enligt vilken bestämmelse det tidigare beslutet ändras.")
    if kind != ("appeal_rejection" if relation == Decision.Relation.LATE_APPEAL else earlier.kind):
        raise Refused("En ändring gäller samma sak som det tidigare beslutet.")
    why_not = why_not_changed(earlier, relation)
    if why_not:
        raise Refused(why_not)
    return earlier


def _address(by, decision, to):
    """To one who may decide it, herself or a colleague; never to one who is blocked."""
    today = timezone.localdate()
    if to.pk == by.pk:
        if row_for(by, decision.kind, on=today, **decision.measures) is None:
            raise Refused("Du får inte besluta i detta själv. Välj vem det ska skickas till.")
    elif not competent(by, decision.kind, on=today, **decision.measures).filter(pk=to.pk).exists():
        raise Refused("Den valda personen får inte besluta i detta enligt delegationsordningen.")
    if to.authority_id != by.authority_id and decision.earlier_id:
        raise Refused("Det som rättar eller ändrar ett tidigare beslut avgörs hos nämnden: det tidigare beslutet läser"
                      " ingen annan. Välj någon hos er.")  # fmt: skip
    consequences.ask(by=by, case=decision.case, decision=decision, to=to)
    if AccessBlock.objects.standing().of_case(decision.case).filter(user_id=to.user_id).exists():
        raise Refused(f"{to.user.name} är spärrad i ärendet. {CONFLICT}")
    decision.sent_to, decision.sent_to_authority_id = to, to.authority_id


def _tell(by, case, decision):
    if decision.sent_to_id != by.pk:
        notify(by=by, case=case, about=Notice.About.DECISION, subject_id=decision.pk, membership=decision.sent_to)


@transaction.atomic
def send_decision(*, by, case, decision, sent_to):
    """Send a proposal on to somebody who may decide it."""
    require(by, Permission.PROPOSE_DECISION, case)
    decision = locked_proposal(by, decision)
    if decision.sent_to_id == sent_to.pk:
        raise Refused(f"Förslaget ligger redan hos {sent_to.user.name}.")
    _address(by, decision, sent_to)
    decision.save(update_fields=["sent_to", "sent_to_authority"])
    _tell(by, case, decision)
    record(by=by, action="decision.sent", obj=decision, case=case, to=str(sent_to.pk))
    return decision


@transaction.atomic
def withdraw_proposal(*, by, case, decision):
    """Taken back by the one who made it, before it is decided. It stays in the file."""
    require(by, Permission.PROPOSE_DECISION, case)
    decision = locked_proposal(by, decision)
    if decision.proposed_by_id != by.pk:
        raise NotAllowed("Bara den som har skrivit förslaget kan ta tillbaka det.")
    decision.state = Decision.State.WITHDRAWN
    decision.save(update_fields=["state"])
    record(by=by, action="decision.withdrawn", obj=decision, case=case)
    return decision


@transaction.atomic
def send_back(*, by, decision, words):
    """By the one to whom it was sent: with why, and then it is hers no more. The one who wrote it is told."""
    require_role(by, Permission.DECIDE)
    decision = locked_proposal(by, decision)
    if decision.sent_to_id != by.pk:
        raise NotAllowed("Bara den som förslaget är skickat till kan skicka tillbaka det.")
    if decision.proposed_by_id == by.pk:
        raise Refused("Förslaget är ditt eget. Ta tillbaka det i stället.")
    if not words.strip():
        raise Refused("Skriv varför förslaget skickas tillbaka.")
    tell_proposer(by, decision)
    record(by=by, action="decision.sent_back", obj=decision, case=decision.case_ref)
    decision.sent_to, decision.sent_to_authority, decision.sent_back = None, None, words
    decision.save(update_fields=["sent_to", "sent_to_authority", "sent_back"])
    return decision


@transaction.atomic
def view_decision(*, by, decision):
    """Write down that a proposal or a decision is being read."""
    require_role(by, Permission.READ_CASE)
    if not Decision.across.visible_to(by).filter(pk=decision.pk).exists():
        raise NotAllowed("Ärendet är inte öppet för dig. Fråga den som handlägger det.")
    record(by=by, action="decision.viewed", obj=decision, case=decision.case_ref)
