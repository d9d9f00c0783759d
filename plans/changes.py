"""What differs between two versions of a plan, one plain sentence for each thing.

Works on content as data (``plans.content``), so that what a reader may not see is cut away before anything is compared.
"""

from dataclasses import dataclass
from datetime import date, datetime

from cases.areas import Area
from exitprogram.page.templatetags.page import sv_date, sv_number
from plans.costs import hours_in_words
from plans.models import Measure
from plans.words import beside
from teams.models import CoordinatorAppointment

PLAN, GOALS, SECTIONS = "Planens texter, dagar och ansvar", "Mål och insatser", "Huvudmännens avsnitt"
NEW, CHANGED, GONE = "new", "changed", "gone"
WORDS = {NEW: "Nytt", CHANGED: "Ändrat", GONE: "Borttaget"}
TEXTS = {
    "what_matters": "Vad som är viktigt för personen", "current_situation": "Läget", "strengths": "Styrkor",
    "own_part": "Den egna delen", "others_note": "Andras åtgärder", "risk_plan": "Om det blir svårt",
    "participation": "Delaktigheten",
}  # fmt: skip
DAYS = {"starts_on": "Planens första dag", "ends_on": "Planens sista dag", "follow_up_on": "Uppföljningen"}
SHORT = 60


@dataclass(frozen=True)
class Change:
    """``about`` is what the log is asked for: (kind of thing, its thread or name, the field)."""

    part: str
    kind: str
    sentence: str
    about: tuple
    old: str = ""
    new: str = ""
    who: str = ""
    when: date | datetime | None = None

    @property
    def word(self):
        return WORDS[self.kind]

    @property
    def has_both(self):
        return bool(self.old and self.new)

    @property
    def beside(self):
        old, new = beside(self.old, self.new)
        return {"old": old, "new": new}


def changes(before, after):
    """[Change] from the content of one version to that of a later one."""
    return [*_plan(before, after), *_goals(before, after), *_sections(before, after)]


def _text(part, about, label, old, new):
    """Words that were written, rewritten or taken away; shown as they were and as they are."""
    if old == new:
        return
    kind, verb = (NEW, "har skrivits") if not old else (GONE, "har tagits bort") if not new else (
        CHANGED, "har skrivits om"
    )  # fmt: skip
    yield Change(part, kind, f"{label} {verb}.", about, old, new)


def _day(part, about, label, old, new):
    if old == new:
        return
    if old and new:
        sentence = f"{label} har flyttats från {_in_words(old)} till {_in_words(new)}."
    elif new:
        sentence = f"{label} är satt till {_in_words(new)}."
    else:
        sentence = f"{label} är inte satt längre. Den var {_in_words(old)}."
    yield Change(part, CHANGED, sentence, about)


def _in_words(iso):
    return sv_date(date.fromisoformat(iso))


def _instead(part, about, opening, old, new, none):
    """«… är Anna i stället för Leo.»"""
    if old == new:
        return
    new_words, old_words = new or none, f" i stället för {old}" if old else ""
    yield Change(part, CHANGED, f"{opening} {new_words}{old_words}.", about)


# The plan's own


def _plan(before, after):
    for name, label in TEXTS.items():
        yield from _text(PLAN, ("plan", "", name), label, before[name], after[name])
    for name, label in DAYS.items():
        yield from _day(PLAN, ("plan", "", name), label, before[name], after[name])
    about = ("plan", "", "lead_principal")
    yield from _instead(
        PLAN, about, "Det övergripande ansvaret har", before["lead_principal"], after["lead_principal"], "ingen"
    )
    kinds = dict(CoordinatorAppointment.Kind.choices)
    then, now = ({(p["kind"], p["name"]) for p in content["coordinators"]} for content in (before, after))
    for kind, name in sorted(now - then):
        yield Change(PLAN, NEW, f"{name} är ny {kinds[kind].lower()}.", ("", "", ""))
    for kind, name in sorted(then - now):
        yield Change(PLAN, GONE, f"{name} är inte {kinds[kind].lower()} längre.", ("", "", ""))


# Goals and measures


def _goals(before, after):
    then = {goal["thread"]: goal for goal in before["goals"]}
    now = {goal["thread"]: goal for goal in after["goals"]}
    old_measures, new_measures = _measures(before), _measures(after)
    for thread, goal in now.items():
        yield from _goal(then.get(thread), goal)
        for measure in goal["measures"]:
            yield from _measure(old_measures.get(measure["thread"]), (goal, measure))
    for thread, (_goal_then, measure) in old_measures.items():
        if thread not in new_measures:
            sentence = f"Insatsen {_quoted(measure['title'])} har tagits bort."
            yield Change(GOALS, GONE, sentence, ("gone", thread, ""))
    for thread, goal in then.items():
        if thread not in now:
            yield Change(GOALS, GONE, f"{_name(goal)} har tagits bort.", ("gone", thread, ""), old=_all_of(goal))


def _measures(content):
    return {measure["thread"]: (goal, measure) for goal in content["goals"] for measure in goal["measures"]}


def _quoted(text):
    text = " ".join(text.split())
    return f"”{text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + '…'}”"


