"""May this piece be given to this guardian today? Asked by every room that hands something over (cases/beside.py)."""

import re

from django.utils import timezone

from cases.beside import Beside
from cases.majority import may_be_of_age
from cases.models import Case
from children.models import Guardian, GuardianRelease
from children.releasable import digest
from exitprogram.errors import Refused

RULE = "12 kap. 3 § OSL"
NOT_RELEASED = (
    "Det är inte släppt till {name}. Ingenting lämnas till en vårdnadshavare utan ett beslut för just den personen och"
    f" just den uppgiften ({RULE}). Släpp det först, under Vårdnadshavare."
)
CHANGED = "Det som släpptes till {name} har ändrats sedan dess. Läs det igen och släpp det på nytt."
MARKED = (
    "{name} är {mark}. Ingenting lämnas dit: det kan skada barnet (" + RULE + "). Är personen part och begär att få del"
    " prövar enhetschefen det (10 kap. 3 § OSL)."
)
GROWN = "Den unga har fyllt 18 år. Ingen har längre del av något i egenskap av vårdnadshavare (6 kap. 2 § FB)."
NAMED = (
    "Det där ser ut som en vårdnadshavare eller förälder. Till dem lämnas bara det som är släppt till just den personen"
    f" ({RULE}): välj En vårdnadshavare."
)
KIN = re.compile(
    r"\b(mamma|pappa|mor|far|moder|fader|förälder|föräldrar|vårdnadshavare|styvmor|styvfar|styvpappa|styvmamma"
    r"|bonuspappa|bonusmamma)(n|s|ns|en|ens|na|nas|erna|ernas|arna|arnas)?\b"
)


def grown(case, on):
    return may_be_of_age(case, on=on)


def standing_mark(guardian):
    return guardian.marks.standing().first()


def why_marked(guardian):
    mark = standing_mark(guardian)
    return MARKED.format(name=guardian.name, mark=mark.get_kind_display()) if mark else ""


def marked_by_name(case, *texts):
    """The first of those who may be the danger whose name, or way to be reached, is in what was written."""
    said = " ".join(" ".join(texts).casefold().split())
    digits = re.sub(r"\D", "", said)
    for one in Guardian.objects.filter(case=case, marks__ended_at=None, marks__isnull=False).distinct():
        name, number = " ".join(one.name.casefold().split()), re.sub(r"\D", "", one.reached_by)
        if (name and name in said) or (len(number) > 6 and number in digits):
            return one
    return None


class Keeper:
    """The children's own answer to ``cases.beside``."""

    def people(self, case):
        if case.programme != Case.Programme.CHILD:
            return []
        return [self._beside(case, one) for one in Guardian.objects.filter(case=case)]

    def _beside(self, case, guardian):
        there = GuardianRelease.objects.in_force(on=timezone.localdate()).filter(guardian=guardian).exists()
        refusal = GROWN if grown(case, timezone.localdate()) else ""
        if not refusal and not there:
            refusal = why_marked(guardian) or NOT_RELEASED.format(name=guardian.name)
        return Beside(guardian.pk, guardian.words, refusal)

    def require_released(self, case, pk, pieces):
        today = timezone.localdate()
        guardian = Guardian.objects.filter(case=case, pk=pk).first()
        if guardian is None:
            raise Refused("Välj vilken vårdnadshavare det gäller.")
        if grown(case, today):
            raise Refused(GROWN)
        rows = GuardianRelease.objects.in_force(on=today).filter(guardian=guardian)
        released = {(row.kind, row.object_id, row.part): bytes(row.digest) for row in rows}
        for piece in pieces:
            key = (piece.kind, piece.row_id, piece.part)
            if key not in released:
                raise Refused(why_marked(guardian) or NOT_RELEASED.format(name=guardian.name))
            if released[key] != digest(piece.text):
                raise Refused(CHANGED.format(name=guardian.name))
        return Beside(guardian.pk, guardian.words)

    def refuse_named(self, case, *texts):
        if case.programme != Case.Programme.CHILD:
            return
        said = " ".join(" ".join(texts).casefold().split())
        names = [" ".join(one.name.casefold().split()) for one in Guardian.objects.filter(case=case)]
        if KIN.search(said) or any(name and name in said for name in names):
            raise Refused(NAMED)

    def refuse_marked(self, case, *texts):
        if case.programme == Case.Programme.CHILD and (one := marked_by_name(case, *texts)):
            raise Refused(why_marked(one))
