"""The plan for a child's guardian: the agreed version or signed sections of it, when they have been released to that
very one (children.models.release)."""

from dataclasses import replace

from cases import beside
from cases.material import Piece
from children.releasable import releasable
from exitprogram.errors import Refused
from plans.models import PlanVersion, Section

VERSION, SECTION, PART = "plan.version", "plan.section", "plan.part"
PREFIX = "guardian:"


def _agreed(by, case):
    return PlanVersion.objects.visible_to(by).filter(case=case, state=PlanVersion.State.AGREED)


def _signed(by, case):
    rows = Section.objects.filter(version__in=_agreed(by, case), state=Section.State.SIGNED)
    return rows.select_related("principal", "version")


def _read_version(version):
    yield "", f"Planen, version {version.number}, hela", bytes(version.frozen_sha256).hex()


def _read_section(section):
    yield "", f"Planen, version {section.version.number}: avsnittet från {section.principal.name}", section.text


releasable(VERSION, "Planen", _agreed, _read_version)
releasable(SECTION, "Avsnitt i planen", _signed, _read_section)


def released_part(by, version, recipient):
    """(what, pieces, recipient) of this version to a guardian: the whole of it when that is released, else the sections
    that are. Raises Refused with the rule."""
    case, pk = version.case, recipient.key.removeprefix(PREFIX)
    whole = [_piece(VERSION, row, _read_version) for row in _agreed(by, case).filter(pk=version.pk)]
    if whole and _is_released(case, pk, whole):
        return VERSION, [], recipient
    sections = list(_signed(by, case).filter(version=version))
    given = [row for row in sections if _is_released(case, pk, [_piece(SECTION, row, _read_section)])]
    if not given:
        beside.require_released(case, pk, whole or [Piece(VERSION, version.pk, "", "", "")])
    pieces = [_piece(SECTION, row, _read_section) for row in given]
    return PART, pieces, replace(recipient, sections=frozenset(str(row.thread) for row in given))


def _piece(kind, row, read):
    [(part, heading, text)] = read(row)
    return Piece(kind, row.pk, part, heading, text.strip())


def _is_released(case, pk, pieces):
    try:
        beside.require_released(case, pk, pieces)
    except Refused:
        return False
    return True
