"""What leaves an authority, what is on its way to another board, and what is closed; told from ``leaving.toml``."""

import functools
import tomllib
from datetime import timedelta
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from django.utils import timezone

from cases import operations as cases
from cases.material import pieces
from cases.models import ArchiveExport, Case, Disclosure, TransferRequest
from exitprogram.crypto.envelope import LEAST_BITS, pem_of
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


def _archive(story, event):
    """Ask for a closed case to be handed to the archive: the person's own, or an old one of somebody else by name."""
    by = story.worker
    with acting(by):
        closed = Case.objects.visible_to(by).exclude(closed_on=None).select_related("individual")
        named = event.get("name", story.case.individual.root.shown_name)
        case = next(one for one in closed if one.individual.root.shown_name == named)
        cases.ask_export(
            by=by, case=case, recipient=event["recipient"], purpose=event["purpose"], certificate=_certificate()
        )


def _certificate():
    """Of an archive that is made up. Nobody has its private key: what is fetched in the demonstration opens for
    nobody."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=LEAST_BITS)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Kommunarkivet (påhittat)")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(timezone.now() - timedelta(days=1))
    return pem_of(made.not_valid_after(timezone.now() + timedelta(days=730)).sign(key, hashes.SHA256()))


def _approve(story, event):
    by = story.cast.manager(event["by"])
    with acting(by):
        cases.approve_export(by=by, export=ArchiveExport.objects.visible_to(by).waiting().get())


DOES = {
    "archive": _archive, "approve": _approve,
    "disclose": _disclose, "open": _open, "receipt": _receipt, "ask": _ask, "give": _give, "close": _close,
}  # fmt: skip
