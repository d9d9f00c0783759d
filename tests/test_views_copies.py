"""A copy of the plan is a disclosure: numbered, written down, and only to those with cover today."""

import hashlib
import uuid

import pytest
from django.urls import reverse

from cases.models import Disclosure
from exitprogram.audit.models import AuditEvent
from exitprogram.tenancy.acting import acting
from tests.visits import Visit, sees


@pytest.fixture
def anna(world):
    return Visit(world.anna)


def disclosures(world):
    with acting(world.anna):
        return list(Disclosure.objects.order_by("copy_number"))


@pytest.fixture
def guest(world):
    """Sara, covered for health; Mika in the team with no cover."""
    world.agreed  # noqa: B018
    world.waiver(world.region, "health")
    world.join(world.mika)
    return world.join(world.sara)


def test_only_those_with_cover_are_in_the_list(world, anna, guest):
    page = anna.get("plans:copies", world.case)
    assert sees(page, "Den enskilde", "Socialnämnden, Bollnäs kommun", "Sara Lind, Hälso- och sjukvården")
    assert not sees(page, "Mika Sandell")
    assert disclosures(world) == []


def test_a_copy_is_numbered_and_written_down(world, anna, guest):
    for number, key in enumerate(["individual", "own", guest.pk], 1):
        response = anna.post("plans:copy", world.agreed, key, areas="housing", recipient="own")
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'attachment; filename="plan-1-{number}.pdf"'
        assert response.content.startswith(b"%PDF-")
        row = disclosures(world)[-1]
        assert (row.copy_number, bytes(row.sha256)) == (number, hashlib.sha256(response.content).digest())
        assert (row.disclosed_by_id, row.authority_id) == (world.anna.pk, world.bollnas.pk)
    assert [row.recipient_kind for row in disclosures(world)] == ["individual", "own", "member"]
    with acting(world.anna):
        events = AuditEvent.objects.filter(action="plan.copy_released").order_by("created_at")
        assert [event.details["via"] for event in events] == ["web"] * 3
    for name in ("plans:copies", "cases:register"):
        assert sees(anna.get(name, world.case), "Sara Lind, Hälso- och sjukvården, Region Gävleborg", "Anna Berg")


@pytest.mark.parametrize("key", ["mika", "elsewhere", "nobody", uuid.UUID(int=2)])
def test_without_cover_nothing_goes_out(world, anna, guest, key):
    with acting(world.anna):
        mika = world.case.team.get(membership=world.mika)
    keys = {"mika": mika.pk, "elsewhere": world.elsewhere.pk}
    response = anna.post("plans:copy", world.agreed, keys.get(key, key), follow=True)
    assert response.redirect_chain[0][0] == reverse("plans:copies", args=[world.case.pk])
    assert sees(response, "Det finns inget samtycke eller annan grund")
    assert disclosures(world) == []


def test_a_withdrawn_consent_gives_no_more_copies(world, anna, guest):
    with acting(world.anna):
        waiver = world.case.consents.get(kind="waiver")
    anna.post("cases:consent_withdraw", world.case, waiver)
    assert sees(anna.post("plans:copy", world.agreed, guest.pk, follow=True), "Det finns inget samtycke")
    assert disclosures(world) == []


@pytest.mark.parametrize("who, status", [("leo", 404), ("cilla", 404), ("maud", 404), ("sara", 403), ("adam", 403)])
def test_others_get_no_copy(world, guest, who, status):
    visit = Visit(getattr(world, who))
    assert visit.post("plans:copy", world.agreed, "individual").status_code == status
    assert visit.get("plans:copies", world.case).status_code == status
    assert disclosures(world) == []


def test_without_the_library_the_sentence_says_so(world, anna, guest, monkeypatch):
    from exitprogram.pdf.render import NoPdf

    def none(*args, **kwargs):
        raise NoPdf("PDF går inte att göra här: Pango saknas.")

    monkeypatch.setattr("plans.exports.pdf_of", none)
    assert sees(anna.post("plans:copy", world.agreed, "own", follow=True), "Pango saknas.")
    assert disclosures(world) == []
