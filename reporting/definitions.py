"""What is counted, in words beside every table. Categories of a split are together everybody in its group."""

from dataclasses import dataclass

from cases.areas import Area
from cases.models import Individual
from plans.models import Measure
from reporting.disclosure.cells import TOTAL, Layout

BANDS = {"days0": "0–7 dagar", "days8": "8–30 dagar", "days31": "31–90 dagar", "days91": "Mer än 90 dagar",
         "unknown": "Går inte att säga"}  # fmt: skip
NEEDS = {"got": "Fick insatsen", "partly": "Fick en del, annat fanns inte", "absent": "Finns inte här",
         "missing": "Finns, men gick inte att få",
         "waiting": "Erbjuden, inte påbörjad", "no": "Inget behov i planen"}  # fmt: skip
LACKS = {"none": "Inget saknades", **dict(Measure.Lack.choices), "several": "Flera skäl", "unsaid": "Skäl saknas"}
AGES = {"child": "Under 18 år", "young": "18–24 år", "grown": "25–34 år", "middle": "35–49 år",
        "older": "50 år och äldre", "unknown": "Inte känt"}  # fmt: skip
GENDERS = {**dict(Individual.Gender.choices), "unknown": "Inte frågat"}
GOALS = {
    "reached": "Minst ett mål nått",
    "partly": "Delvis",
    "not": "Inte nått",
    "none": "Inget svar, eller inte aktuellt längre",
}
CHANGE = {"better": "Bättre", "same": "Som förut", "worse": "Sämre", "missing": "Svar saknas"}
ANSWERS = {"yes": "Ja", "partly": "Delvis", "no": "Nej", "missing": "Svar saknas"}
SCALES = {"nearer": "Närmare det viktigaste", "safe": "Trygg", "who5": "Välbefinnande (WHO-5)",
          "bills": "Ordning på skulder", "people": "Människor att lita på"}  # fmt: skip
ASKED = {"heard": "De andra lyssnade på mig", "mine": "Planen handlar om det som är viktigt för mig",
         "safe": "Jag kunde säga som det är", "helped": "Planen har gjort något bättre för mig"}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One table: ``group`` is who is counted, ``about`` the definition that stands beside it."""

    code: str
    title: str
    about: str
    group: str
    rows: dict  # {category: label}
    chapter: str

    @property
    def categories(self):
        return {f"{self.code}:{name}": label for name, label in self.rows.items()}


WAY, TIME, HELP, RESULT, VOICE = "Vägen in", "Tid mellan stegen", "Insatser", "Hur det gick", "Vad de själva säger"
EQUAL = "Lika för alla"


def _time(group, title, about):
    return Table(f"time_{group}", title, f"{about} Räknas det halvår då det senare steget togs.", group, BANDS, TIME)


def _needs():
    for area in Area:
        about = (
            "De som fick sin första plan överenskommen under halvåret, efter vad planen säger om området. "
            "”Finns inte här” och ”Gick inte att få” är behov som står i planen som omöjliga att möta."
        )
        yield Table(f"need_{area.value}", f"Behov och insatser: {area.label.lower()}", about, "planned", NEEDS, HELP)


def _changes():
    for code, label in SCALES.items():
        about = (
            "De som avslutades under halvåret: personens första svar på frågan jämfört med det sista. Frivilligt. "
            "Den som inte har svarat två gånger står som ”Svar saknas”."
        )
        yield Table(f"change_{code}", label, about, "ended", CHANGE, RESULT)


def _voices():
    for code, label in ASKED.items():
        about = "De som avslutades under halvåret, efter vad de svarade vid sin sista uppföljning. Frivilligt."
        yield Table(f"voice_{code}", label, about, "ended", ANSWERS, VOICE)


def _equal():
    who = {"reached": "öppnades under halvåret", "planned": "fick sin första plan överenskommen under halvåret"}
    titles = {"reached": "De som kom", "planned": "De som fick en plan"}
    for group, when in who.items():
        about = f"Personer vars ärende {when}." if group == "reached" else f"Personer som {when}."
        yield Table(f"age_{group}", f"{titles[group]}, efter ålder", f"{about} Ålder den dagen.", group, AGES, EQUAL)
        yield Table(f"gender_{group}", f"{titles[group]}, efter kön", f"{about} Som personen själv säger; frivilligt.",
                    group, GENDERS, EQUAL)  # fmt: skip


TABLES = (
    Table("step", "Så långt hann de som kom", "Personer vars ärende öppnades under halvåret, efter det sista steg de "
          "hann till före halvårets slut.", "reached", {
              "opened": "Ärende öppnat", "contact": "Första kontakten", "consent": "Samtycke till plan",
              "planned": "Plan överenskommen", "followed": "Planen uppföljd"}, WAY),
    Table("state", "De som började: kvar vid halvårets slut", "Personer vars första plan blev överenskommen under "
          "halvåret.", "planned", {"kept": "Kvar i programmet", "ended": "Avslutad"}, WAY),
    Table("reason", "Avslutade, efter skäl", "Personer vars ärende avslutades under halvåret. Öppnat av misstag räknas "
          "inte.", "ended", {
              "enough": "Behöver inte stödet längre", "own_wish": "Ville inte ha stödet",
              "no_contact": "Ingen kontakt", "moved": "Flyttat eller fortsätter annanstans",
              "other": "Annat"}, WAY),
    Table("stay", "Avslutade, efter tid i programmet", "Personer vars ärende avslutades under halvåret, från den dag "
          "det öppnades.", "ended", {
              "days0": "Under 3 månader", "days92": "3–6 månader", "days183": "6–12 månader",
              "days366": "Mer än ett år"}, WAY),
    _time("contact", "Från öppnat ärende till första kontakten", "Dagar från att ärendet öppnades till att första "
          "kontakten skrevs ned."),
    _time("consent", "Från första kontakten till samtycke", "Dagar från första kontakten till samtycke till planen."),
    _time("planned", "Från samtycke till plan", "Dagar från samtycket till den första överenskomna planen."),
    _time("followed", "Från plan till uppföljning", "Dagar från den första överenskomna planen till den första "
          "uppföljningen."),
    *_needs(),
    Table("lack", "Varför behov inte kunde mötas", "De som fick sin första plan överenskommen under halvåret, efter "
          "det skäl som planen anger. Den som har flera olika skäl står under ”Flera skäl”.", "planned", LACKS, HELP),
    Table("goal", "Mål som nåddes, personens svar", "De som avslutades under halvåret, efter personens eget svar vid "
          "den sista uppföljningen.", "ended", GOALS, RESULT),
    Table("seen", "Mål som nåddes, handläggarens svar", "Samma personer, efter handläggarens svar.", "ended", GOALS,
          RESULT),
    *_changes(),
    *_voices(),
    *_equal(),
)  # fmt: skip

GROUPS = ("reached", "contact", "consent", "planned", "followed", "ended")
LAYOUT = Layout(
    groups={group: [tuple(table.categories) for table in TABLES if table.group == group] for group in GROUPS},
    within=(
        (("contact", TOTAL), (("reached", "step:contact"),)),
        (("consent", TOTAL), (("reached", "step:consent"),)),
        (("planned", TOTAL), (("reached", "step:planned"), ("reached", "step:followed"))),
        (("followed", TOTAL), (("reached", "step:followed"),)),
        (("ended", TOTAL), (("planned", "state:ended"),)),
    ),
)
