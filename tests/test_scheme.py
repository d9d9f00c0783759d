"""The delegation scheme as data: written as a draft, put in force by a minute, and the rule that refuses named."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.operations import add_member, end_member
from teams import operations as teams
from teams.competence import competent, row_for, rows_of
from teams.delegation import as_dict, difference, draft_of
from teams.models import DELEGABLE, DelegationRow, DelegationScheme
from tests.world import email_of, today

DAY = timedelta(days=1)


def whole(role="unit_manager", **more):
    """Rows that leave nothing with nobody."""
    return [{"number": str(n), "kind": kind, "law": "SoL", "role": role, **more} for n, kind in enumerate(DELEGABLE, 1)]


def adopt(world, rows=None, **more):
    with acting(world.adam):
        given = {"minute": "SN § 1", "valid_from": today(), "rows": rows or whole()}
        return teams.adopt_scheme(by=world.adam, **{**given, **more})


def adopt_draft(world, **more):
    with acting(world.adam):
        given = {"minute": "SN § 2", "minute_on": today(), "valid_from": today() + DAY}
        return teams.adopt_draft(by=world.adam, **{**given, **more})


@pytest.fixture
def draft(world):
    adopt(world, valid_from=today() - 10 * DAY)
    with acting(world.adam):
        return teams.start_draft(by=world.adam)


def test_a_draft_begins_as_the_version_in_force_and_changes_nothing(world, draft):
    with acting(world.adam):
        assert (draft.version, draft.rows.count()) == (2, len(DELEGABLE))
        teams.remove_row(by=world.adam, row=draft.rows.get(kind="travel"))
        teams.add_row(by=world.adam, number="9", kind="travel", law="SoL", role="social_worker", max_amount=500)
    with acting(world.anna):
        assert row_for(world.anna, "travel", on=today(), amount=100) is None
        assert row_for(world.maud, "travel", on=today(), amount=100).scheme.version == 1


def test_a_new_version_ends_the_one_before(world, draft):
    scheme = adopt_draft(world)
    with acting(world.adam):
        first, second = DelegationScheme.objects.order_by("version")
        assert (first.valid_to, second.valid_from) == (today(), today() + DAY)
        assert second == scheme and second.adopted_by_id == world.adam.pk and draft_of() is None
        assert DelegationScheme.objects.in_force(on=today()).get() == first


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"minute": " "}, "protokollsparagraf"),
        ({"minute_on": today() + DAY}, "framåt i tiden"),
        ({"valid_from": today() - DAY}, "före nämndens beslut"),
        ({"valid_from": today() - 10 * DAY, "minute_on": today() - 30 * DAY}, "Två versioner kan inte gälla samma dag"),
        ({"valid_from": today() - 20 * DAY, "minute_on": today() - 30 * DAY}, "Två versioner kan inte gälla samma dag"),
        ({"valid_to": today()}, "före första dagen"),
    ],
)
def test_days_that_do_not_fit(world, draft, more, sentence):
    with pytest.raises(Refused, match=sentence):
        adopt_draft(world, **more)
    with acting(world.adam):
        assert draft_of() == draft


def test_no_version_goes_back_over_a_decision(world, draft):
    with acting(world.maud):
        pass
    world.join(world.maud)
    decide(world)
    with pytest.raises(Refused, match="1 beslut är redan fattade"):
        adopt_draft(world, valid_from=today())
    adopt_draft(world)


@pytest.mark.parametrize("matter", ["travel", "protected_housing", "investigation_extend"])
def test_a_matter_left_with_nobody(world, draft, matter):
    with acting(world.adam):
        teams.remove_row(by=world.adam, row=draft.rows.get(kind=matter))
    with pytest.raises(Refused, match="utan någon som får besluta .KL 6:37, 7:5.: .*Lägg till en rad"):
        adopt_draft(world)


def test_the_children_left_with_nobody(world, draft):
    with acting(world.adam):
        teams.change_row(by=world.adam, row=draft.rows.get(kind="travel"), target="adult")
    with pytest.raises(Refused, match=r"Resa \(barn\)"):
        adopt_draft(world)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"kind": "care_application"}, "Bara nämnden eller ett utskott beslutar i detta .30 kap. 6–10 §§"),
        ({"kind": "measure_one_guardian"}, "fattas av ett utskott"),
        ({"kind": "adoption"}, "finns inte i listan"),
        ({"role": "healthcare"}, "KL 7:5"),
        ({"role": "administrator"}, "KL 7:5"),
        ({"role": ""}, "en roll eller en namngiven person"),
        ({"may_pass_on": True}, "KL 7:6"),
        ({"max_amount": 0}, "över noll"),
        ({"max_amount": -5}, "över noll"),
        ({"max_days": 30}, "anges inget antal dagar"),
        ({"kind": "protected_housing", "target": "child"}, "gäller inte barn"),
        ({"number": " "}, "Skriv nummer"),
        ({"law": ""}, "Skriv lagrum"),
        ({"number": "1" * 21}, "högst 20 tecken"),
        ({"conditions": "x" * 301}, "högst 300 tecken"),
        ({"role": "unit_manager"}, "har redan en rad"),
    ],
)
def test_what_a_row_may_not_say(world, draft, row, sentence):
    given = {"number": "9", "kind": "travel", "law": "SoL 12:1", "role": "social_worker", **row}
    with acting(world.adam), pytest.raises(Refused, match=sentence):
        teams.add_row(by=world.adam, **given)
    with acting(world.adam):
        assert draft.rows.count() == len(DELEGABLE)


def test_many_rows_are_put_in_or_none(world, draft):
    rows = [*whole(), {"number": "9", "kind": "immediate_custody", "law": "LVU 6 §", "role": "unit_manager"}]
    with acting(world.adam), pytest.raises(Refused, match="Rad 9: Omedelbart omhändertagande"):
        teams.replace_rows(by=world.adam, rows=rows)
    with acting(world.adam), pytest.raises(Refused, match="Två rader"):
        teams.replace_rows(by=world.adam, rows=[*whole(), *whole()])
    with acting(world.adam):
        assert draft.rows.count() == len(DELEGABLE)
        teams.replace_rows(by=world.adam, rows=whole("social_worker"))
        assert set(draft.rows.values_list("role", flat=True)) == {"social_worker"}


def test_a_named_person_is_of_the_board_and_there_on_the_day(world, draft):
    given = {"number": "9", "kind": "travel", "law": "SoL 12:1"}
    with acting(world.adam):
        lisa = add_member(by=world.adam, email=email_of("Lisa Ny"), name="Lisa Ny", role="unit_manager")
        teams.add_row(by=world.adam, member=lisa, may_pass_on=True, **given)
        for stranger, sentence in ((world.cilla, "inget uppdrag hos nämnden"), (world.sara, "KL 7:5")):
            with pytest.raises(Refused, match=sentence):
                teams.add_row(by=world.adam, member=stranger, **given)
        end_member(by=world.adam, membership=lisa, ends_on=today())
    with pytest.raises(Refused, match="Lisa Ny har inget uppdrag"):
        adopt_draft(world)


def test_only_the_administrator_writes_in_it(world, draft):
    for who in (world.anna, world.maud, world.sara, world.siv):
        with acting(who), pytest.raises(Refused):
            teams.adopt_draft(by=who, minute="§", minute_on=today(), valid_from=today() + DAY)


def test_one_draft_at_a_time_and_it_can_be_dropped(world, draft):
    with acting(world.adam):
        with pytest.raises(Refused, match="redan ett utkast"):
            teams.start_draft(by=world.adam)
        teams.drop_draft(by=world.adam)
        assert draft_of() is None
        with pytest.raises(Refused, match="finns inte längre"):
            teams.add_row(by=world.adam, number="1", kind="travel", law="SoL", role="unit_manager")


def test_what_differs_between_versions(world, draft):
    with acting(world.adam):
        old = [as_dict(row) for row in DelegationRow.objects.filter(scheme__version=1)]
        teams.change_row(by=world.adam, row=draft.rows.get(kind="travel"), max_amount=2000, conditions="Bara buss")
        teams.remove_row(by=world.adam, row=draft.rows.get(kind="interpreter"))
        teams.add_row(by=world.adam, number="99", kind="interpreter", law="FL 13 §", role="social_worker")
        new = [as_dict(row) for row in draft.rows.all()]
    added, gone, changed = difference(old, new)
    assert [row["role"] for row in added] == ["social_worker"]
    assert [(row["kind"], row["role"]) for row in gone] == [("interpreter", "unit_manager")]
    [(row, what)] = changed
    assert row["kind"] == "travel"
    assert what == [("högst kronor", "ingen gräns", "2\xa0000"), ("villkor", "–", "Bara buss")]


# Who may decide: limits, target group, named persons.


def test_limits_are_kept(world):
    rows = [row for row in whole() if row["kind"] != "financial_assistance"]
    money = {"kind": "financial_assistance", "law": "SoL 12:1"}
    with acting(world.adam):
        adopt(world, [
            *rows, {**money, "number": "1.1", "role": "social_worker", "max_amount": 5000, "target": "adult"},
            {**money, "number": "1.2", "role": "unit_manager", "max_amount": 20000},
        ])  # fmt: skip
    said = {"on": today(), "target": "adult"}
    with acting(world.anna):
        assert row_for(world.anna, "financial_assistance", amount=5000, **said).number == "1.1"
        assert row_for(world.anna, "financial_assistance", amount=5001, **said) is None
        assert row_for(world.anna, "financial_assistance", amount=100, on=today(), target="child") is None
        assert row_for(world.anna, "financial_assistance", **said) is None, "no amount said: no limited row"
        assert rows_of(world.anna, "financial_assistance", on=today()).get().max_amount == 5000
        who = competent(world.anna, "financial_assistance", amount=5001, **said)
        assert [m.user.name for m in who] == ["Maud Chef"]
        assert not competent(world.anna, "financial_assistance", amount=20001, **said)


def test_a_named_person_and_not_her_colleagues(world):
    rows = whole()
    rows[0] = {**rows[0], "role": "", "member": world.leo}
    adopt(world, rows)
    kind = rows[0]["kind"]
    with acting(world.anna):
        assert row_for(world.leo, kind, on=today(), days=5, amount=5)
        assert row_for(world.anna, kind, on=today(), days=5, amount=5) is None
        assert [m.pk for m in competent(world.anna, kind, on=today())] == [world.leo.pk]


def test_nobody_decides_what_is_the_committees(world):
    adopt(world)
    with acting(world.maud):
        assert row_for(world.maud, "immediate_custody", on=today()) is None
        assert not competent(world.maud, "immediate_custody", on=today())


# The database's own wall: past the operations.


def raw_row(world, scheme, **more):
    given = {"number": "1", "kind": "travel", "law": "SoL", "role": "social_worker", **more}
    return DelegationRow(authority=world.bollnas, scheme=scheme, **given)


def refused_by_the_database(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    return True


def test_an_adopted_version_stands(world):
    scheme = adopt(world)
    with acting(world.adam):
        row = scheme.rows.first()
        assert refused_by_the_database(raw_row(world, scheme).save)
        with transaction.atomic():
            assert DelegationRow.objects.filter(pk=row.pk).delete()[0] == 0
        for column, value in (("minute", "§ 9"), ("valid_from", date(2020, 1, 1)), ("state", "draft"), ("version", 9)):
            changed = DelegationScheme.objects.filter(pk=scheme.pk)
            assert refused_by_the_database(lambda c=changed, k=column, v=value: c.update(**{k: v}))
        DelegationScheme.objects.filter(pk=scheme.pk).update(valid_to=today() + DAY)
        longer = DelegationScheme.objects.filter(pk=scheme.pk)
        assert refused_by_the_database(lambda: longer.update(valid_to=None))


def test_no_row_for_the_committees_matters(world, draft):
    with acting(world.adam):
        assert refused_by_the_database(raw_row(world, draft, kind="care_application").save)
        assert refused_by_the_database(raw_row(world, draft, role="healthcare").save)
        assert refused_by_the_database(raw_row(world, draft, may_pass_on=True).save)
    with acting(world.anna):
        assert refused_by_the_database(raw_row(world, draft).save)


def decide(world, by=None, **measures):
    by = by or world.maud
    with acting(world.anna):
        decision = teams.propose_decision(
            by=world.anna, case=world.case, kind="interpreter", what="Tolk", sent_to=None if by == world.anna else by
        )
    with acting(by):
        return teams.decide(
            by=by, decision=decision, outcome="granted", reasons="Behövs.", hearing="", no_conflict=True
        )
