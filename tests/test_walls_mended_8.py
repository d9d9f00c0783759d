"""Attacks on what came with reading in, the archive, costs and figures; beside each, what an honest hand may do."""

import base64
import io
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases import operations as cases
from cases.models import AccessBlock, ArchiveExport, PersonMerge
from exitprogram.crypto.envelope import certificate_of
from exitprogram.demo.clock import at
from exitprogram.errors import Refused
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from reporting import operations as reporting
from reporting.costs.measured import lines_of
from reporting.gathering import as_figures
from reporting.periods import last_closed
from teams import operations as teams
from tests import archiving, databases, papers
from tests.connections import connected, logged_in_as
from tests.costing import settle_costs
from tests.pdftext import words_of
from tests.test_archive import closed, packed
from tests.test_decisions import DELEGABLE, decided
from tests.visits import Visit, sees
from tests.world import World, today


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


# The archive


def test_a_case_that_was_taken_up_again_is_not_handed_out(world):
    """Asked for and approved while it was closed; what came after that, nobody had said yes to."""
    case = papers.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))
    export = archiving.asked(world.anna, case)
    archiving.approved(world.maud, export)
    with acting(world.anna):
        plans.reopen_case(by=world.anna, case=case, reason="Hon hörde av sig.")
        for act, more in ((cases.begin_export, {}), (cases.keep_package, {"package": b"x", "persons": 1, "files": 1})):
            with pytest.raises(Refused, match="avslutat"):
                act(by=world.anna, export=export, **more)
        with pytest.raises(DatabaseError), transaction.atomic():
            now = timezone.now()
            ArchiveExport.objects.filter(pk=export.pk).update(made_at=now, expires_at=now + timedelta(hours=1))
        cases.withdraw_export(by=world.anna, export=export)


