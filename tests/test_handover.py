"""A whole caseload goes to a colleague: nobody stands without a coordinator, and whoever moves it opens nothing."""

from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cases import operations as cases
from cases.models import AccessGrant, Case, Clock
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import end_member
from exitprogram.tenancy.roles import Role
from teams import operations as teams
from teams.caseload import caseload, in_short
from teams.models import CoordinatorAppointment, Handover
from tests.connections import dsn_of
from tests.handovers import age
from tests.visits import Visit, sees
from tests.world import World, today

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    world = World()
    world.agreed  # noqa: B018  a plan in force, so that there is a clock as well
    age(world.case)
    world.hidden = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    world.coordinator(case=world.hidden)
    age(world.hidden)
    return world


def move(world, by=None, **more):
    by = by or world.adam
    given = {"from_member": world.anna, "to_member": world.leo, "reason": "Anna slutar", **more}
    with acting(by):
        row = teams.hand_over(by=by, **given)
    world.answers_all(given["to_member"])
    return row


def opened(world, who):
    """What she has, when she has answered that she knows nobody in them."""
    world.answers_all(who)
    with acting(who):
        return set(Case.objects.visible_to(who).values_list("pk", flat=True))


def coordinators(world, case):
    with acting(world.leo):
        rows = CoordinatorAppointment.objects.coordinators().filter(case=case).order_by("starts_on")
        return [(row.membership_id, row.starts_on, row.ends_on) for row in rows]


def test_everything_goes_at_once(world):
    row = move(world)
    assert set(row.moved) == {world.case.pk, world.hidden.pk}
    assert opened(world, world.leo) == {world.case.pk, world.hidden.pk}
    assert opened(world, world.anna) == set()
    former, now = coordinators(world, world.case)
    assert former[0] == world.anna.pk and former[2] == today() - timedelta(days=1)
    assert now == (world.leo.pk, today(), None)
    with acting(world.leo):
        assert set(Case.objects.values_list("worker_id", flat=True)) == {world.leo.pk}
        assert set(Clock.objects.open().values_list("owner_id", flat=True)) == {world.leo.pk}
    with acting(world.adam):
        traces = AuditEvent.objects.filter(action="coordinator.handed_over")
        assert {trace.case_id for trace in traces} == {world.case.pk, world.hidden.pk}


def test_whoever_moves_it_opens_nothing(world):
    for by in (world.adam, world.maud):
        assert opened(world, by) == set()
    move(world, by=world.maud)
    for by in (world.adam, world.maud):
        assert opened(world, by) == set()


def test_the_one_who_leaves_may_read_to_a_day_and_sign(world):
    with acting(world.anna):
        cases.save_note(by=world.anna, case=world.case, kind="contact", event_on=today(), source="Maria", fact="Ringde")
    with acting(world.adam):
        assert in_short(caseload(world.anna, world.leo))["drafts"] == 1
    move(world, reads_until=today() + timedelta(days=5))
    assert opened(world, world.anna) == {world.case.pk, world.hidden.pk}
    with acting(world.leo):
        ends = AccessGrant.objects.filter(membership=world.anna, ended_at=None).values_list("ends_on", flat=True)
        assert set(ends) == {today() + timedelta(days=5)}
        assert Clock.objects.get(kind="note_draft").owner_id == world.anna.pk


def test_a_case_whose_person_the_successor_knows_stays(world):
    with acting(world.anna):
        cases.block_access(by=world.anna, case=world.case, user=world.leo.user, kind="conflict", reason="Kusin")
    with acting(world.maud):
        short = in_short(caseload(world.anna, world.leo))
    assert [row["hinder"] for row in short["stays"]] == ["blocked"] and short["stays"][0]["number"]
    row = move(world)
    assert row.moved == [world.hidden.pk]
    assert opened(world, world.anna) == {world.case.pk}


@pytest.mark.parametrize("leader", ["maud", "adam"])
def test_a_leader_is_told_nothing_of_a_case_she_is_kept_out_of(world, leader):
    """The blocked may not know that there is such a case: it looks as a protected person's does, and goes along."""
    who = getattr(world, leader)
    with acting(world.anna):
        cases.block_access(by=world.anna, case=world.case, user=who.user, kind="conflict", reason="Syster")
    with acting(who):
        assert [(row["number"], row["hinder"]) for row in caseload(world.anna, world.leo)] == [("", ""), ("", "")]
    assert set(move(world, by=who).moved) == {world.case.pk, world.hidden.pk}
    assert opened(world, who) == set()


