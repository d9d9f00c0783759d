import json

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from cases.access import require
from cases.majority import is_childs, may_be_of_age
from cases.models import RetentionMark
from cases.operations import finish_about, mark_retention, start_clock
from children.clocks import ChildClock
from children.coordination import decisions_to_place
from children.custody import custody_on
from children.days import consider_day, day_after, emergency_home_day, law_from
from children.models import ChildVisit, CourtMatter, HealthOffer, Placement, PlacementPlan, PlacementReview
from children.models.placement import CONSULTED
from children.operations.chain import name_next
from children.releases import why_marked
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission

CONSIDER, EMERGENCY, HEALTH = "placement.consider", "placement.emergency_home", "placement.health_check"
OFFER, SEEN_OVER = "placement.health_offer", "placement.care_plan_review"
PLAN = {"care": "placement.care_plan", "implementation": "placement.implementation_plan"}

OF_PLACEMENT = (
    ChildClock.CARE_PLAN, ChildClock.IMPLEMENTATION_PLAN, ChildClock.CARE_PLAN_REVIEW, ChildClock.HEALTH_CHECK,
    ChildClock.HEALTH_OFFER, ChildClock.EMERGENCY_HOME,
)  # fmt: skip


@transaction.atomic
def place(
    *, by, case, home, starts_on, consent, with_guardian=False, elsewhere=False, consulted_on=None, consulted="",
    investigation_closed_on=None, guardians=(), matter=None,
):  # fmt: skip
    """Somebody is placed from a day. What the law asks for beforehand is asked here; what it asks for afterwards gets
    its clocks. Raises Refused with the section."""
    require(by, Permission.BUILD_TEAM, case)
    today = timezone.localdate()
    if starts_on > today:
        raise Refused("Skriv placeringen när den har börjat.")
    if not consent.strip():
        raise Refused(f"Skriv vem som har samtyckt, eller vilket beslut det vilar på ({_law(CONSIDER, today)}).")
    if is_childs(case) and not may_be_of_age(case):
        matter = _require_ground(case, starts_on, guardians, matter)
    else:
        guardians, matter = (), None
    if home == Placement.Home.SHELTERED and is_childs(case) and not with_guardian:
        raise Refused(f"Ett barn placeras i skyddat boende bara med en vuxen ({_law('placement.sheltered', today)}).")
    if elsewhere and home in CONSULTED and not (consulted_on and consulted_on <= starts_on and consulted.strip()):
        raise Refused(f"Samråd med den andra kommunen före placeringen ({_law('placement.consult', today)}).")
    if investigation_closed_on and investigation_closed_on > today:
        raise Refused("Utredningen kan inte ha avslutats en dag som inte har varit.")
    if Placement.objects.running().filter(case=case).exists():
        raise Refused("Personen är redan placerad. Avsluta den placeringen först.")
    row = Placement(
        authority_id=case.authority_id, case=case, home=home, starts_on=starts_on, consent=consent.strip(),
        with_guardian=with_guardian, elsewhere=elsewhere, consulted_on=consulted_on, consulted=consulted.strip(),
        placed_by=by, consented=[] if matter else [one.pk for one in guardians], matter=matter,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="placement.begun", obj=row, case=case, home=str(home), consented=len(row.consented))
    if not RetentionMark.objects.in_force().filter(case=case, kind=RetentionMark.Kind.PLACED).exists():
        mark_retention(by=by, case=case, kind=RetentionMark.Kind.PLACED, reason="Placeringen står i akten.")
    _watch(by, case, row, investigation_closed_on)
    return row


def _require_ground(case, day, guardians, matter):
    """All who have custody that day consent, or a decision of the board or the court stands instead."""
    law = _law("child.age.placement", timezone.localdate())
    if matter is not None:
        matter = CourtMatter.objects.get(pk=matter.pk, case=case)
        if matter not in decisions_to_place(case):
            raise Refused(f"Det beslutet räcker inte för en placering, eller gäller inte längre ({law}).")
        return matter
    custody = custody_on(case, day)
    for one in guardians:
        if refusal := why_marked(one):
            raise Refused(f"Fråga inte. {refusal}")
    if not custody.is_known or not custody.guardians:
        raise Refused(f"Skriv först vilka som har vårdnaden, eller välj beslutet det vilar på ({law}).")
    lacking = [one.name for one in custody.guardians if one.pk not in {g.pk for g in guardians}]
    if lacking or len(set(guardians)) != len(custody.guardians):
        who = ", ".join(lacking) or "bara de som har vårdnaden"
        raise Refused(f"Samtycke behövs av {who}. Finns det inte, välj beslutet det vilar på ({law}).")
    return None


