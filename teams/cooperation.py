"""What an agreement between authorities opens, what stops when it ends, and what came of it in a year: plain sentences
computed from the rows. No person whom the agreement is for is in any of it, and none of it opens a case."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cases.effect import listed
from exitprogram.page.templatetags.page import sv_date, sv_period
from exitprogram.tenancy.models import Authority, CooperationAgreement, Mandate, Membership
from exitprogram.tenancy.roles import CALLABLE
from teams.matters import all_matters, delegable

Kind, Oversight = Authority.Kind, CooperationAgreement.Oversight
CALLED = {
    Kind.HEALTH_AUTHORITY: "hälso- och sjukvårdens personal",
    Kind.PARTNER: "mentorer och andra som arbetar där",
}


@dataclass(frozen=True)
class Line:
    icon: str
    text: str


def matter_choices():
    """What a mandate can be for: never what the law keeps for the board or its committee (KL 6:38, SoL 30)."""
    return [(one.key, one.label) for one in delegable()]


def matter_words(kinds):
    known = all_matters()
    return listed([known[kind].label for kind in kinds if kind in known])


def holder_words(mandate):
    """Whoever has the mandate: a name, or the role there."""
    who = mandate.membership.user.name if mandate.membership_id else f"Den som är {mandate.get_role_display().lower()}"
    return f"{who} hos {mandate.employer_authority.name}"


def mandates_of(agreement, by):
    rows = Mandate.objects.visible_to(by).filter(agreement=agreement)
    return list(rows.select_related("authority", "employer_authority", "membership__user"))


class _Undo(Exception):
    pass


def preview(act, by, **given):
    """What the act would open, which is not done. What it refuses, it refuses here too."""
    try:
        with transaction.atomic():
            found = opens(act(by=by, **given), by)
            raise _Undo
    except _Undo:
        return found


def opens(agreement, by):
    """What becomes possible when every party has accepted, seen from this side."""
    others = _others(agreement, by)
    lines = [*_team_lines(by, others), *_mandate_lines(mandates_of(agreement, by))]
    lines.append(_oversight_line(agreement))
    lines.append(Line("lock", "Inget ärende öppnas. Ingen läser mer än i dag förrän hon är med i ett team, och samtycke"
                              " eller lag medger det."))  # fmt: skip
    months = f"{agreement.notice_months} månaders uppsägningstid" if agreement.notice_months else "omedelbar uppsägning"
    until = f"till och med {sv_date(agreement.ends_on)}, och upphör då av sig själv. Den kan sägas upp med {months}"
    lasts = until if agreement.ends_on else f"tills någon säger upp den, med {months}"
    lines.append(Line("calendar", f"Gäller från {sv_date(agreement.starts_on)} {lasts}."))
    return lines


def _others(agreement, by):
    sides = agreement.parties.select_related("party_authority").order_by("party_authority__name")
    return [side.party_authority for side in sides if side.party_authority_id != by.authority_id]


def _team_lines(by, others):
    """Who can be called to a team: one's own by name, theirs by what they are until they can be seen."""
    today, names = timezone.localdate(), listed([other.name for other in others])
    own = Membership.objects.filter(authority_id=by.authority_id, role__in=CALLABLE).in_force(on=today)
    mine = sorted({member.user.name for member in own.select_related("user")})
    if mine:
        shown = listed(mine) if len(mine) < 6 else f"{len(mine)} personer hos er"
        yield Line("users", f"{shown} kan bjudas in till team hos {names}.")
    theirs = defaultdict(set)
    for member in _callable_at(others, by, today):
        theirs[member.authority_id].add(member.user.name)
    for other in others:
        who = CALLED.get(other.kind, "regionkoordinatorer")
        seen = f"I dag: {listed(sorted(theirs[other.pk]))}" if theirs[other.pk] else "Namnen syns när alla har godkänt"
        yield Line("users", f"Hos {other.name} kan {who} bjudas in till era team. {seen}.")


def _callable_at(others, by, today):
    """Those of theirs who can be seen already, by an agreement that is in force."""
    partners = CooperationAgreement.objects.partners_of(by)
    seen = Membership.objects.visible_to(by).filter(authority__in=others, role__in=CALLABLE)
    return seen.filter(authority__in=partners).in_force(on=today).select_related("user")


