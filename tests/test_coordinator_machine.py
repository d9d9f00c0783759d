"""Whatever happens to appointments, roles, blocks and the days, in whatever order: an open case that has had a
coordinator has exactly one every day, employed in social services, whom nothing ties to the person."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from cases import operations as cases
from cases.models import AccessBlock, ConflictAnswer
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import end_member
from plans import operations as plans
from teams import operations as teams
from teams.conflicts import question_of
from teams.models import CoordinatorAppointment
from tests.connections import connected
from tests.world import today

WORKERS = ["anna", "leo", "lena", "lars"]
TABLES = ("teams_coordinatorappointment", "tenancy_membership", "cases_accessgrant")
OTHERS = ("cases_case", "cases_closure", "cases_conflictanswer")
workers = st.sampled_from(WORKERS)
days = st.sampled_from([0, 1, 3, 20])


@pytest.fixture(scope="module")
def stage(standing):
    world = standing
    world.continuous = [world.open_case(individual=world.person(name=f"Sammanhang {n}")) for n in "AB"]
    with connected("owner", autocommit=True) as owner:
        world.owner = owner
        for table in TABLES + OTHERS:
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        yield world
        for table in TABLES + OTHERS:
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


class Continuity(RuleBasedStateMachine):
    world, closings = None, 0

    @initialize()
    def begin(self):
        owner, ids = self.world.owner, [case.pk for case in self.world.continuous]
        with acting(self.world.maud):
            for case in self.world.continuous:
                for block in AccessBlock.objects.filter(case=case, ended_at=None):
                    cases.lift_block(by=self.world.maud, case=case, block=block, reason="klart")
        self._as_owner([
            ("DELETE FROM teams_coordinatorappointment WHERE case_id = ANY (%s)", [ids]),
            ("DELETE FROM cases_conflictanswer WHERE case_id = ANY (%s)", [ids]),
            ("DELETE FROM cases_closure WHERE case_id = ANY (%s)", [ids]),
            ("UPDATE cases_case SET closed_on = NULL, worker_id = created_by_id WHERE id = ANY (%s)", [ids]),
            ("DELETE FROM cases_accessgrant WHERE content_object_id = ANY (%s) AND kind <> 'named'", [ids]),
            ("UPDATE tenancy_membership SET ends_on = NULL WHERE id = ANY (%s)",
             [[getattr(self.world, name).pk for name in WORKERS]]),
        ])  # fmt: skip
        held = "SELECT 1 FROM cases_accessgrant WHERE content_object_id = %s AND membership_id = %s"
        for case in self.world.continuous:
            if not owner.execute(held, [case.pk, self.world.maud.pk]).fetchone():
                with acting(self.world.maud):
                    cases.grant_access(
                        by=self.world.maud, case=case, membership=self.world.maud, kind="named", reason="leder"
                    )
            self.appoint(case, "anna", "coordinator")
        self.turned = {case.pk: today() for case in self.world.continuous}
        self.shut = {case.pk: [] for case in self.world.continuous}  # [first, last or None] of days without the case

    def _as_owner(self, statements):
        for table in TABLES + OTHERS:
            self.world.owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            for statement, values in statements:
                self.world.owner.execute(statement, values)
        finally:
            for table in TABLES + OTHERS:
                self.world.owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def appoint(self, case, name, kind):
        try:
            with acting(self.world.maud):
                teams.appoint_coordinator(
                    by=self.world.maud, case=case, membership=getattr(self.world, name), kind=kind
                )
        except Refused:
            return

    @rule(n=st.integers(0, 1), name=workers, kind=st.sampled_from(["coordinator", "coordinator", "deputy"]))
    def appointed(self, n, name, kind):
        self.appoint(self.world.continuous[n], name, kind)

    @rule(name=workers)
    def says_no(self, name):
        self.world.answers_all(getattr(self.world, name), [case.pk for case in self.world.continuous])

    @rule(n=st.integers(0, 1), name=workers, to=workers)
    def says_yes(self, n, name, to):
        """She knows the person: out at once, and whoever she names holds the case together."""
        by, case = getattr(self.world, name), self.world.continuous[n]
        try:
            with acting(by):
                teams.answer_conflict(by=by, case_id=case.pk, knows=True, successor=getattr(self.world, to))
        except Refused:
            return

    @rule(n=st.integers(0, 1))
    def closed(self, n):
        case = self.world.continuous[n]
        try:
            with acting(self.world.maud):
                plans.close_case(by=self.world.maud, case=case, kind="enough", reason="klart")
        except Refused:
            return
        self.shut[case.pk].append([today() + timedelta(days=1), None])
        type(self).closings += 1

    @rule(n=st.integers(0, 1), name=st.sampled_from([None, *WORKERS]))
    def taken_up_again(self, n, name):
        case = self.world.continuous[n]
        try:
            with acting(self.world.maud):
                plans.reopen_case(
                    by=self.world.maud, case=case, reason="åter", coordinator=name and getattr(self.world, name)
                )
        except Refused:
            return
        self.shut[case.pk][-1][1] = max(today() - timedelta(days=1), self.shut[case.pk][-1][0] - timedelta(days=1))

    @rule(n=st.integers(0, 1), honest=st.booleans())
    def taken_up_again_by_sql(self, n, honest):
        """A holder with SQL at hand: with or without the row that says when; never with a coordinator."""
        case = self.world.continuous[n]
        if self.shut[case.pk] == [] or self.shut[case.pk][-1][1] is not None:
            return
        maud = self.world.maud
        with pytest.raises(DatabaseError), acting(maud), transaction.atomic(), connection.cursor() as cursor:
            if honest:
                cursor.execute(
                    "UPDATE cases_closure SET reopened_on = wall.today(), reopened_by_id = %s"
                    " WHERE case_id = %s AND reopened_on IS NULL", [maud.pk, case.pk],
                )  # fmt: skip
            cursor.execute("UPDATE cases_case SET closed_on = NULL WHERE id = %s", [case.pk])
            assert cursor.rowcount == 1

    @rule(leaving=workers, to=workers, later=st.sampled_from([None, 0, 5]))
    def handed_over(self, leaving, to, later):
        by = self.world.adam
        until = None if later is None else today() + timedelta(days=later)
        try:
            with acting(by):
                teams.hand_over(
                    by=by, from_member=getattr(self.world, leaving), to_member=getattr(self.world, to), reason="x",
                    reads_until=until,
                )  # fmt: skip
        except Refused:
            return

    @rule(name=workers, cover=workers, start=days, length=days)
    def away(self, name, cover, start, length):
        by, first = getattr(self.world, name), today() + timedelta(days=start)
        try:
            with acting(by):
                teams.cover_absence(
                    by=by, membership=getattr(self.world, cover), starts_on=first,
                    ends_on=first + timedelta(days=length),
                )  # fmt: skip
        except Refused:
            return

    @rule(name=workers)
    def back_early(self, name):
        by = getattr(self.world, name)
        with acting(by):
            covers = CoordinatorAppointment.objects.visible_to(by).filter(kind="cover", appointed_by=by)
            for row in covers.filter(ends_on__gte=today()):
                try:
                    teams.end_cover(by=by, appointment=row)
                except Refused:
                    continue

    @rule(name=workers, later=days)
    def role_ends(self, name, later):
        try:
            with acting(self.world.adam):
                end_member(
                    by=self.world.adam, membership=getattr(self.world, name), ends_on=today() + timedelta(days=later)
                )
        except Refused:
            return

    @rule(name=workers, later=days)
    def role_ends_by_sql(self, name, later):
        """An administrator with SQL at hand, past every operation."""
        member = getattr(self.world, name)
        try:
            with acting(self.world.adam), transaction.atomic():
                member.ends_on = today() + timedelta(days=later)
                member.save(update_fields=["ends_on"])
        except DatabaseError:
            return
        finally:
            member.ends_on = None

    @rule(n=st.integers(0, 1), later=st.sampled_from([0, 2]))
    def coordination_ends_by_sql(self, n, later):
        try:
            with acting(self.world.maud):
                rows = CoordinatorAppointment.objects.coordinators().on_day(today())
                row = rows.filter(case=self.world.continuous[n], case__closed_on=None).first()
                if row is None:
                    return  # closed, perhaps today; that an open case has one is asked after each step
                last = max(row.starts_on, today() + timedelta(days=later))
                if row.ends_on == last:
                    return  # that is its last day already, and somebody comes after her
                row.ends_on = last
                row.save(update_fields=["ends_on"])
        except DatabaseError:
            return
        pytest.fail("an open case was left without a coordinator")

    @rule(n=st.integers(0, 1), name=workers)
    def blocked(self, n, name):
        """Whoever coordinates hands over before she is blocked: the block itself does not find a successor."""
        case, user = self.world.continuous[n], getattr(self.world, name).user
        with acting(self.world.maud):
            now = CoordinatorAppointment.objects.filter(case=case).filter(ends_on=None)
            if now.filter(membership__user=user).exists():
                return
            try:
                cases.block_access(by=self.world.maud, case=case, user=user, kind="conflict", reason="känner")
            except Refused:
                return

    @rule(n=st.sampled_from([1, 1, 4]))
    def days_pass(self, n):
        for table in TABLES:
            rows = self.world.owner.execute(f"SELECT id FROM {table} ORDER BY starts_on").fetchall()
            self._as_owner([
                (f"UPDATE {table} SET starts_on = starts_on - %s, ends_on = ends_on - %s WHERE id = %s", (n, n, *row))
                for row in rows  # one by one, the earliest first, or they would meet on the way
            ])  # fmt: skip
        self._as_owner([
            ("UPDATE cases_case SET opened_on = opened_on - %s, closed_on = closed_on - %s WHERE id = ANY (%s)",
             (n, n, [case.pk for case in self.world.continuous])),
            ("UPDATE cases_closure SET closed_on = closed_on - %s, reopened_on = reopened_on - %s", (n, n)),
        ])  # fmt: skip
        back = timedelta(days=n)
        self.turned = {pk: day - back for pk, day in self.turned.items()}
        self.shut = {pk: [[day and day - back for day in one] for one in days] for pk, days in self.shut.items()}

    @invariant()
    def exactly_one_every_day(self):
        if not hasattr(self, "turned"):
            return
        for case in self.world.continuous:
            rows = self.world.owner.execute(
                "SELECT a.starts_on, a.ends_on, m.role, m.ends_on FROM teams_coordinatorappointment a"
                " JOIN tenancy_membership m ON m.id = a.membership_id"
                " WHERE a.case_id = %s AND a.kind = 'coordinator'", [case.pk],
            ).fetchall()  # fmt: skip
            for n in range((today() - self.turned[case.pk]).days + 30):
                day = self.turned[case.pk] + timedelta(days=n)
                if any(first <= day and (last is None or day <= last) for first, last in self.shut[case.pk]):
                    continue
                held = [row for row in rows if row[0] <= day and (row[1] is None or row[1] >= day)]
                assert len(held) == 1, (case.number, day, rows)
                assert held[0][2] == "social_worker" and (held[0][3] is None or held[0][3] >= min(day, today()))

    @invariant()
    def whoever_coordinates_can_open_it(self):
        if not hasattr(self, "turned"):
            return
        for case in self.world.continuous:
            with acting(self.world.maud):
                now = CoordinatorAppointment.objects.on_day(today()).filter(case=case, case__closed_on=None)
                now = now.exclude(ends_on=today()).select_related("membership")  # on her last day another may be in
                for member in [row.membership for row in now]:
                    with acting(member):
                        asked = question_of(member, case.pk) is not None
                        opened = type(case).objects.visible_to(member).filter(pk=case.pk).exists()
                        left = ConflictAnswer.objects.filter(membership=member, case=case, knows=True)
                    assert opened != asked or left.exists()

    @invariant()
    def whoever_has_left_has_no_lasting_way_in(self):
        """What an appointment opened is open no longer than it; reading for some days is another thing, and ends."""
        if not hasattr(self, "turned"):
            return
        for case in self.world.continuous:
            left = self.world.owner.execute(
                "SELECT g.kind, m.id FROM cases_accessgrant g JOIN tenancy_membership m ON m.id = g.membership_id"
                " WHERE g.content_object_id = %s AND g.kind IN ('coordinator', 'deputy') AND g.ended_at IS NULL"
                " AND g.ends_on IS NULL AND NOT EXISTS (SELECT 1 FROM teams_coordinatorappointment a"
                "   WHERE a.case_id = %s AND a.membership_id = m.id AND a.kind = g.kind AND a.ends_on IS NULL)",
                [case.pk, case.pk],
            ).fetchall()  # fmt: skip
            assert left == []

    @invariant()
    def whoever_stands_in_can_open_it(self):
        if not hasattr(self, "turned"):
            return
        for case in self.world.continuous:
            shut = self.world.owner.execute(
                "SELECT a.kind, a.membership_id FROM teams_coordinatorappointment a"
                " WHERE a.case_id = %s AND a.kind = 'deputy' AND a.ends_on IS NULL AND NOT EXISTS ("
                "   SELECT 1 FROM cases_accessgrant g WHERE g.content_object_id = %s AND g.kind = 'deputy'"
                "   AND g.membership_id = a.membership_id AND g.ended_at IS NULL AND g.ends_on IS NULL)",
                [case.pk, case.pk],
            ).fetchall()  # fmt: skip
            assert shut == []


@pytest.mark.django_db(transaction=True)
def test_one_coordinator_always(stage):
    Continuity.world = stage
    run_state_machine_as_test(
        Continuity,
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a step costs a second: shrinking would take hours
        ),
    )  # fmt: skip
    assert Continuity.closings, "nothing was ever closed: the machine asks too little"