def _law(rule_id, on):
    return rule(rule_id, on=on).citation


def _watch(by, case, row, investigation_closed_on):
    """Each by the law of the day the placement began; one that is older than the law by the law's first day."""
    childs, began = is_childs(case), row.starts_on
    _start(by, case, ChildClock.CARE_PLAN, PLAN["care"], row, day_after(PLAN["care"], began))
    if childs:
        _start(by, case, ChildClock.IMPLEMENTATION_PLAN, PLAN["implementation"], row,
               day_after(PLAN["implementation"], began))  # fmt: skip
        _start(by, case, ChildClock.CARE_PLAN_REVIEW, SEEN_OVER, row, day_after(SEEN_OVER, began))
        _next_review(by, case, row, began)
    born, under = case.individual.root.birth_date, law_from(HEALTH, began).values["under"]
    if born is None or born + relativedelta(years=under) > began:
        _start(by, case, ChildClock.HEALTH_CHECK, HEALTH, row, day_after(HEALTH, began))
    if row.home == Placement.Home.EMERGENCY and investigation_closed_on:
        _watch_emergency_home(by, case, row, investigation_closed_on)


def _start(by, case, kind, rule_id, subject, due_on):
    start_clock(by=by, case=case, kind=kind, rule_id=rule_id, subject_id=subject.pk, owner=case.worker, due_on=due_on)


def _watch_emergency_home(by, case, row, closed_on):
    _start(by, case, ChildClock.EMERGENCY_HOME, EMERGENCY, row, emergency_home_day(closed_on))


@transaction.atomic
def investigation_closed(*, by, case, closed_on):
    """For whoever is in an emergency home then, the last two months of it begin (SoL 22:4)."""
    require(by, Permission.WRITE_NOTE, case)
    row = Placement.objects.running().filter(case=case, home=Placement.Home.EMERGENCY).first()
    if row and not case.clocks.filter(kind=ChildClock.EMERGENCY_HOME, subject_id=row.pk).exists():
        _watch_emergency_home(by, case, row, closed_on)
        record(by=by, action="placement.emergency_watched", obj=row, case=case)
    return row


def _next_review(by, case, placement, since_on):
    due_on = consider_day(since_on)
    review = PlacementReview(authority_id=case.authority_id, case=case, placement=placement, due_on=due_on)
    review.save(force_insert=True)
    _start(by, case, ChildClock.CONSIDER, CONSIDER, review, due_on)


def _running(case):
    row = Placement.objects.running().filter(case=case).select_for_update(of=("self",)).first()
    if row is None:
        raise Refused("Ingen placering pågår.")
    return row


@transaction.atomic
def end_placement(*, by, case, ends_on, reason, who="", name="", next_reason=""):
    """It ends, and somebody answers for what comes next. In an adult's case nobody needs to be named."""
    require(by, Permission.BUILD_TEAM, case)
    row = _running(case)
    if not row.starts_on <= ends_on <= timezone.localdate():
        raise Refused("Sista dagen ligger mellan den första och i dag.")
    if not reason.strip():
        raise Refused("Skriv varför placeringen slutar.")
    if is_childs(case):
        if not who:
            raise Refused("Välj vem som tar vid, eller skriv varför ingen behövs.")
        name_next(by=by, case=case, about="placement", subject=row, who=who, name=name, reason=next_reason)
    row.ends_on, row.ended_by, row.end_reason = ends_on, by, reason.strip()
    row.save(update_fields=["ends_on", "ended_by", "end_reason"])
    record(by=by, action="placement.ended", obj=row, case=case)
    for kind in OF_PLACEMENT:
        finish_about(by=by, case=case, kind=kind, subject=row)
    for review in row.reviews.filter(considered_on=None):
        finish_about(by=by, case=case, kind=ChildClock.CONSIDER, subject=review)
    return row


@transaction.atomic
def consider_placement(*, by, case, still_needed, words):
    """Is it still needed? Said with words; the next time is half a year from now."""
    require(by, Permission.BUILD_TEAM, case)
    row = _running(case)
    if not words.strip():
        raise Refused("Skriv vad ni har kommit fram till, och varför.")
    review = row.reviews.select_for_update(of=("self",)).filter(considered_on=None).first()
    if review is None:
        raise Refused("Det finns inget övervägande att skriva för den här placeringen.")
    review.considered_on, review.considered_by = timezone.localdate(), by
    review.still_needed, review.words = still_needed, words.strip()
    review.save(update_fields=["considered_on", "considered_by", "still_needed", "words"])
    record(by=by, action="placement.considered", obj=review, case=case, still_needed=still_needed)
    finish_about(by=by, case=case, kind=ChildClock.CONSIDER, subject=review)
    _next_review(by, case, row, review.considered_on)
    return review


