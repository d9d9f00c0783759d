"""Pictures and films of a child who is exploited are never taken in. Whoever uploads says what a picture shows; a name
that says it is enough to refuse."""

import re
from pathlib import PurePath

from django.db import models

from exitprogram.errors import Refused
from exitprogram.law.rules import rule

FILMS = {"mp4", "mov", "avi", "mkv", "webm", "m4v", "3gp", "wmv", "mpg", "mpeg", "gif", "heic"}
PICTURES = {"jpg", "jpeg", "png", "webp"}
# What a file's or a paper's name may not say when it is a picture.
SAYS_SO = re.compile(r"naken|nakenbild|nude|porr|övergrepp|overgrepp|sexbild|sexvideo|barnporn|utnyttj", re.IGNORECASE)


class Shows(models.TextChoices):
    PAPER = "paper", "Ett papper: brev, intyg, beslut eller formulär"
    OTHER = "other", "Något annat, där ingen utsatt person syns"
    EXPLOITED = "exploited", "Någon som utnyttjas eller är avklädd"


def refuse_exploitation(*, name, title, shows, on):
    """By what a file is called, before a byte of it is read. Raises Refused with what to do instead."""
    ending = PurePath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    if ending in FILMS:
        raise Refused(_instead(on))
    refuse_shown(picture=ending in PICTURES, words=f"{name} {title}", shows=shows, on=on)


def refuse_shown(*, picture, words, shows, on):
    """``picture``: is it one. ``words``: what is said of it. ``shows``: what somebody has answered that it shows."""
    if shows == Shows.EXPLOITED or (picture and SAYS_SO.search(words)):
        raise Refused(_instead(on))
    if picture and shows not in Shows.values:
        raise Refused("Svara på vad bilden visar.")


def _instead(on):
    law = rule("child.pictures", on=on)
    return f"{law.text} ({law.citation})"
