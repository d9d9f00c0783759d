"""The plan as a file for another system: what the paper holds, validated, numbered, and the same bytes each time."""

import hashlib
import json

import pytest
from jsonschema import Draft202012Validator

from cases import operations as cases
from cases.models import Consent, DisclosedItem, Disclosure
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.exchange import document, json_schema, published
from plans.exports import recipient_of
from plans.models import Goal, Measure, PlanVersion
from tests.visits import Visit

ELSEWHERE = "Egen dörr att stänga"  # in housing, which no consent covers


@pytest.fixture
def plan(world):
    """Agreed: goals in health, with a part of it, and in housing; a measure by somebody else, one with a cost, one that
    cannot be had; a section that Sara has signed. Sara is covered for health, Mika for nothing."""
    world.consent(), world.coordinator()
    world.waiver(world.region, "health")
    world.sara_member, _ = world.join(world.sara, presented_as="M, 30 år"), world.join(world.mika)
    version = world.draft()
    by = world.anna
    with acting(by):
        health = Goal.objects.get(version=version)
        plans.add_goal(by=by, plan_version=version, own_words="Sova till klockan fyra", parent=health)
        plans.add_measure(by=by, goal=health, title="Kvällspromenad", principal_kind="other", other_name="Vännen Åsa")
        plans.add_measure(
            by=by,
            goal=health,
            title="Specialistvård",
            principal_kind="health",
            principal=world.region,
            status="not_available",
            why_not="Kön är två år",
            cost=4000,
            payer="Regionen",
            legal_anchor="HSL 8:1",
        )
        goal = plans.add_goal(by=by, plan_version=version, area="housing", own_words=ELSEWHERE)
        plans.add_measure(by=by, goal=goal, title="Kontrakt", principal_kind="social", principal=world.bollnas)
        section = plans.request_section(
            by=by, plan_version=version, member=world.sara_member, area="health", question="Vad kan ni göra?"
        )
    with acting(world.sara):
        plans.sign_section(by=world.sara, section=section, text="Samtal varje vecka.")
    with acting(by):
        return plans.agree_version(by=by, plan_version=version)


def text_for(world, plan, key, copy=1):
    with acting(world.anna):
        version = PlanVersion.objects.get(pk=plan.pk)
        return document(version, recipient_of(version.case, str(key)), copy_number=copy)


def resources(text, kind=None):
    found = [entry["resource"] for entry in json.loads(text)["entry"]]
    return [one for one in found if kind in (None, one["resourceType"])]


def references(value):
    if isinstance(value, dict):
        yield from [value["reference"]] if isinstance(value.get("reference"), str) else []
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


@pytest.fixture
def keys(world, plan):
    return ["individual", "own", str(world.sara_member.pk)]


def test_it_holds_the_plan(world, plan):
    text = text_for(world, plan, "own")
    kinds = {one["resourceType"] for one in resources(text)}
    assert kinds >= {"Patient", "CarePlan", "CareTeam", "Goal", "ServiceRequest", "Task", "Consent"}
    [care] = resources(text, "CarePlan")
    assert (care["status"], care["intent"], len(care["goal"]), len(care["activity"])) == ("active", "plan", 3, 4)
    assert any("Samtal varje vecka." in note["text"] for note in care["note"])
    [task] = resources(text, "Task")
    assert (task["description"], task["owner"]["display"]) == ("Kvällspromenad", "Vännen Åsa")
    [gap] = [one for one in resources(text, "ServiceRequest") if one["code"]["text"] == "Specialistvård"]
    assert gap["status"] == "revoked"
    assert [note["text"] for note in gap["note"]] == [
        "HSL 8:1",
        "Kön är två år",
        "Kostnad 4\u00a0000 kr en gång. Betalas av Regionen",
    ]
    [whole] = [one for one in resources(text, "Goal") if "extension" in one]
    part = next(one for one in resources(text, "Goal") if one["description"]["text"] == "Sova till klockan fyra")
    assert whole["extension"][0]["extension"][1]["valueReference"]["reference"] == f"urn:uuid:{part['id']}"


def test_every_recipient_gets_a_valid_file(world, plan, keys):
    """By the library once more, by the published schema, and with every reference to something in the file."""
    from fhir.resources.R4B.bundle import Bundle

    schema = Draft202012Validator(json.loads(published()))
    for key in keys:
        text = text_for(world, plan, key)
        Bundle.model_validate_json(text)
        assert list(schema.iter_errors(json.loads(text))) == []
        there = {entry["fullUrl"] for entry in json.loads(text)["entry"]}
        assert len(there) == len(resources(text))
        assert set(references(json.loads(text))) <= there


def test_the_schema_refuses_what_we_do_not_say(world, plan):
    schema = Draft202012Validator(json.loads(published()))
    bundle = json.loads(text_for(world, plan, "own"))
    patient = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    patient["identifier"] = [{"system": "http://electronichealth.se/identifier/personnummer", "value": "1"}]
    assert list(schema.iter_errors(bundle))