@transaction.atomic
def tell_region(*, by, case):
    """The region knows that care has begun, so that it offers a health check."""
    require(by, Permission.BUILD_TEAM, case)
    row = _running(case)
    if row.region_told_on:
        raise Refused("Regionen har redan fått veta.")
    row.region_told_on, row.region_told_by = timezone.localdate(), by
    row.save(update_fields=["region_told_on", "region_told_by"])
    record(by=by, action="placement.region_told", obj=row, case=case)
    finish_about(by=by, case=case, kind=ChildClock.HEALTH_CHECK, subject=row)
    if not _health_answered(row):
        _start(by, case, ChildClock.HEALTH_OFFER, OFFER, row, day_after(OFFER, row.region_told_on))
    return row


def _health_answered(row):
    return row.health_offers.filter(answer__in=[HealthOffer.Answer.DONE, HealthOffer.Answer.DECLINED]).exists()


@transaction.atomic
def record_health_offer(*, by, case, answer, day, words=""):
    """What came of the health check: offered or not, accepted or declined, made; each time it is heard of."""
    require(by, Permission.BUILD_TEAM, case)
    row = _running(case)
    if answer not in HealthOffer.Answer.values:
        raise Refused("Välj hur det blev.")
    if not row.starts_on <= day <= timezone.localdate():
        raise Refused("Dagen ligger mellan placeringens första dag och i dag.")
    if answer in (HealthOffer.Answer.DECLINED, HealthOffer.Answer.NOT_OFFERED) and not words.strip():
        raise Refused("Skriv vem som tackade nej och varför, eller vad som hindrar.")
    if _health_answered(row):
        raise Refused("Det står redan hur det blev med hälsoundersökningen.")
    offer = HealthOffer(
        authority_id=case.authority_id, case=case, placement=row, answer=answer, day=day, words=words.strip(),
        written_by=by,
    )  # fmt: skip
    offer.save(force_insert=True)
    record(by=by, action="placement.health_offer", obj=offer, case=case, answer=str(answer))
    if _health_answered(row):
        finish_about(by=by, case=case, kind=ChildClock.HEALTH_OFFER, subject=row)
    return offer


@transaction.atomic
def sign_placement_plan(*, by, case, kind, content):
    """A care plan or an implementation plan with every part that the law of today asks for. A revision is a new one."""
    require(by, Permission.BUILD_TEAM, case)
    row, today = _running(case), timezone.localdate()
    law = rule(PLAN[kind], on=today)
    if law.values["children_only"] and not is_childs(case):
        raise Refused(f"Genomförandeplanen gäller barn och unga ({law.citation}).")
    said = {key: content.get(key, "").strip() for key in law.values["parts"]}
    if missing := [label for key, label in law.values["parts"].items() if not said[key]]:
        raise Refused(f"Detta saknas ({law.citation}): {', '.join(missing)}.")
    plan = PlacementPlan(
        authority_id=case.authority_id, case=case, placement=row, kind=kind, content=json.dumps(said), signed_by=by
    )
    plan.save(force_insert=True)
    record(by=by, action=f"placement.plan_signed.{kind}", obj=plan, case=case)
    clock = ChildClock.CARE_PLAN if kind == PlacementPlan.Kind.CARE else ChildClock.IMPLEMENTATION_PLAN
    finish_about(by=by, case=case, kind=clock, subject=row)
    if row.plans.filter(kind=PlacementPlan.Kind.CARE).count() > 1:
        finish_about(by=by, case=case, kind=ChildClock.CARE_PLAN_REVIEW, subject=row)
    return plan


@transaction.atomic
def record_visit(*, by, case, day, who, words, why_not_alone=""):
    """Who was seen that day; when the child was not alone, why."""
    require(by, Permission.WRITE_NOTE, case)
    if not is_childs(case):
        raise Refused("Besök och samtal skrivs här i barnets ärende.")
    if day > timezone.localdate():
        raise Refused("Besöket kan inte ha varit en dag som inte har varit.")
    if who == ChildVisit.Who.TOGETHER and not why_not_alone.strip():
        raise Refused("Skriv varför barnet inte fick tala i enrum.")
    row = ChildVisit(
        authority_id=case.authority_id, case=case, day=day, who=who, why_not_alone=why_not_alone.strip(),
        words=words.strip(), seen_by=by,
    )  # fmt: skip
    row.save(force_insert=True)
    record(by=by, action="visit.recorded", obj=row, case=case, who=str(who))
    return row