def _mandate_lines(mandates):
    for mandate in mandates:
        yield Line(
            "gavel", f"{holder_words(mandate)} får besluta åt {mandate.authority.name} om"
            f" {matter_words(mandate.kinds)}, {sv_period(mandate.starts_on, mandate.ends_on)}.",
        )  # fmt: skip
    if not mandates:
        yield Line("gavel", "Ingen får besluta åt någon annan.")


def _oversight_line(agreement):
    if agreement.oversight == Oversight.NONE:
        return Line("eye", "Ingen regionkoordinator får insyn.")
    return Line("eye", f"Regionkoordinatorn hos {agreement.overseer.name} följer övriga parter:"
                       f" {agreement.get_oversight_display()}.")  # fmt: skip


def stops(agreement, by, last_day):
    """What ceases the day after, seen from this side. Another agreement in force keeps what it gives."""
    after = last_day + timedelta(days=1)
    kept = set(_partners_besides(agreement, by, on=after))
    lines, across = [], {row["other_id"]: row for row in _asked("SELECT * FROM wall.across()")}
    for other in _others(agreement, by):
        if other.pk in kept:
            lines.append(Line("users", f"{other.name} och ni har en annan överenskommelse: team och inbjudningar går"
                                       " vidare."))  # fmt: skip
            continue
        lines.append(Line("users", f"Från {sv_date(after)} kan ingen hos {other.name} bjudas in till era team, och"
                                   " ingen hos er till deras."))  # fmt: skip
        row = across.get(other.pk, {"here": 0, "there": 0})
        if row["here"] or row["there"]:
            lines.append(Line("eye", f"Med i era team därifrån: {row['here']}. Era med i team där: {row['there']}. De"
                                     " läser inget mer från den dagen."))  # fmt: skip
    for mandate in mandates_of(agreement, by):
        if by.authority_id in (mandate.authority_id, mandate.employer_authority_id):
            lines.append(Line("gavel", f"{holder_words(mandate)} får inte längre besluta åt {mandate.authority.name}."))
    if agreement.oversight != Oversight.NONE:
        lines.append(Line("eye", "Regionkoordinatorns insyn genom överenskommelsen upphör."))
    lines.append(Line("file-text", "Var och en behåller sina handlingar. Beslut som redan är fattade gäller."))
    return lines


def _partners_besides(agreement, by, *, on):
    besides = CooperationAgreement.objects.exclude(pk=agreement.pk)
    return besides.partners_of(by, on=on).values_list("party_authority_id", flat=True)


# The year (KL 9:38)


@dataclass(frozen=True)
class YearRow:
    """One other party in one year: what was decided for whom, and how many took part in each other's teams."""

    other: Authority
    agreements: list
    decided_for_us: list  # (matter, number)
    decided_by_us: list
    theirs_here: int
    ours_there: int

    @property
    def is_empty(self):
        return not (self.decided_for_us or self.decided_by_us or self.theirs_here or self.ours_there)


def year_report(by, year):
    """Rows of the year's cooperation, one for each other party with an agreement in force some day of it."""
    agreements = _of_the_year(by, year)
    counted = defaultdict(lambda: defaultdict(list))
    for row in _asked("SELECT * FROM wall.cooperation_year(%s)", [year]):
        counted[row["other_id"]][row["what"]].append((row["kind"], row["number"]))
    others = {side.party_authority for one in agreements for side in one.parties.all()} - {by.authority}
    return [_year_row(other, agreements, counted[other.pk]) for other in sorted(others, key=lambda a: a.name)]


def _of_the_year(by, year):
    first, last = timezone.datetime(year, 1, 1).date(), timezone.datetime(year, 12, 31).date()
    rows = CooperationAgreement.objects.visible_to(by).agreed().filter(starts_on__lte=last).exclude(ends_on__lt=first)
    rows = rows.prefetch_related("parties__party_authority")
    return [
        one for one in rows
        if any(s.party_authority_id == by.authority_id and (not s.leaves_on or s.leaves_on >= first)
               for s in one.parties.all())
    ]  # fmt: skip


def _year_row(other, agreements, counted):
    def by_matter(what):
        return [(matter_words([kind]), number) for kind, number in sorted(counted[what])]

    def number(what):
        return sum(number for _kind, number in counted[what])

    own = [one for one in agreements if other in [side.party_authority for side in one.parties.all()]]
    return YearRow(
        other, own, by_matter("decided_for_us"), by_matter("decided_by_us"), number("theirs_here"), number("ours_there")
    )


def _asked(question, values=()):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
