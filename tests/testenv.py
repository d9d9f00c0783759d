"""Pytest plugin: real PostgreSQL and a real broker for this run, in the environment before settings.py is read.

Named in pyproject.toml. Start pytest as ``python -m pytest`` from the clone, so that this module is found.
"""

import os
from contextlib import ExitStack

import pytest

from exitprogram.embedded.suite import throwaway_servers

SERVERS = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """A wrapper, so that it comes before pytest-django's own hook, which reads the settings.

    An xdist worker finds the variables of its parent and starts nothing; so does a run under ``make test``.
    """
    if "EXIT_DATABASE_URL" not in os.environ:
        os.environ.update(SERVERS.enter_context(throwaway_servers()))
        early_config.add_cleanup(SERVERS.close)
    return (yield)
