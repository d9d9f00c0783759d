"""The package of a closed case: put together in memory, encrypted to the archive, never on disk as it is."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone

from children.models import Guardian
from exitprogram.crypto.envelope import certificate_of, enveloped
from exitprogram.errors import Refused
from plans.archive.descriptive import DATA, described, preserved
from plans.archive.mets import Contents, Kept, mets_of
from plans.archive.papers import CaseFile, told
from teams.models import OutsideMember, TeamMember

LARGEST = 200 * 1024 * 1024  # bytes of one package: it is held in memory, twice
SCHEMA = Path(__file__).parent / "arkiv.xsd"


@dataclass(frozen=True)
class Package:
    data: bytes  # encrypted to the archive
    persons: int
    files: int


def package_of(by, export):
    """What is handed out. Everything in it is asked for as the asker, now; only the archive opens what comes back."""
    certificate = certificate_of(export.certificate, at=timezone.now())
    contents = contents_of(by, export)
    files = [Kept("METS.xml", mets_of(contents), "text/xml"), *contents.files]
    return Package(enveloped(zipped(contents.package_id, files), certificate), len(persons_of(export.case)), len(files))


def contents_of(by, export):
    case, at = export.case, timezone.localtime().isoformat(timespec="seconds")
    package_id = f"exitprogram-{export.pk}"
    file, papers, size = CaseFile(by, case), [], 0
    for paper in file.papers():
        size += len(paper.data)
        if size > LARGEST:
            raise Refused("Akten är för stor för ett paket. Säg till er it-support.")
        papers.append(paper)
    return Contents(
        package_id, at, case.authority.name, export.recipient,
        Kept("metadata/descriptive/arende.xml", described(case, papers), "text/xml"),
        Kept("metadata/preservation/premis.xml", preserved(package_id, case, at=at), "text/xml"),
        [Kept("documentation/las-mig.txt", _read_me(file, export), "text/plain")],
        [Kept("schemas/arkiv.xsd", SCHEMA.read_bytes(), "text/xml")],
        [Kept(DATA + paper.path, paper.data, paper.content_type) for paper in papers],
    )  # fmt: skip


def _read_me(file, export):
    context = {"export": export, "case": file.case, "left_out": told()["why"].values(),
               "originals": file.originals() if file.case.individual.guarded else []}  # fmt: skip
    return render_to_string("plans/archive_read_me.txt", context).encode()


def zipped(package_id, files):
    """A zip whose one root folder has the package's name; the same files give the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for file in files:
            made.writestr(zipfile.ZipInfo(f"{package_id}/{file.path}"), file.data, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def persons_of(case):
    """Whom the package tells of with a line of their own: the individual, the child's guardians, those in the team."""
    team = TeamMember.objects.filter(case=case).values_list("membership__user_id", flat=True)
    found = {("individual", case.individual.root.pk)} | {("user", pk) for pk in team}
    for model in (Guardian, OutsideMember):
        found |= {(model.__name__, pk) for pk in model.objects.filter(case=case).values_list("pk", flat=True)}
    return found
