from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import instruments
from cases.access import require
from cases.clocks import CaseClock
from cases.models import AssessedThreat, Assessment, Clock
from cases.operations.clocks import finish_clock
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.law.rules import rule
from exitprogram.tenancy.roles import Permission

THREAT = ("kind", "who", "relation", "knows", "last_contact", "ability")
MOST_THREATS = 30


@transaction.atomic
def save_assessment(
    *, by, case, instrument, instrument_version, day, answers, own_words="", threats=(), assessment=None,
    assessment_id=None, version=None,
):  # fmt: skip
    """Begin a draft (``assessment_id`` chosen by the page) or save on in one's own; seen by its author only. Answers
    are kept as they were given: nothing is added up, and no operation takes a result. Raises Stale on an old version.
    ``threats`` is one dict for each person or network, in order."""
    require(by, Permission.WRITE_NOTE, case)
    if day > timezone.localdate():
        raise Refused("Dagen ligger i framtiden.")
    used = _used(instrument, instrument_version, answers)
    if assessment is None:
        assessment, action = _begun(by, case, used, assessment_id), "assessment.begun"
    else:
        assessment, action = _own_draft(by, case, assessment, version), "assessment.saved"
    if (assessment.instrument, assessment.instrument_version) != (used.id, used.version):
        raise Refused("Utkastet hör till ett annat instrument. Börja en ny bedömning.")
    assessment.day, assessment.answers, assessment.own_words = day, answers, own_words
    assessment.version += 1
    try:
        with transaction.atomic():
            assessment.save()
    except IntegrityError:  # the id is taken by one that is not this author's to see
        raise Refused("Bedömningen kunde inte sparas. Kopiera det du skrivit och börja en ny.")
    _save_threats(by, case, assessment, threats if used.threats else ())
    record(by=by, action=action, obj=assessment, case=case, instrument=used.id, edition=used.version)
    return assessment


def _used(wanted, version, answers):
    used = instruments.instrument(wanted, version)
    if used is None:
        raise Refused("Instrumentet finns inte. Välj ett i listan.")
    scales = {question.id: question.scale for question in used.questions}
    if any(key not in scales or not scales[key].allows(answer) for key, answer in answers.items()):
        raise Refused("Ett svar passar inte frågan. Ladda om sidan och försök igen.")
    return used


def _begun(by, case, used, assessment_id):
    if not used.in_force(timezone.localdate()):
        raise Refused("Den versionen används inte längre. Välj den nya i listan.")
    begun = Assessment(
        authority_id=case.authority_id, case=case, author=by, version=0, instrument=used.id,
        instrument_version=used.version,
    )  # fmt: skip
    begun.pk = assessment_id or begun.pk
    return begun


def _own_draft(by, case, assessment, version):
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk, case=case)
    if assessment.author_id != by.pk:
        raise NotAllowed("Bara den som gör bedömningen kan ändra den.")
    if assessment.signed_at:
        raise Refused("Bedömningen är signerad och låst. Gör en ny när något har ändrats.")
    if version is not None and assessment.version != version:
        raise Stale(assessment)
    return assessment


def _save_threats(by, case, assessment, threats):
    """The rows as the page has them: those emptied are gone, the others keep their place."""
    given = [one for one in threats if any(one.get(name, "").strip() for name in THREAT if name != "kind")]
    if len(given) > MOST_THREATS:
        raise Refused(f"Högst {MOST_THREATS} rader ryms. Skriv ett nätverk på en rad.")
    there = list(assessment.threats.select_for_update(of=("self",)))
    for place, one in enumerate(given):
        row = there[place] if place < len(there) else None
        row = row or AssessedThreat(authority_id=case.authority_id, case=case, assessment=assessment, author=by)
        row.place = place
        for name in THREAT:
            setattr(row, name, one.get(name, "") or ("person" if name == "kind" else ""))
        row.save()
    AssessedThreat.objects.filter(pk__in=[row.pk for row in there[len(given) :]]).delete()


def _finish_outcome(by, case, day):
    """What was asked now answers for the times that have come, and for one that is near."""
    near = day + timedelta(days=rule("outcome.points", on=day).values["near_days"])
    for clock in Clock.objects.open().filter(case=case, kind=CaseClock.OUTCOME):
        if clock.due_on <= near:
            finish_clock(by=by, case=case, clock=clock)


@transaction.atomic
def sign_assessment(*, by, case, assessment, version=None):
    """Lock the assessment and its rows for ever, here and in the database."""
    require(by, Permission.WRITE_NOTE, case)
    assessment = _own_draft(by, case, assessment, version)
    used = instruments.instrument(assessment.instrument, assessment.instrument_version)
    answers = assessment.answers
    lacking = [question.short for question in used.questions if question.needed and not answers.get(question.id)]
    if lacking:
        raise Refused(f"Fyll i det som saknas innan du signerar: {', '.join(lacking)}.")
    if not (answers or assessment.own_words.strip() or assessment.threats.exists()):
        raise Refused("Svara på något, eller skriv något, innan du signerar.")
    assessment.signed_at = timezone.now()
    assessment.version += 1
    assessment.save()
    if used.outcome:
        _finish_outcome(by, case, assessment.day)
    record(by=by, action="assessment.signed", obj=assessment, case=case, instrument=used.id)
    return assessment
