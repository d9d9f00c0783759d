"""What becomes known later: filled in, sealed when it must be, both versions shown when two write."""

import uuid

import pytest

from cases import operations as cases
from cases.models import Individual
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans.models import PlanVersion
from tests.visits import Visit, sees
from tests.world import today

KNOWN = {
    "name": "Maria Karlsson", "alias": "", "birth_date": "", "protection": "none", "language": "ryska",
    "needs_interpreter": "on", "version": 1,
}  # fmt: skip


def person_of(world):
    with acting(world.anna):
        return Individual.objects.get(pk=world.case.individual_id)


def test_what_is_known_later_is_filled_in(world):
    answer = Visit(world.anna).post("cases:person_edit", world.case, **KNOWN)

    assert answer.status_code == 302
    person = person_of(world)
    assert (person.language, person.needs_interpreter, person.version) == ("ryska", True, 2)


def test_protection_seals_the_name_and_ends_the_search_at_once(world):
    case = world.case
    found = Visit(world.leo).search("Maria Karlsson")
    assert sees(found, "Fråga Anna Berg"), "data that could show"

    Visit(world.anna).post("cases:person_edit", case, **KNOWN | {"protection": "secrecy_mark"})

    person = person_of(world)
    assert (person.name, person.search_key, person.shown_name) == ("", "", "Maria Karlsson")
    assert sees(Visit(world.leo).search("Maria Karlsson"), "Ingen träff hos er.")
    assert Visit(world.anna).search("Maria Karlsson").url == case.get_absolute_url()


def test_two_who_write_see_both_versions(world):
    anna = Visit(world.anna)
    anna.post("cases:person_edit", world.case, **KNOWN | {"alias": "Mia"})

    answer = anna.post("cases:person_edit", world.case, **KNOWN | {"alias": "Maja"})

    assert answer.status_code == 409
    assert sees(answer, "Mia")
    assert sees(answer, "Maja")
    anna.post("cases:person_edit", world.case, **KNOWN | {"alias": "Maja", "keep": "mine", "seen_version": 2})
    assert person_of(world).alias == "Maja"


@pytest.mark.parametrize(
    "wrong, why",
    [
        ({"birth_date": "2999-01-01"}, "Födelsedagen ligger i framtiden."),
        ({"name": ""}, "Skriv namn, vad personen kallas eller ett nummer."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_saved(world, wrong, why):
    answer = Visit(world.anna).post("cases:person_edit", world.case, **KNOWN | wrong)

    assert sees(answer, why)
    assert person_of(world).version == 1


def test_a_form_with_a_fault_does_not_pass_for_fresh(world):
    anna = Visit(world.anna)
    anna.post("cases:person_edit", world.case, **KNOWN | {"protection": "secrecy_mark"})

    wrong = anna.post("cases:person_edit", world.case, **KNOWN | {"birth_date": "i går", "protection": "none"})
    assert (wrong.status_code, wrong.context["version"]) == (200, 1)
    again = anna.post("cases:person_edit", world.case, **KNOWN | {"version": wrong.context["version"]})

    assert again.status_code == 409
    assert person_of(world).is_protected


@pytest.mark.parametrize("version", ["²", "1²", "٣", "-1", "1.0", "9" * 5000, "", "x"])
def test_a_version_that_is_no_number_is_an_old_one(world, version):
    draft = world.draft()
    anna = Visit(world.anna)

    assert anna.post("cases:person_edit", world.case, **KNOWN | {"version": version}).status_code == 409
    assert anna.autosave("plans:text", draft, "viktigt", version=version, what_matters="Nytt").status_code == 409
    note = anna.autosave("cases:note", world.case, uuid.uuid4(), fact="Ringde", kind="call", event_on=today(),
                         version=version)  # fmt: skip
    assert note.status_code == 200, "a new one has no version to be behind"
    anna.post("plans:agree", draft, version=version)
    with acting(world.anna):
        assert PlanVersion.objects.get(pk=draft.pk).state == "draft"


@pytest.mark.parametrize("who", ["leo", "cilla", "sara"])
def test_nobody_else_saves(world, who):
    by = getattr(world, who)
    case = world.case
    with acting(by), pytest.raises(Refused):
        cases.save_person(
            by=by, case=case, version=1, name="Annan", alias="", birth_date=None, protection="none",
            language="svenska", needs_interpreter=False,
        )  # fmt: skip
