"""What a line of a caseload file says, and what is wrong with it before anybody is looked for."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from cases.majority import is_of_age
from cases.names import birth_date_of, folded, identity_number
from exitprogram.errors import Refused
from exitprogram.sheets.table import Column, Fault, day, email, one_of, read_table, template, text
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams.coordinators import require_lasting

MOST = 100
NEW, FAULT = "new", "fault"
FIRST_DAY = date(1990, 1, 1)  # nobody's case is older; a day before it is a slip of the hand
PROTECTED = {
    "nej": "", "ja": "threat", "sekretessmarkering": "secrecy_mark",
    "skyddad folkbokföring": "protected_registration", "hotbild": "threat",
}  # fmt: skip
CHILD = (
    "Barns ärenden läses inte in från kalkylblad: de börjar med en orosanmälan, och bara den som har behörighet till"
    " barns ärenden får öppna dem. Lägg upp barnet för hand."
)


def _number(cell, title):
    value = text(40)(cell, title)
    return identity_number(value)[0] if value else ""


def _programme(cell, title):
    value = one_of({"vuxen": "adult", "vuxna": "adult", "barn": "child"})(cell, title)
    if value == "child":
        raise Refused(CHILD)
    return value


def _past(needed):
    def read(cell, title):
        found = day(needed=needed)(cell, title)
        if found and date.fromisoformat(found) > timezone.localdate():
            raise Refused("Dagen ligger i framtiden.")
        if found and date.fromisoformat(found) < FIRST_DAY:
            raise Refused("Dagen ligger för långt tillbaka. Kontrollera årtalet.")
        return found

    return read


def _ahead(cell, title):
    found = day()(cell, title)
    if found and date.fromisoformat(found) < timezone.localdate():
        raise Refused("Dagen har redan varit. Skriv när nästa uppföljning ska vara.")
    return found


COLUMNS = {
    "identity": Column(
        "Personnummer", _number, "personnummer eller samordningsnummer; tomt om det inte är känt", "19121212-1212", 22
    ),
    "name": Column("Namn", text(120), "tomt om namnet inte är känt", "Maria Ek", 26),
    "programme": Column("Program", _programme, "vuxen. Barns ärenden läggs upp för hand", "vuxen", 18),
    "opened_on": Column("Öppnat", _past(True), "dagen då ärendet öppnades", "2026-02-03", 16),
    "worker": Column("Handläggare (e-post)", email(), "en socialsekreterare hos er", "anna.ek@kommunen.example", 32),
    "coordinator": Column(
        "Samordnare (e-post)", email(needed=False), "tomt om ingen är utsedd", "anna.ek@kommunen.example", 32
    ),
    "agreed_on": Column("Plan överenskommen", _past(False), "tomt om det inte finns någon plan", "2026-03-10", 20),
    "follow_up_on": Column("Nästa uppföljning", _ahead, "en dag som inte har varit", "2026-12-15", 18),
    "earlier": Column("Tidigare ärendenummer", text(60), "i systemet ni kommer från", "A-1234", 22),
    "protected": Column("Skyddade personuppgifter", one_of(PROTECTED), ", ".join(PROTECTED), "nej", 26),
}  # fmt: skip
NEEDED = ["identity", "name", "programme", "opened_on", "worker", "protected"]


@dataclass(frozen=True)
class Outcome:
    number: int
    what: str
    sentence: str
    column: str = ""


def caseload_template():
    return template("Ärenden", COLUMNS)


def read_caseload(by, data):
    """(rows, outcomes of those that cannot be read)."""
    read = read_table(data, COLUMNS, NEEDED, most=MOST)
    first, rows, staff = {}, [], staff_of(by)
    for row in read.rows:
        faults = [*_row_faults(row, first, staff)]
        read.faults += faults
        if not faults:
            rows.append(row)
    return rows, [Outcome(one.number, FAULT, one.sentence, one.column) for one in read.faults]


def _row_faults(row, first, staff):
    number, who = row["number"], row["identity"] or folded(row["name"])
    if not who:
        yield Fault(number, "Namn", "Skriv namn eller personnummer.")
    elif who in first:
        yield Fault(number, "", f"Samma person som rad {first[who]}.")
    else:
        first[who] = number
    yield from _age_faults(number, row)
    for name in ("worker", "coordinator"):
        if row[name] and (why := _why_not(staff.get(row[name]))):
            yield Fault(number, COLUMNS[name].title, why)
    if row["agreed_on"] and row["agreed_on"] < row["opened_on"]:
        yield Fault(number, COLUMNS["agreed_on"].title, "Planen kan inte ha kommit till innan ärendet öppnades.")


def _age_faults(number, row):
    """In whose programme somebody is, is said by the day the case was opened and by today, never by the file alone."""
    born = birth_date_of(row["identity"]) if row["identity"] else None
    if born is None:
        return
    if not is_of_age(born, on=timezone.localdate()):
        yield Fault(number, COLUMNS["identity"].title, CHILD)
    elif not is_of_age(born, on=date.fromisoformat(row["opened_on"])):
        yield Fault(number, COLUMNS["opened_on"].title, "Personen var under 18 år då. Lägg upp ärendet för hand.")


def staff_of(by):
    """By address, of the board's own of today: the one who may handle a case first."""
    own = Membership.objects.filter(authority_id=by.authority_id).in_force(on=timezone.localdate())
    own = sorted(own.select_related("user"), key=lambda member: member.role == Role.SOCIAL_WORKER)
    return {member.user.email: member for member in own}


def _why_not(member):
    """Why this person cannot be given a case, or ''."""
    if member is None:
        return "Ingen med den adressen arbetar hos er i dag."
    if member.role != Role.SOCIAL_WORKER:
        return f"{member.user.name} är inte socialsekreterare hos er. Välj någon som är det."
    try:
        require_lasting(member)
    except Refused:
        return f"{member.user.name}s roll har en sista dag. Den som får ett ärende behöver ha rollen tills vidare."
    return ""
