"""The furnished world made ready to be probed: everybody of the fifteen kinds, a colleague's case, and in every sealed
text a word that stands nowhere else, so that whatever page it turns up on, it says which row it is from."""

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from exitprogram.crypto.management.commands.rotate_keys import encrypted_columns
from exitprogram.tenancy.acting import acting, acting_as_system
from exitprogram.tenancy.models import Unit, User
from exitprogram.tenancy.operations import add_member
from exitprogram.tenancy.roles import Role
from tests import abroad, furniture, houses
from tests.keys import TEXTS, keys_of
from tests.oracle import Oracle, all_rows
from tests.probe.policy import ACTORS
from tests.test_api import keys_of as api_keys_of
from tests.world import email_of, today

WORD = re.compile(r"fagel[0-9a-f]{12}")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
AT_BOLLNAS, AT_SODERHAMN = "bollnas", "soderhamn"
OF_SOMEBODY = {"case_id", "individual_id"}
API_KINDS = {"version": "agreed", "copy": "bundle", "measure": "agreed_measure", "clock": "clock", "letter": "letter"}


@dataclass
class Scene:
    world: object
    keys: dict  # board: {kind of id: id}
    rows: dict  # id: (label of the model, the row as it lies)
    words: dict  # planted word: id of its row
    names: dict  # a person's name, known in one place only: id of the person
    seen: dict = field(default_factory=dict)  # actor: ids of what she may see
    gone: frozenset = frozenset()  # ids of what has been destroyed

    def home(self, who):
        return AT_SODERHAMN if ACTORS[who].home else AT_BOLLNAS

    def away(self, who):
        return AT_BOLLNAS if ACTORS[who].home else AT_SODERHAMN

    def membership(self, who):
        return getattr(self.world, "anna" if who in ("token", "nobody") else who)

    def protected(self, who):
        return self.world.protected_elsewhere if ACTORS[who].home else self.world.protected

    def told(self, who, text, asked=()):
        """What ``text`` says of rows that she may not see, but for the ids that she has asked for herself."""
        seen = self.seen.get(who, frozenset())
        words = {self.words[word] for word in WORD.findall(text) if word in self.words}
        ids = {key for key in map(uuid.UUID, ID.findall(text)) if key in self.rows and key not in asked}
        names = {key for name, key in self.names.items() if name in text}
        return sorted(f"{self.rows[key][0]} {key}" for key in (words | ids | names) - seen)

    def shows_somebody(self, text):
        """Does it hold anything of a case or a person? What a board writes of itself is read without a trace."""
        keys = {self.words[word] for word in WORD.findall(text) if word in self.words}
        keys |= {key for name, key in self.names.items() if name in text}
        return any(self.rows[key][0] == "cases.Individual" or OF_SOMEBODY & set(self.rows[key][1]) for key in keys)


def made_ready(world):
    """Committed, by the product's own operations but for the words. The ids are those of the furnished world."""
    keys = {AT_BOLLNAS: _keys(world, world.anna, world.sara, world.case),
            AT_SODERHAMN: _keys(world, world.cilla, world.rut, world.elsewhere)}  # fmt: skip
    _everybody(world)
    _a_colleagues_case(world)
    words = {}
    for board in (world.bollnas, world.soderhamn, world.region, world.partner, world.ljusdal):
        for model, fields in encrypted_columns():
            words |= _planted(model, fields, board)
    tables = all_rows()
    rows = {row["id"]: (label, row) for label, found in tables.items() for row in found}
    scene = Scene(world, keys, rows, words, _names(tables))
    for who in ACTORS:
        if who not in ("nobody", "ended", "gone"):
            oracle = Oracle(tables, scene.membership(who))
            scene.seen[who] = {key for label in tables for key in oracle.ids(label)} | oracle.colleagues()
    # Those that he has asked himself: a function of the wall gives him the answers, and nothing of whom they are about.
    scene.seen["roy"] |= {row["id"] for row in tables["reporting.FlowQuestion"]}
    scene.seen["leo"].add(world.asked.pk)  # whether he knows somebody in it is asked of him before it opens
    return scene


def _keys(world, by, contributor, case):
    found = keys_of(world, by, contributor)
    return found | {API_KINDS[kind]: key for kind, key in api_keys_of(world, by, case).items() if kind in API_KINDS}


