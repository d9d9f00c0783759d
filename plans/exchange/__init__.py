"""One agreed version for one recipient as a FHIR R4 bundle: what the paper for that recipient holds, for a system to
read. ``fhir.resources`` is imported when a bundle is made, since it takes 16 MB."""

from plans.exchange.bundle import CONTENT_TYPE, document
from plans.exchange.schema import json_schema, published

__all__ = ["CONTENT_TYPE", "document", "json_schema", "published"]
