"""Whatever is adopted, mandated, proposed, sent, blocked, withdrawn and tried, in whatever order and by whatever route
(page, operation, raw SQL, a decided row put in): a decision is there only when the order in force that day gave it to
the one who made it, and she is neither blocked nor the one it is about. Decided is locked; the board's numbers have no
gap and no double."""

from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run
from psycopg.errors import CheckViolation, InsufficientPrivilege, RestrictViolation

from cases import operations as cases
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.models import DELEGABLE, Decision, DelegationRow
from tests import agreements
from tests.visits import Visit
from tests.world import today

PEOPLE = {
    "anna": Role.SOCIAL_WORKER, "leo": Role.SOCIAL_WORKER, "maud": Role.UNIT_MANAGER, "adam": "",
    "cilla": Role.SOCIAL_WORKER, "stina": Role.UNIT_MANAGER,
}  # fmt: skip
AWAY = ("cilla", "stina")  # employed by Söderhamn: only by mandate
ABOUT = {"case": "", "of_maud": "maud", "of_stina": "stina"}  # whom the case is about, among those who decide
HAVE_THE_CASE = ("anna",)
KINDS = ("travel", "financial_assistance", "open_care")
people, kinds = st.sampled_from(sorted(PEOPLE)), st.sampled_from(KINDS)
amounts = st.sampled_from([None, 900, 5000])
limits = st.sampled_from([None, 1000])
roles = st.sampled_from([(Role.SOCIAL_WORKER,), (Role.UNIT_MANAGER,), (Role.SOCIAL_WORKER, Role.UNIT_MANAGER)])
RAW = """UPDATE teams_decision SET state = 'decided', outcome = 'granted', no_conflict = true, decided_on = %s,
    decided_by_id = %s, row_id = %s, number = %s, law = 'SoL', role = %s, appointed_on = %s, employer_id = %s,
    mandate = %s, given_mandate_id = %s, scheme_version = %s WHERE id = %s"""
PUT_IN = """INSERT INTO teams_decision SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
    'state', 'decided', 'outcome', 'granted', 'no_conflict', true, 'decided_on', %s::text, 'decided_by_id', %s::text,
    'row_id', %s::text, 'number', %s::text, 'law', 'SoL', 'role', %s::text, 'appointed_on', %s::text, 'employer_id',
    %s::text, 'mandate', %s::text, 'given_mandate_id', %s::text, 'scheme_version', %s::int))).*
    FROM teams_decision d WHERE id = %s"""
NO = {CheckViolation, InsufficientPrivilege, RestrictViolation}
roles_of_mandates = st.sampled_from([Role.SOCIAL_WORKER, Role.UNIT_MANAGER])
days = st.sampled_from([(-5, -1), (-5, 0), (0, None), (1, None), (-5, None)])  # first and last, from today


