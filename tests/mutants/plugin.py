"""Pytest plugin: the tests of this run meet the product without the guard that ``EXIT_MUTANT`` names (kind, then the
mutant as it prints itself)."""

import importlib
import os


def pytest_collection_finish(session):
    kind, _line, wanted = os.environ["EXIT_MUTANT"].partition("|")
    if kind == "require":
        from tests.mutants import sources

        mutant = next(one for one in sources.mutants() if str(one) == wanted)
        importlib.import_module(mutant.path.removesuffix(".py").replace("/", "."))
        assert sources.apply(mutant), wanted
    else:
        from tests.mutants import doors, filters

        house, every = (filters, filters.found()) if kind == "filter" else (doors, doors.layers())
        house.take_away(next(one for one in every if one.kind == kind and str(one) == wanted))
