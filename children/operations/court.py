from django.db import transaction
from django.utils import timezone

from cases.models import Clock
from cases.operations import finish_about, start_clock
from children.access import of_child
from children.courses import DECISIONS, ENDS, Body, Kind, Step, counts_from, first_of, who_decides
from children.courting import SETTLES, day_of, next_steps, rule_of, waiting_in
from children.custody import custody_on
from children.models import CourtMatter, CourtStep, Custody, GuardianAnswer
from children.nameless import names_somebody
from children.releases import standing_mark
from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.law.rules import NoRule, rule
from exitprogram.page.templatetags.page import sv_day
from exitprogram.tenancy.roles import Permission
from teams.operations import report_urgent

GROUNDS = {
    Kind.CUSTODY: ("home", "own", "both"), Kind.CARE: ("home", "own", "both"), Kind.CONTACT: ("care", "shelter"),
}  # fmt: skip

ALONE = (Body.CHAIR, Body.MEMBER)
ON_THE_LIST = {Kind.CUSTODY: "immediate_custody", Kind.SHELTER: "child_shelter"}
OUTCOMES = {Step.DECIDED: "granted", Step.DENIED: "refused"}


@transaction.atomic
def open_court_matter(*, by, case, kind, happened_at, ground="", about="", **first):
    """A matter of the board or the courts, with its first step: the decision, or that the need became known."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    if kind not in Kind.values:
        raise Refused("Välj vad det gäller.")
    if ground not in GROUNDS.get(kind, ("",)):
        raise Refused("Välj grunden i lagen." if kind in GROUNDS else "Det här ärendet har ingen grund att välja.")
    matter = CourtMatter(
        authority_id=case.authority_id, case=case, kind=kind, ground=ground, started_at=happened_at,
        about=about.strip(), opened_by=by,
    )  # fmt: skip
    _require_happened(matter, happened_at)
    if kind == Kind.ONE_GUARDIAN:
        _require_disagreement(case, timezone.localdate(happened_at))
    matter.save(force_insert=True)
    record(by=by, action="court.opened", obj=matter, case=case, kind=kind)
    _write(by, case, matter, first_of(kind), happened_at, **first)
    return matter


@transaction.atomic
def add_court_step(*, by, case, matter, kind, happened_at, **more):
    """What happened next. It ends what was waited for, and starts the day that the law counts from it."""
    case = of_child(by, Permission.WRITE_NOTE, case)
    matter = CourtMatter.objects.get(pk=matter.pk, case=case)
    today = timezone.localdate()
    if kind not in next_steps(matter, on=today):
        raise Refused("Det steget kan inte komma nu. Läs vad som redan är skrivet.")
    _require_happened(matter, happened_at)
    _require_in_time(matter, kind, timezone.localdate(happened_at), today)
    return _write(by, case, matter, kind, happened_at, **more)


def _require_disagreement(case, day):
    """The board may decide for one of two only when they do not agree."""
    custody = custody_on(case, day)
    no = GuardianAnswer.objects.filter(case=case, guardian__in=[one.pk for one in custody.guardians], answer="no")
    barred = [one for one in custody.guardians if standing_mark(one)]  # who is never asked does not consent either
    if custody.kind != Custody.Kind.JOINT or not (no.exists() or len(barred) == 1):
        law = _law(lambda: rule(who_decides(Kind.ONE_GUARDIAN), on=day)).citation
        raise Refused(
            "Det här gäller när vårdnaden är gemensam och en av dem säger nej. Skriv vårdnaden och svaret under"
            f" Vårdnadshavare först ({law})."
        )


def _require_happened(matter, happened_at):
    if happened_at > timezone.now():
        raise Refused("Tiden ligger framåt. Skriv det när det har hänt.")
    if timezone.localdate(happened_at) < timezone.localdate(matter.started_at):
        raise Refused("Dagen ligger före den dag då det började.")


def _require_in_time(matter, kind, day, today):
    """What comes after its last day does not make the time whole again."""
    for one in waiting_in(matter, on=today):
        if one.lapses and one.is_settled_by(kind, matter) and day > one.last_day:
            raise Refused(
                f"Sista dagen var {sv_day(one.last_day)}. Därefter har {one.lapses} upphört ({one.law.citation})."
                " Skriv att det har upphört, och vad som görs nu för barnets skydd."
            )


def _write(by, case, matter, kind, happened_at, *, body="", until=None, who="", reference="", words=""):
    body = body if kind in DECISIONS else ""
    _require_decider(by, matter, kind, body, timezone.localdate(happened_at), who)
    if kind == Step.APPOINTED and not who.strip():
        raise Refused("Skriv vem som är förordnad.")
    if kind in (Step.ENDED, Step.LAPSED) and not words.strip():
        raise Refused("Skriv varför, och vad som gäller nu.")
    step = CourtStep(
        authority_id=case.authority_id, case=case, matter=matter, number=matter.steps.count() + 1, kind=kind,
        happened_at=happened_at, body=body, until=_until(matter, kind, until), who=who.strip(),
        reference=reference.strip(), words=words.strip(), noted_by=by,
    )  # fmt: skip
    step.save(force_insert=True)
    record(by=by, action="court.step", obj=step, case=case, kind=kind)
    if body in ALONE:
        _tell_board(by, case, matter, step)
    _finish_what_waited(by, case, matter)
    _start_counting(by, case, matter, step)
    return step


def _tell_board(by, case, matter, step):
    """Decided by one alone: the board hears of it at its next meeting (KL 6:39). Its list says nothing of whom."""
    day = timezone.localdate(step.happened_at)
    if names_somebody(case, by, step.who):
        raise Refused("Skriv namnet på den som beslutade. Nämndens lista säger inget om barnet.")
    report_urgent(
        by=by, case=case, decided_on=day, kind=ON_THE_LIST[matter.kind], decided_by=step.who,
        law=rule(who_decides(matter.kind), on=day).citation[:160], outcome=OUTCOMES[step.kind],
        reference=f"{timezone.localtime(step.happened_at):%Y-%m-%d kl. %H.%M}",
    )  # fmt: skip


def _require_decider(by, matter, kind, body, day, who):
    if kind not in DECISIONS:
        return
    law = _law(lambda: rule(who_decides(matter.kind), on=day))
    if body not in Body.values:
        raise Refused("Välj vem som har beslutat.")
    if body not in law.values["bodies"]:
        raise Refused(f"{Body(body).label} beslutar inte i detta. {law.text} ({law.citation})")
    if not who.strip():
        raise Refused("Skriv vilket utskott, eller namnet på den som beslutade.")
    if who.strip().casefold() == by.user.name.casefold():
        raise Refused(f"Den som handlägger beslutar inte själv. {law.text} ({law.citation})")


def _law(find):
    try:
        return find()
    except NoRule:
        raise Refused("För den dagen finns ingen regel inlagd. Kontrollera dagen, och fråga nämndens jurist.") from None


def _until(matter, kind, until):
    """The later day that the court has set: after the one it moves."""
    if kind != Step.EXTENDED:
        return None
    [waits] = [one for one in waiting_in(matter, on=timezone.localdate()) if one.clock.kind == "court_apply"]
    if until is None or until <= waits.day:
        raise Refused(f"Skriv den dag som rätten har satt. Den ligger efter {sv_day(waits.day)}.")
    return until


def _finish_what_waited(by, case, matter):
    """Every day of the matter for which its step has now come; the database asks the same."""
    steps = list(matter.steps.all())
    for before in steps:
        for clock in Clock.objects.open().filter(case=case, subject_id=before.pk, kind__startswith="court_"):
            later = [step.kind for step in steps if step.number > before.number]
            if any(kind in ENDS or kind in SETTLES[clock.kind, matter.kind] for kind in later):
                finish_about(by=by, case=case, kind=clock.kind, subject=before)


def _start_counting(by, case, matter, step):
    had = {one.kind for one in matter.steps.all()}
    for count in counts_from(matter.kind, step.kind):
        if step.kind not in count.until and had & set(count.until):
            continue  # it came before what it is counted from was written
        law = _law(lambda count=count: rule_of(count, matter, on=timezone.localdate(step.happened_at)))
        start_clock(
            by=by, case=case, kind=count.clock, rule_id=law.id, subject_id=step.pk, owner=case.worker,
            due_on=day_of(law, step),
        )  # fmt: skip
