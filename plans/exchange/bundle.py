"""The bundle: put together, validated by the library, and always the same bytes for the same copy."""

import json
import uuid

from exitprogram.errors import Refused
from plans.exchange.resources import PLAN, TERMINOLOGY, Resources
from plans.exports import view_for
from plans.models import PlanVersion
from teams.presented import NEUTRAL

CONTENT_TYPE = "application/fhir+json; fhirVersion=4.0"
AGREED = (PlanVersion.State.AGREED, PlanVersion.State.SUPERSEDED)


def document(version, recipient, *, copy_number):
    """Text of the bundle, canonical JSON. The same version, recipient and copy give the same text. Raises Refused for a
    version that nobody has agreed to."""
    if version.state not in AGREED:
        raise Refused("Bara en överenskommen version kan lämnas ut som fil för ett annat system.")
    content = view_for(version, recipient)
    resources = Resources(version, recipient, content, _name(version, recipient)).all()
    made = {
        "resourceType": "Bundle", "type": "collection", "language": "sv",
        "id": str(uuid.uuid5(version.pk, f"{recipient.key}|Bundle|{copy_number}")),
        "identifier": {"system": PLAN, "value": f"{content['case_number']}/{content['number']}/{copy_number}"},
        "timestamp": version.agreed_at.isoformat(timespec="seconds"),
        "meta": {"security": [_label("v3-Confidentiality", "V")], "tag": _partial(recipient)},
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources],
    }  # fmt: skip
    return canonical(tidied(made))


def canonical(bundle):
    """Validated by the library and written from what it has read, with sorted keys."""
    from fhir.resources.R4B.bundle import Bundle

    read = json.loads(Bundle.model_validate(bundle).model_dump_json())
    return json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def tidied(value):
    """Without what is empty, all the way in: FHIR has no empty texts, lists or objects."""
    if isinstance(value, dict):
        kept = {key: tidied(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in ("", None, [], {})}
    if isinstance(value, list | tuple):
        return [one for one in map(tidied, value) if one not in ("", None, [], {})]
    return value.strip() if isinstance(value, str) else value


def _name(version, recipient):
    """As on the recipient's paper; of somebody protected no name at all leaves in a file."""
    individual = version.case.individual
    if individual.is_protected or individual.root.is_protected:
        return ""
    return individual.root.shown_name if recipient.areas is None else recipient.presented_as or NEUTRAL


def _partial(recipient):
    """A recipient who may have a part is told that it is a part."""
    return [] if recipient.areas is None else [_label("v3-ObservationValue", "SUBSETTED")]


def _label(system, code):
    return {"system": f"{TERMINOLOGY}/{system}", "code": code}
