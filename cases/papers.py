"""One paper's file, for an operation that has asked who may read it; and the copies that have gone out."""

import hashlib
import hmac

from cases import vault
from cases.models import Individual, KeptCopy
from exitprogram.errors import Refused

NOT_KEPT = "Kopian finns inte sparad. Raden om att den lämnades ut står kvar."
DESTROYED = "Kopian är förstörd och kan inte hämtas igen. Raden om att den lämnades ut står kvar."


def file_of(document):
    """The bytes, or a refusal with a sentence."""
    if not document.is_openable:
        raise Refused("Filen är inte genomsökt än och kan inte öppnas. Försök igen om en stund.")
    try:
        return vault.contents(document)
    except vault.FileGone:
        raise Refused("Filen finns inte kvar på servern. Säg till er it-support; raden i akten är orörd.") from None


def keep_copy(disclosure, data):
    """Keep what goes out, byte for byte, under the person's key. Never committed, it is a file for the sweep."""
    person = Individual.objects.select_for_update(of=("self",)).get(pk=disclosure.case.individual_id)
    copy = KeptCopy(authority_id=disclosure.authority_id, case_id=disclosure.case_id, disclosure=disclosure)
    vault.keep(copy, data, person_key=vault.person_key(person))
    copy.save(force_insert=True)


def copy_of(disclosure):
    """The bytes that went out, or a refusal with a sentence. A file that is not what the row says is not handed out."""
    copy = KeptCopy.objects.filter(disclosure=disclosure).first()
    if copy is None:
        raise Refused(NOT_KEPT)
    try:
        data = vault.contents(copy)
    except vault.FileGone:
        raise Refused(DESTROYED) from None
    if not hmac.compare_digest(hashlib.sha256(data).digest(), bytes(disclosure.sha256)):
        raise Refused("Filen är inte den som lämnades ut. Säg till er it-support.")
    return data