def test_appointed_today_waits_until_tomorrow(world):
    fresh = world.open_case(individual=world.person(name="Ny Idag"))
    world.coordinator(case=fresh)
    row = move(world)
    assert fresh.pk not in row.moved
    assert fresh.pk in opened(world, world.anna)


def test_the_preview_says_no_name_and_no_protected_number(world):
    with acting(world.maud):
        numbers = [row["number"] for row in caseload(world.anna, world.leo)]
    assert numbers == ["", world.case.number]
    with acting(world.adam):
        assert [row["number"] for row in caseload(world.anna, world.leo)] == ["", ""]
    for stranger in (world.anna, world.leo, world.siv, world.cilla):
        with acting(stranger):
            assert caseload(world.anna, world.leo) == []


@pytest.mark.parametrize(("given", "says"), [
    ({"reason": " "}, "Skriv varför"),
    ({"to": "anna"}, "Välj en annan"),
    ({"to": "maud"}, "anställd i socialtjänsten"),
    ({"to": "cilla"}, "anställd i socialtjänsten"),
    ({"reads_until": timedelta(days=90)}, "högst 31 dagar"),
    ({"reads_until": timedelta(days=-1)}, "högst 31 dagar"),
])  # fmt: skip
def test_refused_with_a_sentence(world, given, says):
    more = {"reason": given.get("reason", "Slutar")}
    if "to" in given:
        more["to_member"] = getattr(world, given["to"])
    if "reads_until" in given:
        more["reads_until"] = today() + given["reads_until"]
    with pytest.raises(Refused, match=says):
        move(world, **more)
    assert opened(world, world.anna) == {world.case.pk, world.hidden.pk}


def test_nothing_to_move_is_said(world):
    with pytest.raises(Refused, match="inga ärenden"):
        move(world, from_member=world.leo, to_member=world._member(world.adam, "Lena Tar", Role.SOCIAL_WORKER))


def test_nobody_moves_it_to_herself(world):
    chief = world._member(world.siv, "Anna Chef", Role.UNIT_MANAGER)
    with pytest.raises(NotAllowed), acting(chief):
        teams.hand_over(by=chief, from_member=world.anna, to_member=world.leo, reason="x")


def test_by_sql_only_those_who_lead_and_only_to_a_colleague(world):
    """The row itself is what moves: the database asks again who writes it and who receives."""
    for by, to in ((world.anna, world.leo), (world.adam, world.maud), (world.adam, world.cilla)):
        row = Handover(
            authority_id=world.bollnas.pk, from_member=world.anna, to_member=to, reason="x", decided_by=by, day=today()
        )
        with acting(by), pytest.raises(DatabaseError), transaction.atomic():
            row.save(force_insert=True)
    assert opened(world, world.anna) == {world.case.pk, world.hidden.pk}


def test_by_sql_no_step_of_it_alone(world):
    with psycopg.connect(**dsn_of("app")) as raw:
        for call in ("wall.hand_over_case(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
                     " NULL)", "wall.held_by(gen_random_uuid(), NULL)"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"SELECT {call}")
            raw.rollback()


def test_a_role_does_not_end_over_an_open_case(world):
    with pytest.raises(Refused, match="samordnare i 2 ärenden"), acting(world.adam):
        end_member(by=world.adam, membership=world.anna, ends_on=today())
    with pytest.raises(DatabaseError), acting(world.adam), transaction.atomic():
        world.anna.ends_on = today()
        world.anna.save(update_fields=["ends_on"])
    move(world)
    with acting(world.adam):
        world.anna.ends_on = None
        assert end_member(by=world.adam, membership=world.anna, ends_on=today()).ends_on == today()


def test_ending_a_role_shows_what_it_holds(world):
    page = Visit(world.adam).get("tenancy:member_end", world.anna)
    assert sees(page, "Handlägger öppna ärenden", "Är samordnare", "Lämna över ärenden") and not sees(
        page, world.case.number
    )
    move(world)
    assert not sees(Visit(world.adam).get("tenancy:member_end", world.anna), "Det här påverkas")
    assert sees(Visit(world.adam).post("tenancy:member_end", world.leo, ends_on=today()), "Lämna över först")
    for stranger in (world.siv, world.cilla, world.leo):
        with acting(stranger):
            assert connection_rows(world.leo) == []


