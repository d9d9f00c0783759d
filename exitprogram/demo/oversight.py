"""What the regional coordinator has asked about plans that she cannot put a name to, what boards have asked of her and
what they have sent her; told from ``oversight.toml``."""

import functools
import tomllib
from datetime import timedelta
from decimal import Decimal
from functools import partial

from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from reporting import operations as reporting
from reporting.flow import rows


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "oversight.toml").read_text(encoding="utf-8"))


def steps(cast):
    """``(day, act)`` for the clock."""
    for text in told()["question"]:
        yield cast.today - timedelta(days=text["days"]), partial(_question, cast, text)
    for text in told()["estimate"]:
        yield cast.today - timedelta(days=text["days"]), partial(_estimate, cast, text)
    for text in told()["request"]:
        yield cast.today - timedelta(days=text["days"]), partial(_request, cast, text)


def _question(cast, text):
    """About the plan that has waited longest in its board."""
    by, board = cast.guest(text["by"]), cast.by_code[text["board"]]
    with acting(by):
        found = rows(board)
        if found:
            reporting.ask_about_plan(by=by, board=board, ref=found[0].ref, text=text["text"])


def _estimate(cast, text):
    """One that is sent, and one kept with more people in it."""
    by, to = cast.manager(text["by"]), cast.guest(text["to"])
    given = text["stated"] | {"first_year": cast.today.year + 1, "increase": Decimal(text["stated"]["increase"])}
    with acting(by):
        sent = reporting.add_estimate(by=by, programme=text["programme"], **given)
        reporting.send_estimate(by=by, estimate=sent, to_authority=to.authority)
        kept = reporting.copy_estimate(by=by, estimate=sent)
        reporting.save_estimate(by=by, estimate=kept, expected=1, **given | text["kept"])


def _request(cast, text):
    by, to = cast.social(text["by"]), cast.guest(text["to"])
    with acting(by):
        request = reporting.ask_for_support(
            by=by, to_authority=to.authority, subject=text["subject"], text=text["text"]
        )
    if "answer" in text:
        with acting(to):
            reporting.answer_support(by=to, request=request, text=text["answer"])
