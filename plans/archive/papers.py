"""The case file as papers: what ``papers.toml`` names, row by row, as it reads to her who asks."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.apps import apps
from django.template.loader import render_to_string
from django.utils import timezone

from cases import assessments
from cases.models import Disclosure, Document, PersonIdentifier, PlaceText
from cases.papers import copy_of, file_of
from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_date
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.models import Authority, Membership
from plans.exports import Recipient, document
from plans.models import PlanVersion
from plans.readings import readings

PDF = "application/pdf"
HIDDEN = "[adress som inte lämnas ut]"


@dataclass(frozen=True)
class Paper:
    """One file of the package, and what the list of the case's records says of it."""

    path: str
    title: str
    data: bytes
    content_type: str
    day: date | None = None


@cache
def told():
    return tomllib.loads((Path(__file__).parent / "papers.toml").read_text())


class CaseFile:
    """Everything that goes, for one membership. Each row is asked for through ``visible_to``, in that moment."""

    def __init__(self, by, case):
        self.by, self.case, self.person = by, case, case.individual.root
        self.today = timezone.localdate()
        self.hidden = self._addresses()

    def _addresses(self):
        """Of a guarded person: the first line of every address that is known, to be struck out of the words."""
        if not self.case.individual.guarded:
            return ()
        rows = PlaceText.objects.visible_to(self.by).filter(case=self.case)
        lines = (" ".join(row.text.splitlines()[0].split()) for row in rows if row.text.strip())
        return tuple(sorted({line for line in lines if line}, key=len, reverse=True))

    def clean(self, text):
        return struck(str(text), self.hidden)

    def papers(self):
        """One at a time: the case, its papers by kind, each agreed plan, letters as they went out, originals."""
        yield self._paper("personen", "Personen och ärendet", [self._whom()])
        for one in told()["paper"]:
            parts = [part for named in one["parts"] for part in self._rows(named)]
            if one["name"] == "bedomningar":
                parts += self._assessments()
            if parts:
                yield self._paper(one["name"], one["title"], parts)
        yield self._paper("lasningar", "Vem som har läst", self._readings())
        yield from self._plans()
        if not self.case.individual.guarded:  # nothing can be struck out of what stands as it came or went
            yield from self._letters()
            yield from self._originals()

    def _paper(self, name, title, parts):
        html = render_to_string("plans/archive_paper.html", {"case": self.case, "title": title, "parts": parts,
                                                             "made_on": self.today})  # fmt: skip
        seed = hashlib.sha256(f"{self.case.pk}|{name}|{self.today}".encode()).digest()[:16]
        return Paper(f"{name}.pdf", title, pdf_of(html, identifier=seed), PDF, self.today)

    def _whom(self):
        numbers = PersonIdentifier.objects.visible_to(self.by).filter(individual=self.person)
        facts = [
            ("Namn", self.person.shown_name),
            *((one.get_kind_display().capitalize(), one.value) for one in numbers),
            ("Ärende", self.case.number), ("Program", self.case.get_programme_display()),
            ("Hos", self.case.authority.name), ("Öppnat", sv_date(self.case.opened_on)),
            ("Avslutat", sv_date(self.case.closed_on)), ("Handläggare", self.case.worker.user.name),
        ]  # fmt: skip
        return {"heading": "Vem och vad", "facts": facts}

    def _rows(self, named):
        model = apps.get_model(named["model"])
        rows = model.objects.visible_to(self.by).filter(case=self.case).order_by("created_at", "pk")
        if named.get("only"):
            rows = rows.exclude(**{named["only"]: None})
        for row in rows:
            facts = [(label, self.clean(text)) for name, label in named["fields"].items()
                     if (text := in_words(row, name))]  # fmt: skip
            yield {"heading": named["title"], "facts": facts}

    def _assessments(self):
        for row in assessments.signed(self.by, self.case).select_related("author__user").prefetch_related("threats"):
            for _part, heading, text in assessments.as_text(row):
                yield {"heading": heading, "text": self.clean(text)}

    def _readings(self):
        lines = readings(self.case)
        return [
            {"heading": sv_date(line["day"]), "facts": [
                ("Vem", ", ".join(part for part in (line["who"], line["function"], line["where"]) if part)),
                ("Vad", line["what"]), ("Grund", line["ground"] or "–"),
            ]} for line in lines
        ]  # fmt: skip

    def _plans(self):
        """Versions as they were agreed, with what other authorities had put in them by then. No draft."""
        versions = PlanVersion.objects.visible_to(self.by).filter(case=self.case).exclude(agreed_at=None)
        for place, version in enumerate(versions.select_related("case__individual").order_by("agreed_at", "pk"), 1):
            to = Recipient("own", "arkivet", "", authority_id=self.case.authority_id, key="archive")
            self._refuse_address(version.frozen)
            data = document(version, to, copy_number=place, made_on=self.today)
            yield Paper(f"plan-{place}-version-{version.number}.pdf", f"Plan, version {version.number}", data, PDF,
                        timezone.localdate(version.agreed_at))  # fmt: skip

    def _refuse_address(self, frozen):
        """An agreed text is never changed, so an address in it cannot be struck out of the paper."""
        if struck(frozen or "", self.hidden) != (frozen or ""):
            raise Refused("En överenskommen plan innehåller en adress till en person med skydd. Paketet görs inte. Tala"
                          " med arkivet och nämndens jurist om hur akten ska lämnas.")  # fmt: skip

    def _letters(self):
        rows = Disclosure.objects.visible_to(self.by).filter(case=self.case, what="decision.letter")
        for place, row in enumerate(rows.exclude(kept=None).order_by("created_at", "pk"), 1):
            yield Paper(f"brev-{place}.pdf", "Brev om beslut, som det skickades", copy_of(row), PDF,
                        timezone.localdate(row.created_at))  # fmt: skip

    def originals(self):
        """Papers that the asker may read and that have been looked into."""
        return Document.objects.visible_to(self.by).filter(case=self.case).openable().order_by("received_on", "pk")

    def _originals(self):
        for place, row in enumerate(self.originals(), 1):
            yield Paper(f"handling-{place}.{ending_of(row.content_type)}", row.title, file_of(row), row.content_type,
                        row.received_on)  # fmt: skip


def struck(text, hidden):
    """Whatever the case and the spaces are: an address is found as it would be read."""
    for line in hidden:
        text = _pattern(line).sub(HIDDEN, text)
    return text


@cache
def _pattern(line):
    return re.compile(r"\s+".join(re.escape(word) for word in line.split()), re.IGNORECASE)


def ending_of(content_type):
    return ENDINGS.get(content_type, "bin")


ENDINGS = {
    PDF: "pdf", "image/jpeg": "jpg", "image/png": "png", "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
}  # fmt: skip


def in_words(row, name):
    """One field of a row as a reader reads it; '' when nothing stands there."""
    if hasattr(row, f"get_{name}_display"):
        return getattr(row, f"get_{name}_display")()
    return words_of(getattr(row, name))


def words_of(value):
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return sv_date(value)
    if isinstance(value, Membership):
        return f"{value.user.name}, {value.title}" if value.title else value.user.name
    if isinstance(value, Authority):
        return value.name
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(words_of(one) for one in value)
    return str(value)
