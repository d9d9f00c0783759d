"""Every page as everybody: what stands on it is hers to see, and nothing stands in a title, a header or an address."""

import io
import re

import pikepdf
from django.urls import reverse

from exitprogram.sheets.book import book
from tests.canaries.sink import Control, Piece, sink
from tests.doors import DOORS, PEOPLE, SOMETIMES
from tests.visits import Visit, text_of

GETS = [name for name, door in DOORS.items() if "GET" in door.methods]
KINDS = {
    "text/html": "pages", "application/pdf": "pdf", "text/calendar": "calendar",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sheets",
}  # fmt: skip


# What is shown though the row is somebody else's: one's own questions to another board and their answers, which cannot
# tell whose plan it is; and whom one is asked about before anything else of the case is opened.
FLOW = ("reporting.FlowQuestion.text", "reporting.FlowQuestion.answer")
BY_DESIGN = {"reporting:region": FLOW, "reporting:plan": FLOW, "teams:question": ("cases.Individual.name",)}


FILES = {"plans:meeting_calendar", "reporting:estimate_pdf", "reporting:estimate_sheet", "cases:document_file"}


def visitors(stage, place, name):
    """The long run sends everybody. The suite's share is all kinds of people at the doors that lead to no row, and one
    who may at some of the others: of what refuses, test_views_doors asks that it says the same as for nothing."""
    door = DOORS[name]
    if door.ids and place % stage.every and name not in FILES:
        return []
    if stage.full:
        return [*PEOPLE, *SOMETIMES]
    may = door.may.split()
    return may[:1] if door.ids else sorted({"anna", "sara", "cilla", "maud", "adam", "rut"} & set(may))


def may_read(stage, who, name):
    seen = stage.may_see(getattr(stage.world, who))
    return frozenset(seen).union(*(stage.columns[column] for column in BY_DESIGN.get(name, ())))


def walk(stage):
    """[(who, url's name, address, answer)] with the ids of one board in hand, and in the long run with the other's."""
    world = stage.world
    hands = [stage.keys, stage.foreign_keys] if stage.full else [stage.keys]
    visits = {who: Visit(getattr(world, who)) for who in [*PEOPLE, *SOMETIMES]}
    for place, name in enumerate(GETS):
        for keys in hands:
            ids = [keys[kind] for kind in DOORS[name].ids.split()]
            for who in visitors(stage, place, name):
                yield who, name, reverse(name, args=ids), visits[who].get(name, *ids)


class Walked:
    """One walk, read by several sinks."""

    def __init__(self, stage):
        self.pieces = {kind: [] for kind in (*set(KINDS.values()), "other files", "headers", "titles", "addresses")}
        for who, name, address, answer in walk(stage):
            body, place = answer.getvalue(), f"{name} as {who}"
            kind = KINDS.get(answer.headers.get("Content-Type", "").split(";")[0], "other files")
            may = frozenset() if kind == "calendar" else may_read(stage, who, name)
            self.pieces[kind].append(Piece(place, body, may))
            self.pieces["headers"].append(Piece(place, "\n".join(map(str, answer.items())) + str(answer.cookies)))
            self.pieces["addresses"].append(Piece(place, address))
            if kind == "pages":
                self.pieces["addresses"].append(Piece(f"links of {place}", links(text_of(answer))))
                self.pieces["titles"] += [Piece(place, one) for one in titles(text_of(answer))]


def titles(page):
    """What a tab, a history and a task list show."""
    yield from re.findall(r"<title>(.*?)</title>", page, re.S)


def links(page):
    """Addresses that the page itself leads to: each would lie in a history and in a proxy's log."""
    return "\n".join(re.findall(r'(?:href|src|action|hx-\w+|formaction)="([^"]*)"', page))


def walked(stage):
    if not hasattr(stage, "walked"):
        stage.walked = Walked(stage)
    return stage.walked


@sink("pages")
def pages(stage):
    yield from walked(stage).pieces["pages"]
    own = Visit(stage.world.anna).get("plans:person", stage.world.case).getvalue()
    shown = stage.told(own)
    assert len(shown) >= 3, "there is something to see"
    yield from (Control(own, canary) for canary in shown)


def _of(kind, control):
    def pieces(stage):
        found = walked(stage).pieces[kind]
        assert found, f"no {kind} were seen"
        yield from found
        yield from control(stage)

    return sink(kind)(pieces)


def _some(stage):
    return next(iter(stage.register.words))


def _written(template):
    return lambda stage: [Control(template.format(_some(stage).title()), _some(stage))]


def _book(stage):
    yield Control(book("Prov", ["Namn"], [[f"Frida {_some(stage).title()}"]]), _some(stage))


def _paper(stage):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = f"Frida {_some(stage).title()}"
        kept = io.BytesIO()
        pdf.save(kept)
    yield Control(kept.getvalue(), _some(stage))


_of("headers", _written("Content-Disposition: attachment; filename*=UTF-8''{}.pdf"))
_of("titles", _written("{} – Planering"))
_of("addresses", _written("/sok/?q=%20{}%C3%A5"))
_of("calendar", _written("BEGIN:VEVENT\r\nSUMMARY:{}\r\nEND:VEVENT"))
_of("sheets", _book)
_of("pdf", _paper)
_of("other files", _written("{}"))
