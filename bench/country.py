"""A country of made-up cases: all 311 authorities, 3,000 staff, and for each case 3 goals, 8 measures, 10 or 60 notes
and 3 clocks. The same seed gives the same country. Written by COPY as the owner, without triggers; every foreign key
and constraint is checked. Nobody in it exists."""

import random
import uuid
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from bench.keys import WORTH_IT, put_aside
from bench.rows import Rows
from cases.models import (
    AccessGrant,
    Case,
    CaseNote,
    CaseSeries,
    Clock,
    Consent,
    Individual,
    PersonIdentifier,
    SafeContact,
)
from cases.names import folded, sounds_like
from exitprogram.crypto.fingerprint import fingerprint
from exitprogram.tenancy.models import (
    AgreementParty,
    Authority,
    CooperationAgreement,
    Membership,
    Unit,
    UnitManager,
    User,
)
from plans.models import CoordinatedPlan, Goal, Measure, PlanVersion, Section
from teams.models import CoordinatorAppointment, TeamMember

WORKERS_CASES = 40  # of the worker who is measured, at every size
STAFF = 3_000
FIRST = [
    "Anna",
    "Maria",
    "Sara",
    "Lina",
    "Elin",
    "Karin",
    "Johan",
    "Erik",
    "Lars",
    "Omar",
    "Fatima",
    "Noor",
    "Alva",
    "Vera",
    "Stina",
    "Maja",
    "Leila",
    "Samira",
    "Eva",
    "Ida",
]
LAST = [
    "Berg",
    "Lind",
    "Holm",
    "Ek",
    "Dahl",
    "Nyström",
    "Åberg",
    "Öst",
    "Ängman",
    "Karlsson",
    "Nilsson",
    "Svensson",
    "Larsson",
    "Haddad",
    "Ali",
    "Persson",
]
WORDS = [
    "boende",
    "kontakt",
    "samtal",
    "stöd",
    "läkare",
    "tid",
    "vecka",
    "måndag",
    "telefon",
    "arbete",
    "ekonomi",
    "skuld",
    "studier",
    "trygghet",
    "plan",
    "följa",
    "upp",
    "möte",
    "mående",
    "sömn",
    "ansökan",
    "beslut",
    "hjälp",
    "familj",
    "vän",
    "resa",
    "intyg",
    "prov",
    "kurs",
    "praktik",
    "språk",
    "tolk",
    "träff",
    "samordnare",
]
AREAS = ["housing", "health", "livelihood"]
BOARD_OF_MANY = "0180"  # Stockholm: one coordinator there holds a tenth of all cases
MODELS = [
    User, Unit, Membership, UnitManager, CooperationAgreement, AgreementParty, CaseSeries, Individual,
    PersonIdentifier, SafeContact, Case, AccessGrant, CoordinatorAppointment, TeamMember, Consent, CoordinatedPlan,
    PlanVersion, Goal, Measure, Section, CaseNote, Clock,
]  # fmt: skip


@dataclass
class Board:
    """A social board with its staff; ``nurse`` is of its region."""

    id: uuid.UUID
    region: uuid.UUID
    workers: list = field(default_factory=list)
    manager: tuple = None
    nurse: tuple = None
    made: int = 0


