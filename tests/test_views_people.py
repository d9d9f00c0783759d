"""The page about one person, the safe contact on it, and what a protected person's pages give away."""

from datetime import timedelta

import pytest

from cases import operations as cases
from cases.models import SafeContact
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.visits import Visit, sees, text_of
from tests.world import today

CARD = {"channels": "sms", "hours": "kväll", "code_word": "solros", "never_answer": "bror"}


def saved(world, version=0, by=None, **more):
    by = by or world.anna
    with acting(by):
        fields = {**CARD, "may_leave_message": False, **more}
        return cases.save_safe_contact(by=by, case=world.case, version=version, **fields)


def card_of(world):
    with acting(world.anna):
        return SafeContact.objects.get()


def test_the_safe_contact_is_saved_and_shown(world):
    anna = Visit(world.anna)
    assert sees(anna.get("plans:person", world.case), "Inget är känt än.")
    hostile = {"individual": "x", "authority": world.soderhamn, "verified_on": "2000-01-01"}
    response = anna.post("cases:safe_contact", world.case, version=0, **CARD, **hostile)
    assert response.url == world.case.get_absolute_url()
    assert sees(anna.get("plans:person", world.case), "solros", "lämna aldrig meddelande")
    warning = "får aldrig svara:</strong> bror"  # a bare name would read as somebody to call
    assert sees(anna.get("plans:person", world.case), warning)
    card = card_of(world)
    assert (card.authority_id, card.verified_on, card.version) == (world.bollnas.pk, today(), 1)
    assert "person.safe_contact_saved" in anna.logged()


def test_a_stale_card_shows_both_and_loses_nothing(world):
    saved(world)
    world.join(world.leo)
    anna = Visit(world.anna)
    saved(world, version=1, by=world.leo, code_word="blåklocka")
    mine = {**CARD, "code_word": "prästkrage"}
    response = anna.post("cases:safe_contact", world.case, version=1, **mine)
    assert response.status_code == 409
    assert sees(
        response, "Ord att använda: prästkrage", "Ord att använda: blåklocka", "Leo Ek sparade", 'value="prästkrage"'
    )
    assert card_of(world).code_word == "blåklocka"
    theirs = anna.post("cases:safe_contact", world.case, version=1, seen_version=2, keep="theirs", **mine)
    assert (theirs.status_code, card_of(world).code_word) == (302, "blåklocka")
    kept = anna.post("cases:safe_contact", world.case, version=1, seen_version=2, keep="mine", **mine)
    assert (kept.status_code, card_of(world).code_word) == (302, "prästkrage")


def test_keeping_mine_is_refused_when_a_third_has_saved(world):
    saved(world)
    saved(world, version=1, code_word="två")
    saved(world, version=2, code_word="tre")
    sent = {**CARD, "code_word": "min", "seen_version": 2, "keep": "mine", "version": 1}
    response = Visit(world.anna).post("cases:safe_contact", world.case, **sent)
    assert (response.status_code, card_of(world).code_word) == (409, "tre")
    assert sees(response, "Ord att använda: tre", "Ord att använda: min")


def test_a_fault_does_not_make_a_stale_form_fresh(world):
    """Refused for its length, sent again: what somebody else saved meanwhile is still not overwritten."""
    saved(world)
    saved(world, version=1, code_word="någon annans")
    anna = Visit(world.anna)
    refused = anna.post("cases:safe_contact", world.case, version=1, **{**CARD, "hours": "k" * 201})
    assert sees(refused, "Något behöver rättas", 'name="version" value="1"')
    assert anna.post("cases:safe_contact", world.case, version=1, **CARD).status_code == 409
    assert card_of(world).code_word == "någon annans"


@pytest.mark.parametrize("version", ["", "-1", "x", "999999999999", None])
def test_a_strange_version_is_a_stale_one(world, version):
    saved(world)
    response = Visit(world.anna).post("cases:safe_contact", world.case, **{**CARD, "code_word": "ny"}, version=version)
    assert (response.status_code, card_of(world).code_word) == (409, "solros")


def test_the_page_gathers_the_person(world):
    world.agreed  # noqa: B018  made when asked for
    world.join(world.leo)
    page = Visit(world.anna).get("plans:person", world.case)
    assert sees(page, "Maria K.", "”Lugn”", "Plan version 1", "Samordnare Anna Berg", "0 av 1 på väg", "Leo Ek")
    assert not sees(page, "Karlsson"), "first name and initial are enough on a screen"
    assert not sees(page, "prostitution")


def test_every_reading_is_logged_with_its_ground(world):
    world.join(world.maud)
    for who, ground in ((world.anna, "worker"), (world.maud, "team")):
        visit = Visit(who)
        for name in ("plans:person", "cases:notes", "cases:consents", "teams:team", "plans:copies"):
            assert visit.get(name, world.case).status_code == 200
        with acting(who):
            read = AuditEvent.objects.filter(action__startswith="case.viewed", membership_id=who.pk)
            assert set(read.values_list("ground", "case_id")) == {(ground, world.case.pk)}
            assert read.count() == 5


def test_a_page_refused_is_not_a_reading(world):
    for who in (world.leo, world.cilla, world.sara):
        visit = Visit(who)
        visit.get("plans:person", world.case)
        assert [action for action in visit.logged() if "viewed" in action] == []


@pytest.fixture
def stina(world):
    """A protected person with work under way: reminders, a decision to take, a meeting, a draft, a consent ending."""
    world.case = world.open_case(individual=world.person(name="Stina Skyddad", protection="protected_registration"))
    world.join(world.maud)
    world.agreed  # noqa: B018
    world.waiver(world.region, "health", ends_on=today() + timedelta(days=3))
    world.join(world.sara)
    with acting(world.anna):
        cases.save_note(by=world.anna, case=world.case, kind="call", event_on=today(), source="hon", fact="Ringde")
    return world.case


LISTS = ["plans:my_day", "cases:list", "plans:meetings", "teams:decisions"]


@pytest.mark.parametrize("name", LISTS)
def test_a_sealed_name_is_in_no_list(world, stina, name):
    for who in (world.anna, world.maud, world.leo, world.cilla):
        assert not sees(Visit(who).get(name), "Stina"), name


def test_a_sealed_name_is_not_in_the_units_screen_and_the_case_not_for_strangers(world, stina):
    page = Visit(world.maud).get("teams:unit")
    assert sees(page, stina.number), "the manager is in this team"
    assert not sees(page, "Stina")
    other = world.open_case(individual=world.person(name="Ulla Gömd", local_threat=True))
    assert not sees(Visit(world.maud).get("teams:unit"), other.number)


def test_a_guest_is_not_told_a_sealed_name(world, stina):
    """Nothing was written as presentation when Sara was invited: for a protected person that gives no name away."""
    sara = Visit(world.sara)
    with acting(world.anna):
        draft = plans.new_version(by=world.anna, plan=world.agreed.plan)
        member = stina.team.get(membership=world.sara)
        row = plans.request_section(by=world.anna, plan_version=draft, member=member, area="health", question="Vad?")
    for page in (sara.get("plans:contributions"), sara.get("teams:invitation", member), sara.get("plans:section", row)):
        assert page.status_code == 200
        assert not sees(page, "Stina")
        assert "Skyddad S" not in text_of(page)


def test_those_named_are_warned(world, stina):
    page = Visit(world.maud).get("plans:person", stina)
    assert sees(page, "Säg inte namnet högt")
    for who in (world.leo, world.cilla):
        assert Visit(who).get("plans:person", stina).status_code == 404
