"""What is counted, in words beside every table. Categories of a split are together everybody in its group."""

from dataclasses import dataclass

from cases.areas import Area
from reporting.disclosure.cells import TOTAL, Layout

BANDS = {"days0": "0–7 dagar", "days8": "8–30 dagar", "days31": "31–90 dagar", "days91": "Mer än 90 dagar",
         "unknown": "Går inte att säga"}  # fmt: skip
NEEDS = {"got": "Fick insatsen", "partly": "Fick en del, annat fanns inte", "missing": "Fanns inte att få",
         "waiting": "Erbjuden, inte påbörjad", "no": "Inget behov i planen"}  # fmt: skip
GOALS = {"reached": "Minst ett mål nått", "partly": "Delvis", "not": "Inte nått", "none": "Inget svar, eller inte aktuellt längre"}
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


def _time(group, title, about):
    return Table(f"time_{group}", title, f"{about} Räknas det halvår då det senare steget togs.", group, BANDS, TIME)


def _needs():
    for area in Area:
        about = (
            "De som fick sin första plan överenskommen under halvåret, efter vad planen säger om området. "
            "”Fanns inte att få” är behov som står i planen som omöjliga att möta."
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
    Table("goal", "Mål som nåddes, personens svar", "De som avslutades under halvåret, efter personens eget svar vid "
          "den sista uppföljningen.", "ended", GOALS, RESULT),
    Table("seen", "Mål som nåddes, handläggarens svar", "Samma personer, efter handläggarens svar.", "ended", GOALS,
          RESULT),
    *_changes(),
    *_voices(),
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
