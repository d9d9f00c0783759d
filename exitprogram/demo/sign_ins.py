"""Whom to sign in as: one person for each role."""

from exitprogram.demo import texts
from exitprogram.demo.cast import PASSWORD
from exitprogram.tenancy.models import Authority
from exitprogram.tenancy.reference import authority_id
from exitprogram.tenancy.roles import Role

SHOWN = (
    "anna_berg", "eva_nordlund", "sara_lind", "mika_sandell", "ingrid_sjolander", "tomas_wikstrom", "jonas_hedman",
    "marie_ostman", "petra_lovgren",
)  # fmt: skip
HEADINGS = ("E-post", "Lösenord", "Roll", "Nämnd eller part")


def table():
    """Aligned lines, headings first."""
    rows = [HEADINGS, *_rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _rows():
    staff = {row["key"]: row for row in texts.staff()}
    ids = {row["code"]: authority_id(row["kind"], row["code"]) for row in texts.authorities()}
    names = Authority.objects.in_bulk(ids.values())
    for key in SHOWN:
        post = staff[key]["memberships"][0]
        yield staff[key]["email"], PASSWORD, Role(post["role"]).label, names[ids[post["board"]]].name
