"""One press that arrives twenty times at once. Every form that writes is filled in as it stands on its own page, and
sent by twenty threads with the same key: twenty answers to the same place, and the rows of one."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection
from django.urls import Resolver404, resolve, reverse
from lxml import html

from exitprogram.tenancy.models import Submission
from tests import databases
from tests.connections import connected
from tests.doors import DOORS
from tests.keys import keys_of
from tests.visits import Visit
from tests.world import today

ARRIVALS = 20
# Of the visit and not of the act: when somebody was last seen, and the key of the press itself.
BESIDE = {"tenancy_browsersession", "tenancy_submission"}
TABLES = """
    SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
# What a page cannot tell a machine: the number of digits, the day that must lie ahead, whom to choose.
FILLED = {
    "tenancy:member_add": {"email": "ny.person@exempel.invalid", "name": "Ny Person"},
    "cases:number_add": {"kind": "reserve", "value": "R-1"},
}


@dataclass
class Found:
    forms: list = field(default_factory=list)
    doubled: list = field(default_factory=list)
    astray: list = field(default_factory=list)  # answers that do not lead where the first one led
    not_filled: list = field(default_factory=list)


def forms_once():
    """Names of the doors whose view takes a press once, with who may press."""
    for name, door in DOORS.items():
        if "POST" in door.methods and door.may and not door.public and _is_once(name, door):
            yield name, door.may.split()[0]


def _is_once(name, door):
    ids = ["2026" if kind in ("year", "quarter") else uuid.uuid4() for kind in door.ids.split()]
    try:
        view = resolve(reverse(name, args=ids)).func
    except Resolver404:
        return False
    while view is not None and not getattr(view, "once", False):
        view = getattr(view, "__wrapped__", None)
    return view is not None


class Twenty:
    def __init__(self, world, *, arrivals=ARRIVALS):
        self.world, self.arrivals, self.found = world, arrivals, Found()

    def press(self, name, who):
        """In a world as it was made: once, and what that added; anew, and twenty times at once."""
        self._anew()
        for button in (0, 1):
            data = self._filled(name, who, button)
            if data is None:
                break
            answers, one = self._arrive(name, who, data, 1)
            if answers[0][0] == 302:
                return self._twenty(name, who, data, one)
            self._anew()
        self.found.not_filled.append(name)
        return False

    def _twenty(self, name, who, data, one):
        self._anew()
        answers, rows = self._arrive(name, who, data, self.arrivals)
        self.found.forms.append(name)
        if rows != one:
            more = {table: (one.get(table, 0), rows.get(table, 0)) for table in {*one, *rows}}
            self.found.doubled.append(f"{name}: { ({t: n for t, n in more.items() if n[0] != n[1]}) }")
        # A row that is new has another id in each world, but the twenty were in the same one.
        if {status for status, _where in answers} != {302} or len({where for _status, where in answers}) != 1:
            self.found.astray.append(f"{name}: {sorted(set(answers))[:3]}")
        return True

    def _anew(self):
        assert databases.renew("furnished")

    def _ids(self, name):
        keys = keys_of(self.world, self.world.anna, self.world.sara)
        return [keys[kind] for kind in DOORS[name].ids.split()]

    def _filled(self, name, who, button):
        """The form as its own page shows it, with something in every field; None when there is no such page."""
        if "GET" not in DOORS[name].methods:
            return {} if button == 0 else None
        ids = self._ids(name)
        page = Visit(getattr(self.world, who)).get(name, *ids)
        if page.status_code != 200:
            return None
        here = reverse(name, args=ids)
        forms = html.fromstring(page.content.decode()).xpath("//main//form[@method='post'] | //form[@method='post']")
        forms = [form for form in forms if (form.get("action") or here).split("?")[0] == here]
        if not forms:
            return None
        return filled(forms[0], button) | FILLED.get(name, {})

    def _arrive(self, name, who, data, number):
        ids, key = self._ids(name), str(uuid.uuid4())
        visit = Visit(getattr(self.world, who))
        visit.get("tenancy:choose")  # the session has chosen its membership, and its line in the log is written
        before = rows_now()

        def press(_each):
            again = Visit()
            again.client.cookies = visit.client.cookies
            try:
                answer = again.post(name, *ids, **(data | {"form_key": key}))
                return answer.status_code, getattr(answer, "url", "")
            finally:
                connection.close()

        with ThreadPoolExecutor(number) as threads:
            answers = list(threads.map(press, range(number)))
        after = rows_now()
        return answers, {table: after[table] - before[table] for table in after if after[table] != before[table]}


def filled(form, button):
    """What a browser would send when something has been put in every field. ``button`` 1: with its first named one."""
    data, asked = {}, set()
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    for field_ in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = field_.get("name"), field_.get("type", field_.tag)
        if any(data.get(name, [])) or name in asked or kind in ("hidden", "submit", "file"):
            continue
        asked.add(name)
        if (value := _value(field_, kind)) is not None:
            data[name] = [value]
    named = [one for one in form.xpath(".//button[@name]") if one.get("value") not in ("theirs",)]
    if button and named:
        data[named[0].get("name")] = [named[0].get("value", "")]
    return data


def _value(field_, kind):
    if kind == "select":
        return next((one.get("value") for one in field_.iter("option") if one.get("value")), None)
    if kind == "checkbox":
        return field_.get("value", "on") if field_.get("required") is not None else None
    known = {"radio": field_.get("value"), "date": today().isoformat(), "time": "10:00", "number": "1",
             "email": "ny.person@exempel.invalid", "datetime-local": f"{today().isoformat()}T10:00"}  # fmt: skip
    return known.get(kind, "Kanarietext")


def rows_now():
    """How many rows there are in each table, whatever wall."""
    with connected("backup") as line:
        tables = [row[0] for row in line.execute(TABLES) if row[0] not in BESIDE]
        counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM public.{table}" for table in tables)
        return dict(line.execute(counts).fetchall())


def pressed(world, names=None, say=None):
    twenty = Twenty(world)
    for name, who in forms_once():
        if names is None or name in names:
            twenty.press(name, who)
            if say:
                say(f"{len(twenty.found.forms)} forms, {len(twenty.found.not_filled)} not filled: {name}")
    return twenty.found


assert Submission._meta.db_table in BESIDE
