"""METS.xml at the root of the package: who made it, every file with its size and SHA-256, and where each belongs.

By E-ARK CSIP 2.1 and SIP 2.1. One METS for the whole package; the content lies in one representation."""

import hashlib
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from plans.archive.descriptive import XSI, bytes_of, readable

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml"
CONTENT = "Exitprogram, personakt 1.0"
VERSION = "0.1.0"


@dataclass(frozen=True)
class Kept:
    """One file of the package."""

    path: str
    data: bytes
    content_type: str

    @property
    def sha256(self):
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Contents:
    """The package before its METS. ``groups`` are of files that hold the content, the documentation and the schemas."""

    package_id: str
    at: str  # ISO 8601 with zone
    creator: str
    archive: str
    descriptive: Kept
    preservation: Kept
    documentation: list
    schemas: list
    content: list

    @property
    def files(self):
        return [self.descriptive, self.preservation, *self.documentation, *self.schemas, *self.content]


def mets_of(contents):
    root = Element("mets", {
        "xmlns": METS, "xmlns:xlink": XLINK, "xmlns:csip": CSIP, "xmlns:xsi": XSI, "OBJID": contents.package_id,
        "LABEL": "Personakt", "TYPE": "Other", "csip:OTHERTYPE": "Personakt",
        "csip:CONTENTINFORMATIONTYPE": "OTHER", "csip:OTHERCONTENTINFORMATIONTYPE": CONTENT, "PROFILE": PROFILE,
    })  # fmt: skip
    _header(root, contents)
    described = SubElement(root, "dmdSec", ID="dmd-1", CREATED=contents.at, STATUS="CURRENT")
    _reference(described, contents.descriptive, contents.at, MDTYPE="OTHER", OTHERMDTYPE=CONTENT)
    kept = SubElement(SubElement(root, "amdSec", ID="amd-1"), "digiprovMD", ID="digiprov-1", STATUS="CURRENT")
    _reference(kept, contents.preservation, contents.at, MDTYPE="PREMIS", MDTYPEVERSION="3.0")
    files = SubElement(root, "fileSec", ID="filer")
    groups = {"Documentation": contents.documentation, "Schemas": contents.schemas, "Representations": contents.content}
    for name, some in groups.items():
        _group(files, name, some, contents.at)
    _structure(root, contents, groups)
    return bytes_of(root)


def _header(root, contents):
    header = SubElement(root, "metsHdr", {
        "CREATEDATE": contents.at, "LASTMODDATE": contents.at, "RECORDSTATUS": "NEW", "csip:OAISPACKAGETYPE": "SIP",
    })  # fmt: skip
    software = {"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"}
    _agent(header, software, "Exitprogram", note=("SOFTWARE VERSION", VERSION))
    _agent(header, {"ROLE": "ARCHIVIST", "TYPE": "ORGANIZATION"}, contents.creator)
    _agent(header, {"ROLE": "CREATOR", "TYPE": "ORGANIZATION"}, contents.creator)
    _agent(header, {"ROLE": "PRESERVATION", "TYPE": "ORGANIZATION"}, contents.archive)


def _agent(header, attributes, name, note=None):
    agent = SubElement(header, "agent", attributes)
    SubElement(agent, "name").text = readable(name)
    if note:
        SubElement(agent, "note", {"csip:NOTETYPE": note[0]}).text = note[1]


def _sums(file, at):
    return {
        "MIMETYPE": file.content_type, "SIZE": str(len(file.data)), "CREATED": at, "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }  # fmt: skip


def _located(file):
    return {"LOCTYPE": "URL", "xlink:type": "simple", "xlink:href": file.path}


def _reference(parent, file, at, **kind):
    SubElement(parent, "mdRef", {**_located(file), **kind, **_sums(file, at)})


def _group(section, name, files, at):
    more = {}
    if name == "Representations":
        more = {"csip:CONTENTINFORMATIONTYPE": "OTHER", "csip:OTHERCONTENTINFORMATIONTYPE": CONTENT}
    group = SubElement(section, "fileGrp", {"ID": f"grupp-{name}", "USE": name, **more})
    for place, file in enumerate(files, 1):
        one = SubElement(group, "file", {"ID": f"fil-{name}-{place}", **_sums(file, at)})
        SubElement(one, "FLocat", _located(file))


def _structure(root, contents, groups):
    structure = SubElement(root, "structMap", ID="struktur", TYPE="PHYSICAL", LABEL="CSIP")
    whole = SubElement(structure, "div", ID="paket", LABEL=contents.package_id)
    SubElement(whole, "div", ID="del-Metadata", LABEL="Metadata", ADMID="digiprov-1", DMDID="dmd-1")
    for name in groups:
        part = SubElement(whole, "div", ID=f"del-{name}", LABEL=name)
        SubElement(part, "fptr", FILEID=f"grupp-{name}")
