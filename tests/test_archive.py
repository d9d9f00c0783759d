"""A closed case to the archive: what the package is, what is in it and what never is."""

import hashlib
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from lxml import etree

from cases import operations as cases
from cases.models import Case
from children.models import Guardian
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from plans.archive.package import SCHEMA
from plans.archive.papers import told
from teams.models import TeamMember
from tests import archiving, papers
from tests.oracle import WALLED
from tests.pdftext import words_of
from tests.pdfvalidator import faults_of
from tests.world import today

NS = {"m": "http://www.loc.gov/METS/"}
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
XLINK = "{http://www.w3.org/1999/xlink}"
OWN = {"a": "urn:exitprogram:arkiv:1"}
DATA = "representations/rep1/data/"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def full_case(world, **person):
    """Closed, with a signed note and one that is not, an agreed plan, a paper for all and one for somebody named."""
    case = world.open_case(individual=world.person(name="Arkiva Person", **person))
    world.consent(case), world.coordinator(case=case)
    world.join(world.leo, case)
    version = world.draft(case)
    with acting(world.anna):
        plans.agree_version(by=world.anna, plan_version=version)
        cases.view_case(by=world.anna, case=case, page="notes")
        note = cases.save_note(
            by=world.anna, case=case, kind="call", event_on=today(), source="Arkiva",
            fact="Hon ringde från KANARIEGATAN 7 & sa <nej>.",
        )  # fmt: skip
        cases.sign_note(by=world.anna, case=case, note=note)
        cases.save_note(by=world.anna, case=case, kind="call", event_on=today(), source="", fact="Bara utkastet")
        cases.add_place(by=world.anna, case=case, kind="address", text="Kanariegatan  7\n821 00 Bollnäs")
        cases.add_document(**papers.paper(case, world.anna, title="Ett intyg"))
    return closed(world, case)


def closed(world, case):
    """By hand: that everything is done first is asked in the tests of closing."""
    with acting(world.anna):
        Case.objects.filter(pk=case.pk).update(closed_on=today())
        return Case.objects.get(pk=case.pk)


def packed(world, case):
    """(export, root, files) of the whole way."""
    export = archiving.asked(world.anna, case)
    archiving.approved(world.maud, export)
    export = archiving.made(world.anna, export)
    return export, *archiving.opened(archiving.fetched(world.anna, export))