def test_a_package_of_a_case_that_was_taken_up_again_is_not_fetched(world):
    case = papers.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))
    export = archiving.asked(world.anna, case)
    archiving.approved(world.maud, export)
    with acting(world.anna):
        export = cases.keep_package(by=world.anna, export=export, package=b"Kanariepaket", persons=1, files=1)
        assert cases.fetch_export(by=world.anna, export=export, persons=1) == b"Kanariepaket"
        plans.reopen_case(by=world.anna, case=case, reason="Hon hörde av sig.")
        with pytest.raises(Refused, match="avslutat"):
            cases.fetch_export(by=world.anna, export=export, persons=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            ArchiveExport.objects.filter(pk=export.pk).update(fetches=2)
        cases.confirm_received(by=world.anna, export=export)


def test_a_package_is_never_made_to_lie_for_longer_than_a_day(world):
    case = papers.closed(world.anna, world.open_case(individual=world.person(name="Arkiva Person")))
    export = archiving.asked(world.anna, case)
    archiving.approved(world.maud, export)
    now = timezone.now()
    with acting(world.anna), pytest.raises(DatabaseError), transaction.atomic():
        ArchiveExport.objects.filter(pk=export.pk).update(made_at=now, expires_at=now + timedelta(days=2))
    with acting(world.anna):
        assert cases.keep_package(by=world.anna, export=export, package=b"x", persons=1, files=1).made_at


# Costs


@pytest.fixture(scope="module")
def costly(django_db_setup, django_db_blocker):
    """Maud is shut out from all but three of Bollnäs's; two rows of those are found to be one person."""
    with django_db_blocker.unblock():
        databases.renew("people")
        world = World()
        settle_costs(world.anna, seed=3, many=30)
        yield world
        databases.renew("people")


def written(by, model, *rows):
    """By the owner's hand, and committed."""
    table = model._meta.db_table
    with connected("owner", autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    with logged_in_as("owner"), acting(by):
        model.objects.bulk_create([model(**fields) for fields in rows])
    with connected("owner", autocommit=True) as owner:
        owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def counted(world, period):
    with as_figures() as raw:
        return lines_of(raw, world.bollnas.pk, "adult", period)


def months(world, period):
    with as_figures() as raw:
        asked = [world.bollnas.pk, "adult", period.year, period.half]
        return raw.execute("SELECT sum(months) FROM wall.figures_cost_months(%s, %s, %s, %s)", asked).fetchone()[0]


@pytest.fixture(scope="module")
def shut_out(costly, django_db_blocker):
    with django_db_blocker.unblock():
        period = last_closed(on=today())
        before = counted(costly, period), months(costly, period)
        with connected("backup") as everything:
            people = everything.execute(
                "SELECT c.id, c.individual_id FROM cases_case c JOIN cases_individual i ON i.id = c.individual_id"
                " WHERE NOT i.guarded AND c.programme = 'adult' AND c.authority_id = %s AND c.closed_on IS NULL"
                " ORDER BY (SELECT count(*) FROM plans_measure m WHERE m.case_id = c.id) DESC",
                [costly.bollnas.pk],
            ).fetchall()
        given = {"authority_id": costly.bollnas.pk, "reason": "Kanarieskäl"}
        given |= {"kind": "kin", "user": costly.maud.user, "set_by": costly.anna}
        written(costly.anna, AccessBlock, *({**given, "case_id": case_id} for case_id, _person in people[3:]))
        apart = counted(costly, period)
        written(costly.anna, PersonMerge, {
            "authority_id": costly.bollnas.pk, "kept_id": people[1][1], "merged_id": people[2][1],
            "merged_by": costly.anna, "reason": "Samma",
        })  # fmt: skip
        return period, before, apart


def test_what_one_of_those_who_lead_is_shut_out_from_is_in_no_cost(costly, shut_out, db):
    """She can read every other case of her unit's: what was left of the sums was the one she may not know of. And all
    of them are shown the same, or two of them could subtract theirs."""
    period, (before, months_before), _apart = shut_out
    after = counted(costly, period)
    assert 0 < len({one.person for one in after}) < len({one.person for one in before})
    assert sum(one.kronor for one in before) > sum(one.kronor for one in after)
    assert 0 < months(costly, period) < months_before


def test_one_person_with_two_rows_is_one_who_stands_behind_a_sum(costly, shut_out, db):
    """Four people with five rows were shown as five."""
    period, _before, apart = shut_out
    assert len({one.person for one in counted(costly, period)}) == len({one.person for one in apart}) - 1 > 0


# Where a board puts its limit


def test_a_limit_moved_step_by_step_tells_no_number(world):
    """At eighteen «minst 18», at nineteen «färre än 19»: the rest of twenty would be two."""
    with acting(world.adam):
        for least in (8, 9):
            reporting.set_threshold(by=world.adam, least=least)
        with pytest.raises(Refused, match="två gånger"):
            reporting.set_threshold(by=world.adam, least=10)
        reporting.set_threshold(by=world.adam, least=9)
    adam = Visit(world.adam)
    assert sees(adam.post("reporting:threshold", least=10, version=3), "två gånger", "10")
    with acting(world.adam), at(timezone.now() + timedelta(days=91)):
        assert reporting.set_threshold(by=world.adam, least=10).least == 10


# Certificates that the reader chokes on


def odd_curve():
    """An elliptic curve that nobody has heard of: only the name of it is changed, nobody asks for the signature."""
    made = archiving.certificate(ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.DER)
    return made.replace(bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03017f"))


def odd_usage():
    usage = x509.UnrecognizedExtension(x509.ExtensionOID.KEY_USAGE, b"\x05\x00\x00")
    return archiving.certificate(archiving.archive()[1], usage=usage).public_bytes(Encoding.DER)


@pytest.mark.parametrize("made", [odd_curve, odd_usage])
def test_a_certificate_that_cannot_be_read_is_a_sentence(made):
    lines = base64.encodebytes(made()).decode()
    text = f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"
    with pytest.raises(Refused, match="ertifikat"):
        certificate_of(text, at=timezone.now())


# A letter in the package


def adopted(world):
    rows = [{"number": str(place), "kind": kind, "law": "SoL", "role": "social_worker"}
            for place, kind in enumerate(DELEGABLE, 1)]  # fmt: skip
    with acting(world.adam):
        teams.adopt_scheme(by=world.adam, minute="SN § 1", valid_from=today() - timedelta(days=400), rows=rows)


def test_a_letter_tells_the_archive_of_no_address(world):
    """It stands as it went out, so that nothing can be struck out of it; what was decided goes in other words."""
    adopted(world)
    guarded = world.person(name="Brevad Person", protection="secrecy_mark")
    case = world.case = world.open_case(individual=guarded)
    with acting(world.anna):
        cases.add_place(by=world.anna, case=case, kind="address", text="Kanariegatan 7\n821 00 Bollnäs")
    decision = decided(world, reasons="Hon bor på Kanariegatan 7 och har långt till mötena.")
    with acting(world.anna):
        letter, _row = teams.release_letter(by=world.anna, case=case, decision=decision)
        assert "Kanariegatan" in words_of(io.BytesIO(letter)), "or nothing could show"
    _export, _root, files = packed(world, closed(world, case))
    assert not [path for path in files if "brev" in path]
    for path, data in files.items():
        if path.endswith(".pdf"):
            assert "kanariegatan" not in words_of(io.BytesIO(data)).lower(), path
    assert "Brev om beslut" in files["documentation/las-mig.txt"].decode()
