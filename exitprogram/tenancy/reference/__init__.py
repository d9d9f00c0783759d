"""The country: 7 police regions, 21 regions, 290 municipalities, and one authority for each of the latter two."""

import csv
import uuid
from pathlib import Path

# Ids are derived from the public codes, so that every installation and every test knows them.
_AUTHORITIES = uuid.UUID("6f2b7a52-2f1c-5f0e-9a65-0c4f5e8f7d10")


def authority_id(kind, code):
    return uuid.uuid5(_AUTHORITIES, f"{kind}:{code}")


def rows(name):
    with (Path(__file__).parent / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def load(apps):
    """Fill the reference tables; ``apps`` is a migration's registry."""
    police, region, municipality, authority = (
        apps.get_model("tenancy", name) for name in ("PoliceRegion", "Region", "Municipality", "Authority")
    )
    regions, municipalities = list(rows("regions.csv")), list(rows("municipalities.csv"))
    police.objects.bulk_create(police(name=name) for name in sorted({row["police_region"] for row in regions}))
    region.objects.bulk_create(
        region(
            county_code=row["county_code"], organisation_name=row["organisation_name"],
            county_name=row["county_name"], police_region_id=row["police_region"],
        )
        for row in regions
    )  # fmt: skip
    municipality.objects.bulk_create(
        municipality(
            code=row["municipality_code"], organisation_name=row["organisation_name"],
            short_name=row["short_name"], region_id=row["county_code"],
        )
        for row in municipalities
    )  # fmt: skip
    authority.objects.bulk_create(
        authority(
            id=authority_id("social_board", row["municipality_code"]), kind="social_board",
            name=f"Socialnämnden, {row['organisation_name']}", region_id=row["county_code"],
        )
        for row in municipalities
    )  # fmt: skip
    authority.objects.bulk_create(
        authority(
            id=authority_id("health_authority", row["county_code"]), kind="health_authority",
            name=f"Hälso- och sjukvården, {row['organisation_name']}", region_id=row["county_code"],
        )
        for row in regions
    )  # fmt: skip
    covers = authority.municipalities.through
    covers.objects.bulk_create(
        covers(
            authority_id=authority_id("social_board", row["municipality_code"]),
            municipality_id=row["municipality_code"],
        )
        for row in municipalities
    )
