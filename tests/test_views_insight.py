"""Who can see this and why, who has read, and what is added to a signed note."""

import pytest
from django.urls import reverse

from cases import operations as cases
from cases.models import CaseNote, NoteAddition
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, strong_session
from tests.world import today


@pytest.fixture
def note(world):
    with acting(world.anna):
        draft = cases.save_note(
            by=world.anna, case=world.case, kind="call", event_on=today(), source="Maria", fact="Hon ringde själv."
        )
        return cases.sign_note(by=world.anna, case=world.case, note=draft)


@pytest.mark.parametrize("who, status", [("anna", 200), ("leo", 404), ("cilla", 404), ("sara", 403), ("adam", 403)])
def test_who_may_see_who_can_see(client, world, who, status):
    world.case  # noqa: B018  made before anybody looks
    strong_session(client, getattr(world, who).user)

    assert client.get(reverse("plans:insight", args=[world.case.pk])).status_code == status


def test_every_way_in_is_a_sentence(client, world):
    world.join(world.leo)
    world.waiver(world.region, "health")
    world.join(world.sara)
    world.join(world.mika)
    strong_session(client, world.leo.user)

    client.get(reverse("plans:person", args=[world.case.pk]))
    page = client.get(reverse("plans:insight", args=[world.case.pk])).content.decode()

    assert "<strong>Anna Berg</strong> handlägger ärendet." in page
    assert "<strong>Leo Ek</strong> är med i teamet." in page
    assert "<strong>Sara Lind</strong>, Hälso- och sjukvården, Region Gävleborg: Hälsa, för att" in page
    assert "<strong>Mika Sandell</strong>, Föreningen Nya Steg: ingenting i dag" in page
    assert "personens sida" in page, "Leo's own reading a moment ago"


@pytest.mark.parametrize("who, status", [("anna", 302), ("leo", 404), ("cilla", 404), ("sara", 403)])
def test_who_can_add_to_a_note(world, note, who, status):
    given = {"kind": "objection", "text": "Maria säger att det var hennes syster."}
    answer = Visit(getattr(world, who)).post("cases:note_add", world.case, note, **given)

    assert answer.status_code == status
    with acting(world.anna):
        assert NoteAddition.objects.filter(note=note).count() == (1 if status == 302 else 0)
        assert CaseNote.objects.get(pk=note.pk).fact == "Hon ringde själv."


def test_a_draft_takes_no_addition(world):
    with acting(world.anna):
        draft = cases.save_note(
            by=world.anna, case=world.case, kind="call", event_on=today(), source="Maria", fact="Utkast"
        )
        with pytest.raises(Refused, match="utkast"):
            cases.add_to_note(by=world.anna, case=world.case, note=draft, kind="correction", text="Nej")
