"""Countries by ISO 3166 code, with the Swedish names of Unicode's CLDR, taken out with Babel 2.18."""

import csv
from pathlib import Path

with (Path(__file__).parent / "countries.csv").open(encoding="utf-8") as file:
    COUNTRIES = [(row["code"], row["name"]) for row in csv.DictReader(file)]
