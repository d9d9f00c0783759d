"""Who is in the demonstration: organisations, staff, agreements and delegation schemes, all in force long since."""

from datetime import timedelta
from functools import partial

from children.operations import give_child_worker
from exitprogram.demo import administration, cooperation, texts
from exitprogram.tenancy.acting import acting, acting_as_system, acting_as_user
from exitprogram.tenancy.codes import code_app, new_secret
from exitprogram.tenancy.models import Authority, User
from exitprogram.tenancy.operations import Upkeep, add_member, seat_administrator
from exitprogram.tenancy.owner import as_owner
from exitprogram.tenancy.passwords import set_password
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import CALLABLE, Role
from teams.operations import adopt_scheme

PASSWORD = "planering-i-lugn-och-ro"  # noqa: S105 - of the demonstration only; the command refuses anywhere else
COUNTY = "21"
LONG_AGO = timedelta(days=2200)  # before the oldest file that is told of


def make_partners():
    """By the owner's hand: organisations are reference data to the application's own role."""
    with as_owner():
        for row in texts.authorities():
            if row["kind"] == Authority.Kind.PARTNER:
                Authority.objects.get_or_create(
                    pk=authority_id("partner", row["code"]),
                    defaults={"kind": row["kind"], "name": row["name"], "region_id": COUNTY},
                )


def mark_invented():
    """Everybody in these authorities is invented, so that an administrator may see as a colleague. Before the first
    one works there: afterwards the database refuses."""
    ids = [authority_id(row["kind"], row["code"]) for row in texts.authorities()]
    with as_owner():
        Authority.objects.filter(pk__in=ids).update(demonstration=True)


class Cast:
    """Everybody by key. ``steps`` puts them in place; after that the stories can ask for them."""

    def __init__(self, today):
        self.today, self.start = today, today - LONG_AGO
        self.by_code = {
            row["code"]: Authority.objects.get(pk=authority_id(row["kind"], row["code"])) for row in texts.authorities()
        }
        self.held, self.titles = {}, {}  # (staff key, role) → membership

    def social(self, key):
        return self.held[key, Role.SOCIAL_WORKER]

    def manager(self, key):
        return self.held[key, Role.UNIT_MANAGER]

    def guest(self, key):
        """The membership by which this person can be called to another board's team."""
        return next(self.held[key, role] for role in CALLABLE if (key, role) in self.held)

    def deputy_of(self, key):
        return next(self.social(row["deputy"]) for row in texts.staff() if row["key"] == key)

    def administrator(self, code):
        return next(
            m for (_key, role), m in self.held.items()
            if role == Role.ADMINISTRATOR and m.authority_id == self.by_code[code].pk
        )  # fmt: skip

    def steps(self):
        """``(day, act)`` for the clock, in the order in which an installation comes to be."""
        posts = [(row, post) for row in texts.staff() for post in row["memberships"]]
        seats = [(row, post) for row, post in posts if post["role"] == Role.ADMINISTRATOR]
        others = [(row, post) for row, post in posts if post["role"] != Role.ADMINISTRATOR]
        yield from ((self.start, partial(self._seat, row, post)) for row, post in seats)
        yield from ((self.start, partial(self._add, row, post)) for row, post in others)
        yield from (
            (self.start, partial(self._let_have_children, row, post)) for row, post in posts if "children" in post
        )
        yield from administration.steps(self)
        yield from cooperation.steps(self)
        boards = [row["code"] for row in texts.authorities() if row["kind"] == Authority.Kind.SOCIAL_BOARD]
        for code in boards:
            yield self.start, partial(self._adopt, code, 41)
            yield self.today - timedelta(days=300), partial(self._adopt, code, 87)

    def _seat(self, row, post, role=Role.ADMINISTRATOR):
        authority = self.by_code[post["board"]]
        with acting_as_system(authority):
            self.held[row["key"], post["role"]] = seat_administrator(
                by=Upkeep(authority), email=row["email"], name=_name(row), title=post["title"], role=role
            )
        _give_password(row["email"])

    def _add(self, row, post):
        by = self.administrator(post["board"])
        if by.user.email == row["email"]:
            return self._seat(row, post, Role(post["role"]))
        until = post.get("until")
        with acting(by):
            self.held[row["key"], post["role"]] = add_member(
                by=by, email=row["email"], name=_name(row), role=post["role"], title=post["title"],
                starts_on=min(post["since"], self.start),
                ends_on=max(until, self.today + timedelta(days=200)) if until else None,
            )  # fmt: skip
        _give_password(row["email"])

    def _let_have_children(self, row, post):
        by = self.administrator(post["board"])
        with acting(by):
            give_child_worker(
                by=by, membership=self.held[row["key"], post["role"]], qualified=post["children"] == "qualified"
            )

    def _adopt(self, code, paragraph):
        scheme, by = texts.moments()["delegation"], self.administrator(code)
        day = self.start if paragraph == 41 else self.today - timedelta(days=300)
        with acting(by):
            adopt_scheme(
                by=by, minute=f"{scheme['minute']} {paragraph}/{day.year}", valid_from=day, rows=scheme["rows"]
            )


def _name(row):
    return f"{row['given_name']} {row['family_name']}"


def _give_password(email):
    user = User.objects.get(email=email)
    if not user.password:
        set_password(user, PASSWORD)
        with acting_as_user(user):  # what it shows stands on the page where it is asked for, in a demonstration
            code_app(user, new_secret()).save(force_insert=True)
