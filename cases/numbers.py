"""A number as it was given, made ready to be sealed and to be found again."""

import unicodedata
from dataclasses import dataclass

from cases.models import PersonIdentifier
from cases.names import identity_number
from exitprogram.crypto.fingerprint import fingerprint
from exitprogram.errors import Refused
from exitprogram.tenancy.models import Region

Kind = PersonIdentifier.Kind
SWEDISH = "swedish"  # a personal or a coordination number: the digits tell which
KINDS = [
    (SWEDISH, "Personnummer eller samordningsnummer"),
    (Kind.RESERVE, "Reservnummer från vården"),
    (Kind.FOREIGN, "Nummer från ett annat land"),
]
SHORTEST = 4


@dataclass(frozen=True)
class Number:
    kind: str
    value: str
    region_id: str | None = None
    country: str = ""

    def fingerprint(self, authority_id):
        return fingerprint(authority_id, self._found_by(self.region_id))

    def fingerprints(self, authority_id):
        """Of every form in which the same number may already lie: a reserve number also without its region, and when
        the region is not known, of each region."""
        regions = [self.region_id]
        if self.kind == Kind.RESERVE:
            regions = [self.region_id, None] if self.region_id else [None, *Region.objects.values_list("pk", flat=True)]
        return [fingerprint(authority_id, self._found_by(region)) for region in regions]

    def _found_by(self, region_id):
        if self.kind in (Kind.PERSONAL, Kind.COORDINATION):
            return self.value
        return f"{self.kind}|{self.country or region_id or ''}|{_plain(self.value)}"


def given_number(text, *, kind=SWEDISH, region_id=None, country=""):
    """Raises Refused with a sentence. A personal or coordination number is checked by its check digit; a reserve or
    foreign number never, since each region and country counts in its own way (or not at all)."""
    if kind not in (Kind.RESERVE, Kind.FOREIGN):
        digits, kind = identity_number(text)
        return Number(kind, digits)
    value = " ".join(text.split())
    if len(_plain(value)) < SHORTEST:
        raise Refused("Skriv hela numret.")
    if kind == Kind.FOREIGN and not country:
        raise Refused("Välj vilket land numret kommer från.")
    if kind == Kind.RESERVE:
        return Number(kind, value, region_id=region_id)
    return Number(kind, value, country=country)


def _plain(value):
    return "".join(c for c in unicodedata.normalize("NFKC", value).upper() if c.isalnum())
