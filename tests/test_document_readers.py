"""Who reads a paper: named readers, guests for whom it was ticked, and no guardian by a tick."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from cases import operations as cases
from cases.models import Document, DocumentReader, PersonKey
from exitprogram.audit.models import AuditEvent
from exitprogram.errors import NotAllowed, Refused, Stale
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.papers import shared_documents
from tests.connections import logged_in_as
from tests.oracle import Oracle, all_rows
from tests.papers import SECRET, added, down, opened, text


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def test_for_named_readers_alone(world):
    world.join(world.maud)
    row = added(world, open_to="named")
    with pytest.raises(Document.DoesNotExist):
        opened(world, row, world.maud)
    with acting(world.anna):
        row = cases.set_document_readers(by=world.anna, document=row, version=1, open_to="named", members=[world.maud])
    assert opened(world, row, world.maud)
    with acting(world.anna):
        cases.set_document_readers(by=world.anna, document=row, version=2, open_to="named")
    with pytest.raises(Document.DoesNotExist):
        opened(world, row, world.maud)


def test_a_reader_is_somebody_with_the_case(world):
    with pytest.raises(NotAllowed, match="har ärendet"):
        added(world, members=[world.leo])


def test_two_who_change_the_readers(world):
    row = added(world)
    with acting(world.anna):
        cases.set_document_readers(by=world.anna, document=row, version=1, open_to="named")
        with pytest.raises(Stale):
            cases.set_document_readers(by=world.anna, document=row, version=1, open_to="case")


def sara_sees(world):
    with acting(world.sara):
        return list(shared_documents(world.sara))


def test_a_guest_reads_only_when_ticked_in_the_team_and_covered(world):
    """Each of the three alone is nothing, and each one taken away closes it at once, in both walls."""
    waiver = world.waiver(world.region, "health")
    world.join(world.sara)
    row = added(world, file=text())
    assert sara_sees(world) == []
    with acting(world.anna):
        row = cases.set_document_readers(by=world.anna, document=row, version=1, open_to="case", parties=[world.region])
    assert [d.pk for d in sara_sees(world)] == [row.pk]
    with acting(world.sara):
        assert plans.open_shared_document(by=world.sara, document=row) == SECRET.encode()
    with acting(world.anna):
        event = AuditEvent.objects.about_case(world.case).get(action="document.viewed")
        assert (event.membership_id, event.ground) == (world.sara.pk, "share")
        cases.withdraw_consent(by=world.anna, case=world.case, consent=waiver)
    assert sara_sees(world) == []
    with acting(world.sara):
        assert not PersonKey.objects.exists() and not Document.objects.exists()


@pytest.mark.parametrize("name", ["sara", "nils", "mika", "cilla", "rut", "anna"])
def test_python_alone_opens_no_more_to_a_guest(standing, name):
    """With the database's wall down: what the oracle says, of other authorities' papers."""
    who, rows = getattr(standing, name), all_rows()
    oracle = Oracle(rows, who)
    foreign = {row["id"] for row in rows["cases.Document"] if row["authority_id"] != who.authority_id}
    with logged_in_as("backup"), acting(who):
        assert {row.pk for row in shared_documents(who)} == oracle.ids("cases.Document") & foreign
    assert bool(oracle.ids("cases.Document") & foreign) is (name == "sara")


def test_another_area_is_not_covered(world):
    world.waiver(world.region, "health")
    world.join(world.sara)
    added(world, area="housing", parties=[world.region])
    assert sara_sees(world) == []


def test_ticked_for_one_party_is_not_ticked_for_another(world):
    """Asked as one who sees the paper and for whom it was ticked: the filter by itself, with no wall before it."""
    world.join(world.sara)
    world.join(world.mika)
    row = added(world, parties=[world.mika.authority])
    with acting(world.anna):
        assert list(Document.objects.ticked_for(world.mika)) == [row]
        assert list(Document.objects.ticked_for(world.sara)) == []
        cases.set_document_readers(by=world.anna, document=row, version=1, open_to="case", parties=[])
        assert list(Document.objects.ticked_for(world.mika)) == []


def test_a_guest_never_opens_what_waits_for_the_scanner(world, settings):
    world.waiver(world.region, "health")
    world.join(world.sara)
    down(settings)
    added(world, parties=[world.region])
    assert sara_sees(world) == []


def test_guardians_are_asked_about_one_by_one(world):
    row = added(world)
    with acting(world.anna):
        given = {"by": world.anna, "document": row, "kind": "guardian"}
        assert not DocumentReader.objects.exists()  # nobody has said anything: no guardian may have it
        cases.state_reader(**given, name="Mor", may_read=False, ground="Kan skada barnet.")
        cases.state_reader(**given, name="Far", may_read=False, ground="Bor med någon som är farlig.")
        cases.state_reader(**given, name="Mor", may_read=False, ground="Ny bedömning.")
        now = {(r.name, r.may_read) for r in row.readers.filter(ended_at=None)}
        assert now == {("Mor", False), ("Far", False)}
        assert row.readers.count() == 3  # what was said before stands
        for wrong in ({"name": "", "ground": "x"}, {"name": "Mor", "ground": " "}):
            with pytest.raises(Refused):
                cases.state_reader(**given, may_read=False, **wrong)


def test_a_yes_to_a_guardian_is_no_tick_on_a_paper(world):
    row = added(world)
    with acting(world.anna), pytest.raises(Refused, match="12 kap. 3 § OSL"):
        cases.state_reader(by=world.anna, document=row, kind="guardian", name="Mor", may_read=True, ground="Ja.")
    with acting(world.anna):
        said = cases.state_reader(by=world.anna, document=row, kind="guardian", name="Mor", may_read=False, ground="x")
    yes = DocumentReader(**{f.attname: getattr(said, f.attname) for f in said._meta.concrete_fields} | {
        "id": uuid4(), "may_read": True, "name": "Far"})  # fmt: skip
    with pytest.raises(IntegrityError, match="no_guardian_reads_by_a_tick"), acting(world.anna):
        yes.save(force_insert=True)


def test_a_statement_cannot_be_rewritten(world):
    row = added(world)
    with acting(world.anna):
        cases.state_reader(by=world.anna, document=row, kind="individual", may_read=False, ground="nej")
    with pytest.raises(Exception, match="låst"), acting(world.anna):
        DocumentReader.objects.update(may_read=True)
