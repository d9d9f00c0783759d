from django.db import IntegrityError, transaction
from django.utils import timezone

from cases.access import require
from cases.clocks import CaseClock
from cases.majority import RULE, is_childs, known_of, may_be_of_age
from cases.models import AccessGrant, Case
from cases.operations import end_access, finish_about, grant_access, open_case, start_clock
from children.clocks import ChildClock
from children.models import Bridge
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission
from teams.operations import appoint_coordinator


def _bridge(case):
    """The one row, locked; made the first time it is written to."""
    found, _new = Bridge.objects.get_or_create(case=case, defaults={"authority_id": case.authority_id})
    return Bridge.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _require_childs(case):
    if not is_childs(case):
        raise Refused("Bron till vuxenprogrammet finns i barnets ärende.")


def _saved(by, case, bridge, action, *columns, **details):
    bridge.version += 1
    bridge.save(update_fields=[*columns, "version"])
    record(by=by, action=action, obj=bridge, case=case, **details)
    return bridge


@transaction.atomic
def ask_person(*, by, case, asked_on, answer, words=""):
    """The person is asked herself whether she wants to go on as a grown-up, and what she answered. It may be asked
    again until the work is handed over; each answer stays in the log."""
    require(by, Permission.RECORD_CONSENT, case)
    _require_childs(case)
    if asked_on > timezone.localdate():
        raise Refused("Frågan kan inte ha ställts en dag som inte har varit.")
    bridge = _bridge(case)
    if bridge.handed_at:
        raise Refused("Överlämningen är redan gjord.")
    if bridge.adult_case_id and answer != Bridge.Answer.YES:
        raise Refused("Personen har redan ett eget ärende. Säger hon eller han nej nu avslutas det ärendet.")
    bridge.asked_on, bridge.asked_by, bridge.answer, bridge.answer_words = asked_on, by, answer, words.strip()
    return _saved(
        by, case, bridge, "bridge.asked", "asked_on", "asked_by", "answer", "answer_words", answer=str(answer)
    )


@transaction.atomic
def open_adult_case(*, by, case, receiver):
    """A case of the grown-up's own, coordinated by the receiver. It begins empty: of what the child's file holds
    nothing comes along but the person. Whoever opens it leaves it when the work is handed over."""
    require(by, Permission.CREATE_CASE, case)
    _require_childs(case)
    if not may_be_of_age(case):
        law = rule(RULE, on=timezone.localdate()).citation
        raise Refused(f"Ett ärende i vuxenprogrammet öppnas tidigast den dag personen fyller 18 år ({law}).")
    bridge = _bridge(case)
    if bridge.answer != Bridge.Answer.YES:
        raise Refused("Fråga personen själv först, och skriv vad hon eller han svarade.")
    if bridge.adult_case_id:
        raise Refused("Det finns redan ett eget ärende.")
    if receiver.pk == case.worker_id and receiver.pk != by.pk:
        raise Refused("Välj den som ska samordna i vuxenprogrammet.")
    bridge.adult_case, bridge.receiver = _adult_case(by, case), receiver
    if not bridge.adult_case.appointments.exists():
        appoint_coordinator(by=by, case=bridge.adult_case, membership=receiver)
    return _saved(by, case, bridge, "bridge.adult_case", "adult_case", "receiver", to=str(receiver.pk))


def _adult_case(by, case):
    """The one she has already, when it is open to me; else a new one."""
    mine = Case.objects.held_by(by).active().filter(programme=Case.Programme.ADULT)
    found = mine.filter(individual__in=[case.individual_id, case.individual.root.pk]).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return open_case(
                by=by, individual=case.individual.root, programme=Case.Programme.ADULT,
                contact_way=Case.ContactWay.SOCIAL_SERVICES, target_group="unknown",
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "Personen har redan ett ärende i vuxenprogrammet, som inte är öppet för dig. Be enhetschefen öppna det."
        ) from None


