"""What there is in a child's file that may be released to a guardian, piece by piece: the same material as is handed
out to anybody (cases/material.py), and whole papers. A room above adds its own when the app is ready."""

import hashlib

from cases.material import ALL as MATERIAL
from cases.material import Material
from cases.models import Document
from teams.models import Decision

PAPERS = {}


def releasable(code, label, rows, read):
    PAPERS[code] = Material(code, label, rows, read)


def groups(by, case):
    """[(label, pieces)] of everything the membership may choose among now."""
    found = ((one.label, list(one.pieces(by, case))) for one in (*PAPERS.values(), *MATERIAL.values()))
    return [(label, pieces) for label, pieces in found if pieces]


def pieces(by, case):
    return {piece.key: piece for _label, some in groups(by, case) for piece in some}


def digest(text):
    return hashlib.sha256(text.encode()).digest()


releasable(
    "document", "Handlingar",
    lambda by, case: Document.objects.visible_to(by).filter(case=case).openable(),
    lambda document: [("", document.title, f"{document.title}\n{bytes(document.fingerprint).hex()}")],
)  # fmt: skip
releasable(
    "decision.letter", "Brev om beslut",
    lambda by, case: Decision.objects.visible_to(by).decided().filter(case=case),
    lambda decision: [("", f"Beslut {decision.number}: {decision.get_kind_display().lower()}", decision.number)],
)  # fmt: skip