def _everybody(world):
    add = {"by": world.adam, "role": Role.SOCIAL_WORKER}
    old = {"starts_on": today() - timedelta(days=30), "ends_on": today() - timedelta(days=1)}
    with acting(world.adam):
        world.ulla = add_member(**add, email=email_of("Ulla Ek"), name="Ulla Ek")
        world.ended = add_member(**add, email=email_of("Ester Slut"), name="Ester Slut", **old)
        world.gone = add_member(**add, email=email_of("Gun Borta"), name="Gun Borta")
        unit = Unit.objects.get()
    houses.place(world.adam, world.leo, unit)
    houses.place(world.adam, world.ulla, houses.unit(world.adam, name="Den andra enheten"))
    world.child_worker("ulla", qualified=False)
    with acting(world.gone):  # the wall lets nobody else touch her row
        User.objects.filter(pk=world.gone.user_id).update(is_active=False)


def _a_colleagues_case(world):
    """Leo's, with something of most kinds."""
    by = world.leo
    world.colleagues = case = world.open_case(by, world.person(by, "Kollegans Person"))
    with acting(by):
        furniture._notes(by, case)
        furniture._first_contact(by, case)
        furniture._assessments(by, case)
        furniture._place(by, case)
        abroad.everything(by, case)
        furniture._decisions(by, case)


def _planted(model, fields, board):
    """{word: id}: each sealed text of furniture begins with a word of its own, sealed anew as when keys are changed."""
    words = {}
    with acting_as_system(board):
        for row in model._base_manager.filter(authority=board):
            marked = []
            for one in fields:
                text = getattr(row, one.attname)
                if "Kanarie" in text:
                    word = f"fagel{uuid.uuid4().hex[:12]}"
                    words[word] = row.pk
                    setattr(row, one.attname, text.replace("Kanarie", f"{word} Kanarie", 1))
                    marked.append(one.name)
            if marked:
                row.save(update_fields=marked)
    return words


def _names(tables):
    """Those of people who are known under that name once."""
    found = {}
    for row in tables["cases.Individual"]:
        if row["name"]:
            found.setdefault(row["name"], []).append(row["id"])
    return {name: keys[0] for name, keys in found.items() if len(keys) == 1}


# The rows behind an address, for each relation of somebody to them. None: there is no such row.


def ids_of(scene, name_ids, who, relation):
    kinds = name_ids.split()
    here = scene.keys[scene.home(who)]
    if relation == "own":
        return {kind: here[kind] for kind in kinds}
    if relation == "foreign":
        return {kind: scene.keys[scene.away(who)][kind] for kind in kinds}
    if relation == "none":
        return {kind: here[kind] if kind in TEXTS else uuid.uuid4() for kind in kinds}
    if relation == "destroyed":
        found = {kind: scene.keys[AT_BOLLNAS][kind] for kind in kinds}
        return found if scene.gone & set(found.values()) else None
    found, case = {}, None
    for kind in kinds:
        if kind in TEXTS:
            found[kind] = here[kind]
            continue
        if here[kind] not in scene.rows:
            return None
        label = scene.rows[here[kind]][0]
        row = _protected(scene, label, who) if relation == "protected" else _units(scene, label, who, case)
        if row is None:
            return None
        case = case or (row["id"] if label == "cases.Case" else row.get("case_id"))
        found[kind] = row["id"]
    return found


def _of_board(scene, label, who):
    board = scene.membership(who).authority_id
    return [row for other, row in scene.rows.values() if other == label and row.get("authority_id") == board]


def _units(scene, label, who, case):
    """A row of the same board that is nothing to her, in the same case as the one before."""
    rows = [row for row in _of_board(scene, label, who) if row["id"] not in scene.seen.get(who, ())]
    wanted = case or scene.world.colleagues.pk
    rows.sort(key=lambda row: (wanted not in (row["id"], row.get("case_id")), str(row["id"])))
    return rows[0] if rows else None


def _protected(scene, label, who):
    case = scene.protected(who)
    mine = {case.pk, case.individual_id}
    rows = [row for row in _of_board(scene, label, who)
            if mine & {row["id"], row.get("case_id"), row.get("individual_id")}]  # fmt: skip
    return min(rows, key=lambda row: str(row["id"])) if rows else None