def test_the_published_schema_is_the_one_that_is_made():
    assert published() == json_schema()


def test_the_same_bytes_twice_and_no_id_in_common(world, plan, keys):
    texts = [text_for(world, plan, key) for key in keys]
    assert [text_for(world, plan, key) for key in keys] == texts
    ids = [{one["id"] for one in resources(text)} for text in texts]
    assert ids[0] & ids[1] == ids[1] & ids[2] == ids[0] & ids[2] == set()
    assert text_for(world, plan, "own", copy=2) != texts[1]


def test_a_guest_gets_what_the_consent_covers_and_no_name(world, plan):
    text = text_for(world, plan, world.sara_member.pk)
    for absent in (ELSEWHERE, "Kontrakt", "Lugn", "Maria", "4000", 'Regionen"', "var med hela tiden"):
        assert absent not in text, absent
    assert "Sova en hel natt" in text
    assert resources(text, "Patient")[0]["name"] == [{"text": "M, 30 år"}]
    assert json.loads(text)["meta"]["tag"][0]["code"] == "SUBSETTED"
    [consent] = resources(text, "Consent")
    assert [code["coding"][0]["code"] for code in consent["provision"]["code"]] == ["health"]


def test_the_own_file_names_the_person_and_never_a_number(world):
    person = world.person(number="196610232842")
    world.case = world.open_case(individual=person)
    text = text_for(world, world.agreed, "own")
    assert resources(text, "Patient")[0]["name"] == [{"text": "Maria Karlsson"}]
    assert "196610232842" not in text
    assert "6610232842" not in text.replace("-", "")


def test_of_the_protected_no_file_names_anybody(world):
    world.case = world.open_case(individual=world.person(name="Stina Skyddad", protection="secrecy_mark"))
    world.waiver(world.region, "health")
    member = world.join(world.sara, presented_as="Stina S.")
    for key in ("individual", "own", member.pk):
        text = text_for(world, world.agreed, key)
        assert "Stina" not in text
        assert "name" not in resources(text, "Patient")[0]


def test_a_copy_is_a_disclosure_kept_word_for_word(world, plan):
    anna = Visit(world.anna)
    response = anna.post("plans:bundle", plan, "own")
    assert response["Content-Type"] == "application/fhir+json; fhirVersion=4.0"
    assert response["Content-Disposition"] == 'attachment; filename="plan-1-1.json"'
    anna.post("plans:copy", plan, "own")
    second = anna.post("plans:bundle", plan, "individual")
    assert 'filename="plan-1-3.json"' in second["Content-Disposition"]
    with acting(world.anna):
        rows = list(Disclosure.objects.filter(what="plan.bundle").order_by("copy_number"))
        assert [(row.copy_number, row.recipient_kind) for row in rows] == [(1, "own"), (3, "individual")]
        assert bytes(rows[0].sha256) == hashlib.sha256(response.content).digest()
        measure = Measure.objects.filter(version=plan).first()
        plans.set_measure_status(by=world.anna, measure=measure, status="done")
        plans.new_version(by=world.anna, plan=plan.plan)
        assert plans.open_bundle(by=world.anna, disclosure=rows[0]).encode() == response.content
        actions = AuditEvent.objects.filter(action__startswith="plan.bundle").values_list("action", flat=True)
        assert sorted(actions) == ["plan.bundle_opened", "plan.bundle_released", "plan.bundle_released"]


@pytest.mark.parametrize("key", ["mika", "nobody"])
def test_without_cover_nothing_goes_out(world, plan, key):
    with acting(world.anna), pytest.raises(Refused, match="inget samtycke"):
        wanted = str(plan.case.team.get(membership=world.mika).pk) if key == "mika" else key
        plans.release_bundle(by=world.anna, plan_version=plan, recipient_key=wanted)
    with acting(world.anna):
        assert DisclosedItem.objects.count() == 0


def test_what_nobody_has_agreed_to_is_no_file(world):
    draft = world.draft()
    with acting(world.anna), pytest.raises(Refused, match="överenskommen"):
        plans.release_bundle(by=world.anna, plan_version=draft, recipient_key="own")
    page = Visit(world.anna).get("plans:copies", world.case).content.decode()
    assert "/fil/" not in page


def test_withdrawn_means_no_more_files(world, plan):
    key = str(world.sara_member.pk)
    with acting(world.anna):
        plans.release_bundle(by=world.anna, plan_version=plan, recipient_key=key)
        cases.withdraw_consent(by=world.anna, case=plan.case, consent=Consent.objects.waivers().get())
        with pytest.raises(Refused, match="inget samtycke"):
            plans.release_bundle(by=world.anna, plan_version=plan, recipient_key=key)
