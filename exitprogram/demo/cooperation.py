"""Who works with whom in the demonstration: agreements of each kind, one that waits for answers, one that ends soon."""

from datetime import timedelta
from functools import partial
from itertools import product

from exitprogram.demo import texts
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority, CooperationAgreement
from exitprogram.tenancy.operations import accept_agreement, propose_agreement
from exitprogram.tenancy.roles import Role

Ground, Kind = CooperationAgreement.Ground, Authority.Kind
SOON = timedelta(days=24)
WITH = {
    Kind.HEALTH_AUTHORITY: (Ground.HSL_16_3, ["plans"], "Samordnade individuella planer i exitprogrammet"),
    Kind.PARTNER: (Ground.OTHER, ["support"], "Mentorer och stödpersoner i exitprogrammet"),
}
BOTH = ["adult", "child"]


def steps(cast):
    """``(day, act)`` for the clock: what has held long since, and a proposal of the other day."""
    kinds = {row["code"]: row["kind"] for row in texts.authorities()}
    boards = [code for code, kind in kinds.items() if kind == Kind.SOCIAL_BOARD]
    yield cast.start, partial(_between_boards, cast, boards)
    for board, other in product(boards, [code for code in kinds if code not in boards]):
        yield cast.start, partial(_with, cast, board, other, *WITH[kinds[other]])
    yield cast.today - timedelta(days=3), partial(_joint_board, cast)


def _agree(cast, drafter, others, **more):
    by = cast.administrator(drafter)
    with acting(by):
        agreement = propose_agreement(by=by, others=[cast.by_code[code] for code in others], **more)
    for code in others:
        with acting(cast.administrator(code)):
            accept_agreement(by=cast.administrator(code), agreement=agreement)


def _between_boards(cast, boards):
    """The county's boards: one regional coordinator, and each other's managers when one's own is away."""
    mandates = [
        {"board": cast.by_code[board], "employer": cast.by_code[other], "role": Role.UNIT_MANAGER,
         "kinds": ["protected_housing", "travel"]}
        for board, other in (("2183", "2182"), ("2182", "2183"))
    ]  # fmt: skip
    _agree(
        cast, "2182", [code for code in boards if code != "2182"], ground=Ground.KL_9_37, starts_on=cast.start,
        purposes=["coordinator", "decisions"], purpose="Gemensam regionkoordinator, och chefer som ersätter varandra",
        programmes=BOTH, oversight="flow", mandates=mandates,
        does={cast.by_code["2182"].pk: "anställer regionkoordinatorn"},
    )  # fmt: skip


def _with(cast, board, other, ground, purposes, purpose):
    ends_on = cast.today + SOON if (board, other) == ("2183", "hamnen") else None
    _agree(
        cast, board, [other], ground=ground, purposes=purposes, purpose=purpose, programmes=BOTH,
        starts_on=cast.start, ends_on=ends_on,
    )  # fmt: skip


def _joint_board(cast):
    """Something that waits for an answer on the administrators' page."""
    by = cast.administrator("2184")
    with acting(by):
        propose_agreement(
            by=by, others=[cast.by_code["2183"], cast.by_code["2182"]], ground=Ground.KL_9_19, purposes=["on_call"],
            purpose="Gemensam nämnd för jour på helger och kvällar", programmes=["adult"],
            starts_on=cast.today + timedelta(days=60), host=cast.by_code["2183"],
        )  # fmt: skip
