"""What a log line may say: the sentence of the code and the place, never a value."""

import json
import logging
import sys

import pytest

from exitprogram.tenancy.logs import formatter

CANARY = "Kanarie Karlsson"


def line(name, message, *args, **more):
    record = logging.LogRecord(name, logging.ERROR, "/x/some_module.py", 7, message, args, None)
    vars(record).update(more)
    return formatter().format(record)


def event(*given, **more):
    return json.loads(line(*given, **more))["event"]


@pytest.mark.parametrize(
    "name", ["cases.notices.delivery", "django.request", "celery.worker", "django.security", "fontTools"]
)
def test_no_argument_is_written(name):
    assert CANARY not in line(name, "refused: %s", CANARY)
    assert CANARY not in line(name, "refused: %(who)s", {"who": CANARY})


@pytest.mark.parametrize("name", ["django.security.DisallowedHost", "weasyprint", "celery", "py.warnings", "casesque"])
def test_a_sentence_that_a_library_has_put_together_is_only_a_place(name):
    assert event(name, f"Invalid header: {CANARY}") == "some_module:7"
    assert event(name, ValueError(CANARY)) == "some_module:7"


@pytest.mark.parametrize("name", ["weasyprint", "somebody.else"])
def test_of_a_library_nobody_has_looked_at_only_the_place(name):
    assert event(name, f"{CANARY}: %s", 1) == "some_module:7"


def test_our_own_and_known_sentences_are_told():
    assert event("cases.notices.delivery", "notices not sent") == "notices not sent"
    assert event("django.request", "%s: %s", "Not Found", f"/sok/{CANARY}") == "%s: %s"


def test_neither_extras_nor_an_error_say_more():
    try:
        raise ValueError(CANARY)
    except ValueError:
        fault = sys.exc_info()
    written = line("cases.notices.delivery", "notices not sent", exc_info=fault, name_of=CANARY, event=CANARY, count=3)
    assert CANARY not in written
    assert json.loads(written)["count"] == 3
    assert json.loads(written)["exception"].startswith("ValueError vid test_logs.py:")
