"""No route to a decision outside the order in force: drawn schemes, deciders, days and cases, past Python's own answer,
against an oracle that shares no code with either wall."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from teams import operations as teams
from teams.competence import competent, row_for
from teams.models import DELEGABLE, Decision, DecisionKind, DelegationRow, DelegationScheme
from tests.guardianship import weighed
from tests.test_sharing import ALMOST_ALWAYS
from tests.world import today

DAY = timedelta(days=1)
KINDS = ["travel", "interpreter", "financial_assistance", "immediate_custody"]
LIMITS = st.none() | st.integers(1, 5)
rows = st.lists(
    st.fixed_dictionaries({
        "kind": st.sampled_from(KINDS[:3]), "holder": st.sampled_from(["social_worker", "unit_manager", "anna", "leo"]),
        "max_amount": LIMITS, "target": st.sampled_from(["all", "adult", "child"]),
    }),
    max_size=5, unique_by=lambda row: (row["kind"], row["holder"], row["target"]),
)  # fmt: skip
asked = st.fixed_dictionaries({
    "kind": st.sampled_from(KINDS), "amount": st.none() | st.integers(0, 6),
    "target": st.sampled_from(["adult", "child"]), "days_ago": st.integers(0, 3),
})  # fmt: skip
PEOPLE = {"anna": "social_worker", "leo": "social_worker", "maud": "unit_manager"}
AMOUNTS = {"travel", "interpreter", "financial_assistance"}


def said(row, who, wanted, in_force_days):
    """May this person decide it by this row? From the drawn facts alone."""
    holds = row["holder"] in (who, PEOPLE[who])
    within = row["max_amount"] is None or (wanted["amount"] is not None and wanted["amount"] <= row["max_amount"])
    meant = row["target"] in ("all", wanted["target"])
    return holds and within and meant and row["kind"] == wanted["kind"] and wanted["days_ago"] <= in_force_days


@pytest.fixture
def cases_of_both(world):
    world.child_worker("anna", "leo", "maud")
    child = world.open_case(individual=world.person(name="Ett Barn"), programme="child")
    for who in (world.leo, world.maud):
        world.join(who)
        world.join(who, case=child)
    return {"adult": world.case, "child": child}


def scheme_of(world, drawn, first):
    """Adopted without Python's own questions: what the board would never adopt may stand in a row all the same."""
    with acting(world.adam):
        newest = DelegationScheme.objects.order_by("-version").first()
        version = newest.version + 1 if newest else 1
        scheme = DelegationScheme.objects.create(authority=world.bollnas, version=version)
        for number, row in enumerate(drawn, 1):
            holder = {"member": getattr(world, row["holder"])} if row["holder"] in PEOPLE else {"role": row["holder"]}
            DelegationRow.objects.create(
                authority=world.bollnas, scheme=scheme, number=str(number), law="SoL", kind=row["kind"],
                max_amount=row["max_amount"], target=row["target"], **holder,
            )  # fmt: skip
        scheme.state, scheme.minute, scheme.minute_on, scheme.valid_from = "adopted", "§", first, first
        scheme.adopted_by = world.adam
        scheme.save()
    return scheme


@ALMOST_ALWAYS
@given(drawn=rows, wanted=asked, who=st.sampled_from(sorted(PEOPLE)), in_force_days=st.integers(0, 2))
def test_python_says_what_the_oracle_says(world, drawn, wanted, who, in_force_days):
    with transaction.atomic():
        scheme_of(world, drawn, today() - in_force_days * DAY)
        measures = {"amount": wanted["amount"], "target": wanted["target"]}
        on = today() - wanted["days_ago"] * DAY
        with acting(world.anna):
            row = row_for(getattr(world, who), wanted["kind"], on=on, **measures)
            able = {m.pk for m in competent(world.anna, wanted["kind"], on=on, **measures)}
        expected = {name for name in PEOPLE if any(said(one, name, wanted, in_force_days) for one in drawn)}
        assert (row is not None) == (who in expected)
        in_place = {getattr(world, name) for name in expected if getattr(world, name).in_force(on=on)}
        assert able == {m.pk for m in in_place}
        transaction.set_rollback(True)


@ALMOST_ALWAYS
@given(drawn=rows, wanted=asked, who=st.sampled_from(sorted(PEOPLE)), pick=st.integers(0, 4))
def test_no_row_of_the_order_covers_more_than_it_says(world, cases_of_both, drawn, wanted, who, pick):
    """Straight at the table, with whichever row: the database takes only what the row says."""
    by = getattr(world, who)
    case = cases_of_both[wanted["target"]]
    with transaction.atomic():
        scheme = scheme_of(world, drawn, today())
        with acting(world.adam):
            saved = list(DelegationRow.objects.filter(scheme=scheme).order_by("number"))
        if saved and wanted["kind"] != "immediate_custody":
            chosen = pick % len(saved)
            taken = _taken(world, by, case, wanted, saved[chosen])
            assert taken == said(drawn[chosen], who, {**wanted, "days_ago": 0}, 0)
        transaction.set_rollback(True)


def _taken(world, by, case, wanted, row):
    given = {"kind": wanted["kind"], "what": "x", "proposed_by": by, "sent_to": by}
    if "amount" in {field.name for field in Decision._meta.concrete_fields}:
        given["amount"] = wanted["amount"]
    else:
        wanted["amount"] = None
    try:
        with acting(by), transaction.atomic():
            decision = Decision(authority=world.bollnas, case_id=case.pk, **given, **_of_the_case(case))
            decision.save(force_insert=True)
            if case.programme == "child":
                weighed(by, case, decision)
            made = _decided(world, by, row)
            for name, value in made.items():
                setattr(decision, name, value)
            decision.save(update_fields=[name.removesuffix("_id") for name in made])
    except DatabaseError:
        return False
    return True


def _of_the_case(case):
    """Columns of the proposal that only some versions of the model have."""
    names = {field.name for field in Decision._meta.concrete_fields}
    return {"target": case.programme} if "target" in names else {}


def _decided(world, by, row):
    names = {field.name for field in Decision._meta.concrete_fields}
    said = {
        "state": "decided", "outcome": "granted", "reasons": "x", "no_conflict": True, "decided_by": by,
        "decided_on": today(), "row": row, "number": f"B{today().year}-0001", "law": "SoL",
        "scheme_version": row.scheme.version,
        "role": by.role, "appointed_on": by.starts_on, "employer_id": by.authority_id, "mandate": "own",
        "exception": "not_against",
    }  # fmt: skip
    return {name: value for name, value in said.items() if name.removesuffix("_id") in names}


@pytest.mark.parametrize("kind", [kind for kind in DecisionKind if kind not in DELEGABLE])
def test_the_committees_matters_by_no_route(world, kind):
    scheme_of(world, [], today())
    with acting(world.anna):
        assert row_for(world.anna, kind, on=today()) is None
        with pytest.raises(Refused), transaction.atomic():
            teams.propose_decision(by=world.anna, case=world.case, kind=kind, what="x")
