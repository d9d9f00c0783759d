"""All the places, in the order they are looked through: the tables come last, when everything has been done."""

from tests.canaries import database, logs, outside, pages
from tests.canaries.sink import SINKS

IN_ORDER = [
    name for module in (pages, outside, logs, database) for name, pieces in SINKS.items()
    if pieces.__module__ == module.__name__
]  # fmt: skip
