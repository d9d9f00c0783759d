"""Rows of what leaves an authority and of what ends, in two boards: copies, a transfer on its way, a closed case."""

from django.utils import timezone

from cases import operations as cases
from cases.material import pieces
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.roles import Role
from plans import operations as plans
from tests import archiving


def everything(world):
    """Mika of the partner organisation gets a copy from each board. Nora leads Söderhamn's unit."""
    world.nora = world._member(world.siv, "Nora Chef", Role.UNIT_MANAGER)
    copies(world, world.anna, world.case)
    copies(world, world.cilla, world.elsewhere)
    world.moving = world.open_case(individual=world.person(name="Flyttande Person"))
    world.moving_elsewhere = world.open_case(world.cilla, world.person(world.cilla, "Flyttande Annan"))
    world.transfer = asked(world.anna, world.moving, world.soderhamn, world.nora, world.cilla)
    world.transfer_elsewhere = asked(world.cilla, world.moving_elsewhere, world.bollnas, world.maud, world.anna)
    world.closed = closed(world.anna, world.open_case(individual=world.person(name="Avslutad Person")))
    world.closed_elsewhere = closed(
        world.cilla, world.open_case(world.cilla, world.person(world.cilla, "Avslutad Annan"))
    )
    world.export = archiving.asked(world.anna, world.closed)
    world.export_elsewhere = archiving.asked(world.cilla, world.closed_elsewhere)


def keys_in(by, case, kind="note"):
    with acting(by):
        return [key for key, piece in pieces(by, case).items() if piece.kind == kind]


def sent(by, case, receiver, **more):
    """To one named person, on the ground that it does no harm."""
    with acting(by):
        given = {"pieces": keys_in(by, case, "person"), "ground": "secrecy.disclosure.no_harm", "reason": "Kanarieskäl"}
        return cases.disclose(by=by, case=case, receiver=receiver.pk, **{**given, **more})


def sent_outside(by, case, **more):
    with acting(by):
        given = {"pieces": keys_in(by, case, "person"), "ground": "secrecy.disclosure.party", "reason": "Kanarieskäl"}
        where = {"outside_kind": "individual", "outside": "Kanarienamn", "handed_over": "Kanarietext"}
        return cases.disclose(by=by, case=case, **{**given, **where, **more})


def copies(world, by, case):
    opened = sent(by, case, world.mika, pieces=keys_in(by, case) if by == world.anna else keys_in(by, case, "person"))
    sent(by, case, world.mika)
    with acting(world.mika):
        cases.open_received(by=world.mika, disclosure=opened)
    outside = sent_outside(by, case)
    with acting(by):
        cases.register_receipt(by=by, case=case, disclosure=outside, said_by="Kanarienamn", received_at=timezone.now())


def asked(by, case, recipient, manager, worker):
    """A request that the manager over there has given to one of her workers."""
    with acting(by):
        transfer = cases.request_transfer(
            by=by, case=case, recipient=Authority.objects.get(pk=recipient.pk), reason="Kanarieskäl",
            needed="Kanarietext",
        )  # fmt: skip
    with acting(manager):
        return cases.give_transfer(by=manager, transfer=transfer, membership=worker)


def answered(by, transfer, accept=True, reason="Ingen plats."):
    with acting(by):
        return cases.answer_transfer(by=by, transfer=transfer, accept=accept, reason=reason)


def handed(by, case, transfer, receiver):
    with acting(by):
        return cases.hand_over(
            by=by, case=case, transfer=transfer, pieces=keys_in(by, case, "person"), receiver=receiver.pk
        )


def closed(by, case, kind="enough", reason="Kanarieskäl"):
    with acting(by):
        plans.close_case(by=by, case=case, kind=kind, reason=reason)
    return case
