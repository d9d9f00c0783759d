"""The plan as a child can read it: by age group, in few and plain words. Only the child's own words, what will be done
and by which service; nobody else's name, text or worry, and nothing of what has happened."""

import functools
import hashlib
import tomllib
from pathlib import Path

from django.template.loader import render_to_string

from cases.models import Case
from children.ages import age_on
from exitprogram.page.templatetags.page import sv_date
from exitprogram.pdf.render import pdf_of
from plans.content import content_of

GROUPS = {"under_12": "under 12 år", "from_12": "12–14 år", "from_15": "15–17 år"}


@functools.cache
def words():
    return tomllib.loads((Path(__file__).parent / "childs_words.toml").read_text(encoding="utf-8"))


def group_of(case, on):
    """By the birth date; without one the middle group, whose words most can read."""
    born = case.individual.birth_date
    if born is None:
        return "from_12"
    age = age_on(born, on)
    return "under_12" if age < 12 else "from_12" if age < 15 else "from_15"


def is_for_a_child(case):
    return case.programme == Case.Programme.CHILD


def childs_plan(version, group, *, on):
    """What the page and the paper show."""
    content = content_of(version, on=on)
    w = words()[group]
    measures = [measure for goal in content["goals"] for measure in goal["measures"]]
    follow_up = version.follow_up_on
    return {
        "w": w, "group": group, "by_law": bool(content.get("coordination")),
        "matters": content["what_matters"], "part": content["own_part"],
        "goals": [goal["own_words"] for goal in content["goals"] if goal["own_words"]],
        "helps": [
            {"who": w["someone"] if measure["by_other"] else measure["principal"], "what": measure["title"]}
            for measure in measures if measure["status"] in ("planned", "ongoing")
        ],
        "contact": next((one["name"] for one in content["coordinators"] if one["kind"] == "coordinator"), ""),
        "next": sv_date(follow_up) if follow_up else "",
    }  # fmt: skip


def document(version, group, *, copy_number, made_on):
    """Bytes of the PDF; the same version, group, copy and day give the same bytes."""
    html = render_to_string("plans/document_child.html", childs_plan(version, group, on=made_on))
    seed = f"{version.pk}|child|{group}|{copy_number}|{made_on}"
    return pdf_of(html, identifier=hashlib.sha256(seed.encode()).digest()[:16], page_of=("", "/"))
