"""Units and people from a spreadsheet: what each line would do, found out by doing it and undoing it again. Nobody and
nothing that the file does not name is touched."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_day
from exitprogram.sheets.table import Column, Fault, day, email, emails, one_of, read_table, template, text
from exitprogram.tenancy.models import Membership, Unit, UnitManager
from exitprogram.tenancy.operations.people import ROLES_OF, add_member, end_member
from exitprogram.tenancy.operations.units import add_unit, place_member, save_unit
from exitprogram.tenancy.roles import Role

MOST = 300  # lines in a file: all of them are carried out in one transaction, while somebody waits
NEW, CHANGED, SAME, FAULT = "new", "changed", "same", "fault"
ALREADY = "Finns redan så."


@dataclass(frozen=True)
class Outcome:
    """What a line does, as a sentence; ``column`` when a cell is what is wrong."""

    number: int
    who: str
    what: str
    sentence: str
    column: str = ""


UNITS = {
    "name": Column("Enhet", text(80, needed=True), "enhetens namn", "Vuxenenheten", 30),
    "leaders": Column(
        "Leds av (e-post)", emails, "enhetschefens adress; flera med komma emellan. Tomt: ändras inte",
        "eva.ek@kommunen.example", 40,
    ),
    "starts_on": Column("Från och med", day(), "tomt: från i dag", "2026-12-01", 16),
    "ends_on": Column("Till och med", day(for_now=True), "en dag, eller tills vidare", "tills vidare", 16),
}  # fmt: skip


def _people(by):
    roles = {role.label.casefold(): role.value for role in Role if role in ROLES_OF[by.authority.kind]}
    offered = ", ".join(role.label for role in Role if role in ROLES_OF[by.authority.kind])
    return {
        "name": Column("Namn", text(120, needed=True), "för- och efternamn", "Maria Ek", 30),
        "email": Column("E-post", email(), "adressen i tjänsten", "maria.ek@kommunen.example", 34),
        "role": Column("Roll", one_of(roles), offered, offered.split(", ")[0], 26),
        "title": Column("Titel", text(80), "kan vara tom", "", 20),
        "unit": Column("Enhet", text(80), "namnet på en enhet som finns. Tomt: ändras inte", "Vuxenenheten", 30),
        "starts_on": Column("Från och med", day(), "tomt: från i dag", "2026-12-01", 16),
        "ends_on": Column(
            "Till och med", day(needed=True, for_now=True), "sista dagen, eller tills vidare", "tills vidare", 16
        ),
    }  # fmt: skip


NEEDED = {"units": ["name"], "people": ["name", "email", "role", "ends_on"]}
KEY = {"units": ("name",), "people": ("email", "role")}


def columns_of(by, what):
    return UNITS if what == "units" else _people(by)


def template_of(by, what):
    return template({"units": "Enheter", "people": "Personal"}[what], columns_of(by, what))


def read_rows(by, what, data):
    """(rows, outcomes of those that cannot be read). The same thing twice in a file is a fault, never a choice."""
    read = read_table(data, columns_of(by, what), NEEDED[what], most=MOST)
    first, rows = {}, []
    for row in read.rows:
        key = tuple(row[name].casefold() for name in KEY[what])
        if key in first:
            read.faults.append(Fault(row["number"], "", f"Samma som rad {first[key]}."))
            continue
        first[key] = row["number"]
        rows.append(row)
    return rows, [Outcome(one.number, "", FAULT, one.sentence, one.column) for one in read.faults]


class _Undone(Exception):
    pass


def tried_out(by, what, rows):
    """What each line would do: done by the screens' own operations, and undone before anybody can see it."""
    try:
        with transaction.atomic():
            outcomes = carried_out(by, what, rows)
            raise _Undone
    except _Undone:
        return outcomes


def carried_out(by, what, rows):
    """Each line by itself; one that is refused leaves the others as they are."""
    line = {"units": _UnitLine, "people": _PersonLine}[what](by)
    outcomes = []
    for row in rows:
        try:
            with transaction.atomic():
                done, sentence = line.do(row)
        except Refused as why:
            done, sentence = FAULT, str(why)
        outcomes.append(Outcome(row["number"], row["name"], done, sentence))
    return outcomes


def plain(outcomes):
    """As it can be carried and compared."""
    return [asdict(one) for one in outcomes]


def _day(iso):
    return date.fromisoformat(iso) if iso and iso != "open" else None


