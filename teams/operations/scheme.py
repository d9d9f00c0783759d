from datetime import timedelta

from django.db import transaction

from exitprogram.audit.operations import record
from exitprogram.errors import Refused
from exitprogram.tenancy.roles import Permission, Role, require_role
from teams.models import DELEGABLE, DelegationRow, DelegationScheme


@transaction.atomic
def adopt_scheme(*, by, minute, valid_from, rows):
    """Put a new version of the delegation scheme in force. ``rows`` are dicts number, kind, law, role. The version
    before ends the day before. Raises Refused when a matter is left with nobody."""
    require_role(by, Permission.ADMINISTER)
    missing = [kind.label for kind in DELEGABLE if kind not in {row["kind"] for row in rows}]
    if missing:
        raise Refused(f"Ordningen lämnar detta utan någon som får besluta: {', '.join(missing)}.")
    if any(row["role"] not in (Role.SOCIAL_WORKER, Role.UNIT_MANAGER) for row in rows):
        raise Refused("Beslutanderätt kan bara lämnas till den egna nämndens anställda i socialtjänsten (KL 7:5).")
    before = DelegationScheme.objects.order_by("-version").first()
    if before and before.valid_from >= valid_from:
        raise Refused("Den nya versionen måste börja gälla efter den förra.")
    if before and before.valid_to is None:
        before.valid_to = valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    scheme = DelegationScheme.objects.create(
        authority_id=by.authority_id, version=before.version + 1 if before else 1, minute=minute, valid_from=valid_from
    )
    DelegationRow.objects.bulk_create(DelegationRow(authority_id=by.authority_id, scheme=scheme, **row) for row in rows)
    record(by=by, action="delegation.adopted", obj=scheme, version=scheme.version, rows=len(rows))
    return scheme