def _name(goal):
    kind = "Delmålet" if goal["is_part"] else "Målet"
    return f"{kind} {_quoted(goal['own_words'] or goal['wording'])}"


def _all_of(goal):
    return "\n".join(text for text in (goal["own_words"], goal["wording"]) if text)


def _goal(old, new):
    about = ("goal", new["thread"], "")
    if old is None:
        kind = "Nytt delmål" if new["is_part"] else "Nytt mål"
        quoted = _quoted(new["own_words"] or new["wording"])
        yield Change(GOALS, NEW, f"{kind}, {Area(new['area']).label.lower()}: {quoted}.", about, new=_all_of(new))
        return
    yield from _text(GOALS, about, f"{_name(new)}: personens egna ord", old["own_words"], new["own_words"])
    yield from _text(GOALS, about, f"{_name(new)}: formuleringen", old["wording"], new["wording"])


def _measure(old, new):
    """Each is (goal, measure)."""
    goal, measure = new
    name, thread = f"Insatsen {_quoted(measure['title'])}", measure["thread"]
    if old is None:
        yield Change(GOALS, NEW, _new_measure(measure), ("measure", thread, ""))
        return
    goal_then, then = old

    def about(field):
        return ("measure", thread, field)

    def differs(field, opening, none, words=str):
        before, now = (words(one[field]) if one.get(field) not in (None, "") else "" for one in (then, measure))
        return _instead(GOALS, about(field), f"{name}: {opening}", before, now, none)

    if then["title"] != measure["title"]:
        sentence = f"Insatsen {_quoted(then['title'])} heter nu {_quoted(measure['title'])}."
        yield Change(GOALS, CHANGED, sentence, about("title"), then["title"], measure["title"])
    if goal_then["thread"] != goal["thread"]:
        yield Change(GOALS, CHANGED, f"{name} hör nu till {_name(goal).lower()}.", about("goal"))
    yield from _text(GOALS, about("need"), f"{name}: behovet", then["need"], measure["need"])
    yield from differs("principal", "den som svarar för den är", "ingen")
    yield from differs("responsible", "ansvarig är", "ingen utsedd")
    yield from _day(GOALS, about("starts_on"), f"{name}: första dagen", then["starts_on"], measure["starts_on"])
    yield from _day(GOALS, about("ends_on"), f"{name}: sista dagen", then["ends_on"], measure["ends_on"])
    yield from differs("status", "läget är", "", lambda status: Measure.Status(status).label)
    yield from _text(GOALS, about("why_not"), f"{name}: skälet", then["why_not"], measure["why_not"])
    yield from differs("legal_anchor", "lagstödet är", "inget")
    yield from differs("cost", "kostnaden är", "inte angiven", lambda kronor: f"{sv_number(kronor)} kr")
    yield from differs("hours", "timmarna är", "inte angivna", hours_in_words)
    yield from differs("rhythm", "kostnad och timmar gäller", "", lambda rhythm: Measure.Rhythm(rhythm).label)
    yield from differs("payer_kind", "den betalas av", "ingen vald", lambda kind: Measure.Payer(kind).label)
    yield from differs("payer", "om vem som betalar står det", "inget")


def _new_measure(measure):
    if measure["status"] == Measure.Status.NOT_AVAILABLE:
        return f"Nytt behov som inte kan mötas: {_quoted(measure['title'])}."
    when = "".join(
        f" {word} {_in_words(measure[day])}" for word, day in (("från", "starts_on"), ("till", "ends_on"))
        if measure[day]
    )  # fmt: skip
    return f"Ny insats: {_quoted(measure['title'])}. {measure['principal']} svarar för den{when}."


# Sections


def _sections(before, after):
    then = {section["thread"]: section for section in before["sections"]}
    now = {section["thread"]: section for section in after["sections"]}
    for thread, section in now.items():
        yield from _section(then.get(thread), section)
    for thread, section in then.items():
        if thread not in now:
            sentence = f"{_of(section)} finns inte med i den här versionen."
            yield Change(SECTIONS, GONE, sentence, ("", "", ""), old=section["text"])


def _of(section):
    return f"Avsnittet om {Area(section['area']).label.lower()} från {section['principal']}"


def _section(old, new):
    signed = {"who": new["writer"], "when": date.fromisoformat(new["signed_on"])} if new["signed_on"] else {}
    about, name = ("", "", ""), _of(new)
    if not new["text"]:
        if old is None or old["text"]:
            again = " på nytt" if old else ""
            words = old["text"] if old else ""
            yield Change(SECTIONS, NEW, f"{name} är begärt{again} och inte signerat.", about, old=words)
        return
    if old is None or not old["text"]:
        yield Change(SECTIONS, NEW, f"{name} är skrivet och signerat.", about, new=new["text"], **signed)
        return
    if old["writer"] != new["writer"]:
        sentence = f"{name} skrivs av {new['writer']} i stället för {old['writer']}."
        yield Change(SECTIONS, CHANGED, sentence, about, **signed)
    if old["text"] != new["text"]:
        yield Change(SECTIONS, CHANGED, f"{name} har skrivits om.", about, old["text"], new["text"], **signed)
