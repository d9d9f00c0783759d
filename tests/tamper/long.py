"""Run by ``make tamper``; not collected with the others."""

import pytest

from tests import databases
from tests.tamper.log import attempt, written


@pytest.mark.django_db(transaction=True)
def test_everything_is_found(request, settings, tmp_path):
    settings.ANCHOR_DIR = tmp_path
    asked = request.config.tamper
    written()
    try:
        asked.count = attempt(asked.tries, asked.seed)
    finally:
        databases.stands = None
    assert asked.count.found == asked.count.tries == asked.tries and not asked.count.false_alarms
