from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.errors import Refused, Stale
from exitprogram.tenancy.models import Letterhead
from exitprogram.tenancy.roles import Permission, require_role


@transaction.atomic
def save_letterhead(
    *, by, name, postal="", visiting="", telephone="", email="", hours="", appeal="", version=None
):  # fmt: skip
    """What stands at the top of the authority's letters from now on. Copies that were kept stay as they went out."""
    require_role(by, Permission.ADMINISTER)
    if not name.strip():
        raise Refused("Skriv vad nämnden heter i brev.")
    row = Letterhead.objects.select_for_update(of=("self",)).filter(authority_id=by.authority_id).first()
    row = row or Letterhead(authority_id=by.authority_id, version=0)
    if version is not None and version != row.version:
        raise Stale(row, "Någon annan har ändrat brevhuvudet under tiden. Öppna sidan på nytt och gör om ändringen.")
    said = {
        "name": name, "postal": postal, "visiting": visiting, "telephone": telephone, "email": email, "hours": hours,
        "appeal": appeal,
    }  # fmt: skip
    for field, text in said.items():
        setattr(row, field, text.strip())
    row.saved_by, row.version = by, row.version + 1
    row.save()
    record(by=by, action="letterhead.saved", obj=row, version=row.version)
    return row
