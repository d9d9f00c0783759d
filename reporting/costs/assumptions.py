"""The assumptions of an estimate in the order they are asked for, what cannot be, and what has been measured."""

from django.utils import timezone

from exitprogram.page.templatetags.page import sv_number
from reporting.costs.keeping import all_measured
from reporting.costs.measured import means
from reporting.costs.projection import FIXED, LEVELS, PAYERS
from reporting.models.estimate import MOST_FIXED, MOST_KRONOR, MOST_PEOPLE

# (code, heading, unit, what is meant, {field: label})
GROUPS = (
    ("people", "Nya personer per år", "personer", "Hur många som börjar med en plan varje år.",
     {f"people_{level}": label for level, label in LEVELS.items()}),
    ("stays", "De som är kvar", "procent", "Av dem som började ett år: hur många som har kostnader år 2 till 5.",
     {f"stays_{year}": f"År {year}" for year in range(2, 6)}),
    ("introduction", "Introduktion per person", "kronor", "De första sex månaderna med plan.",
     {f"introduction_{level}": label for level, label in LEVELS.items()}),
    ("running", "Löpande per person och år", "kronor", "Det som kommer efter introduktionen, för ett helt år.",
     {f"running_{level}": label for level, label in LEVELS.items()}),
    ("increase", "Ökning per år", "procent", "Hur mycket priser och löner ökar.", {"increase": "Varje år"}),
    ("fixed", "Fasta kostnader per år", "kronor", "Det som kostar lika mycket hur många personerna än är.",
     {f"fixed_{name}": label for name, label in FIXED.items()}),
    ("share", "Vem som betalar", "procent", "Tillsammans 100.",
     {f"share_{payer}": label for payer, label in PAYERS.items()}),
)  # fmt: skip
NUMBERS = tuple(name for group in GROUPS for name in group[4])
SOURCES = tuple(f"{group[0]}_source" for group in GROUPS)
FIELDS = ("name", "first_year", *NUMBERS, *SOURCES)
MOST = {"people": MOST_PEOPLE, "introduction": MOST_KRONOR, "running": MOST_KRONOR, "fixed": MOST_FIXED}


def faults(given):
    """{field: sentence} for what cannot be. One telling for the form and for the operation."""
    found = {}
    if not given["name"].strip():
        found["name"] = "Skriv vad beräkningen heter."
    this_year = timezone.localdate().year
    if not this_year - 1 <= given["first_year"] <= this_year + 5:
        found["first_year"] = f"Välj ett år mellan {this_year - 1} och {this_year + 5}."
    for name in NUMBERS:
        if sentence := _size(name, given[name]):
            found[name] = sentence
    return found or _together(given) | _sources(given)


def _size(name, value):
    if name == "increase":
        return "" if -5 <= value <= 20 else "Ökningen kan vara mellan −5 och 20 procent."
    most = MOST.get(name.partition("_")[0], 100)
    return "" if 0 <= value <= most else f"Skriv ett tal mellan 0 och {sv_number(most)}."


def _together(given):
    found = {}
    for name in ("people", "introduction", "running"):
        if not given[f"{name}_low"] <= given[f"{name}_likely"] <= given[f"{name}_high"]:
            found[f"{name}_likely"] = "Låg får inte vara mer än trolig, och trolig inte mer än hög."
    if not given["people_high"]:
        found["people_high"] = "Skriv hur många personer det kan bli."
    for year in range(3, 6):
        if given[f"stays_{year}"] > given[f"stays_{year - 1}"]:
            found[f"stays_{year}"] = f"Det kan inte vara fler kvar år {year} än år {year - 1}."
    whole = sum(given[f"share_{payer}"] for payer in PAYERS)
    if whole != 100:
        found["share_municipality"] = f"Delarna ska tillsammans bli 100 procent. Nu blir de {whole}."
    return found


def _sources(given):
    """Every assumption that says something says where it comes from."""
    return {
        f"{code}_source": "Skriv var siffrorna kommer från."
        for code, _heading, _unit, _about, names in GROUPS
        if any(given[name] for name in names) and not given[f"{code}_source"].strip()
    }


def suggested(by, programme, *, on):
    """What has been measured, where five people stand behind it; the rest is left for the board to state."""
    found = means(all_measured(by, programme, on=on))
    given = {"first_year": on.year + 1}
    for phase, (kronor, periods) in found.items():
        given[f"{phase}_likely"] = kronor
        given[f"{phase}_source"] = f"Egna mätta värden: {', '.join(one.label.lower() for one in periods)}"
    return given