class Country:
    """``build`` fills an empty, migrated database; ``people`` says afterwards who can be measured as whom."""

    def __init__(self, size, *, seed=1, today=None):
        self.size, self.today = size, today or timezone.localdate()
        self.random = random.Random(seed)  # noqa: S311 — made-up people, the same each time
        self.now = datetime.combine(self.today, datetime.min.time(), tzinfo=UTC)
        self.rows = {model: Rows(model) for model in MODELS}
        self.people, self.emails = {}, 0
        self.permission = Permission.objects.get(codename="open_case").pk

    def build(self, raw):
        boards = self._staff()  # reads, by another connection, what is locked from here on
        with raw.cursor() as cursor, _without_triggers(cursor), _keys_aside(cursor, self.size):
            self._flush(cursor)
            for number in range(self.size):
                self._case(boards[number], number)
                if number % 500 == 499:
                    self._flush(cursor)
            self._series(boards)
            self._flush(cursor)
        raw.commit()
        raw.autocommit = True
        raw.execute("ANALYZE")

    def _flush(self, cursor):
        for model in MODELS:
            if self.rows[model].found:
                self.rows[model].copy(cursor)

    def _id(self):
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def _words(self, number):
        return " ".join(self.random.choices(WORDS, k=number)).capitalize() + "."

    def _day(self, ago):
        return self.today - timedelta(days=ago)

    def _add(self, model, **values):
        values.setdefault("id", self._id())
        values.setdefault("created_at", self.now)
        self.rows[model].add(**values)
        return values["id"]

    # Staff

    def _member(self, authority, role, unit=None):
        self.emails += 1
        name = f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"
        user = self._id()
        self.rows[User].add(
            id=user,
            email=f"person{self.emails}@country.example",
            name=name,
            is_active=True,
            password="!",  # noqa: S106 — nobody signs in
        )
        member = self._add(
            Membership, authority_id=authority, user_id=user, role=role, title="", unit_id=unit,
            starts_on=self._day(900),
        )  # fmt: skip
        return member, user

    def _staff(self):
        """Boards in the order their cases come: for each case the board it belongs to."""
        regions = {a.region_id: a.pk for a in Authority.objects.filter(kind="health_authority")}
        social = Authority.objects.filter(kind="social_board").prefetch_related("municipalities").order_by("name", "pk")
        boards, of_many = [], None
        for authority in social:
            where = authority.municipalities.all()[0]
            board = Board(authority.pk, regions[where.region_id])
            of_many = board if where.code == BOARD_OF_MANY else of_many
            boards.append(board)
        nurses = {region: self._member(region, "healthcare") for region in sorted(regions.values())}
        for board in boards:
            unit = self._add(Unit, authority_id=board.id, name="Vuxenenheten", starts_on=self._day(900))
            board.manager, board.nurse = self._member(board.id, "unit_manager", unit), nurses[board.region]
            self._add(UnitManager, authority_id=board.id, unit_id=unit, manager_id=board.manager[0])
            administrator = self._member(board.id, "administrator")
            board.workers = [self._member(board.id, "social_worker", unit)]
            self._agreement(board, administrator)
        busy = next(board for board in boards if board is not of_many)
        for number in range(STAFF - self.emails):
            board = boards[number % len(boards)]
            board.workers.append(self._member(board.id, "social_worker"))
        self.people = {
            "worker": busy.workers[0], "coordinator": of_many.workers[0], "manager": busy.manager, "nurse": busy.nurse,
        }  # fmt: skip
        return self._order(boards, busy, of_many)

    def _agreement(self, board, administrator):
        agreement = self._add(
            CooperationAgreement, authority_id=board.id, ground="hsl_16_3", purposes=["plans"], programmes=["adult"],
            starts_on=self._day(800), proposed_by_id=administrator[0],
        )  # fmt: skip
        for party in (board.id, board.region):
            accepted_by = administrator[0] if party == board.id else board.nurse[0]
            self._add(
                AgreementParty, authority_id=board.id, agreement_id=agreement, party_authority_id=party,
                accepted_at=self.now, accepted_by_id=accepted_by,
            )  # fmt: skip

    def _order(self, boards, busy, of_many):
        many = self.size // 10
        rest = [board for board in boards if board is not of_many]
        spread = [rest[number % len(rest)] for number in range(self.size - many - WORKERS_CASES)]
        order = [of_many] * many + [busy] * WORKERS_CASES + spread
        self.random.shuffle(order)
        self.left = WORKERS_CASES
        self.busy, self.of_many = busy, of_many
        return order

    def _worker(self, board):
        """The measured worker has the first forty of her board, and nobody else's after that."""
        if board is self.of_many:
            return board.workers[0]
        if board is self.busy:
            self.left -= 1
            return board.workers[0] if self.left >= 0 else board.workers[1 + board.made % (len(board.workers) - 1)]
        return board.workers[board.made % len(board.workers)]

    # Cases

    def _case(self, board, number):
        (worker, user), one = self._worker(board), board.id
        board.made += 1
        guarded = number % 50 == 49
        person, case = self._person(one, worker, number, guarded), self._id()
        opened = self._day(self.random.randrange(30, 700))
        self._add(
            Case, id=case, authority_id=one, number=f"{opened.year}-{number:06d}", individual_id=person,
            programme="adult", contact_way="self", worker_id=worker, created_by_id=worker, opened_on=opened,
        )  # fmt: skip
        for kind in ("worker", "coordinator"):
            self._add(
                AccessGrant, authority_id=one, content_object_id=case, membership_id=worker, user_id=user,
                permission_id=self.permission, kind=kind, starts_on=opened, granted_by_id=worker,
            )  # fmt: skip
        self._add(
            CoordinatorAppointment, authority_id=one, case_id=case, membership_id=worker, kind="coordinator",
            starts_on=opened, appointed_by_id=worker,
        )  # fmt: skip
        member = self._add(
            TeamMember, authority_id=one, case_id=case, membership_id=board.nurse[0], member_authority_id=board.region,
            function="sjuksköterska", reason=self._words(6), starts_on=opened, state="joined", invited_by_id=worker,
            answered_at=self.now,
        )  # fmt: skip
        self._consents(one, case, board.region, worker, opened)
        self._plan(board, case, worker, member, opened)
        self._notes(one, case, worker, number)
        self._clocks(one, case, worker, number)

    def _person(self, one, worker, number, guarded):
        person, name = self._id(), f"{self.random.choice(FIRST)} {self.random.choice(LAST)}"
        told = {"sealed_name": name, "guarded": True, "protection": "secrecy_mark"} if guarded else {
            "name": name, "search_key": folded(name), "sound_key": sounds_like(name)}  # fmt: skip
        self._add(Individual, id=person, authority_id=one, created_by_id=worker, **told)
        value = f"R{number:08d}"
        self._add(
            PersonIdentifier, authority_id=one, individual_id=person, kind="reserve", value=value,
            fingerprint=fingerprint(one, value),
        )  # fmt: skip
        self._add(
            SafeContact, authority_id=one, individual_id=person, channels="Sms till eget nummer", hours="Vardagar 9–11",
            verified_on=self._day(number % 60),
        )  # fmt: skip
        return person

    def _consents(self, one, case, region, worker, opened):
        common = {"authority_id": one, "case_id": case, "starts_on": opened, "form": "written", "taken_on": opened}
        self._add(Consent, kind="plan", taken_by_id=worker, **common)
        self._add(Consent, kind="waiver", recipient_id=region, areas=["health"], taken_by_id=worker, **common)

    def _plan(self, board, case, worker, member, opened):
        one, agreed = board.id, datetime.combine(opened, datetime.min.time(), tzinfo=UTC)
        plan = self._add(CoordinatedPlan, authority_id=one, case_id=case, started_on=opened)
        version = self._add(
            PlanVersion, authority_id=one, plan_id=plan, case_id=case, number=1, state="agreed", lead_principal_id=one,
            what_matters=self._words(20), current_situation=self._words(40), strengths=self._words(20),
            own_part=self._words(12), participation=self._words(12), starts_on=opened, agreed_at=agreed,
            follow_up_on=self.today + timedelta(days=30), agreed_by_id=worker,
        )  # fmt: skip
        common = {"authority_id": one, "version_id": version, "case_id": case}
        goals = [
            self._add(Goal, area=area, own_words=self._words(12), wording=self._words(10), position=place, **common)
            for place, area in enumerate(AREAS)
        ]
        for place in range(8):
            health = AREAS[place % 3] == "health"
            self._add(
                Measure, goal_id=goals[place % 3], area=AREAS[place % 3], need=self._words(8), title=self._words(4),
                principal_kind="health" if health else "social", principal_id=board.region if health else one,
                responsible_id=member if health else None, starts_on=opened, status="ongoing",
                ends_on=self.today + timedelta(days=self.random.randrange(5, 300)), **common,
            )  # fmt: skip
        self._add(
            Section, area="health", principal_id=board.region, writer_id=board.nurse[0], question=self._words(8),
            text=self._words(60), state="signed", requested_by_id=worker, signed_at=agreed, **common,
        )  # fmt: skip

    def _notes(self, one, case, worker, number):
        for place in range(60 if number % 5 == 4 else 10):
            day = self._day(place * 7 + number % 7)
            at = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
            self._add(
                CaseNote, authority_id=one, created_at=at, case_id=case, kind="call", event_on=day,
                source="Personen själv", fact=self._words(30), assessment=self._words(12), author_id=worker,
                signed_at=at,
            )  # fmt: skip

    def _clocks(self, one, case, worker, number):
        for place, kind in enumerate(("follow_up", "note_follow_up", "protection_review")):
            self._add(
                Clock, authority_id=one, case_id=case, kind=kind, rule_id="plan.follow_up", subject_id=self._id(),
                owner_id=worker, due_on=self.today + timedelta(days=(number * 7 + place * 40) % 150), warn_days=[7, 1],
                escalate_days=5, next_at=self.now + timedelta(days=1 + number % 150),
            )  # fmt: skip

    def _series(self, boards):
        for one in {board.id for board in boards}:
            self._add(CaseSeries, authority_id=one, year=self.today.year, last=self.size)


def _keys_aside(cursor, size):
    return put_aside(cursor, [model._meta.db_table for model in MODELS]) if size >= WORTH_IT else nullcontext()


@contextmanager
def _without_triggers(cursor):
    """The rows are as their rooms would have written them; the walls stand open to their owner meanwhile."""
    for model in MODELS:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit is asked now
    for model in MODELS:
        cursor.execute(f"ALTER TABLE {model._meta.db_table} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")