class _Staff:
    """The board's own of today and later, and its units, asked for once."""

    def __init__(self, by):
        self.by, self.today = by, timezone.localdate()
        own = Membership.objects.filter(authority_id=by.authority_id).select_related("user")
        self.members = [one for one in own if one.ends_on is None or one.ends_on >= self.today]
        units = [one for one in Unit.objects.visible_to(by) if one.ends_on is None or one.ends_on >= self.today]
        self.units = {one.name.casefold(): one for one in units}


class _UnitLine(_Staff):
    def do(self, row):
        unit = self.units.get(row["name"].casefold())
        leaders = [self._leader(address) for address in row["leaders"]]
        if unit is None:
            given = {"starts_on": _day(row["starts_on"]), "ends_on": _day(row["ends_on"])}
            add_unit(by=self.by, name=row["name"], managers=leaders, **given)
            return NEW, f"Ny enhet. {_led_by(leaders)}"
        return self._changed(unit, row, leaders)

    def _leader(self, address):
        chiefs = [m for m in self.members if m.role == Role.UNIT_MANAGER and m.in_force(on=self.today)]
        found = next((member for member in chiefs if member.user.email == address), None)
        if found is None:
            raise Refused(f"{address} är inte enhetschef hos er i dag. Läs in personalen först.")
        return found

    def _changed(self, unit, row, leaders):
        if row["starts_on"] and _day(row["starts_on"]) != unit.starts_on:
            raise Refused(f"Enheten finns från {sv_day(unit.starts_on)}. Den dagen går inte att ändra.")
        held = {one.manager_id for one in UnitManager.objects.filter(unit=unit)}
        ends_on, said = unit.ends_on, []
        if leaders and {one.pk for one in leaders} != held:
            said.append(_led_by(leaders))
        if row["ends_on"] and _day(row["ends_on"]) != unit.ends_on:
            ends_on = _day(row["ends_on"])
            said.append(f"Sista dag: {sv_day(ends_on)}." if ends_on else "Gäller tills vidare.")
        if not said:
            return SAME, ALREADY
        managers = leaders or [member for member in self.members if member.pk in held]
        save_unit(by=self.by, unit=unit, name=unit.name, managers=managers, ends_on=ends_on, version=unit.version)
        return CHANGED, " ".join(said)


def _led_by(leaders):
    return f"Leds av {', '.join(one.user.name for one in leaders)}." if leaders else "Leds av ingen."


class _PersonLine(_Staff):
    def do(self, row):
        unit = self._unit(row["unit"])
        starts_on, ends_on = _day(row["starts_on"]), _day(row["ends_on"])
        same = [m for m in self.members if m.user.email == row["email"] and m.role == row["role"]]
        first, far = starts_on or self.today, date.max
        met = [m for m in same if m.starts_on <= (ends_on or far) and (m.ends_on or far) >= first]
        if not met:
            given = {name: row[name] for name in ("email", "name", "role", "title")}
            add_member(by=self.by, unit=unit, starts_on=starts_on, ends_on=ends_on, **given)
            return NEW, _told(Role(row["role"]).label, unit, starts_on, ends_on)
        return self._changed(met[0], row, unit, ends_on)

    def _unit(self, name):
        if name and name.casefold() not in self.units:
            raise Refused(f"Enheten {name} finns inte. Läs in enheterna först, eller rätta namnet.")
        return self.units[name.casefold()] if name else None

    def _changed(self, member, row, unit, ends_on):
        if row["starts_on"] and _day(row["starts_on"]) != member.starts_on:
            raise Refused(f"Har redan rollen, från {sv_day(member.starts_on)}. Den dagen går inte att ändra.")
        if member.ends_on and not ends_on:
            raise Refused(f"Rollen slutar {sv_day(member.ends_on)}. Lägg till en ny tid därefter i stället.")
        said = []
        if unit is not None and member.unit_id != unit.pk:
            place_member(by=self.by, membership=member, unit=unit)
            said.append(f"Enhet: {unit.name}.")
        if ends_on != member.ends_on:
            end_member(by=self.by, membership=member, ends_on=ends_on)
            said.append(f"Sista dag: {sv_day(ends_on)}.")
        other = f" Heter {member.user.name} här; namnet ändras inte." if member.user.name != row["name"] else ""
        return (CHANGED, " ".join(said) + other) if said else (SAME, ALREADY + other)


def _told(role, unit, starts_on, ends_on):
    where = f", {unit.name}" if unit else ""
    since = f" från {sv_day(starts_on)}" if starts_on else ""
    until = f" till och med {sv_day(ends_on)}" if ends_on else " tills vidare"
    return f"Ny: {role}{where},{since}{until}."
