"""What a measure costs in kronor and hours, once or each month, and who pays: what cannot be, and how it is said."""

from decimal import Decimal

from exitprogram.page.templatetags.page import sv_number
from plans.models import Measure

MOST_KRONOR = {Measure.Rhythm.ONCE: 10_000_000, Measure.Rhythm.MONTHLY: 1_000_000}
MOST_HOURS = {Measure.Rhythm.ONCE: 10_000, Measure.Rhythm.MONTHLY: 744}  # no month has more
NAMED = {Measure.Payer.OTHER: "Skriv vem som betalar.", Measure.Payer.GRANT: "Skriv vilket statsbidrag det är."}


def costs_faults(given):
    """{field: sentence}. Nobody has to know a cost; who pays can be known before what it costs is."""
    faults, rhythm = {}, given["rhythm"]
    if rhythm not in Measure.Rhythm.values:
        return {"rhythm": "Välj om det gäller en gång eller per månad."}
    per = "" if rhythm == Measure.Rhythm.ONCE else " i månaden"
    for name, most, unit in (("cost", MOST_KRONOR, "kronor"), ("hours", MOST_HOURS, "timmar")):
        value = given[name]
        if value is not None and value < 0:
            faults[name] = f"Skriv ett antal {unit} som inte är mindre än noll."
        elif value is not None and value > most[rhythm]:
            faults[name] = f"Det kan inte vara mer än {sv_number(most[rhythm])} {unit}{per}."
    if given["payer_kind"] and given["payer_kind"] not in Measure.Payer.values:
        faults["payer_kind"] = "Välj vem som betalar."
    elif not given["payer"].strip() and given["payer_kind"] in NAMED:
        faults["payer"] = NAMED[given["payer_kind"]]
    return faults


def hours_in_words(text):
    """Hours as a frozen version has them, in Swedish figures."""
    return sv_number(Decimal(text))


def paid_in_words(measure):
    """One line for the board's own paper: «Kostnad 4 000 kr per månad, 10 timmar per månad. Betalas av regionen»."""
    rhythm = Measure.Rhythm(measure.get("rhythm", Measure.Rhythm.ONCE)).label
    parts = []
    if measure["cost"] is not None:
        parts.append(f"Kostnad {sv_number(measure['cost'])} kr {rhythm}")
    if measure.get("hours"):
        parts.append(f"{hours_in_words(measure['hours'])} timmar {rhythm}")
    kind = measure.get("payer_kind")
    payer = ", ".join(part for part in (Measure.Payer(kind).label if kind else "", measure["payer"]) if part)
    return ". ".join(part for part in (", ".join(parts), f"Betalas av {payer}" if payer else "") if part)
