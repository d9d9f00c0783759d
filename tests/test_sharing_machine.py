"""Whatever happens to a team, its consents and the days, in whatever order: who can read a section is what team ×
(consent or ground in law) × agreement × dates say. Told by plain Python here, asked of each wall alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases import operations as cases
from cases.models import Consent, SecrecyException
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.middleware import memberships_of
from exitprogram.tenancy.models import AgreementParty, Membership
from exitprogram.tenancy.operations import end_member
from plans import operations as plans
from plans.models import Goal, Section
from teams import operations as teams
from teams.models import TeamMember
from tests.connections import connected, logged_in_as
from tests.world import today

AREAS = ["health", "housing", "network"]
GUESTS = {"sara": "region", "nils": "region", "mika": "partner"}
MOVED = {
    "teams_teammember": "case_id = %(case)s", "cases_consent": "case_id = %(case)s",
    "cases_secrecyexception": "case_id = %(case)s", "tenancy_membership": "id = ANY (%(guests)s)",
    "tenancy_cooperationagreement": "true",
}  # fmt: skip

LONG = timedelta(days=900)  # longer than any story moves the days
guests = st.sampled_from(sorted(GUESTS))
some_areas = st.lists(st.sampled_from(AREAS), min_size=1, max_size=2, unique=True)
starts = st.sampled_from([-3, 0, 0, 0, 2])
lengths = st.sampled_from([None, 0, 1, 4, 20])


@pytest.fixture(scope="module")
def stage(standing):
    """A case with a goal and a section in every area, and nobody in its team. Days are moved as the owner: no operation
    can go back in time."""
    world, case = standing, standing.open_case(individual=standing.person(name="Delad Person"))
    with acting(world.anna):
        world.version = plans.start_plan(by=world.anna, case=case)
        member = teams.invite_member(by=world.anna, case=case, membership=world.nils, function="x", reason="x")
        for area in AREAS:
            plans.add_goal(by=world.anna, plan_version=world.version, area=area, own_words=area)
            cases.record_waiver(
                by=world.anna, case=case, recipient=world.region, areas=[area], form="oral", taken_on=today()
            )
            plans.request_section(by=world.anna, plan_version=world.version, member=member, area=area, question="?")
    world.shared_case = case
    with connected("owner", autocommit=True) as owner:
        world.owner = owner
        for table in MOVED:
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE TRIGGER USER")
        yield world
        for table in MOVED:
            owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY; ALTER TABLE {table} ENABLE TRIGGER USER")


class Sharing(RuleBasedStateMachine):
    """The story so far in plain dicts: parts in the team, what covers, how long each is employed and agreed with."""

    world = None

    @initialize()
    def begin(self):
        self.case, self.anna = self.world.shared_case, self.world.anna
        self.parts, self.covers, self.step = [], [], 0
        self.employed = dict.fromkeys(GUESTS, (-LONG.days, None))
        self.agreed = dict.fromkeys(set(GUESTS.values()), None)  # the agreement's last day
        owner = self.world.owner
        for table in ("teams_teammember", "cases_consent", "cases_secrecyexception"):
            owner.execute(f"DELETE FROM {table} WHERE case_id = %s", [self.case.pk])
        for name in GUESTS:
            owner.execute(
                "UPDATE tenancy_membership SET starts_on = %s, ends_on = NULL WHERE id = %s",
                [today() - LONG, self.who(name).pk],
            )
        owner.execute("UPDATE tenancy_cooperationagreement SET starts_on = %s, ends_on = NULL", [today() - LONG])
        self._begin_with_somebody()

    def _begin_with_somebody(self):
        """Or most stories would end before anybody reads anything."""
        self.invite("sara", 0, None)
        self.parts[0]["state"] = "joined"
        with acting(self.who("sara")):
            member = TeamMember.objects.visible_to(self.who("sara")).get(pk=self.parts[0]["id"])
            teams.answer_invitation(by=self.who("sara"), member=member, accept=True, no_conflict=True)
        self._cover("waiver", "region", ["health"], (0, None))
        self._cover("ground", "region", ["housing"], (0, 20))

    def who(self, name):
        return getattr(self.world, name)

    def days(self, start, length):
        """(first, last) as days from today."""
        return start, None if length is None else start + length

    # The team

    @rule(name=guests, start=starts, length=lengths)
    def invite(self, name, start, length):
        start, end = self.days(start, length)
        given = {"function": "x", "reason": "x", "starts_on": _date(start), "ends_on": _date(end)}
        twice = any(part["name"] == name and part["state"] in ("invited", "joined") for part in self.parts)
        callable_ = _now(-LONG.days, self.agreed[GUESTS[name]]) and _covers_day(self.employed[name], start)
        with acting(self.anna):
            if twice or not callable_:
                with pytest.raises(Refused):
                    teams.invite_member(by=self.anna, case=self.case, membership=self.who(name), **given)
                return
            member = teams.invite_member(by=self.anna, case=self.case, membership=self.who(name), **given)
        self.parts.append({"name": name, "state": "invited", "days": (start, end), "id": member.pk})

    @precondition(lambda self: self._answerable())
    @rule(data=st.data(), accept=st.sampled_from([True, True, True, False]))
    def answer(self, data, accept):
        part = data.draw(st.sampled_from(self._answerable()))
        by = self.who(part["name"])
        with acting(by):
            member = TeamMember.objects.visible_to(by).get(pk=part["id"])
            teams.answer_invitation(by=by, member=member, accept=accept, no_conflict=True)
        part["state"] = "joined" if accept else "declined"

    def _answerable(self):
        return [p for p in self.parts if p["state"] == "invited" and _now(*self.employed[p["name"]])]

    @precondition(lambda self: self._leaving())
    @rule(data=st.data())
    def leave(self, data):
        part = data.draw(st.sampled_from(self._leaving()))
        with acting(self.anna):
            member = TeamMember.objects.get(pk=part["id"])
            teams.leave_team(by=self.anna, case=self.case, member=member, reason="klart")
        part["state"] = "ended"

    def _leaving(self):
        return [p for p in self.parts if p["state"] in ("invited", "joined")]

    # Consent, and grounds in law

    @rule(recipient=st.sampled_from(["region", "region", "partner"]), areas=some_areas, start=starts, length=lengths)
    def give(self, recipient, areas, start, length):
        self._cover("waiver", recipient, areas, self.days(start, length))

    @rule(areas=some_areas, start=st.sampled_from([0, 0, 2]), length=st.sampled_from([0, 1, 20]))
    def lean_on_the_law(self, areas, start, length):
        self._cover("ground", "region", areas, self.days(start, length))

    def _cover(self, kind, recipient, areas, days, **more):
        given = {
            "by": self.anna, "case": self.case, "recipient": self.who(recipient), "areas": areas,
            "starts_on": _date(days[0]), "ends_on": _date(days[1]), **more,
        }  # fmt: skip
        with acting(self.anna):
            if kind == "waiver":
                row = cases.record_waiver(**given, form="oral", taken_on=today())
            else:
                row = cases.record_exception(**given, rule_id="secrecy.exception.social_misuse", reason="x")
        cover = {"kind": kind, "recipient": recipient, "areas": areas, "days": days, "id": row.pk, "closed": False}
        self.covers.append(cover)

    @precondition(lambda self: self._open_covers())
    @rule(data=st.data())
    def take_back(self, data):
        cover = data.draw(st.sampled_from(self._open_covers()))
        with acting(self.anna):
            if cover["kind"] == "waiver":
                row = Consent.objects.get(pk=cover["id"])
                cases.withdraw_consent(by=self.anna, case=self.case, consent=row)
            else:
                row = SecrecyException.objects.get(pk=cover["id"])
                cases.end_exception(by=self.anna, case=self.case, exception=row)
        cover["closed"] = True

    @precondition(lambda self: self._open_covers())
    @rule(data=st.data(), areas=some_areas, length=st.sampled_from([0, 4, 20]))
    def renew(self, data, areas, length):
        cover = data.draw(st.sampled_from(self._open_covers()))
        with acting(self.anna):
            model = Consent if cover["kind"] == "waiver" else SecrecyException
            old = model.objects.get(pk=cover["id"])
        self._cover(cover["kind"], cover["recipient"], areas, (0, length), renews=old)
        cover["closed"] = True

    def _open_covers(self):
        return [cover for cover in self.covers if not cover["closed"]]

    # The days, and what ends with them

    @rule(days=st.sampled_from([1, 1, 1, 2, 5, 5, 40, -1, -3]))
    def days_pass(self, days):
        with self.world.owner.transaction():
            for table, which in MOVED.items():
                self.world.owner.execute(f"UPDATE {table} SET {SHIFTED} WHERE {which}", {"days": days, **self._rows()})
        for row in (*self.parts, *self.covers):
            row["days"] = _shifted(row["days"], days)
        self.employed = {name: _shifted(period, days) for name, period in self.employed.items()}
        self.agreed = {name: end if end is None else end - days for name, end in self.agreed.items()}

    def _rows(self):
        return {"case": self.case.pk, "guests": [self.who(name).pk for name in GUESTS]}

    @precondition(lambda self: any(end is None for _start, end in self.employed.values()))
    @rule(name=guests)
    def leaves_her_work(self, name):
        if self.employed[name][1] is not None or not _now(*self.employed[name]):
            return
        admin = self.world.ragnar if GUESTS[name] == "region" else self.world.pia
        with acting(admin):
            end_member(by=admin, membership=Membership.objects.get(pk=self.who(name).pk), ends_on=today())
        self.employed[name] = (self.employed[name][0], 0)

    @rule(recipient=st.sampled_from(["region", "partner"]))
    def agreement_ends(self, recipient):
        """It opens nothing by itself. Its end closes what the team read, the same moment, and nobody more is called."""
        with acting(self.anna):
            sides = AgreementParty.objects.visible_to(self.anna).filter(party_authority=self.who(recipient))
            ids = list(sides.values_list("agreement_id", flat=True))
        self.world.owner.execute(
            "UPDATE tenancy_cooperationagreement SET ends_on = %(day)s WHERE id = ANY (%(ids)s)",
            {"day": today() - timedelta(days=1), "ids": ids},
        )
        self.agreed[recipient] = -1

    # What must always hold

    def said(self, name):
        """Areas that she reads today, by this telling."""
        joined = any(p["name"] == name and p["state"] == "joined" and _now(*p["days"]) for p in self.parts)
        if not joined or not _now(*self.employed[name]) or not _now(-LONG.days, self.agreed[GUESTS[name]]):
            return set()
        return {
            area
            for cover in self.covers
            if cover["recipient"] == GUESTS[name] and not cover["closed"] and _now(*cover["days"])
            for area in cover["areas"]
        }

    @invariant()
    def each_wall_says_the_same(self):
        if not hasattr(self, "case"):
            return
        said = {name: self.said(name) for name in GUESTS}
        assert {name: self._database_alone(name) for name in GUESTS} == said
        self.step += 1
        name = sorted(GUESTS)[self.step % len(GUESTS)]  # one at a time: that wall takes a login of its own
        with logged_in_as("backup"):
            assert self._python_alone(name) == said[name]
        assert self._told_beforehand() == said

    def _database_alone(self, name):
        with acting(self.who(name)):
            goals, sections = (
                set(model._base_manager.filter(case_id=self.case.pk).values_list("area", flat=True))
                for model in (Goal, Section)
            )
        assert goals == sections
        return goals

    def _python_alone(self, name):
        """As the role that no row security binds; the door, which asks the employment, and then the queryset."""
        if self.who(name).pk not in {m.pk for m in memberships_of(self.who(name).user)}:
            return set()
        with acting(self.who(name)):
            shown = Section.objects.visible_to(self.who(name)).filter(case_id=self.case.pk)
            return set(shown.values_list("area", flat=True))

    def _told_beforehand(self):
        """The same as the preview tells those who have the case."""
        with acting(self.anna), connection.cursor() as cursor:
            cursor.execute("SELECT name, area FROM wall.reading(%s) WHERE part = 'section'", [self.case.pk])
            rows = set(cursor.fetchall())
        return {name: {area for who, area in rows if who == self.who(name).user.name} for name in GUESTS}


SHIFTED = "starts_on = starts_on - %(days)s, ends_on = ends_on - %(days)s"


def _date(offset):
    return None if offset is None else timezone.localdate() + timedelta(days=offset)


def _now(start, end):
    return start <= 0 and (end is None or end >= 0)


def _covers_day(period, day):
    return period[0] <= day and (period[1] is None or period[1] >= day)


def _shifted(period, days):
    return period[0] - days, None if period[1] is None else period[1] - days


def test_who_reads_is_what_team_consent_ground_and_days_say(stage):
    Sharing.world = stage
    slow = settings(
        max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Sharing, settings=slow)