class Deciding(RuleBasedStateMachine):
    """The order of today and the proposals in plain dicts."""

    world, adopted, story = None, 0, None

    @initialize()
    def begin(self):
        self.story = transaction.atomic()
        self.story.__enter__()
        self.proposals, self.order, self.mandates, self.blocked = [], {}, [], set()
        self.together = agreements.agreed(self.world.adam, self.world.siv, starts_on=today() - timedelta(days=9))
        self.adopt(dict.fromkeys(KINDS, (Role.SOCIAL_WORKER,)), None)

    def teardown(self):
        """Each story begins in the same world."""
        if self.story:
            transaction.set_rollback(True)
            self.story.__exit__(None, None, None)

    def who(self, name):
        return getattr(self.world, name)

    def may(self, name, kind, amount):
        if name in AWAY and not self.lent(name, kind):
            return False
        held = self.order[kind].get(PEOPLE[name], ()) if PEOPLE[name] else ()
        return held != () and (held is None or (amount is not None and amount <= held))

    def lent(self, name, kind):
        """Is there a mandate today by which somebody elsewhere sees what is sent to her?"""
        return any(m["role"] == PEOPLE[name] and m["kind"] == kind and m["holds"] for m in self.mandates)

    def reaches(self, name, proposal):
        """Has the case, or was sent the proposal, and may know of it."""
        if name in self.blocked:
            return False
        mine = name == proposal["to"] and (name not in AWAY or self.lent(name, proposal["kind"]))
        return name in HAVE_THE_CASE or mine

    @rule(role=roles_of_mandates, kind=kinds, days=days)
    def mandate(self, role, kind, days):
        first, last = (None if day is None else today() + timedelta(days=day) for day in days)
        row = agreements.given(
            self.world.adam, self.together, self.world.soderhamn, [kind], role=role, starts_on=first, ends_on=last
        )
        holds = days[0] <= 0 and (days[1] is None or days[1] >= 0)
        self.mandates.append({"id": row.pk, "role": role, "kind": kind, "holds": holds})

    @rule(name=st.sampled_from(["leo", "maud", "stina"]))
    def block(self, name):
        if name not in self.blocked and len(self.blocked) < 2:
            with acting(self.world.anna):
                for case in ABOUT:
                    user = self.who(name).user
                    cases.block_access(
                        by=self.world.anna, case=getattr(self.world, case), user=user, kind="kin", reason="x"
                    )
            self.blocked.add(name)

    @rule(name=people, kind=st.sampled_from(["immediate_custody", "addiction_care"]), to=people)
    def what_the_committee_decides_is_not_even_proposed(self, name, kind, to):
        try:
            with acting(self.who(name)):
                teams.propose_decision(
                    by=self.who(name), case=self.world.case, kind=kind, what="x", sent_to=self.who(to)
                )
            raise AssertionError(kind)
        except Refused:
            pass
        if self.proposals:
            self._refused(
                "INSERT INTO teams_decision SELECT (jsonb_populate_record(d, jsonb_build_object('id',"
                f" gen_random_uuid(), 'kind', '{kind}'))).* FROM teams_decision d WHERE id = %s",
                self.proposals[0]["id"],
            )

    @rule(given=st.fixed_dictionaries(dict.fromkeys(KINDS, roles)), limit=limits)
    def adopt(self, given, limit):
        """A new version, in force at once; limits are of money, where the matter has any."""
        type(self).adopted += 1
        self.order = {
            kind: dict.fromkeys(holders, None if kind == "open_care" else limit) for kind, holders in given.items()
        }
        rows = [
            {"number": f"{place}.{role}"[:20], "kind": kind, "law": "SoL", "role": role,
             "max_amount": self.order.get(kind, {}).get(role)}
            for place, kind in enumerate(DELEGABLE) for role in given.get(kind, (Role.UNIT_MANAGER,))
        ]  # fmt: skip
        first = today() - timedelta(days=3000 - self.adopted)
        with acting(self.world.adam):
            teams.adopt_scheme(by=self.world.adam, minute=f"SN § {self.adopted}", valid_from=first, rows=rows)

    @rule(name=people, kind=kinds, amount=amounts, to=people, about=st.sampled_from(sorted(ABOUT)))
    def propose(self, name, kind, amount, to, about):
        by, sent_to = self.who(name), self.who(to)
        amount = None if kind == "open_care" else amount
        expected = name in HAVE_THE_CASE and self.may(to, kind, amount) and to not in self.blocked
        try:
            with acting(by):
                decision = teams.propose_decision(
                    by=by, case=getattr(self.world, about), kind=kind, what="x", amount=amount,
                    sent_to=None if to == name else sent_to,
                )  # fmt: skip
        except Refused:
            assert not expected
            return
        assert expected
        self.proposals.append({"id": decision.pk, "kind": kind, "amount": amount, "to": to, "state": "proposed",
                               "about": about})  # fmt: skip

    @precondition(lambda self: self.proposals)
    @rule(data=st.data(), name=people, to=people)
    def send(self, data, name, to):
        proposal = data.draw(st.sampled_from(self.proposals))
        expected = (
            name in HAVE_THE_CASE and proposal["state"] == "proposed" and to not in {proposal["to"], *self.blocked}
            and self.may(to, proposal["kind"], proposal["amount"])
        )  # fmt: skip
        try:
            with acting(self.who(name)):
                teams.send_decision(
                    by=self.who(name), case=self._case(proposal), decision=self._row(proposal), sent_to=self.who(to)
                )
        except Refused:
            assert not expected
            return
        assert expected
        proposal["to"] = to

    @precondition(lambda self: self.proposals)
    @rule(data=st.data(), name=people)
    def withdraw(self, data, name):
        proposal = data.draw(st.sampled_from(self.proposals))
        try:
            with acting(self.who(name)):
                teams.withdraw_proposal(by=self.who(name), case=self._case(proposal), decision=self._row(proposal))
        except Refused:
            assert name != "anna" or proposal["state"] != "proposed"
            return
        assert name == "anna" and proposal["state"] == "proposed"
        proposal["state"] = "withdrawn"

    @precondition(lambda self: self.proposals)
    @rule(data=st.data(), name=people)
    def send_back(self, data, name):
        proposal = data.draw(st.sampled_from(self.proposals))
        hers = proposal["state"] == "proposed" and proposal["to"] == name != "anna" and self.reaches(name, proposal)
        try:
            with acting(self.who(name)):
                teams.send_back(by=self.who(name), decision=self._row(proposal), words="Mer")
        except Refused:
            assert not hers
            return
        assert hers
        proposal["to"] = None

    @precondition(lambda self: self.proposals)
    @rule(data=st.data(), name=people, route=st.sampled_from(["operation", "page", "sql", "put"]), honest=st.booleans())
    def decide(self, data, name, route, honest):
        """``honest``: says that there is no conflict; in SQL, names the right row and number."""
        proposal = data.draw(st.sampled_from(self.proposals))
        by, before = self.who(name), self._decided()
        expected = (
            proposal["state"] == "proposed" and honest and self.reaches(name, proposal) and route != "put"
            and name != ABOUT[proposal["about"]] and self.may(name, proposal["kind"], proposal["amount"])
        )  # fmt: skip
        getattr(self, f"_by_{route}")(by, proposal, honest)
        done = len(self._decided()) - len(before)
        assert done == expected, (route, name, proposal)
        if done:
            proposal["state"] = "decided"

    def _case(self, proposal):
        return getattr(self.world, proposal["about"])

    def _row(self, proposal):
        return Decision(pk=proposal["id"])

    def _by_operation(self, by, proposal, honest):
        try:
            with acting(by):
                teams.decide(
                    by=by, decision=self._row(proposal), outcome="granted", reasons="Behov", no_conflict=honest
                )
        except Refused:
            return

    def _by_page(self, by, proposal, honest):
        said = {"no_conflict": "on"} if honest else {"conflict": "1"}
        answer = Visit(by).post("teams:decide", proposal["id"], outcome="granted", reasons="Behov", **said)
        assert answer.status_code in (200, 302, 403, 404)

    def _by_put(self, by, proposal, honest):
        self._by_sql(by, proposal, honest, PUT_IN)

    def _by_sql(self, by, proposal, honest, statement=RAW):
        """The row that fits her role best, of the scheme in force, or when dishonest of any other; the next number; and
        the mandate that fits her best."""
        numbers = [int(number.rpartition("-")[2]) for number in self._decided().values()]
        with acting(self.world.anna):
            rows = DelegationRow.objects.filter(kind=proposal["kind"]).select_related("scheme")
            mine = [row for row in rows.order_by("scheme__version") if row.role == by.role]
            row = mine[-1 if honest else 0] if mine else None
        if row is None or (not honest and row == mine[-1]):
            return
        given = [
            today(), by.pk, row.pk, f"B{today().year}-{max(numbers, default=0) + 1:04d}", by.role, by.starts_on,
            by.authority_id, *self._mandate_of(by, proposal), row.scheme.version, proposal["id"],
        ]  # fmt: skip
        try:
            with acting(by), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, given)
        except DatabaseError as error:
            assert type(error.__cause__) in NO, "it is the wall that refuses, not a broken sentence"

    def _mandate_of(self, by, proposal):
        """The best of hers, or any of the board's: whether it holds is not for SQL to choose."""
        if by.authority_id == self.world.bollnas.pk:
            return "own", None
        fits = [m for m in self.mandates if m["role"] == by.role and m["kind"] == proposal["kind"]]
        best = sorted(fits or self.mandates, key=lambda m: not m["holds"])
        return "kl_9_37", best[0]["id"] if best else None

    def _decided(self):
        with acting(self.world.anna):
            return dict(Decision.objects.decided().order_by("number").values_list("pk", "number"))

    @invariant()
    def numbers_have_no_gap_and_no_double(self):
        if self.world is not None and hasattr(self, "proposals"):
            numbers = list(self._decided().values())
            assert numbers == [f"B{today().year}-{place:04d}" for place in range(1, len(numbers) + 1)]

    @invariant()
    def decided_is_locked(self):
        for proposal in getattr(self, "proposals", []):
            if proposal["state"] != "proposed":
                for change in ("outcome = 'refused'", "state = 'proposed'", "sent_to_id = NULL", "kind = 'travel '"):
                    self._refused(f"UPDATE teams_decision SET {change} WHERE id = %s", proposal["id"])
                return  # one of them is enough at each step

    def _refused(self, statement, key):
        try:
            with acting(self.world.anna), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [key])
                assert cursor.rowcount == 0
        except DatabaseError:
            return


def test_no_route_to_a_decision_outside_the_order_in_force(world):
    Deciding.world, Deciding.adopted = world, 0
    world.stina = world._member(world.siv, "Stina Chef", Role.UNIT_MANAGER)
    world.case  # noqa: B018
    world.of_maud = world.open_case(individual=world.person(name="maud chef"))
    world.of_stina = world.open_case(individual=world.person(name="STINA Chef"))
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    run(
        Deciding, settings=settings(max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=quiet)
    )
