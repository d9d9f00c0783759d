"""What everybody meets at every address. The cells themselves are the lines of ``tests/doors.py`` and ``door_api.py``;
here stands who the fifteen kinds of actor are, and what a line says of them and of other relations to the object.

A line gives the answers at an object of Bollnäs': her own for Anna, the unit's for her colleagues, another authority's
for Cilla and Siv. From it follow the rest:

- an object that somebody has nothing to do with answers as one that does not exist: 404, or 403 when her role has
  nothing there at all; ``ACROSS`` names the few doors that are there to be opened across;
- a method that the line does not name: 405, with exactly the line's methods in ``Allow``;
- without a session: the page to sign in at; the API: 401.
"""

from dataclasses import dataclass

from tests.door_api import API
from tests.doors import DOORS, PEOPLE
from tests.keys import TEXTS

POLICY = {**DOORS, **API}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
RELATIONS = ("own", "units", "foreign", "protected", "destroyed", "none")
OUT, CHOOSE, IN = "sign in", "choose", "in"
MAYBE = "in, or 404 when the page is not for such a case"
COMES_IN = (200, 201, 302, 400, 409, 422)  # let in, and then the form, the state or the law may say no


@dataclass(frozen=True)
class Actor:
    """``line``: under which name the lines of ``tests/doors.py`` have her. ``home``, ``away``: the one whose cells are
    hers at objects of Söderhamn, when it is her own board, or is not. A stranger has that role and nothing of her own;
    ``otherwise`` is one of whom she is the stranger where no line names her."""

    kind: str
    line: str = ""
    home: str = ""
    away: str = ""
    stranger: bool = False
    otherwise: str = ""


ACTORS = {
    "nobody": Actor("anonymous"),
    "anna": Actor("worker with the case", "anna"),
    "leo": Actor("worker of the same unit, not in the team", "leo"),
    "ulla": Actor("worker of another unit", "leo", stranger=True),
    "cilla": Actor("worker of another municipality", "cilla", home="anna"),
    "maud": Actor("manager of the unit", "maud"),
    "roy": Actor("regional coordinator with an agreement", "roy", away="roy", otherwise="sara"),
    "rut": Actor("regional coordinator without", "rut", away="sara", otherwise="sara"),
    "sara": Actor("health staff with a section", "sara"),
    "nils": Actor("health staff without", "sara", stranger=True),
    "adam": Actor("administrator of the municipality", "adam"),
    "siv": Actor("another administrator", "siv", home="adam"),
    "mika": Actor("participant from civil society", "mika"),
    "ended": Actor("membership that has ended"),
    "gone": Actor("deactivated user"),
    "token": Actor("key to the API", "anna"),
}
WITH_KEY = ("anna", "leo", "ulla", "cilla", "maud", "roy", "rut", "adam", "siv", "token")  # and no other role may
WITHOUT_SESSION = ("nobody", "gone", "token")
FOR_ALL = {"publication"}  # what is published, is published for everybody with the role
AGAIN = {"search"}  # one that is not her own, or too old, or none: she is sent to search again

# A summons to a meeting tells the one who is called when and where, and nothing of whom it is about.
UNTRACED = {"plans:call_answer"}

# Two pages show what would close by closing it, and undo that before they answer (``cases/effect.py``).
TRIED = {
    "cases:consent_withdraw": {"cases_consent"},
    "cases:exception_end": {"cases_clock", "cases_secrecyexception"},
}
# Staff of other authorities, whom a page offers as receivers.
OFFERED = {"cases:disclose": "tenancy.Membership"}


def unclassified(names):
    """Addresses without a line, and lines without an address."""
    return sorted((set(names) - {"api:nowhere", "api:nowhere_root"}) ^ set(POLICY))


def allowed(name):
    """The methods of the line. In the API a HEAD is a GET whose body is left out."""
    methods = POLICY[name].methods.split()
    return methods + ["HEAD"] if name in API and "GET" in methods else methods


def rows_of(name):
    """The kinds of id in the address that are a row's."""
    return [kind for kind in POLICY[name].ids.split() if kind not in TEXTS and kind not in FOR_ALL]


def expected(name, method, who, relation, sees):
    """A status, or OUT, CHOOSE, IN or MAYBE. ``sees``: is every row that is named one that she may see at all?"""
    door, known = POLICY[name], method in allowed(name)
    if door.public:
        return 405 if not known else IN if door.may or name in API else 404
    if name in API and who not in WITH_KEY:
        return 401
    if name not in API and who in WITHOUT_SESSION:
        return OUT
    if name in API and _cell(name, who, relation) == 403:
        return 403  # the role is asked before the method
    if not known:
        return 405
    if who == "ended":
        return CHOOSE if not door.signed_in else 404 if rows_of(name) else IN
    return _answer(name, who, relation, sees)


def _answer(name, who, relation, sees):
    cell = _cell(name, who, relation)
    if who in ACROSS.get((name, relation), {}):
        return ACROSS[name, relation][who]
    if not rows_of(name) or relation == "own" or cell == 403:
        return cell
    if set(rows_of(name)) <= AGAIN:
        return cell
    if relation == "foreign" and (ACTORS[who].home or ACTORS[who].away):
        return cell  # the lines themselves say what she meets there
    return MAYBE if relation == "protected" and sees else 404


def _cell(name, who, relation):
    """IN, 403 or 404 at an object of the board that the relation means."""
    door, actor = POLICY[name], ACTORS[who]
    if relation == "foreign":
        line, stranger = actor.line if who in door.names_all else actor.away or actor.line, actor.stranger
    else:
        line, stranger = actor.home or actor.line, actor.stranger
    if who in door.names_all and (stranger or not (actor.home or actor.away)):
        line, stranger = who, False
    elif not door.names(line) and set(PEOPLE) <= set(door.may.split()):
        return IN
    elif not door.names(line) and actor.otherwise:
        line, stranger = actor.otherwise, True
    status = door.status(line)
    return 404 if stranger and status is None and set(rows_of(name)) - AGAIN else IN if status is None else status


# The doors that are there to be opened across, by whom; and where a line says too much of objects of Söderhamn's.
ACROSS = {
    **{("cases:emergency_hit", one): dict.fromkeys(("anna", "leo", "ulla", "maud", "cilla"), MAYBE)
       for one in ("units", "protected")},
    # Söderhamn asks Bollnäs to take over a case, too, and Maud has given it to Anna.
    **{(f"cases:transfer_{one}", "foreign"): {"anna": IN, "maud": IN} for one in ("in", "give")},
    ("cases:merge", "own"): {"cilla": 404},  # the person of her keys is the one of the case: nobody is two
    ("teams:agreement", "foreign"): {"rut": IN, "siv": 404},
    # Rut has a section in a case of her own board's: nobody's guest, and no paper is shared with her.
    **{(name, "foreign"): {"rut": 404} for name in ("plans:shared_document", "plans:leave_own")},
}  # fmt: skip
