"""What is asked before anything is decided about a child: that its best interest has been weighed, with what the child
said or why it was not heard (SoL 3:1–3)."""

from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from children.models import BestInterest
from exitprogram.law.rules import rule
from teams.before_deciding import Asked

LABEL = "Barnets bästa"
NOT_WEIGHED = (
    "Pröva först barnets bästa: vad barnet har sagt eller varför barnet inte har hörts, vad det får betyda och varför"
    " (3 kap. 1–3 §§ SoL)."
)


def best_interest(by, decision):
    if decision.target != Case.Programme.CHILD:
        return None
    found = BestInterest.across.visible_to(by).filter(decision=decision).select_related("voice").first()
    if found is not None:
        return Asked(LABEL, "", facts=tuple(facts(found)))
    law = rule("child.best", on=decision.decided_on or timezone.localdate(decision.created_at))
    if decision.state != decision.State.PROPOSED:
        return Asked(LABEL, "Det finns ingen prövning från när beslutet fattades.")
    has_case = Case.objects.held_by(by).filter(pk=decision.case_id).exists()
    url = reverse("children:weigh", args=[decision.case_id, decision.pk]) if has_case else ""
    return Asked(LABEL, law.text, url, "Pröva barnets bästa", refusal=NOT_WEIGHED)


def facts(weighed):
    voice = weighed.voice
    if voice.heard:
        yield "Barnet har sagt", voice.own_words
    else:
        yield "Barnet har inte hörts", f"{voice.get_unheard_display()}. {voice.unheard_why}"
    yield weighed.get_weight_display(), weighed.weight_why
    yield "Bäst för barnet", weighed.best
    if weighed.others:
        yield "Andra intressen", weighed.others
