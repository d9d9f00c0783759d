"""Which way a text runs: what people wrote, inside a copy whose own words may run the other way."""

import unicodedata

from django import template
from django.utils.html import format_html

from plans.languages import SWEDISH

register = template.Library()
RIGHT_TO_LEFT = ("R", "AL")
ISOLATE, END = "\u2068", "\u2069"  # WeasyPrint has neither dir="auto" nor unicode-bidi


def runs(text):
    """«rtl» or «ltr», by its first letter that has a direction."""
    kinds = (unicodedata.bidirectional(letter) for letter in str(text))
    return "rtl" if next((kind for kind in kinds if kind in ("L", *RIGHT_TO_LEFT)), "L") in RIGHT_TO_LEFT else "ltr"


@register.filter
def written(text, w):
    """Attributes of the block that holds it: <p{{ text|written:w }}>. Read out as Swedish unless it visibly is not."""
    way = runs(text)
    if w["code"] != SWEDISH and way == "ltr":
        return format_html(' lang="{}" dir="{}"', SWEDISH, way)
    return format_html(' dir="{}"', way) if way != w["dir"] else ""


@register.filter
def apart(text, w):
    """The same in a line with other words."""
    return f"{ISOLATE}{text}{END}" if runs(text) != w["dir"] else text
