"""What leaves an authority, what is on its way to another board, and what is closed; told from ``leaving.toml``."""

import functools
import tomllib
from functools import partial

from django.utils import timezone

from cases import operations as cases
from cases.material import pieces
from cases.models import Disclosure, TransferRequest
from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from plans import operations as plans


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "leaving.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(DOES[event["do"]], story, event)


def _disclose(story, event):
    """To somebody at another organisation, by key; or to somebody outside, in words."""
    by = story.worker
    to = {"receiver": story.cast.guest(event["to"]).pk} if "to" in event else {
        name: event[name] for name in ("outside_kind", "outside", "handed_over")
    }  # fmt: skip
    with acting(by):
        keys = [key for key, piece in pieces(by, story.case).items() if piece.kind in event["kinds"]]
        cases.disclose(
            by=by, case=story.case, pieces=keys[: event.get("at_most", 9)], ground=event["ground"],
            reason=event["reason"], **to,
        )  # fmt: skip


def _newest(story):
    return Disclosure.objects.filter(case=story.case, what=Disclosure.FILE).order_by("-created_at").first()


def _open(story, event):
    by = story.cast.guest(event["by"])
    with acting(by):
        mine = Disclosure.objects.received_by(by).filter(case=story.case.pk).order_by("-created_at")
        cases.open_received(by=by, disclosure=mine[0])


def _receipt(story, event):
    with acting(story.worker):
        cases.register_receipt(
            by=story.worker, case=story.case, disclosure=_newest(story), said_by=event["said_by"],
            received_at=timezone.now(),
        )  # fmt: skip


def _ask(story, event):
    with acting(story.worker):
        cases.request_transfer(
            by=story.worker, case=story.case, recipient=story.cast.by_code[event["board"]], reason=event["reason"],
            needed=event["needed"],
        )  # fmt: skip


def _give(story, event):
    by = story.cast.manager(event["by"])
    with acting(by):
        transfer = TransferRequest.objects.asked_of(by).get(case=story.case.pk)
        cases.give_transfer(by=by, transfer=transfer, membership=story.cast.social(event["to"]))


def _close(story, event):
    with acting(story.worker):
        plans.close_case(by=story.worker, case=story.case, kind=event["kind"], reason=event["reason"])


DOES = {
    "disclose": _disclose, "open": _open, "receipt": _receipt, "ask": _ask, "give": _give, "close": _close,
}  # fmt: skip