def words(files, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(files[DATA + name])
    return words_of(path)


def test_every_file_is_listed_with_its_sum_and_nothing_else(world):
    export, root, files = packed(world, full_case(world))
    mets = etree.fromstring(files["METS.xml"])
    assert mets.get("OBJID") == root == f"exitprogram-{export.pk}"
    listed = {}
    for one in mets.iterfind(".//m:mdRef", NS):
        listed[one.get(f"{XLINK}href")] = one
    for one in mets.iterfind(".//m:file", NS):
        listed[one.find("m:FLocat", NS).get(f"{XLINK}href")] = one
    assert set(listed) == set(files) - {"METS.xml"}
    assert export.files == len(files) > 8
    for path, one in listed.items():
        assert one.get("CHECKSUM") == hashlib.sha256(files[path]).hexdigest(), path
        assert one.get("CHECKSUMTYPE") == "SHA-256" and one.get("SIZE") == str(len(files[path]))
    ids = [one.get("ID") for one in mets.iter() if one.get("ID")]
    assert len(ids) == len(set(ids))


def test_the_mets_is_as_csip_and_sip_require(world):
    """Each MUST of CSIP 2.1 and SIP 2.1 that concerns one METS for the whole package, from the specifications."""
    _export, _root, files = packed(world, full_case(world))
    mets = etree.fromstring(files["METS.xml"])
    _root_element(mets)
    _header(mets.find("m:metsHdr", NS))
    _references(mets)
    _groups(mets.find("m:fileSec", NS))
    _structure(mets)
    assert {path.split("/")[0] for path in files} == {
        "METS.xml", "metadata", "representations", "documentation", "schemas",
    }  # fmt: skip


def _root_element(mets):
    assert mets.get("TYPE") == "Other" and mets.get(f"{CSIP}OTHERTYPE")  # CSIP2, CSIP3
    assert mets.get(f"{CSIP}CONTENTINFORMATIONTYPE") == "OTHER"  # CSIP4
    assert mets.get(f"{CSIP}OTHERCONTENTINFORMATIONTYPE")  # CSIP5
    assert mets.get("PROFILE") == "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"  # CSIP6, SIP2


def _header(header):
    assert header.get("CREATEDATE") and header.get(f"{CSIP}OAISPACKAGETYPE") == "SIP"  # CSIP7, CSIP9, SIP4
    agents = [(one.get("ROLE"), one.get("TYPE")) for one in header.iterfind("m:agent", NS)]
    assert agents.count(("CREATOR", "ORGANIZATION")) == 1  # SIP15–17: who submits
    (software,) = [one for one in header.iterfind("m:agent", NS) if one.get("OTHERTYPE") == "SOFTWARE"]  # CSIP10–13
    assert software.get("ROLE") == "CREATOR" and software.get("TYPE") == "OTHER"
    assert software.findtext("m:name", "", NS)  # CSIP14
    assert software.find("m:note", NS).get(f"{CSIP}NOTETYPE") == "SOFTWARE VERSION"  # CSIP15, CSIP16
    assert ("PRESERVATION", "ORGANIZATION") in agents  # SIP27, SIP28


def _references(mets):
    """CSIP18–30 and 33–44: of the case, and of what has been done with it."""
    (described,), (kept,) = mets.findall("m:dmdSec", NS), mets.findall("m:amdSec/m:digiprovMD", NS)
    assert described.get("ID") and described.get("CREATED") and kept.get("ID")
    for section, kind in ((described, "OTHER"), (kept, "PREMIS")):
        assert section.get("STATUS") == "CURRENT"
        (one,) = section.findall("m:mdRef", NS)
        assert (one.get("LOCTYPE"), one.get(f"{XLINK}type"), one.get("MDTYPE")) == ("URL", "simple", kind)
        assert all(one.get(name) for name in ("MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE"))


def _groups(section):
    assert section.get("ID")  # CSIP59
    groups = {one.get("USE"): one for one in section.iterfind("m:fileGrp", NS)}
    assert set(groups) == {"Documentation", "Schemas", "Representations"}  # CSIP60, 113, 114
    assert groups["Representations"].get(f"{CSIP}CONTENTINFORMATIONTYPE")  # CSIP62
    for group in groups.values():
        assert group.get("ID") and group.findall("m:file", NS)  # CSIP65, 66
        for one in group.iterfind("m:file", NS):
            assert all(one.get(name) for name in ("ID", "MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE"))
            (where,) = one.findall("m:FLocat", NS)  # CSIP76–79
            assert (where.get("LOCTYPE"), where.get(f"{XLINK}type")) == ("URL", "simple")


def _structure(mets):
    (structure,) = mets.findall("m:structMap", NS)  # CSIP80
    assert (structure.get("TYPE"), structure.get("LABEL")) == ("PHYSICAL", "CSIP") and structure.get("ID")
    (whole,) = structure.findall("m:div", NS)  # CSIP84
    assert whole.get("ID") and whole.get("LABEL") == mets.get("OBJID")  # CSIP85, 86
    parts = {one.get("LABEL"): one for one in whole.iterfind("m:div", NS)}
    assert set(parts) == {"Metadata", "Documentation", "Schemas", "Representations"}
    ids = {one.get("ID") for one in mets.iter()}
    assert {parts["Metadata"].get("ADMID"), parts["Metadata"].get("DMDID")} <= ids  # CSIP91, 92
    for label in set(parts) - {"Metadata"}:
        (pointer,) = parts[label].findall("m:fptr", NS)
        group = mets.find(f".//m:fileGrp[@ID='{pointer.get('FILEID')}']", NS)
        assert group.get("USE") == label  # CSIP96, 100, 104, 116, 118, 119


def test_the_case_is_described_by_the_schema_that_goes_with_it(world):
    case = full_case(world)
    _export, _root, files = packed(world, case)
    assert files["schemas/arkiv.xsd"] == SCHEMA.read_bytes()
    tree = etree.fromstring(files["metadata/descriptive/arende.xml"])
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(tree)
    assert tree.findtext("a:objectId", "", OWN) == case.number
    paths = [one.get("path") for one in tree.iterfind("a:record/a:appendix", OWN)]
    assert sorted(paths) == sorted(path for path in files if path.startswith(DATA))
    assert "2009:400" in tree.findtext("a:restriction/a:regulation", "", OWN)
    assert "socialtjänstlagen" in tree.findtext("a:disposal/a:disposalMandate", "", OWN)


def test_what_we_make_is_archivable_pdf(world, tmp_path):
    _export, _root, files = packed(world, full_case(world))
    ours = [path for path in files if path.endswith(".pdf") and "handling" not in path]
    assert len(ours) > 6
    for name in ("journal.pdf", "plan-1-version-1.pdf"):
        path = tmp_path / name
        path.write_bytes(files[DATA + name])
        assert faults_of(path) == [], name


def test_the_file_is_whole_and_the_draft_is_not_in_it(world, tmp_path):
    _export, _root, files = packed(world, full_case(world))
    said = words(files, "journal.pdf", tmp_path)
    assert "Hon ringde från" in said and "& sa <nej>" in said
    assert "Bara utkastet" not in said
    assert "Arkiva" in words(files, "personen.pdf", tmp_path)
    assert "Sova en hel natt" in words(files, "plan-1-version-1.pdf", tmp_path)
    assert "Anna Berg" in words(files, "lasningar.pdf", tmp_path)
    assert files[DATA + "handling-1.pdf"].startswith(b"%PDF")


def test_where_a_protected_person_is_does_not_go(world, tmp_path):
    case = full_case(world, protection="secrecy_mark")
    _export, _root, files = packed(world, case)
    said = words(files, "journal.pdf", tmp_path)
    assert "adress som inte lämnas ut" in said and "kanariegatan" not in said.lower()
    assert not [path for path in files if "handling" in path], "nobody has read what a paper says"
    assert "Inkomna handlingar" in files["documentation/las-mig.txt"].decode()
    tree = etree.fromstring(files["metadata/descriptive/arende.xml"])
    assert tree.findtext(".//a:protectedIdentity", "", OWN) == "true"


def test_an_address_in_an_agreed_plan_stops_the_package(world):
    """It is locked: nothing can be struck out of it."""
    case = world.open_case(individual=world.person(name="Låst Person", protection="secrecy_mark"))
    world.consent(case), world.coordinator(case=case)
    version = world.draft(case)
    with acting(world.anna):
        cases.add_place(by=world.anna, case=case, kind="address", text="Sova en hel natt")  # stands in the plan
        plans.agree_version(by=world.anna, plan_version=version)
    export = archiving.asked(world.anna, closed(world, case))
    archiving.approved(world.maud, export)
    with pytest.raises(AssertionError, match="adress till en person med skydd"):
        archiving.made(world.anna, export)


def test_a_paper_for_somebody_named_stays(world):
    case = full_case(world)
    with acting(world.anna):
        Case.objects.filter(pk=case.pk).update(closed_on=None)
        cases.grant_access(by=world.anna, case=case, membership=world.leo, kind="named", reason="hjälper till")
    with acting(world.leo):
        cases.add_document(**papers.paper(case, world.leo, file=papers.text("Bara för Leo"), open_to="named"))
    _export, _root, files = packed(world, closed(world, case))
    assert len([path for path in files if "handling" in path]) == 1, "Leo's own is not Anna's to give"


def test_it_says_how_many_it_tells_of(world):
    """Counted here by hand: the individual and each one in the team."""
    case = full_case(world)
    export, *_rest = packed(world, case)
    with acting(world.anna):
        team = {one.membership.user_id for one in TeamMember.objects.filter(case=case)}
        assert not Guardian.objects.filter(case=case).exists()
    assert export.persons == 1 + len(team) > 1


def test_a_well_known_tool_opens_it(world, tmp_path):
    export = archiving.asked(world.anna, full_case(world))
    archiving.approved(world.maud, export)
    package = archiving.fetched(world.anna, archiving.made(world.anna, export))
    assert b"METS" not in package and b"Arkiva" not in package
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl on this machine")
    found, key = archiving.archive()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for name, data in (("key", pem), ("cert", archiving.pem(found).encode()), ("in", package)):
        (tmp_path / name).write_bytes(data)
    given = "cms -decrypt -binary -inform DER -in in -inkey key -recip cert -out out"
    subprocess.run([openssl, *given.split()], cwd=tmp_path, check=True, timeout=60)
    assert (tmp_path / "out").read_bytes().startswith(b"PK")


def test_every_model_of_a_case_is_told_or_left_out():
    named = {part["model"] for one in told()["paper"] for part in one["parts"]}
    left = {label for some in told()["left_out"].values() for label in some}
    of_a_case = {
        label for label, model in WALLED.items()
        if any(field.name == "case" for field in model._meta.concrete_fields)
    }  # fmt: skip
    assert named | left == of_a_case and not named & left
    assert set(told()["left_out"]) == set(told()["why"])


def test_every_field_that_is_told_is_there():
    for one in told()["paper"]:
        for part in one["parts"]:
            for name in (*part["fields"], *([part["only"]] if "only" in part else [])):
                assert hasattr(WALLED[part["model"]], name), (part["model"], name)


def test_nothing_of_it_lies_in_clear(world):
    """On disk there is one sealed file, which the archive's own key does not open either: it is sealed twice."""
    packed(world, full_case(world))
    files = [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]
    assert len(files) == 2  # the paper and the package
    for path in files:
        data = path.read_bytes()
        assert not [word for word in (b"Arkiva", b"Kanarie", b"METS", b"%PDF", b"PK\x03\x04") if word in data]
