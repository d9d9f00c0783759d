from teams import operations as teams
from teams.models import DELEGABLE, DelegationRow
from tests.acts import Act
from tests.world import today

# None of them administers this board.
OTHERS = ("anna", "maud", "cilla", "sara", "mika", "rut", "siv")


def rows():
    return [{"number": "1", "kind": kind, "law": "SoL", "role": "unit_manager"} for kind in DELEGABLE]


def scheme(world):
    without_draft(world)
    return {"minute": "SN § 2", "valid_from": next_year(), "rows": rows()}


def next_year():
    return today().replace(year=today().year + 1, day=1)


def without_draft(world):
    """The furnished world has a draft."""
    teams.drop_draft(by=world.adam)
    return {}


def row_of(world):
    return {"row": DelegationRow.objects.get(scheme__state="draft", kind="travel")}


NEW = {"number": "9", "kind": "travel", "law": "SoL 12:1", "role": "unit_manager"}
ADOPTED = {"minute": "SN § 2", "minute_on": today(), "valid_from": next_year()}
ACTS = [
    Act(teams.adopt_scheme, "adam", scheme, OTHERS[:-1]),
    Act(teams.start_draft, "adam", without_draft, OTHERS[:-1]),
    Act(teams.add_row, "adam", lambda w: NEW, OTHERS[:-1]),
    Act(teams.change_row, "adam", lambda w: {**row_of(w), "law": "SoL 12:1"}, OTHERS),
    Act(teams.remove_row, "adam", row_of, OTHERS),
    Act(teams.replace_rows, "adam", lambda w: {"rows": rows()}, OTHERS[:-1]),
    Act(teams.drop_draft, "adam", lambda w: {}, OTHERS[:-1]),
    Act(teams.adopt_draft, "adam", lambda w: ADOPTED, OTHERS[:-1]),
]
