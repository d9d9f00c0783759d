"""The JSON Schema of the bundle, made from the library's own models: of each, the elements that we use and no others.

``manage.py exchange_schema`` writes the file that is published; a test asks whether it is the same as what is made."""

import json
import typing
from pathlib import Path

FILE = Path(__file__).parent / "bundle.schema.json"
RESOURCES = (
    "CarePlan", "CareTeam", "Consent", "Goal", "Organization", "Patient", "Practitioner", "ServiceRequest", "Task",
)  # fmt: skip
USED = {
    "Bundle": "id meta language identifier type timestamp entry",
    "BundleEntry": "fullUrl resource",
    "CarePlan": "id identifier status intent category title subject period created author careTeam goal activity note",
    "CarePlanActivity": "reference",
    "CareTeam": "id status subject participant",
    "CareTeamParticipant": "role member onBehalfOf",
    "Consent": "id status scope category patient policyRule provision",
    "ConsentProvision": "type code actor",
    "ConsentProvisionActor": "role reference",
    "Goal": "id extension lifecycleStatus category description subject note",
    "Organization": "id name",
    "Patient": "id name",
    "Practitioner": "id name",
    "ServiceRequest": "id extension status intent basedOn code subject occurrencePeriod reasonCode performer note",
    "Task": "id extension status intent basedOn description reasonCode executionPeriod owner statusReason for note",
    "Meta": "security tag",
    "Identifier": "system value",
    "Coding": "system code",
    "CodeableConcept": "coding text",
    "Reference": "reference display",
    "Period": "start end",
    "Annotation": "authorReference time text",
    "HumanName": "text",
    "Extension": "url extension valueReference valueCodeableConcept",
}
DAY = r"\d{4}-\d{2}-\d{2}"
MOMENT = rf"{DAY}T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?(Z|[+-]\d{{2}}:\d{{2}})"
PATTERNS = {
    "Id": r"^[A-Za-z0-9\-.]{1,64}$", "Uri": r"^\S+$", "Code": r"^[^\s]+(\s[^\s]+)*$", "Instant": f"^{MOMENT}$",
    "DateTime": f"^({DAY}|{MOMENT})$",
}  # fmt: skip


def published():
    return FILE.read_text()


def json_schema():
    """Text of the schema."""
    found = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "En samordnad individuell plan för en mottagare: FHIR R4, Bundle av typen collection",
        "$ref": "#/$defs/Bundle",
        "$defs": {name: _object(name) for name in sorted(USED)},
    }
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _object(name):
    from fhir.resources.R4B import get_fhir_model_class

    model = get_fhir_model_class(name)
    fields = {(field.alias or key): field for key, field in model.model_fields.items()}
    properties = {key: _field(name, key, fields[key]) for key in USED[name].split()}
    required = [key for key in properties if fields[key].is_required() or (_extra(fields[key])).get("element_required")]
    if name in RESOURCES or name == "Bundle":
        properties["resourceType"] = {"const": name}
        required += ["resourceType", "id"]
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**made, "required": sorted(required)} if required else {**made, "minProperties": 1}


def _extra(field):
    return field.json_schema_extra or {}


def _field(owner, key, field):
    if (owner, key) == ("BundleEntry", "resource"):
        return {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in RESOURCES]}
    kind = field.annotation
    if typing.get_origin(kind) is not list and not hasattr(kind, "get_model_klass"):  # what may be missing: X | None
        kind = next(part for part in typing.get_args(kind) if part is not type(None))
    if typing.get_origin(kind) is list:
        return {"type": "array", "minItems": 1, "items": _kind(typing.get_args(kind)[0], field)}
    return _kind(kind, field)


def _kind(kind, field):
    if hasattr(kind, "get_model_klass"):
        return {"$ref": f"#/$defs/{kind.get_model_klass().__name__}"}
    words = _extra(field).get("enum_values")
    if words and "+" not in words:  # the library shortens a long list with a plus
        return {"enum": words}
    pattern = PATTERNS.get(type(kind.__metadata__[0]).__name__)
    return {"type": "string", "minLength": 1} if pattern is None else {"type": "string", "pattern": pattern}