def connection_rows(member):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wall.role_holds(%s)", [member.pk])
        return cursor.fetchall()


def test_nobody_can_end_the_last_coordinator_by_sql(world):
    with pytest.raises(DatabaseError, match="utan samordnare"), acting(world.anna):  # when the transaction ends
        row = CoordinatorAppointment.objects.coordinators().get(case=world.case)
        row.ends_on = today()
        row.save(update_fields=["ends_on"])


def test_the_pages_from_person_to_moved(world):
    adam = Visit(world.adam)
    page = adam.get("teams:hand_over", world.anna)
    assert sees(page, "2 öppna ärenden") and not sees(page, world.case.number)
    url = reverse("teams:hand_over", args=[world.anna.pk])
    assert sees(adam.client.get(f"{url}?to_member={world.leo.pk}"), "Flytta 2 ärenden", "Inget ärende blir kvar")
    page = adam.post("teams:hand_over", world.anna, to_member=world.leo, reason="Slutar", follow=True)
    assert sees(page, "2 ärenden har gått över till Leo Ek")


def test_a_reason_that_lacks_is_said_at_the_field(world):
    page = Visit(world.maud).post("teams:hand_over", world.anna, to_member=world.leo, reason="")
    assert sees(page, "Flytta 2 ärenden", "error")
    assert opened(world, world.anna) == {world.case.pk, world.hidden.pk}


# Away, and somebody covers


def away(world, start=0, days=5, **more):
    given = {"membership": world.leo, "starts_on": today() + timedelta(days=start), **more}
    with acting(world.anna):
        rows = teams.cover_absence(by=world.anna, ends_on=given["starts_on"] + timedelta(days=days), **given)
    world.answers_all(given["membership"])
    return rows


def test_whoever_covers_opens_the_cases_those_days(world):
    rows = away(world, start=3)
    assert len(rows) == 2 and opened(world, world.leo) == set()
    for case in (world.case, world.hidden):
        age(case, days=4)
        assert coordinators_now(world, case) == [world.anna.pk]
    move_grants(world, days=4)
    assert opened(world, world.leo) == {world.case.pk, world.hidden.pk}
    move_grants(world, days=6)
    assert opened(world, world.leo) == set()


def coordinators_now(world, case):
    with acting(world.anna):
        held = CoordinatorAppointment.objects.coordinators().on_day(today()).filter(case=case)
        return [row.membership_id for row in held]


