"""Nothing ends without a next responsible; what the law asks of a placement has its clock, on both sides of a limit."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import DatabaseError, connection, transaction

from cases import operations as cases
from cases.models import Case, Clock, RetentionMark
from children import operations
from children.chain import links_of, since_alone
from children.models import AfterCare, Placement
from exitprogram.errors import NotAllowed, Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.closing import remaining
from tests import grown
from tests.chains import CARE
from tests.guardianship import custodians
from tests.visits import Visit, sees
from tests.world import today


@pytest.fixture
def case(world):
    world.child_worker("anna")
    return world.child_case()


def clock(case, kind):
    return Clock.objects.open().filter(case=case, kind=kind).first()


def close(world, case):
    return plans.close_case(by=world.anna, case=case, kind="enough", reason="Det går bra nu.")


def settle(world, case):
    return operations.name_next(by=world.anna, case=case, who="health", name="BUP, Stina")


# The end of a case


def test_a_childs_case_ends_only_with_somebody_next(world, case):
    with acting(world.anna):
        assert "Nästa ansvariga" in [part.text for part in remaining(world.anna, case)]
        with pytest.raises(Refused, match="Nästa ansvariga"):
            close(world, case)
        for given in ({"who": "nobody"}, {"who": "school", "name": " "}):
            with pytest.raises(Refused):
                operations.name_next(by=world.anna, case=case, **given)
        settle(world, case)
        close(world, case)
        assert Case.objects.get(pk=case.pk).closed_on == today()
        assert not Clock.objects.open().filter(case=case).exists()  # the watch over the age goes to the next one


def test_raw_sql_ends_no_childs_case(world, case):
    with acting(world.anna):
        with pytest.raises(DatabaseError, match="nästa ansvariga"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(closed_on=today())
        assert Case.objects.filter(pk=world.case.pk).update(closed_on=today()) == 1  # an adult's is another matter


def test_each_ending_has_its_own(world, case):
    with acting(world.anna):
        settle(world, case)
        close(world, case)
        plans.reopen_case(by=world.anna, case=case, reason="Ny oro.")
        again = Case.objects.get(pk=case.pk)
        with pytest.raises(Refused, match="Nästa ansvariga"):
            close(world, again)


def test_the_watch_over_eighteen_is_not_silenced_without(world):
    world.child_worker("anna")
    case = grown.child(world, world.anna, "Bo Barn", today() + timedelta(days=40))
    with acting(world.anna):
        row = clock(case, "coming_of_age")
        with pytest.raises(DatabaseError), transaction.atomic():
            Clock.objects.filter(pk=row.pk).update(done_at="2026-01-01T00:00Z", done_by=world.anna)


# After-care


@pytest.mark.parametrize("since, last", [
    (date(2026, 8, 31), date(2027, 2, 28)), (date(2026, 11, 20), date(2027, 5, 20)),
])  # fmt: skip
def test_after_care_ends_after_six_months_at_the_latest(world, case, since, last):
    if last < today() or since > today():
        pytest.skip("not on this day")
    with acting(world.anna):
        row = operations.begin_after_care(by=world.anna, case=case, after="investigation", since_on=since, why="oro")
        assert row.last_on == last == clock(case, "after_care").due_on


@pytest.mark.parametrize("ago, allowed", [(timedelta(0), True), (timedelta(days=1), False)])
def test_both_sides_of_the_six_months(world, case, ago, allowed):
    since = today() - relativedelta(months=6)
    while since + relativedelta(months=6) < today():  # a short month
        since += timedelta(days=1)
    given = {"by": world.anna, "case": case, "after": "placement", "since_on": since - ago, "why": "oro"}
    with acting(world.anna):
        if not allowed:
            with pytest.raises(Refused, match="23 kap. 1–5"):
                operations.begin_after_care(**given)
            return
        operations.begin_after_care(**given)
        with pytest.raises(Refused, match="pågår redan"):
            operations.begin_after_care(**given)
        with pytest.raises(Refused, match="när uppföljningen är avslutad"):
            cases.finish_clock(by=world.anna, case=case, clock=clock(case, "after_care"))
        operations.end_after_care(by=world.anna, case=case, result="Ny utredning inledd.")
        assert clock(case, "after_care") is None and not AfterCare.objects.open().exists()


# Cases that belong together


def test_a_link_says_that_there_is_one_and_whom_to_ask(world, case):
    """Leo has the parent's case, and nothing of the child's."""
    parent = world.case
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=parent, membership=world.leo, kind="named", reason="vikarie")
        operations.link_cases(by=world.anna, case=case, other=parent, relation="parent", shown_there=True)
        assert [(one["relation"], one["ask"]) for one in links_of(case)] == [
            ("förälder eller annan vuxen i familjen", "Anna Berg")
        ]
    with acting(world.leo):
        assert [(one["relation"], one["ask"], one["mine"]) for one in links_of(parent)] == [
            ("barn i familjen", "Anna Berg", False)
        ]
        assert not Case.objects.visible_to(world.leo).filter(pk=case.pk).exists()
        assert links_of(case) == []
    for who in (world.maud, world.cilla, world.sara):
        with acting(who):
            assert links_of(parent) == [] and links_of(case) == []


def test_nothing_is_shown_there_unless_it_was_said_so(world, case):
    with acting(world.anna):
        cases.grant_access(by=world.anna, case=world.case, membership=world.leo, kind="named", reason="vikarie")
        operations.link_cases(by=world.anna, case=case, other=world.case, relation="parent", shown_there=False)
    with acting(world.leo):
        assert links_of(world.case) == []


def test_a_protected_child_is_shown_to_nobody_else(world, case):
    hidden = world.child_case(name="Dold Unge", protection="secrecy_mark")
    with acting(world.anna):
        with pytest.raises(Refused, match="skyddade uppgifter"):
            operations.link_cases(by=world.anna, case=hidden, other=world.case, relation="parent", shown_there=True)
        operations.link_cases(by=world.anna, case=world.case, other=hidden, relation="child", shown_there=False)
        cases.grant_access(by=world.anna, case=world.case, membership=world.leo, kind="named", reason="vikarie")
        assert len(links_of(world.case)) == 1
    with acting(world.leo):
        assert links_of(world.case) == []


def test_only_one_who_has_both_links_them(world, case):
    with acting(world.cilla), pytest.raises(Refused):
        operations.link_cases(by=world.cilla, case=world.elsewhere, other=case, relation="sibling", shown_there=True)
    with acting(world.anna), pytest.raises(NotAllowed, match="båda"):
        operations.link_cases(by=world.anna, case=case, other=world.elsewhere, relation="sibling", shown_there=True)


# Placements


def placed(world, case, **more):
    given = {
        "home": "foster", "starts_on": today(), "consent": "Båda vårdnadshavarna, i dag.",
        "guardians": custodians(world.anna, case), **more,
    }  # fmt: skip
    return operations.place(by=world.anna, case=case, **given)


NEW_LAW = date(2025, 7, 1)


def test_what_began_before_the_law_is_asked_for_from_its_first_day(world, case):
    with acting(world.anna):
        placed(world, case, starts_on=date(2024, 3, 1), home="emergency", investigation_closed_on=date(2025, 6, 30))
        for kind in ("care_plan", "health_check", "placement_review"):
            assert clock(case, kind).due_on == NEW_LAW, kind
        assert clock(case, "emergency_home").due_on == date(2025, 8, 30)


def test_a_follow_up_of_which_no_law_is_entered_is_refused(world, case):
    given = {"by": world.anna, "case": case, "after": "placement", "why": "oro"}
    with acting(world.anna):
        with pytest.raises(Refused, match="ingen regel inlagd"):
            operations.begin_after_care(**given, since_on=date(2012, 12, 31))
        with pytest.raises(Refused, match="de har gått"):
            operations.begin_after_care(**given, since_on=date(2013, 1, 1))


def test_an_investigation_that_is_to_be_closed_gives_no_day(world, case):
    with acting(world.anna), pytest.raises(Refused, match="inte har varit"):
        placed(world, case, home="emergency", investigation_closed_on=today() + timedelta(days=1))


@pytest.mark.parametrize("given, law", [
    ({"home": "sheltered"}, "22 kap. 5 §"), ({"elsewhere": True}, "22 kap. 6 §"),
    ({"elsewhere": True, "consulted_on": today() + timedelta(days=1), "consulted": "Ja"}, "22 kap. 6 §"),
    ({"consent": " "}, "22 kap. 13 §"),
])  # fmt: skip
def test_what_is_asked_before_a_placement(world, case, given, law):
    with acting(world.anna), pytest.raises(Refused, match=law):
        placed(world, case, **given)


def test_the_database_asks_it_too(world, case):
    plain = {
        "authority_id": case.authority_id,
        "case": case,
        "starts_on": today(),
        "consent": "x",
        "placed_by": world.anna,
    }
    with acting(world.anna):
        for fault in ({"home": "sheltered"}, {"home": "foster", "elsewhere": True}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Placement(**plain, **fault).save(force_insert=True)


def test_what_a_placement_begins_with(world, case):
    with acting(world.anna):
        placed(world, case, home="emergency", investigation_closed_on=today())
        assert clock(case, "placement_review").due_on == today() + relativedelta(months=6)
        assert clock(case, "emergency_home").due_on == today() + relativedelta(months=2)
        assert clock(case, "health_check").due_on == clock(case, "care_plan").due_on == today()
        for kind in ("placement_review", "emergency_home", "health_check", "care_plan"):
            with pytest.raises(Refused):
                cases.finish_clock(by=world.anna, case=case, clock=clock(case, kind))
        operations.tell_region(by=world.anna, case=case)
        with pytest.raises(Refused, match="10 kap. 2 §.*Målet med vården"):
            operations.sign_placement_plan(by=world.anna, case=case, kind="care", content={**CARE, "aim": " "})
        operations.sign_placement_plan(by=world.anna, case=case, kind="care", content=CARE)
        first = clock(case, "placement_review")
        operations.consider_placement(by=world.anna, case=case, still_needed=True, words="Ja, tryggt där.")
        assert clock(case, "placement_review").pk != first.pk
        assert clock(case, "health_check") is clock(case, "care_plan") is None


def test_a_placement_ends_with_somebody_next(world, case):
    with acting(world.anna):
        row = placed(world, case)
        with pytest.raises(Refused, match="vem som tar vid"):
            operations.end_placement(by=world.anna, case=case, ends_on=today(), reason="Hem igen.")
        with pytest.raises(DatabaseError, match="nästa ansvariga"), transaction.atomic():
            row.ends_on, row.ended_by, row.end_reason = today(), world.anna, "x"
            row.save()
        operations.end_placement(
            by=world.anna, case=case, ends_on=today(), reason="Hem igen.", who="network", name="mormor"
        )
        assert not Clock.objects.open().filter(case=case).exclude(kind__in=("coming_of_age", "age_unknown")).exists()


def test_a_grown_up_has_a_care_plan_too(world):
    with acting(world.anna):
        operations.place(by=world.anna, case=world.case, home="sheltered", starts_on=today(), consent="Beslut 2026-1.")
        assert clock(world.case, "care_plan") and clock(world.case, "placement_review") is None
        with pytest.raises(Refused, match="gäller barn"):
            operations.sign_placement_plan(by=world.anna, case=world.case, kind="implementation", content={})
        operations.sign_placement_plan(by=world.anna, case=world.case, kind="care", content=CARE)
        operations.end_placement(by=world.anna, case=world.case, ends_on=today(), reason="Eget boende.")


@pytest.mark.parametrize("ago, long_ago", [(91, False), (92, True)])
def test_how_long_since_the_child_was_alone(world, case, ago, long_ago):
    with acting(world.anna):
        assert since_alone(case, on=today()) == (None, None, True)
        with pytest.raises(Refused, match="i enrum"):
            operations.record_visit(by=world.anna, case=case, day=today(), who="together", words="")
        operations.record_visit(by=world.anna, case=case, day=today() - timedelta(days=ago), who="alone", words="Bra.")
        operations.record_visit(by=world.anna, case=case, day=today(), who="carers", words="Också bra.")
        assert since_alone(case, on=today())[1:] == (ago, long_ago)


def test_the_database_counts_each_ending(world, case):
    with acting(world.anna), connection.cursor() as cursor:
        settle(world, case)
        cursor.execute("SELECT wall.nexts_of('case', %s)", [case.pk])
        assert cursor.fetchone()[0] == 1


def test_whoever_has_been_placed_is_never_destroyed(world, case):
    """SoL 16:2: the file answers by itself, whatever somebody said before or says after."""
    with acting(world.anna):
        given = {"by": world.anna, "case": case, "reason": "Kanarieskäl"}
        cases.mark_retention(**given, kind="not_placed")
        placed(world, case, consent="Mamma")
        (mark,) = RetentionMark.objects.in_force().filter(case=case)
        assert mark.kind == "placed"
        with pytest.raises(Refused, match="SoL 16:2"):
            cases.mark_retention(**given, kind="not_placed")
        with pytest.raises(Refused, match="SoL 16:2"):
            cases.end_retention_mark(by=world.anna, mark=mark, reason="Fel")


# What ends within the case


def test_a_childs_plan_ends_with_somebody_next(world, case):
    with acting(world.anna):
        plan = plans.start_plan(by=world.anna, case=case).plan
        with pytest.raises(Refused, match="tar vid"):
            plans.end_plan(by=world.anna, plan=plan, reason="Färdig.")
        with pytest.raises(DatabaseError, match="nästa ansvariga"), transaction.atomic():
            plan.ended_on, plan.end_reason = today(), "x"
            plan.save()
        with pytest.raises(Refused, match="varför ingen"):
            plans.end_plan(by=world.anna, plan=plan, reason="Färdig.", who="nobody")
        plans.end_plan(by=world.anna, plan=plan, reason="Färdig.", who="school", name="Skolkuratorn")
        assert [one.about for one in case.chain.all()] == ["programme"]


def test_a_period_in_the_programme_ends_with_somebody_next(world, case):
    given = {"step": "rest", "starts_on": today(), "ends_on": today() + timedelta(days=20), "contact": "x"}
    with acting(world.anna):
        row = cases.add_support_period(by=world.anna, case=case, **given)
        with pytest.raises(Refused, match="tar vid"):
            cases.end_support_period(by=world.anna, case=case, period=row, ended_on=today())
        with pytest.raises(DatabaseError, match="nästa ansvariga"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(ended_on=today())
        operations.name_next(by=world.anna, case=case, about="programme", subject=row, who="civil", name="Föreningen")
        cases.end_support_period(by=world.anna, case=case, period=row, ended_on=today())
        grown_up = cases.add_support_period(by=world.anna, case=world.case, **given)
        cases.end_support_period(by=world.anna, case=world.case, period=grown_up, ended_on=today())


def test_it_is_asked_where_the_plan_is_ended(world, case):
    anna = Visit(world.anna)
    with acting(world.anna):
        plans.start_plan(by=world.anna, case=case)
    assert sees(anna.get("children:next", case), "När detta slutar", "Planen", "Ärendet")
    assert sees(anna.post("plans:end", case, reason="Färdig."), "Vem tar vid")
    page = anna.post("plans:end", case, reason="Färdig.", who="nobody", next_reason="Hon vill klara sig.", follow=True)
    assert sees(page, "Planen är avslutad.")
    assert sees(anna.get("children:chain", case), "Insatsen eller programmet", "Hon vill klara sig.")
