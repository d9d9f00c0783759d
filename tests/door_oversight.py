"""The regional coordinator's pages, and those of the manager that count: who comes through."""

from tests.door import Door

OVERSIGHT = {
    "reporting:region": Door("GET", "rut"),
}
