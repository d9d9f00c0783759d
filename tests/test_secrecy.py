"""A ground in law instead of consent: by the law of the day, for those it is meant for, with a reason and to an end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases import operations as cases
from cases.cover import GROUNDS, covers, grounds_for
from cases.models import Clock, SecrecyException
from exitprogram.errors import Refused
from exitprogram.law.rules import all_rules
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.exports import recipients
from tests.test_sharing_ends import seen
from tests.visits import Visit, sees
from tests.world import today

TOMORROW = timedelta(days=1)
YOUNG, MISUSE = f"{GROUNDS}social_young", f"{GROUNDS}social_misuse"


def lean(world, case=None, **more):
    given = {"recipient": world.region, "areas": ["health"], "rule_id": MISUSE, "reason": "Behöver vård nu.",
             "ends_on": today() + timedelta(days=30), **more}  # fmt: skip
    with acting(world.anna):
        return cases.record_exception(by=world.anna, case=case or world.case, **given)


def child(world, years=15, **more):
    born = today().replace(year=today().year - years, day=1)
    world.child_worker("anna")
    return world.open_case(individual=world.person(name="Barn Barnsson", birth_date=born), programme="child", **more)


@pytest.fixture
def shared(world):
    world.member = world.join(world.sara)
    world.draft()
    return world


def test_it_opens_what_a_waiver_opens(shared):
    assert seen(shared.sara) == set()
    exception = lean(shared)
    assert seen(shared.sara) == {"health"}
    with acting(shared.anna):
        version = shared.case.plans.get().versions.get()
        plans.request_section(
            by=shared.anna, plan_version=version, member=shared.member, area="health", question="Vad kan ni göra?"
        )
        guest = next(r for r in recipients(shared.case) if r.kind == "member")
        assert (guest.ground, guest.areas) == ("26 kap. 9 § OSL", frozenset(["health"]))
        cases.end_exception(by=shared.anna, case=shared.case, exception=exception)
    assert seen(shared.sara) == set()
    with acting(shared.anna), pytest.raises(Refused, match="redan avslutad"):
        cases.end_exception(by=shared.anna, case=shared.case, exception=exception)


def test_it_is_never_called_consent(shared):
    lean(shared)
    anna = Visit(shared.anna)
    page = anna.get("cases:consents", shared.case)
    assert sees(page, "Andra grunder än samtycke", "26 kap. 9 §", "Behöver vård nu.", "Inget samtycke gäller.")
    with acting(shared.anna):
        [cover] = covers(shared.case, on=today())
        assert "samtyck" not in cover.because and "26 kap. 9 §" in cover.because
    assert sees(anna.get("plans:insight", shared.case), "för att lagen tillåter det (26 kap. 9 § OSL)")


REFUSED = [
    ({"rule_id": f"{GROUNDS}health_misuse"}, "kan inte användas av er"),
    ({"rule_id": f"{GROUNDS}health_unable"}, "kan inte användas av er"),
    ({"rule_id": f"{GROUNDS}crime"}, "enstaka uppgifter"),
    ({"rule_id": f"{GROUNDS}no_such"}, "gäller inte"),
    ({"rule_id": "secrecy.waiver"}, "inte en grund som bryter sekretess"),
    ({"recipient": "partner"}, "räcker inte till mottagaren"),
    ({"recipient": "bollnas"}, "behöver ingen grund"),
    ({"areas": []}, "minst ett område"),
    ({"reason": "  "}, "Skriv varför det behövs"),
    ({"starts_on": today() - TOMORROW}, "kan inte börja gälla en dag som har varit"),
    ({"ends_on": today() - TOMORROW}, "ligger före"),
    ({"rule_id": YOUNG}, "Skriv in födelsedagen"),
]


@pytest.mark.parametrize("fault, sentence", REFUSED)
def test_what_the_law_does_not_carry_is_refused(world, fault, sentence):
    fault = {key: getattr(world, value) if key == "recipient" else value for key, value in fault.items()}
    with pytest.raises(Refused, match=sentence):
        lean(world, **fault)
    with acting(world.anna):
        assert not SecrecyException.objects.visible_to(world.anna).exists()


def test_under_eighteen_is_asked_of_every_day(world):
    young = child(world)
    assert lean(world, young, rule_id=YOUNG).areas == ["health"]
    soon = child(world, years=17)
    birthday = today().replace(year=today().year + 1, day=1)
    with pytest.raises(Refused, match=f"fyller 18 år {birthday}"):
        lean(world, soon, rule_id=YOUNG, ends_on=birthday)
    assert lean(world, soon, rule_id=YOUNG, ends_on=birthday - TOMORROW)
    grown = world.open_case(individual=world.person(name="Vuxen Person", birth_date=date(1990, 1, 1)))
    with pytest.raises(Refused, match="har fyllt 18 år"):
        lean(world, grown, rule_id=YOUNG)


def test_the_law_of_the_day(world, monkeypatch):
    """A ground that has ended, or not begun, is neither offered nor taken."""
    ended = [replace(r, valid_until=today() - TOMORROW) if r.id == MISUSE else r for r in all_rules()]
    monkeypatch.setattr("exitprogram.law.rules.all_rules", lambda: ended)
    monkeypatch.setattr("cases.cover.all_rules", lambda: ended)
    assert MISUSE not in {ground.id for ground in grounds_for(world.bollnas, on=today())}
    with pytest.raises(Refused, match="Grunden gäller inte"):
        lean(world)


def test_each_kind_of_authority_is_offered_its_own(world):
    def offered(authority):
        return {ground.citation.split(" §")[0] for ground in grounds_for(authority, on=today())}

    assert offered(world.bollnas) == {"26 kap. 9", "10 kap. 2"}
    assert offered(world.region) == {"25 kap. 12", "25 kap. 13", "10 kap. 2"}
    assert offered(world.partner) == set()


def test_the_general_clause_is_no_ground():
    assert not [r for r in all_rules() if r.id.startswith(GROUNDS) and "27 §" in r.citation]
    assert not [r.id for r in all_rules() if r.id == f"{GROUNDS}crime_prevention" and r.in_force(date(2025, 11, 30))]


def test_its_last_day_is_watched(world):
    exception = lean(world)
    with acting(world.anna):
        clock = Clock.objects.get(kind="consent_ends", subject_id=exception.pk)
        assert (clock.due_on, clock.warn_days, clock.done_at) == (exception.ends_on, [30, 7], None)
        renewed = cases.record_exception(
            by=world.anna, case=world.case, recipient=world.region, areas=["health"], rule_id=MISUSE, reason="Än mer.",
            ends_on=today() + timedelta(days=60), renews=exception,
        )  # fmt: skip
        exception.refresh_from_db()
        assert exception.replaced_by_id == renewed.pk and exception.ended_at
        assert Clock.objects.get(subject_id=exception.pk).done_at


def asked(world, **more):
    return {"recipient": world.region, "areas": ["health"], "rule_id": MISUSE, "reason": "Behöver vård nu.",
            "ends_on": today() + timedelta(days=30), **more}  # fmt: skip


def test_through_the_page_in_two_steps(shared):
    anna = Visit(shared.anna)
    assert not sees(anna.get("cases:exception_new", shared.case), "25 kap. 12")
    first = anna.post("cases:exception_new", shared.case, **asked(shared))
    assert sees(first, "Inget är sparat än.", "<strong>Sara Lind</strong>", "1 mål och 1 insats", "Behöver vård nu.")
    assert seen(shared.sara) == set()
    anna.post("cases:exception_new", shared.case, **asked(shared, save="1"))
    assert seen(shared.sara) == {"health"}
    with acting(shared.anna):
        exception = SecrecyException.objects.get()
    again = anna.get("cases:exception_renew", shared.case, exception)
    assert again.context["form"].initial["reason"] == "Behöver vård nu."
    assert sees(anna.get("cases:exception_end", shared.case, exception), "Om grunden avslutas ser:", "Sara Lind")
    after = anna.post("cases:exception_end", shared.case, exception, follow=True)
    assert sees(after, "Grunden är avslutad", "Åtkomsten är stängd.", "Redan utlämnat")
    assert seen(shared.sara) == set()
    assert {"secrecy.exception_recorded", "secrecy.exception_ended"} <= set(anna.logged())


@pytest.mark.parametrize("fault", [{"reason": ""}, {"ends_on": ""}, {"areas": []}, {"rule_id": f"{GROUNDS}crime"}])
def test_nothing_typed_is_lost(world, fault):
    page = Visit(world.anna).post("cases:exception_new", world.case, **asked(world, save="1", **fault))
    assert page.status_code == 200 and sees(page, "Något behöver rättas")
    assert fault.get("reason") == "" or sees(page, "Behöver vård nu.")


def test_it_tells_who_it_is_as_a_waiver_does_and_of_a_protected_person_never(world):
    lean(world)
    member = world.join(world.sara)
    assert member.presented_as == "Maria K."
    sara = Visit(world.sara)
    assert sees(sara.get("teams:invitation", member), "<dd>Maria K.</dd>")
