"""What there is in a case to hand out: each kind of material says which rows there are for the one who asks, and how a
row reads as text. A room above adds its own with ``material(…)`` when the app is ready; see ``teams/material.py``.

Nothing here tells where anybody lives or is: an address is no material at all, whoever it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from cases import assessments
from cases.models import CaseNote, Consent, PersonIdentifier, PlaceText, SafeContact
from exitprogram.errors import Refused
from exitprogram.page.templatetags.page import sv_date, sv_period


@dataclass(frozen=True)
class Piece:
    """One tick on the page, one item in the copy. ``key`` is the kind, the row and the part of it."""

    kind: str
    row_id: object
    part: str
    heading: str
    text: str

    @property
    def key(self):
        return f"{self.kind}:{self.row_id}:{self.part}"


@dataclass(frozen=True)
class Material:
    """``rows(by, case)`` through ``visible_to``; ``read(row)`` gives (part, heading, text), a row in several parts when
    one may be needed without the other."""

    code: str
    label: str
    rows: Callable
    read: Callable

    def pieces(self, by, case):
        for row in self.rows(by, case):
            for part, heading, text in self.read(row):
                if text.strip():
                    yield Piece(self.code, row.pk, part, heading, text.strip())


ALL = {}


def material(code, label, rows, read):
    ALL[code] = Material(code, label, rows, read)


def groups(by, case):
    """[(label, pieces)] of everything that can be chosen by this membership now."""
    found = ((one.label, list(one.pieces(by, case))) for one in ALL.values())
    return [(label, pieces) for label, pieces in found if pieces]


def pieces(by, case):
    return {piece.key: piece for _label, some in groups(by, case) for piece in some}


def lines(*pairs):
    return "\n".join(f"{label}: {value}" for label, value in pairs if value)


def require_no_place(by, case, *texts):
    """A guarded person's paper says nothing of where: an address that the sender knows of is found in the words too."""
    if not case.individual.guarded:
        return
    said = " ".join(" ".join(text.split()) for text in texts).casefold()
    for place in PlaceText.objects.visible_to(by).filter(case=case):
        first = " ".join(place.text.splitlines()[0].split()).casefold() if place.text.strip() else ""
        if first and first in said:
            raise Refused("Det du valt innehåller en adress. Den lämnar aldrig akten för en person med skydd.")


def _person(individual):
    """Only what is in use today: an earlier number or name beside it would tie an old identity to a new."""
    numbers = PersonIdentifier.objects.filter(individual=individual).order_by("-valid_from", "-created_at")
    numbers = [n for n in numbers if n.valid_to is None or n.valid_to >= timezone.localdate()][:1]
    born = individual.birth_date
    yield "", "Vem det gäller", lines(
        ("Namn", individual.shown_name), *((n.get_kind_display().capitalize(), n.value) for n in numbers),
        ("Född", str(born) if born and not numbers else ""),
    )  # fmt: skip
    yield "language", "Språk", lines(
        ("Språk", individual.language), ("Tolk", "behövs" if individual.needs_interpreter else ""),
    )  # fmt: skip


def _safe_contact(card):
    message = "får lämnas" if card.may_leave_message else "får inte lämnas"
    yield "", "Säker kontakt", lines(("Väg", card.channels), ("Tid", card.hours), ("Meddelande", message))


def _note(note):
    when = f"{sv_date(note.event_on)}, {note.get_kind_display()}"
    by = f"Skriven av {note.author.user.name}, signerad {sv_date(note.signed_at)}."
    added = "".join(
        f"\n\n{a.get_kind_display()} {sv_date(a.created_at)}: {a.text}" for a in note.additions.all()
    )  # what was said against it goes with it
    source = f"Källa: {note.source}\n" if note.source else ""
    yield "fact", f"Anteckning {when}", f"{source}{note.fact}\n\n{by}{added}"
    if note.assessment.strip():
        yield "assessment", f"Bedömning till anteckning {when}", f"{note.assessment}\n\n{by}{added}"


def _consent(consent):
    state = f"återkallat {sv_date(consent.withdrawn_at)}" if consent.withdrawn_at else ""
    yield "", consent.get_kind_display().capitalize(), lines(
        ("Till vem", consent.recipient.name if consent.recipient_id else ""),
        ("Områden", ", ".join(consent.area_labels)), ("Omfattar inte", consent.not_covering),
        ("Tid", sv_period(consent.starts_on, consent.ends_on)),
        ("Lämnat", f"{consent.get_form_display()}, {sv_date(consent.taken_on)}"), ("Återkallat", state),
    )  # fmt: skip


material("person", "Personen", lambda by, case: [case.individual.root], _person)
material(
    "safe_contact", "Säker kontakt",
    lambda by, case: SafeContact.objects.visible_to(by).filter(individual=case.individual_id), _safe_contact,
)  # fmt: skip
material(
    "note", "Anteckningar",
    lambda by, case: CaseNote.objects.visible_to(by).filter(case=case).exclude(signed_at=None)
    .select_related("author__user").prefetch_related("additions"), _note,
)  # fmt: skip
material(
    "consent", "Samtycken",
    lambda by, case: Consent.objects.visible_to(by).filter(case=case).select_related("recipient"), _consent,
)  # fmt: skip
material(
    "assessment", "Bedömningar",
    lambda by, case: assessments.signed(by, case).select_related("author__user").prefetch_related("threats"),
    assessments.as_text,
)  # fmt: skip