@transaction.atomic
def hand_over_person(*, by, case, met_on, person_was_there, why_absent="", words=""):
    """The coordinators have met, with the person: from now on the grown-up's coordinator answers. She confirms it."""
    require(by, Permission.BUILD_TEAM, case)
    _require_childs(case)
    bridge = _bridge(case)
    if bridge.handed_at:
        raise Refused("Överlämningen är redan gjord.")
    if not bridge.adult_case_id:
        raise Refused("Öppna personens eget ärende först, med den som ska samordna där.")
    adult_case = Case.objects.held_by(by).filter(pk=bridge.adult_case_id).first()
    if adult_case is None:
        raise Refused("Personens eget ärende är inte öppet för dig. Den som öppnade det skriver om mötet.")
    _require_meeting(met_on, person_was_there, why_absent, words)
    bridge.met_on, bridge.person_was_there, bridge.why_absent = met_on, person_was_there, why_absent.strip()
    bridge.met_words, bridge.handed_by, bridge.handed_at = words.strip(), by, timezone.now()
    _saved(
        by, case, bridge, "bridge.handed_over", "met_on", "person_was_there", "why_absent", "met_words", "handed_by",
        "handed_at", to=str(bridge.receiver_id),
    )  # fmt: skip
    _leave(by, adult_case, bridge)
    known = known_of(case)
    for kind in (CaseClock.COMING_OF_AGE, CaseClock.AGE_UNKNOWN) if known else ():
        finish_about(by=by, case=case, kind=kind, subject=known)
    return bridge


def _require_meeting(met_on, person_was_there, why_absent, words):
    if met_on > timezone.localdate():
        raise Refused("Mötet kan inte ha hållits en dag som inte har varit.")
    if not person_was_there and not why_absent.strip():
        raise Refused("Skriv varför personen inte var med.")
    if not words.strip():
        raise Refused(
            "Skriv vad som lämnades över. Det läses på båda sidor: skriv det ni har gått igenom med personen."
        )


def _leave(by, case, bridge):
    """The grown-up's case is its coordinator's now, and whoever opened it is no longer in it."""
    receiver = bridge.receiver
    start_clock(
        by=by, case=case, kind=ChildClock.HANDED_OVER, rule_id="child.handed_over", subject_id=bridge.pk,
        owner=receiver, due_on=timezone.localdate(),
    )  # fmt: skip
    if by.pk == receiver.pk or case.worker_id != by.pk:
        return
    grant_access(
        by=by, case=case, membership=receiver, kind=AccessGrant.Kind.WORKER, reason="Tar över som handläggare."
    )
    case.worker = receiver
    case.version += 1
    case.save(update_fields=["worker", "version"])
    record(by=by, action="case.worker_changed", obj=case, case=case, to=str(receiver.pk))
    end_access(by=by, case=case, membership=by, kind=AccessGrant.Kind.WORKER)


@transaction.atomic
def confirm_hand_over(*, by, bridge):
    """By the one who has taken over, in the grown-up's case: yes, we met, and I have it."""
    bridge = Bridge.objects.visible_to(by).select_for_update(of=("self",)).get(pk=bridge.pk)
    case = Case(pk=bridge.adult_case_id, authority_id=bridge.authority_id)  # its ids, also for one who has it not
    require(by, Permission.READ_CASE, case)
    if bridge.receiver_id != by.pk:
        raise NotAllowed("Bara den som har tagit över kan bekräfta det.")
    if bridge.confirmed_at or not bridge.handed_at:
        raise Refused("Det finns ingen överlämning som väntar.")
    bridge.confirmed_by, bridge.confirmed_at = by, timezone.now()
    _saved(by, case, bridge, "bridge.confirmed", "confirmed_by", "confirmed_at")
    finish_about(by=by, case=case, kind=ChildClock.HANDED_OVER, subject=bridge)
    return bridge
