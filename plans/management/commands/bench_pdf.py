"""``bench_pdf``: a plan as a PDF, ours against WeasyPrint as it comes on the same words. Prints ratios; see
docs/performance.md. Nothing is read from the database: the plan is made up."""

import statistics
import time
import uuid
from datetime import UTC, date, datetime
from types import SimpleNamespace

from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from exitprogram.pdf import render
from plans.content import canonical
from plans.exports import Recipient, document, page_of_paper

# What one would write without having measured: columns that find their own width, facts in a grid.
PLAIN = """
col { width: auto !important; } table { table-layout: auto !important; }
dl { display: grid; grid-template-columns: 52mm 1fr; } dt { float: none !important; width: auto !important; }
dd { margin: 0 0 1.5mm !important; }
"""
SENTENCE = "Samtal om sömn, trygghet och vad som behövs härnäst, tillsammans med den som känner personen bäst. "


class Command(BaseCommand):
    help = "Mät en plan som PDF mot WeasyPrint som den kommer, på samma ord."

    def add_arguments(self, parser):
        parser.add_argument("--goals", type=int, default=18, help="18 mål är ungefär 15 sidor")
        parser.add_argument("--rounds", type=int, default=7)

    def handle(self, *args, goals, rounds, **options):
        made = {"som den kommer": plain, "som den kommer, taggad": plain_tagged, "vår, taggad PDF/A och PDF/UA": ours}
        pages = len(_render(paper(goals, 0)).pages)
        for make in made.values():
            make(paper(1, 0))  # fonts are found and modules read
        times = {name: [] for name in made}
        for turn in range(rounds):
            for name, make in made.items():  # one after the other in each round, each time other words
                began = time.perf_counter()
                make(paper(goals, turn))
                times[name].append(time.perf_counter() - began)
        self.stdout.write(f"{pages} sidor, {rounds} omgångar, median:")
        base = times["som den kommer"]
        for name, took in times.items():
            ratio = statistics.median(one / first for one, first in zip(took, base, strict=True))
            self.stdout.write(f"  {name}: {statistics.median(took) * 1000:.0f} ms, {ratio:.2f} ×")


def paper(goals, turn):
    """(version, recipient) of a plan that nobody has: enough of what ``plans.exports.document`` asks for."""
    number = 0

    def measure():
        nonlocal number
        number += 1
        return {
            "thread": str(uuid.uuid4()), "title": f"Insats {turn}.{number}: stödsamtal och sällskap",
            "need": "Någon att ringa", "principal": "Socialnämnden, Bollnäs kommun", "by_other": False,
            "responsible": "Anna Berg", "starts_on": "2026-11-24", "ends_on": "2027-02-01", "legal_anchor": "SoL 11:1",
            "status": "planned", "why_not": "", "cost": None, "hours": "", "rhythm": "once",
            "payer_kind": "", "payer": "",
        }  # fmt: skip

    content = {
        "number": 1, "case_number": "2026-0001", "lead_principal": "Socialnämnden, Bollnäs kommun",
        "starts_on": "2026-11-24", "ends_on": "", "follow_up_on": "2027-01-19",
        "coordinators": [{"name": "Anna Berg", "title": "Socialsekreterare", "kind": "coordinator"}],
        "what_matters": SENTENCE * 2, "current_situation": f"{turn} " + SENTENCE * 12, "strengths": SENTENCE * 4,
        "own_part": SENTENCE * 4, "participation": SENTENCE * 2, "risk_plan": SENTENCE * 8, "others_note": SENTENCE,
        "goals": [
            {"thread": str(uuid.uuid4()), "area": "health", "own_words": f"Sova en hel natt ({goal})",
             "wording": SENTENCE, "is_part": False, "measures": [measure() for _ in range(6)]}
            for goal in range(goals)
        ],
        "sections": [
            {"thread": str(uuid.uuid4()), "area": "health", "principal": "Region Gävleborg", "writer": "Sara Lind",
             "title": "Sjuksköterska", "text": SENTENCE * 12, "signed_on": "2026-11-24"}
            for _ in range(3)
        ],
    }  # fmt: skip
    person = SimpleNamespace(root=SimpleNamespace(shown_name="Maria Karlsson"))
    version = SimpleNamespace(
        pk=uuid.UUID(int=turn), frozen=canonical(content), is_open=False, agreed_at=datetime(2026, 11, 24, tzinfo=UTC),
        case=SimpleNamespace(individual=person), authority=None,
    )  # fmt: skip
    return version, Recipient("own", "Socialnämnden", "Egen akt (SoL 14:3)", key="own")


def _html(version, recipient):
    template, context = page_of_paper(version, recipient, copy_number=1, made_on=date(2026, 11, 24))
    return render_to_string(template, context)


def _render(plan):
    return render.laid_out(_html(*plan))


def ours(plan):
    return document(*plan, copy_number=1, made_on=date(2026, 11, 24))


def plain(plan, **more):
    """Style read, fonts found and columns weighed for each document, with no tags. Our own files, so the same words."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts, (fetcher, *_rest) = FontConfiguration(), render.house()
    style = weasyprint.CSS(string=render.STYLE.read_text() + PLAIN, font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=_html(*plan), url_fetcher=fetcher)
    return page.write_pdf(stylesheets=[style, render.numbered(("Sida", "av"))], font_config=fonts, **more)


def plain_tagged(plan):
    return plain(plan, pdf_variant="pdf/a-2a", pdf_tags=True)
