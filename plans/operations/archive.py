from django.db import transaction

from cases.access import require
from cases.models import ArchiveExport
from cases.operations import keep_package
from exitprogram.audit.operations import record
from exitprogram.errors import NotAllowed
from exitprogram.tenancy.roles import Permission
from plans.archive.package import package_of


@transaction.atomic
def make_export(*, by, export):
    """Put the approved package together and seal it. As the asker, with everything asked once more."""
    export = (
        ArchiveExport.objects.visible_to(by).select_related("case__individual", "case__authority").get(pk=export.pk)
    )
    require(by, Permission.DISCLOSE, export.case)
    if export.approved_at is None or export.requested_by_id != by.pk:
        raise NotAllowed("Bara den som bad om utlämningen gör paketet, när en annan person har godkänt den.")
    made = package_of(by, export)
    export = keep_package(by=by, export=export, package=made.data, persons=made.persons, files=made.files)
    record(by=by, action="archive.packed", obj=export, case=export.case)
    return export
