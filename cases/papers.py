"""One paper's file, for an operation that has asked who may read it."""

from cases import vault
from exitprogram.errors import Refused


def file_of(document):
    """The bytes, or a refusal with a sentence."""
    if not document.is_openable:
        raise Refused("Filen är inte genomsökt än och kan inte öppnas. Försök igen om en stund.")
    try:
        return vault.contents(document)
    except vault.FileGone:
        raise Refused("Filen finns inte kvar på servern. Säg till er it-support; raden i akten är orörd.") from None
