"""Names and numbers as people write them."""

import re
import unicodedata
from datetime import date

from personnummer import personnummer

from exitprogram.errors import Refused

LETTERS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
DASHES = r"\-‐‑‒–—−"  # every dash that a keyboard or a copied text gives, ready for [...]
WRONG = "Numret stämmer inte. Kontrollera siffrorna: ÅÅÅÅMMDD-NNNN."


def folded(text):
    """Lower case without marks, å ä ö as a a o, and the usual transliterations as one: Åsa, Asa and Aasa are equal."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = " ".join(re.sub(r"[^a-z0-9 ]+", " ", plain).split())
    return re.sub(r"oe+", "o", re.sub(r"a[ae]+", "a", plain))


# What is heard as one and spelled as several, in the order they are taken. Nothing that a rule makes is the beginning
# of another: a code is its own code.
SOUNDS = [
    (r"sch|skj|stj|sh|^ch(?=[aeiouy])", "sj"),  # Schirin, Shirin, Sjirin; Chantal
    (r"ph", "f"),  # Sophia, Sofia
    (r"qu(?=[aeiouy])", "kv"),  # Lindquist, Lindkvist
    (r"^[hdgl]j", "j"),  # Hjalmar, Jalmar
    (r"^[iy](?=[aou])", "j"),  # Ioana, Yulia, Julia
    (r"c(?=[eiy])", "s"),  # Cecilia
    (r"[cq]", "k"),  # Christina, Carlsson
    (r"x", "ks"),  # Oxana, Oksana
    (r"[wv]", "f"),  # Wera, Vera; Gustav, Gustaf
    (r"z", "s"),  # Zofia
    (r"(?<!^)h", ""),  # Mohammed, Muhamed; Sarah; Thomas
    (r"(?<!^)(?<!s)j", ""),  # Natalja, Natalia
]
VOWELS = str.maketrans("aouåiyeäö", "aaaaeeeee")


def sound_of(word):
    """How one folded word sounds: its consonants, and whether the first vowel is open (a) or close (e). There is no
    Swedish library for this that is kept; these few rules hold what names here are most often misspelled by."""
    for spelled, heard in SOUNDS:
        word = re.sub(spelled, heard, word)
    vowel = re.search(r"[aeiouy]", word)
    if vowel:
        place = vowel.start()
        rest = re.sub(r"[aeiouy]", "", word[place + 1 :])
        word = word[:place] + vowel[0].translate(VOWELS) + rest
    return re.sub(r"(.)\1+", r"\1", word)


def sounds_like(text):
    """The sound of each word in ``text``."""
    return " ".join(sound_of(word) for word in folded(text).split())


SHORTEST_SOUND = 3  # a shorter one is shared by too many names


def likeness(query, name):
    """'name' when each word of the query is in the name, 'sound' when each is there or sounds like a word in it,
    otherwise ''. The same question as ``wall.find_people`` asks, for the sealed names that it cannot read."""
    key, sounds = folded(name), f" {sounds_like(name)} "
    words = folded(query).split()
    if all(word in key for word in words):
        return "name" if words else ""
    patterns = [sound_pattern(word) for word in words]
    heard = (bool(pattern) and pattern.replace("%", "") in sounds for pattern in patterns)
    return "sound" if all(word in key or yes for word, yes in zip(words, heard, strict=True)) else ""


def sound_pattern(word):
    """What LIKE looks for among the sounds, with a space before each: a whole word, or the beginning of one when the
    sound is long enough to mean something. Empty when it is too short."""
    sound = sound_of(word)
    if len(sound) < SHORTEST_SOUND:
        return ""
    return f"% {sound}%" if len(sound) > SHORTEST_SOUND else f"% {sound} %"


def looks_like_number(text):
    """Mostly digits: somebody means a personal number, and a name search would only mislead."""
    return bool(re.fullmatch(rf"[\d\s+./{DASHES}]{{6,}}", text.strip())) and not case_number(text)


def looks_like_other_number(text):
    """Letters and digits together: a reserve number or one from another country."""
    return sum(c.isdigit() for c in text) >= 4 and not case_number(text)


def case_number(text):
    """The case number in ``text`` as it is printed, 2026-0147, or ''. Also 2026-147 and 2026/0147."""
    found = re.fullmatch(rf"(20\d\d)\s*[{DASHES}/ ]\s*(\d{{1,6}})", text.strip(), re.ASCII)
    return f"{found[1]}-{int(found[2]):04d}" if found else ""


def identity_number(text):
    """(12 digits, kind) of a personal or coordination number in any usual spelling. Raises Refused with a sentence."""
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    if re.sub(rf"[\d\s+./{DASHES}]", "", text) or len(digits) not in (10, 12):
        raise Refused(WRONG)
    given = digits if len(digits) == 12 else f"{digits[:6]}{'+' if '+' in text else '-'}{digits[6:]}"
    try:
        number = personnummer.parse(given)
    except personnummer.PersonnummerException:
        if _is_rough(digits):
            return digits, "coordination"
        raise Refused(WRONG)
    return number.format(True), "coordination" if number.is_coordination_number() else "personal"


def _is_rough(digits):
    """A coordination number of somebody whose month or day of birth is not known (00, with 60 added to the day)."""
    if len(digits) != 12 or not (digits[4:6] == "00" and "60" <= digits[6:8] <= "91" or digits[6:8] == "60"):
        return False
    doubled = "".join(str(int(c) * (2 - place % 2)) for place, c in enumerate(digits[2:]))
    return sum(int(c) for c in doubled) % 10 == 0


def birth_date_of(digits):
    """The date in a 12-digit number (60 taken off the day of a coordination number), or None when it is rough."""
    day = int(digits[6:8])
    try:
        return date(int(digits[:4]), int(digits[4:6]), day - 60 if day > 60 else day)
    except ValueError:
        return None
