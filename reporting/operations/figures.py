"""What people do with published figures: ask for a new version with a reason, take them out as a file."""

from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.jobs.operations import ask_job
from exitprogram.tenancy.roles import Permission, require_role
from reporting.models import Publication, PublishedCell

VERSION = "figures_version"
REASONS = {
    "late": "Uppgifter som skulle ha varit med kom in senare",
    "wrong": "Uppgifter var fel och har rättats",
    "left_out": "En nämnd eller enhet hade fallit bort",
}


@transaction.atomic
def take_out_figures(*, by, publication, via="web"):
    """The cells that the membership may see, and a line in the log that they left the house."""
    publication = Publication.objects.visible_to(by).get(pk=publication.pk)
    rows = PublishedCell.objects.visible_to(by).filter(publication=publication).select_related("board")
    cells = list(rows.order_by("board__name", "board_id", "group", "category"))
    record(by=by, action="figures.exported", obj=publication, authority_id=by.authority_id, cells=len(cells), via=via)
    return cells


@transaction.atomic
def ask_new_version(*, by, publication, reason):
    """The half-year counted anew, as long work in one's own name. Steps of ten and more show; less stays as it was."""
    require_role(by, Permission.REGION_OVERVIEW)
    if reason not in REASONS:
        raise Refused("Välj varför siffrorna ska räknas om.")
    publication = Publication.objects.visible_to(by).get(pk=publication.pk)
    if publication.county_id != by.authority.region_id:
        raise Refused("Siffrorna hör till ett annat län än ditt.")
    job = ask_job(by=by, kind=VERSION, subject_id=publication.pk, parts=[reason])
    record(by=by, action="figures.version_asked", obj=publication, authority_id=by.authority_id, why=reason)
    return job
