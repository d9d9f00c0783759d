from django.db import connection, transaction
from django.utils import timezone

from cases.models import ConflictAnswer, Notice
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Permission, may, require_role
from teams.conflicts import question_of, rests_on_me
from teams.models import TeamMember

NOT_ASKED = "Det finns ingen fråga att svara på. Ärendet är öppet för dig, eller inte ditt."


@transaction.atomic
def view_question(*, by, case_id):
    """Write down that a colleague has read whom a case is about, before she answers."""
    question = _asked(by, case_id)
    record(by=by, action="conflict.asked", obj=None, case=question)
    return question


@transaction.atomic
def answer_conflict(*, by, case_id, knows, successor=None):
    """Her own answer, before anything is open to her. No opens what she was given. Yes blocks her at once, ends all she
    has about the person, hands what rests on her to ``successor`` and tells those who lead and coordinate: the
    database does it, in the order written in ``wall.follow_up_answer``."""
    question = _asked(by, case_id)
    if knows and rests_on_me(case_id):
        _require_follower(by, case_id, successor)
    else:
        successor = None
    if knows:
        _leave(by, case_id)
    answer = ConflictAnswer(
        authority_id=by.authority_id, case_id=case_id, membership=by, knows=knows, successor=successor
    )
    answer.save(force_insert=True)
    record(by=by, action="conflict.known" if knows else "conflict.none", obj=answer, case=question)
    if knows:
        _tell(by, answer)
    return answer


def _asked(by, case_id):
    """Whoever is in a team of her own board is asked, also one who only contributes to the plan there."""
    if not may(by, Permission.CONTRIBUTE):
        require_role(by, Permission.READ_CASE)
    question = question_of(by, case_id)
    if question is None:
        raise NotAllowed(NOT_ASKED)
    return question


def _require_follower(by, case_id, successor):
    """Whether the chosen one is kept out is not told, only that it has to be somebody else."""
    if successor is None:
        raise Refused("Ärendet vilar på dig. Välj vem som tar över, så att det aldrig står utan samordnare.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT wall.may_coordinate(%s, %s, 'coordinator')", [case_id, successor.pk])
        able = cursor.fetchone()[0]
    mine = Membership.objects.filter(pk=successor.pk, user_id=by.user_id).exists()
    if not able or mine:
        raise Refused("Den personen kan inte ta över. Välj någon annan i socialtjänsten, anställd tills vidare.")


def _leave(by, case_id):
    """Her part in the team ends by her own hand, since its reason is sealed."""
    today = timezone.localdate()
    parts = TeamMember.objects.visible_to(by).filter(case_id=case_id, membership=by, state=TeamMember.State.JOINED)
    for part in parts.select_for_update(of=("self",)):
        part.state, part.end_reason, part.ends_on = TeamMember.State.ENDED, "Jäv.", max(part.starts_on, today)
        part.save(update_fields=["state", "end_reason", "ends_on"])


def _tell(by, answer):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.told_of_conflict(%s)", [answer.pk])
        told = [row[0] for row in cursor.fetchall()]
    Notice.objects.bulk_create(
        Notice(
            authority_id=by.authority_id, about=Notice.About.CONFLICT, subject_id=answer.pk, recipient_id=who,
            recipient_authority_id=by.authority_id, about_on=answer.day,
        )
        for who in told
    )  # fmt: skip
