"""Who has read, in plain words: one line for each day and person. For the screen, and as a list for the individual."""

import hashlib
from collections import Counter

from django.template.loader import render_to_string
from django.utils import timezone

from cases.models import AccessGrant
from cases.reading import is_reading, words_of
from exitprogram.audit.models import AuditEvent
from exitprogram.pdf.render import pdf_of
from exitprogram.tenancy.letterheads import letterhead_of

GONE = "Någon som inte längre är med"


def readings(case, *, starts_on=None, ends_on=None):
    """[{day, who, function, where, own, what, ground}], newest first: every reading of the period, grouped by day and
    person. Python asks for somebody who has already been let into the case."""
    events = AuditEvent.objects.about_case(case).select_related("membership__user", "membership_authority")
    if starts_on:
        events = events.filter(created_at__date__gte=starts_on)
    if ends_on:
        events = events.filter(created_at__date__lte=ends_on)
    groups = {}
    for event in events.order_by("-created_at", "pk"):
        if is_reading(event.action):
            key = timezone.localdate(event.created_at), event.membership_id
            groups.setdefault(key, []).append(event)
    return [_line(case, day, events) for (day, _who), events in groups.items()]


def _line(case, day, events):
    first = events[0]
    pages = Counter(words_of(event.action) for event in reversed(events))
    return {
        "day": day,
        "who": first.membership.user.name if first.membership else GONE,
        "function": first.membership.get_role_display() if first.membership else "",
        "where": first.membership_authority.name if first.membership_authority else "",
        "own": first.membership_authority_id == case.authority_id,
        "what": ", ".join(words if count == 1 else f"{words} ({count} gånger)" for words, count in pages.items()),
        "ground": ", ".join(dict.fromkeys(words for event in events if (words := _ground(event)))),
    }  # fmt: skip


def _ground(event):
    if event.ground in AccessGrant.Kind:
        return AccessGrant.Kind(event.ground).label
    if event.ground == "review":
        return "granskar en nödåtkomst"
    return "är med i teamet" if event.ground else ""


def document(case, *, starts_on, ends_on, without_names, copy_number, made_on):
    """Bytes of the PDF. Staff of the own board by name unless that is chosen away, since staff can be threatened too;
    of others function and organisation."""
    lines = readings(case, starts_on=starts_on, ends_on=ends_on)
    for line in lines:
        line["shown"] = line["who"] if line["own"] and not without_names else ""
    html = render_to_string(
        "plans/readings_document.html",
        {
            "letterhead": letterhead_of(case.authority),
            "case": case, "person": case.individual.shown_name, "lines": lines, "copy_number": copy_number,
            "made_on": made_on, "starts_on": starts_on, "ends_on": ends_on, "without_names": without_names,
        },
    )  # fmt: skip
    seed = f"{case.pk}|readings|{copy_number}|{made_on}"
    return pdf_of(html, identifier=hashlib.sha256(seed.encode()).digest()[:16])
