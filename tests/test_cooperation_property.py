"""Whatever is agreed, for whatever days: who works with whom and who may decide is what agreements × dates say, told by
plain Python here; and an agreement alone never opens one row of a case."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.query import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exitprogram.errors import Refused
from exitprogram.tenancy import operations as tenancy
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.mandates import mandate_for, mandated
from exitprogram.tenancy.models import CooperationAgreement
from exitprogram.tenancy.roles import Role
from tests.oracle import WALLED
from tests.world import today

DAYS = range(-4, 9)
BETWEEN = {"tenancy.AgreementParty", "tenancy.CooperationAgreement", "tenancy.Mandate", "tenancy.Membership"}
agreements = st.fixed_dictionaries({
    "start": st.integers(-3, 3), "length": st.sampled_from([None, 0, 2, 5]),
    "accepted": st.sampled_from([True, True, False]),
    "leaves": st.sampled_from([None, None, 0, 1, 3]), "mandate": st.sampled_from([None, "role", "named"]),
    "mandate_length": st.sampled_from([None, 0, 1]), "drafter": st.sampled_from(["adam", "siv"]),
})  # fmt: skip


def day(number):
    return today() + timedelta(days=number)


class Undo(Exception):
    pass


def put(world, story, programme):
    """Carry the story out; None when an operation says no, as it must when the days make no sense."""
    drafter, other = (world.adam, world.siv) if story["drafter"] == "adam" else (world.siv, world.adam)
    end = None if story["length"] is None else story["start"] + story["length"]
    mandates = []
    if story["mandate"] == "role" or (story["mandate"] == "named" and drafter == world.siv):
        holder = {"role": Role.SOCIAL_WORKER} if story["mandate"] == "role" else {"membership": world.cilla}
        last = None if story["mandate_length"] is None else day(story["start"] + story["mandate_length"])
        mandates = [
            {"board": world.bollnas, "employer": world.soderhamn, "kinds": ["travel"], "ends_on": last, **holder}
        ]
    with acting(drafter), transaction.atomic():
        agreement = tenancy.propose_agreement(
            by=drafter, others=[other.authority], ground="kl_9_37", programmes=[programme], purpose="x",
            starts_on=day(story["start"]), ends_on=day(end) if end is not None else None, notice_months=0,
            mandates=mandates,
        )  # fmt: skip
    if not story["accepted"]:
        return {"from": 99, "to": -99, "mandate": None}
    with acting(other), transaction.atomic():
        tenancy.accept_agreement(by=other, agreement=agreement)
    last = end
    if story["leaves"] is not None:
        with acting(other), transaction.atomic():
            tenancy.give_notice(by=other, agreement=agreement, leaves_on=day(story["leaves"]))
        last = min(story["leaves"], 99 if end is None else end)
    until = None if not mandates else story["mandate_length"] if story["mandate_length"] is not None else 99
    until = None if until is None else min(story["start"] + until, 99 if end is None else end)
    return {"from": story["start"], "to": 99 if last is None else last, "mandate": until}


def told(stories, number):
    return any(one["from"] <= number <= one["to"] for one in stories)


def told_mandate(stories, number):
    return any(
        one["mandate"] is not None and one["from"] <= number <= min(one["to"], one["mandate"]) for one in stories
    )


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(told_stories=st.lists(agreements, min_size=1, max_size=2))
def test_agreements_and_days_say_it_all(world, told_stories):
    case = world.case
    try:
        with transaction.atomic():
            stories = []
            for story, programme in zip(told_stories, ("adult", "child"), strict=False):
                try:
                    with transaction.atomic():
                        stories.append(put(world, story, programme))
                except Refused:
                    continue
            _both_walls_say(world, stories)
            _no_row_of_a_case(world, case)
            raise Undo
    except Undo:
        pass


def _both_walls_say(world, stories):
    for by, other in ((world.adam, world.soderhamn), (world.siv, world.bollnas)):
        with acting(by):
            for number in DAYS:
                found = CooperationAgreement.objects.partners_of(by, on=day(number))
                assert (other.pk in found.values_list("party_authority_id", flat=True)) == told(stories, number), number
            assert (other.pk in _asked("SELECT wall.partners()")) == told(stories, 0)
    with acting(world.cilla):
        for number in (n for n in DAYS if n >= 0):  # employed since today
            may = mandate_for(world.cilla, world.bollnas, "travel", on=day(number)) is not None
            assert may == told_mandate(stories, number), number
        assert (world.bollnas.pk in _asked("SELECT wall.mandating()")) == told_mandate(stories, 0)
        assert mandate_for(world.cilla, world.bollnas, "interpreter", on=today()) is None
    with acting(world.anna):
        assert mandated(world.anna, "travel", on=today()).exists() == told_mandate(stories, 0)


def _asked(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return set(cursor.fetchone()[0])


def _no_row_of_a_case(world, case):
    """Asked of PostgreSQL alone, of every walled table, by everybody over there."""
    for who in (world.cilla, world.siv, world.rut):
        with acting(who):
            for label, model in WALLED.items():
                if label not in BETWEEN:
                    assert not QuerySet(model).filter(authority_id=world.bollnas.pk).exists(), (label, who)
            assert not type(case).objects.visible_to(who).exists()


def test_the_telling_itself_would_be_caught(world):
    """The proof broken on purpose: a story told with a day too many is seen to differ."""
    with acting(world.adam):
        agreement = tenancy.propose_agreement(
            by=world.adam,
            others=[world.soderhamn],
            ground="kl_9_37",
            programmes=["adult"],
            starts_on=today(),
            purpose="x",
        )
    with acting(world.siv):
        tenancy.accept_agreement(by=world.siv, agreement=agreement)
    with pytest.raises(AssertionError):
        _both_walls_say(world, [{"from": 0, "to": 3, "mandate": None}])
    _both_walls_say(world, [{"from": 0, "to": 99, "mandate": None}])
