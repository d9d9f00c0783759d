"""Signed assessments as somebody reads them: answers in words, the same questions over time, the newest threats."""

from dataclasses import dataclass

from cases import instruments
from cases.models import Assessment
from exitprogram.page.templatetags.page import sv_date, sv_day
from exitprogram.tenancy.prepared import prepared_rows

# The chart's measures, in the units of its own picture.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 176, 16, 16, 34, 44


def signed(by, case):
    return Assessment.objects.visible_to(by).signed().filter(case=case)


def newest_threats(by, case):
    """The newest signed assessment that has rows of exploiters or networks, for the page where the plan is written."""
    found = _with_threats(by, case.pk)
    return found[0] if found else None


@prepared_rows
def _with_threats(by, case):
    rows = Assessment.objects.visible_to(by).signed().filter(case_id=case, threats__isnull=False)
    return rows.order_by("-day", "-created_at").prefetch_related("threats")[:1]


def used_in(assessment):
    return instruments.instrument(assessment.instrument, assessment.instrument_version)


def answers_in_words(assessment):
    """Per domain: question, answer as words, and what the instrument advises somebody to think of."""
    used, given = used_in(assessment), assessment.answers
    return [
        {"domain": domain, "lines": [
            {"question": question, "answer": question.scale.shown(given[question.id]),
             "advice": used.advice(question, given[question.id])}
            for question in domain.questions if given.get(question.id)
        ]}
        for domain in used.domains
    ]  # fmt: skip


def as_text(assessment):
    """(part, heading, text) for somebody to whom it is handed out: those who are named apart from the answers, so that
    the one can go without the other."""
    heading = f"{used_in(assessment).title} {sv_date(assessment.day)}"
    by = f"Gjord av {assessment.author.user.name}, signerad {sv_date(assessment.signed_at)}."
    told = [
        f"{line['question'].text} {line['answer']}" for row in answers_in_words(assessment) for line in row["lines"]
    ]
    if told:
        yield "answers", heading, "\n".join([*told, "", by])
    if assessment.own_words.strip():
        yield "own_words", f"{heading}: med egna ord", f"{assessment.own_words}\n\n{by}"
    for threat in assessment.threats.all():
        words = [threat.who, threat.relation, threat.knows, threat.last_contact, threat.ability]
        yield f"threat{threat.place}", f"{heading}: hot {threat.place + 1}", "\n".join(word for word in words if word)


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    day: str
    value: int

    @property
    def label_y(self):
        return self.y - 8


@dataclass(frozen=True)
class Chart:
    """One question over time. Each is a small picture of its own, so that no colour has to tell lines apart."""

    question: instruments.Question
    points: tuple
    seen: tuple = ()  # the worker's picture of the same
    segments: tuple = ()  # lines of neighbouring points: none is drawn through what is missing
    seen_segments: tuple = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def low_y(self):
        return self.bottom + 16

    @property
    def days_y(self):
        return self.bottom + 36

    @property
    def in_words(self):
        told = ", ".join(f"{point.day}: {point.value}" for point in self.points)
        seen = ", ".join(f"{point.day}: {point.value}" for point in self.seen)
        return f"{told}. Vår bild: {seen}" if seen else told

    @property
    def marks(self):
        """Points with a number beside them, the first and last days among them."""
        days = sorted({point.x: point.day for point in (*self.points, *self.seen)}.items())
        return [days[0], days[-1]] if len(days) > 1 else days


def repeated(by, case):
    """Per instrument that is made to be repeated: its days, a chart per question and a table with the same numbers."""
    rows = list(signed(by, case).order_by("day", "created_at", "pk"))
    found = []
    for used in instruments.all_instruments():
        of_it = [row for row in rows if (row.instrument, row.instrument_version) == (used.id, used.version)]
        if used.repeated and of_it:
            found.append(_series(used, of_it))
    return found


def _series(used, rows):
    days = [sv_day(row.day) for row in rows]
    table = [
        {"question": question, "values": [row.answers.get(question.id, "") for row in rows]}
        for question in used.questions
    ]
    given = {line["question"].id: line["values"] for line in table}
    charts = [
        _chart(question, days, given[question.id], given.get(f"{question.id}_seen", ()))
        for question in used.questions
        if question.scale.is_steps
        and not question.of
        and any(given[question.id] + given.get(f"{question.id}_seen", []))
    ]
    for line in table:
        line["values"] = [line["question"].scale.in_table(value) for value in line["values"]]
    return {"used": used, "days": days, "table": table, "charts": charts if len(rows) > 1 else []}


def _chart(question, days, values, seen):
    points, own = _points(question.scale, days, values), _points(question.scale, days, seen)
    shown, others = [one for one in points if one], [one for one in own if one]
    return Chart(question, tuple(shown), tuple(others), _segments(points), _segments(own))


def _points(scale, days, values):
    """One for each day, None where there is no number."""
    step, high = (WIDTH - LEFT - RIGHT) // max(1, len(days) - 1), HEIGHT - TOP - BOTTOM
    found = []
    for place, value in enumerate(values):
        number = scale.number(value)
        y = None if number is None else TOP + round(high * (scale.highest - number) / (scale.highest - scale.lowest))
        found.append(None if y is None else Point(LEFT + place * step, y, days[place], number))
    return found


def _segments(points):
    """Each pair of neighbours as one short line."""
    pairs = zip(points, points[1:], strict=False)
    return tuple(f"{a.x},{a.y} {b.x},{b.y}" for a, b in pairs if a and b)
