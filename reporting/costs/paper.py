"""An estimate as a page and as a paper: the assumptions with their sources, and what comes of them."""

import hashlib

from django.template.loader import render_to_string

from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.letterheads import letterhead_of
from reporting.costs.assumptions import GROUPS
from reporting.costs.projection import LEVELS, Result


def shown_of(*estimates):
    """Context of one estimate, or of those of a county."""
    result = Result(*estimates)
    low, likely, high = result.in_all()
    return {
        "row": estimates[0], "rows": estimates, "stated": stated(estimates[0]), "levels": LEVELS.values(),
        "by_part": result.by_part(), "by_payer": result.by_payer(), "years": result.years,
        "low": low, "likely": likely, "high": high,
    }  # fmt: skip


def stated(estimate):
    """[(heading, about, unit, [(label, number)], source)]"""
    return [
        (heading, about, unit, [(label, getattr(estimate, name)) for name, label in names.items()],
         getattr(estimate, f"{code}_source"))
        for code, heading, unit, about, names in GROUPS
    ]  # fmt: skip


def document(by, estimate, *, on):
    """Bytes of the PDF. The same estimate on the same day gives the same bytes."""
    context = shown_of(estimate) | {"authority": by.authority, "letterhead": letterhead_of(by.authority), "on": on}
    html = render_to_string("reporting/estimate_document.html", context)
    return pdf_of(html, identifier=hashlib.sha256(html.encode()).digest()[:16])
