from django.db import transaction
from django.utils import timezone

from cases.grounds import checked
from cases.operations import finish_about, start_clock
from children.access import of_child
from children.clocks import ChildClock
from children.models import Consultation
from children.nameless import require_nameless
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.roles import Permission

NEXT, NAMED = "barnahus.next", "barnahus.named"
Party = Consultation.Party
# What each is to the rules of secrecy; one's own board needs no ground.
REACHED_AS = {
    Party.OTHER_SOCIAL: Authority.Kind.SOCIAL_BOARD, Party.POLICE: "police", Party.PROSECUTOR: "police",
    Party.PSYCHIATRY: Authority.Kind.HEALTH_AUTHORITY, Party.PAEDIATRICS: Authority.Kind.HEALTH_AUTHORITY,
    Party.FORENSIC: "agency",
}  # fmt: skip


@transaction.atomic
def record_consultation(
    *, by, case, day, kind, named, parties, asked, agreed, present="", grounds=(), ground_why="", next_step="",
    next_who="", next_on=None,
):  # fmt: skip
    """Write down a consultation that has been. Without identity no text may tell who the child is; with identity each
    who was there is reached by a ground in the law of that day."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    _require_sound(day, kind, parties, asked, agreed)
    _require_next(day, next_step, next_who, next_on)
    grounds = sorted(set(grounds))
    if named:
        _require_grounds(by, case, day, parties, grounds, ground_why)
    else:
        grounds, ground_why = [], ""
        require_nameless(case, by, **{
            "Vilka som var med": present, "Vad det gällde": asked, "Vad ni kom överens om": agreed,
            "Nästa steg": next_step, "Vem som gör det": next_who,
        })  # fmt: skip
    row = Consultation(
        authority_id=case.authority_id, case=case, day=day, kind=kind, named=named, grounds=grounds,
        ground_why=ground_why.strip(), parties=[code for code in Party.values if code in parties],
        present=present.strip(), asked=asked.strip(), agreed=agreed.strip(), next_step=next_step.strip(),
        next_who=next_who.strip(), next_on=next_on, written_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="barnahus.recorded", obj=row, case=case, kind=kind, named=named)
    if next_on:
        start_clock(
            by=by, case=case, kind=ChildClock.BARNAHUS, rule_id=NEXT, subject_id=row.pk, owner=case.worker,
            due_on=next_on,
        )  # fmt: skip
    return row


def _require_sound(day, kind, parties, asked, agreed):
    if day > timezone.localdate():
        raise Refused("Skriv samrådet när det har varit.")
    if kind not in Consultation.Kind.values:
        raise Refused("Välj vilket slags samråd det var.")
    if not parties or not set(parties) <= set(Party.values):
        raise Refused("Välj vilka som var med.")
    if not (asked.strip() and agreed.strip()):
        raise Refused("Skriv vad det gällde och vad ni kom överens om.")


def _require_next(day, next_step, next_who, next_on):
    if next_on and next_on < day:
        raise Refused("Nästa steg ligger efter samrådet.")
    if (next_step.strip() or next_on) and not (next_step.strip() and next_who.strip()):
        raise Refused("Skriv både vad nästa steg är och vem som gör det.")


def _require_grounds(by, case, day, parties, grounds, why):
    """Every party is reached by at least one; and each that is given can be used."""
    law = rule(NAMED, on=day)
    if not grounds:
        raise Refused(f"Välj vad det vilar på att de andra fick veta vem barnet är. {law.text} ({law.citation})")
    if not why.strip():
        raise Refused("Skriv vem som har samtyckt och till vad, eller hur ni har prövat grunden.")
    outside = [code for code in parties if code != Party.SOCIAL]
    reached = {code: _reached(by, case, day, code, grounds) for code in outside}
    if left := [Party(code).label for code, laws in reached.items() if not laws]:
        raise Refused(f"Ingen av grunderna räcker till {', '.join(left)}. Välj en grund till, eller håll samrådet utan"
                      f" identitet ({law.citation}).")  # fmt: skip
    idle = set(grounds) - {one for laws in reached.values() for one in laws}
    if idle:
        raise Refused("En av grunderna når ingen av dem som var med. Ta bort den.")


def _reached(by, case, day, code, grounds):
    found = []
    for ground in grounds:
        try:
            checked(ground, by=by, case=case, to_kind=REACHED_AS[code], recipient=None, on=day)
        except Refused:
            continue
        found.append(ground)
    return found


@transaction.atomic
def finish_consultation_step(*, by, case, consultation, result):
    """The next step that was agreed is done, or will not be; with words."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    row = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk, case=case)
    if not row.next_step:
        raise Refused("Ni kom inte överens om något nästa steg.")
    if row.done_on:
        raise Refused("Nästa steg är redan klart.")
    if not result.strip():
        raise Refused("Skriv hur det gick.")
    if not row.named:
        require_nameless(case, by, **{"Hur det gick": result})
    row.done_on, row.done_by, row.result = timezone.localdate(), by, result.strip()
    row.save(update_fields=["done_on", "done_by", "result"])
    record(by=by, action="barnahus.step_done", obj=row, case=case)
    finish_about(by=by, case=case, kind=ChildClock.BARNAHUS, subject=row)
    return row
