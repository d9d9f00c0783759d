"""The decision as a letter to the one it is about: what was decided and why, by whom, and how it is appealed."""

import hashlib

from django.template.loader import render_to_string

from exitprogram.page.templatetags.page import sv_date
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.letterheads import letterhead_of
from teams.course import Course, appeal_days
from teams.matters import COURT


def letter(decision, *, copy_number, made_on, without_names=False, to=""):
    """Bytes of the PDF; the same decision, copy and day give the same bytes. ``without_names``: the decider's name is
    left out where there is a threat (FL 33 §). ``to``: a guardian, when it is not to the person. Nothing tells where
    the person is, whatever is known."""
    course = Course.of(decision)
    context = {
        "decision": decision, "made": sv_date(made_on), "person": decision.case.individual.root.shown_name,
        "board": decision.authority.name, "letterhead": letterhead_of(decision.authority),
        "decided": sv_date(decision.decided_on), "without_names": without_names,
        "rapporteur": decision.proposed_by if decision.proposed_by_id != decision.decided_by_id else None,
        "appealable": decision.matter.appeal == COURT, "last_day": _last_day(course),
        "earlier": decision.earlier, "hearing": "" if to else _hearing(course), "to": to,
    }  # fmt: skip
    html = render_to_string("teams/letter.html", context)
    seed = f"{decision.pk}|letter|{copy_number}|{made_on}|{without_names}|{to}"
    return pdf_of(html, identifier=hashlib.sha256(seed.encode()).digest()[:16])


def _last_day(course):
    return sv_date(appeal_days(course.received.day)[1]) if course.received else ""


def _hearing(course):
    """How the party was heard, in one sentence; by her own words nothing is repeated to her."""
    if course.heard:
        return f"Du fick ta del av underlaget {sv_date(course.heard.day)} och kunde yttra dig."
    return ""


def file_name(decision):
    """Says nothing about anybody."""
    return f"brev-{decision.number}.pdf"
