"""What those who have custody have said, question by question: both are asked, and what happens when one says no."""

from dataclasses import dataclass

from children.custody import custody_on
from children.models import Custody, GuardianAnswer
from exitprogram.law.rules import rule

Answer = GuardianAnswer.Answer


@dataclass(frozen=True)
class Question:
    about: str
    answers: tuple  # (guardian, the newest answer or None) of each who has custody that day
    state: str  # agreed | refused | waiting | unknown
    words: str
    law: object = None

    @property
    def missing(self):
        return [guardian for guardian, answer in self.answers if answer is None]

    @property
    def put(self):
        """An answer to it, or None: the words themselves never stand in an address."""
        return next((answer for _guardian, answer in self.answers if answer is not None), None)


def asked(case, day):
    """Every question that has been put to somebody with custody, the newest first, as it stands that day."""
    custody = custody_on(case, day)
    newest, about = {}, {}
    for row in (
        GuardianAnswer.objects.filter(case=case, day__lte=day)
        .exclude(guardian=None)
        .order_by("day", "created_at", "id")
    ):
        key = row.subject_id or " ".join(row.about.casefold().split())
        about.pop(key, None)
        about[key] = row.about
        newest[key, row.guardian_id] = row
    return [_question(custody, words, key, newest, day) for key, words in reversed(about.items())]


def _question(custody, about, key, newest, day):
    answers = tuple((one, newest.get((key, one.pk))) for one in custody.guardians)
    said = {answer.answer if answer else "" for _one, answer in answers}
    joint = custody.kind == Custody.Kind.JOINT
    if not custody.is_known:
        words = "Det är inte känt vem mer som har vårdnaden. Ta reda på det först."
        return Question(about, answers, "unknown", words)
    if Answer.NO in said:
        law = rule("guardian.one_says_no", on=day) if joint and Answer.YES in said else None
        words = "En säger ja och en säger nej." if law else "Vårdnadshavarna säger nej." if joint else "Svaret är nej."
        return Question(about, answers, "refused", words, law)
    if said == {Answer.YES}:
        return Question(about, answers, "agreed", "Båda säger ja." if joint else "Svaret är ja.")
    words = "Alla har inte svarat. Samtycket finns först när båda har sagt ja." if joint else "Svaret saknas."
    return Question(about, answers, "waiting", words, rule("guardian.joint", on=day) if joint else None)