def move_grants(world, days):
    with psycopg.connect(**dsn_of("owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_accessgrant NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE cases_accessgrant SET starts_on = starts_on - %s, ends_on = ends_on - %s"
            " WHERE membership_id = %s", [days, days, world.leo.pk],
        )  # fmt: skip
        owner.execute("ALTER TABLE cases_accessgrant FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def test_whoever_covers_sees_what_is_to_be_done(world):
    assert not sees(Visit(world.leo).get("plans:my_day"), world.case.number)
    late_follow_up(world)
    assert sees(Visit(world.anna).get("plans:my_day"), world.case.number)
    rows = away(world)
    assert sees(Visit(world.leo).get("plans:my_day"), world.case.number, "Uppföljning")
    with acting(world.anna):
        for row in rows:
            teams.end_cover(by=world.anna, appointment=row)
    assert not sees(Visit(world.leo).get("plans:my_day"), world.case.number)


def late_follow_up(world):
    with psycopg.connect(**dsn_of("owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_clock NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        owner.execute("UPDATE cases_clock SET due_on = due_on - 100 WHERE case_id = %s", [world.case.pk])
        owner.execute("ALTER TABLE cases_clock FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def test_the_deputy_who_covered_is_deputy_again(world):
    """Both parts are open to her by a way in of their own: the end of one is not the end of the other."""
    with acting(world.anna):
        teams.appoint_coordinator(by=world.anna, case=world.case, membership=world.leo, kind="deputy")
    for row in away(world):
        with acting(world.anna):
            teams.end_cover(by=world.anna, appointment=row)
    assert opened(world, world.leo) == {world.case.pk}


def test_a_deputy_who_is_replaced_covers_on(world):
    with acting(world.anna):
        teams.appoint_coordinator(by=world.anna, case=world.case, membership=world.leo, kind="deputy")
    age(world.case)
    away(world)
    lena = world._member(world.adam, "Lena Tar", Role.SOCIAL_WORKER)
    with acting(world.anna):
        teams.appoint_coordinator(by=world.anna, case=world.case, membership=lena, kind="deputy")
    assert opened(world, world.leo) == {world.case.pk, world.hidden.pk}


def test_a_deputy_who_takes_over_keeps_no_second_way_in(world):
    with acting(world.anna):
        teams.appoint_coordinator(by=world.anna, case=world.case, membership=world.leo, kind="deputy")
    age(world.case)
    move(world)
    with acting(world.leo):
        mine = AccessGrant.objects.filter(membership=world.leo, content_object=world.case, ended_at=None)
        assert sorted(mine.values_list("kind", flat=True)) == ["coordinator", "worker"]


def test_days_that_have_not_come_are_taken_back_whole(world):
    rows = away(world, start=5)
    assert sees(Visit(world.anna).post("teams:back", rows[0], follow=True), "Vikariatet är avslutat", "Ingen frånvaro")
    with acting(world.anna):
        assert not CoordinatorAppointment.objects.filter(kind="cover").exists()
        assert not AccessGrant.objects.filter(membership=world.leo, ended_at=None).exists()
    away(world, start=5)  # and may be agreed anew


def test_days_away_past_a_case_that_was_closed(world):
    rows = away(world)
    close(world, world.hidden)
    assert not sees(Visit(world.leo).get("teams:absence"), world.hidden.number)
    assert sees(Visit(world.anna).post("teams:back", rows[0], follow=True), "Vikariatet är avslutat")
    assert opened(world, world.leo) == set()


def close(world, case):
    with psycopg.connect(**dsn_of("owner"), autocommit=True) as owner:
        owner.execute("ALTER TABLE cases_case NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
        owner.execute("UPDATE cases_case SET closed_on = opened_on WHERE id = %s", [case.pk])
        owner.execute("ALTER TABLE cases_case FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")
    move_grants(world, days=400)


def test_whoever_takes_over_is_told_where_the_day_begins(world):
    assert not sees(Visit(world.leo).get("plans:my_day"), "har lämnats över till dig")
    move(world)
    assert sees(Visit(world.leo).get("plans:my_day"), "Ärenden har lämnats över till dig")
    assert not sees(Visit(world.anna).get("plans:my_day"), "har lämnats över till dig")


def test_back_earlier_closes_it_at_once(world):
    rows = away(world)
    assert opened(world, world.leo) == {world.case.pk, world.hidden.pk}
    assert sees(Visit(world.anna).post("teams:back", rows[0], follow=True), "Vikariatet är avslutat")
    assert opened(world, world.leo) == set()


@pytest.mark.parametrize(("given", "says"), [
    ({"days": -1}, "före första"), ({"start": -2}, "tidigast i dag"), ({"days": 400}, "längre än ett år"),
    ({"membership": "anna"}, "Välj en kollega"), ({"membership": "maud"}, "anställd i socialtjänsten"),
])  # fmt: skip
def test_an_absence_that_cannot_be(world, given, says):
    if "membership" in given:
        given = given | {"membership": getattr(world, given["membership"])}
    with pytest.raises(Refused, match=says):
        away(world, **given)
    with acting(world.anna):
        assert not CoordinatorAppointment.objects.filter(kind="cover").exists()


def test_two_do_not_cover_the_same_days(world):
    away(world)
    with pytest.raises(Refused, match="vikarierar redan"):
        away(world, start=2)


def test_the_absence_page(world):
    anna = Visit(world.anna)
    assert sees(anna.post("teams:absence", membership=world.leo, starts_on="2020-01-01", ends_on="2020-01-02"),
                "tidigast i dag", "2020-01-01")  # fmt: skip
    page = anna.post("teams:absence", membership=world.leo, starts_on=today(), ends_on=today(), follow=True)
    assert sees(page, "Leo Ek vikarierar i 2 ärenden", "Leo Ek vikarierar för dig")
    world.answers_all(world.leo)
    assert sees(Visit(world.leo).get("teams:absence"), "Du vikarierar för Anna Berg")
