"""Names and numbers as people write them."""

import re
import unicodedata

from personnummer import personnummer

from exitprogram.errors import Refused


def folded(text):
    """Lower case without marks, å ä ö as a a o, and the usual transliterations as one: Åsa, Asa and Aasa are equal."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "a").replace("ß", "ss"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.replace("aa", "a").replace("ae", "a").replace("oe", "o")
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", plain).split())


def looks_like_number(text):
    """Mostly digits: somebody means a personal number, and a name search would only mislead."""
    return bool(re.fullmatch(r"[\d\s+–-]{6,}", text.strip())) and not looks_like_case(text)


def looks_like_case(text):
    return bool(re.fullmatch(r"20\d\d-\d{4,6}", text.strip()))


def identity_number(text):
    """(12 digits, kind) of a personal or coordination number in any usual spelling. Raises Refused with a sentence."""
    given = re.sub(r"[\s]", "", text).replace("–", "-")
    try:
        number = personnummer.parse(given)
    except personnummer.PersonnummerException:
        raise Refused("Numret stämmer inte. Kontrollera siffrorna: ÅÅÅÅMMDD-NNNN.")
    kind = "coordination" if number.is_coordination_number() else "personal"
    return number.format(True), kind


def birth_date_of(digits):
    """The date in a 12-digit number (60 taken off the day of a coordination number), or None when it is rough."""
    from datetime import date

    day = int(digits[6:8])
    try:
        return date(int(digits[:4]), int(digits[4:6]), day - 60 if day > 60 else day)
    except ValueError:
        return None
