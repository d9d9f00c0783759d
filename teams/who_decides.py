"""«Vem får besluta om …?»: for one matter and its measures, who, by which row, or why nobody. And what a new version of
the scheme does to what waits for a decision."""

from dataclasses import dataclass, field

from django.db import connection

from exitprogram.page.templatetags.page import sv_number
from exitprogram.tenancy.models import Membership
from teams.competence import holders, officer, rows_in_force, within
from teams.matters import AMOUNT, DAYS, matter
from teams.models import DecisionKind, DelegationRow, DelegationScheme


@dataclass
class Answer:
    row: object
    people: list
    why_not: list = field(default_factory=list)

    @property
    def is_yes(self):
        return bool(self.people) and not self.why_not


def answers(by, kind, *, on, amount=None, days=None, target=None):
    """One for each row about the matter in the scheme of that day, those who may decide first."""
    found = []
    for row in rows_in_force(kind, on=on):
        people = holders(DelegationRow.objects.filter(pk=row.pk), by, on=on, target=target)
        answer = Answer(row, [officer(person, by) for person in people], list(_outside(row, amount, days, target)))
        if not answer.people:
            answer.why_not.append(f"{row.holder} finns inte hos nämnden den dagen.")
        found.append(answer)
    return sorted(found, key=lambda answer: not answer.is_yes)


def _outside(row, amount, days, target):
    if row.target not in (DelegationRow.Target.ALL, target):
        yield f"Raden gäller bara {row.get_target_display()}."
    for limit, said, unit in ((row.max_amount, amount, "kronor"), (row.max_days, days, "dagar")):
        if limit is not None and said is None:
            yield f"Raden har en gräns. Skriv hur många {unit} det gäller."
        elif limit is not None and said > limit:
            yield f"Över gränsen {sv_number(limit)} {unit}."


def why_nobody(kind, *, on):
    """The rule by which no official decides this, or '' when it is only that the rows do not reach."""
    about = matter(kind)
    if about.committee_only:
        return f"{about.label}: {about.refusal} Det gäller vad ordningen än säger."
    if not DelegationScheme.objects.in_force(on=on).exists():
        return "Ingen delegationsordning gäller den dagen. Då beslutar nämnden själv (KL 6:37)."
    if not rows_in_force(kind, on=on).exists():
        return "Ordningen har ingen rad för ärendet. Då beslutar nämnden själv (KL 6:37)."
    return ""


def measured_by(kind):
    """Which measures the matter is said in: {"amount", "days"} or less."""
    return set(matter(kind).asks) & {AMOUNT, DAYS}


@dataclass
class Stopped:
    """Decisions of one kind that wait at somebody who may not decide them by the new version."""

    label: str
    who: str
    count: int
    instead: list


def stopped_by(by, scheme, *, on):
    """What waits today at somebody whom these rows do not let decide it. Counted by matter and person: no case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, sent_to_id, amount, days, target FROM wall.waiting_decisions()")
        waiting = cursor.fetchall()
    found = {}
    for kind, sent_to, amount, days, target in waiting:
        rows = within(DelegationRow.objects.filter(scheme=scheme, kind=kind), amount=amount, days=days, target=target)
        able = {member.pk: officer(member, by) for member in holders(rows, by, on=on, target=target)}
        if sent_to not in able:
            found.setdefault((kind, sent_to), []).append(able)
    return [_stopped(kind, sent_to, each) for (kind, sent_to), each in found.items()]


def _stopped(kind, sent_to, each):
    instead = sorted(set.intersection(*(set(able.values()) for able in each)))
    who = Membership.objects.filter(pk=sent_to).select_related("user").first()
    return Stopped(DecisionKind(kind).label, who.user.name if who else "någon annan", len(each), instead)


def vacant(by, rows, *, on):
    """Roles that rows name and nobody of the board holds that day: until somebody does, the board decides itself."""
    roles = {row["role"] for row in rows if row["role"]}
    held = Membership.objects.filter(authority_id=by.authority_id, role__in=roles).in_force(on=on)
    labels = dict(DelegationRow._meta.get_field("role").choices)
    return sorted(labels[role] for role in roles - set(held.values_list("role", flat=True)))
