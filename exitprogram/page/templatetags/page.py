"""Template tags of every page. Dates, times and numbers the Swedish way; times always Swedish time."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html

register = template.Library()

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SPRITE = "exitprogram/icons/icons.svg"
WEEKDAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
SHORT_MONTHS = ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")
NO_BREAK = "\u00a0"
MOST_SQUARES = 20


@cache
def icon_names():
    """The names in the sprite, so that a misspelt icon fails in a test and not as a hole on a screen."""
    sprite = Path(__file__).resolve().parents[2] / "static" / SPRITE
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite.read_text()))


@register.simple_tag
def icon(name, label=""):
    """`{% icon "clock" %}` beside a word; `{% icon "clock" "Väntar" %}` where there is no word."""
    if name not in icon_names():
        raise ValueError(f"No icon named {name!r}; the names are in {SPRITE}")
    address = f"{static(SPRITE)}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.inclusion_tag("parts/bar.html")
def bar(done, total, text=""):
    """▪▪▪▫ 3 av 4 på väg. The words carry it; the squares only show it."""
    words = f"{done} av {total}" + (f" {text}" if text else "")
    shown = min(total, MOST_SQUARES)
    return {"squares": [number * total < done * shown for number in range(shown)], "text": words}


@register.filter
def sv_date(value):
    """tis 24 november 2026"""
    day = _day(value)
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}" if day else ""


@register.filter
def sv_day(value):
    """24 nov; with its year when that is not this year"""
    day = _day(value)
    if not day:
        return ""
    year = "" if day.year == _today().year else f" {day.year}"
    return f"{day.day}{NO_BREAK}{SHORT_MONTHS[day.month - 1]}{year}"


@register.filter
def sv_time(value):
    """14:02"""
    return f"{_local(value):%H:%M}" if value else ""


@register.filter
def sv_when(value):
    """i dag 14:02, i går 14:02, 24 nov 14:02; a date alone gives i går, i dag, i morgon, 24 nov"""
    day = _day(value)
    if not day:
        return ""
    near = {-1: "i går", 0: "i dag", 1: "i morgon"}
    words = near.get((day - _today()) // timedelta(days=1)) or sv_day(day)
    return f"{words} {sv_time(value)}" if isinstance(value, datetime) else words


@register.filter
def sv_period(first, last):
    """1 sep – 30 nov; without an end: från 1 dec"""
    return f"{sv_day(first)} – {sv_day(last)}" if last else f"från {sv_day(first)}"


@register.filter
def sv_number(value):
    """12 345,5 with spaces that do not break and a true minus"""
    if value is None or value == "":
        return ""
    number = value if isinstance(value, int | Decimal) else Decimal(str(value))
    return f"{number:,}".replace(",", NO_BREAK).replace(".", ",").replace("-", "\u2212")


@register.filter
def place(name):
    """Region Gävleborg, of «Hälso- och sjukvården, Region Gävleborg»: whose it is, where there is little room"""
    return str(name).rpartition(", ")[2]


@register.filter
def in_rows(form):
    """The visible fields, in lists: those that the form's ``rows`` says stand beside each other, the others alone"""
    rows, done = [], set()
    together = {name: names for names in getattr(form, "rows", ()) for name in names}
    for field in form.visible_fields():
        if field.name not in done:
            names = [name for name in together.get(field.name, [field.name]) if name in form.fields]
            rows.append([form[name] for name in names])
            done |= set(names)
    return rows


def _local(value):
    return value.astimezone(STOCKHOLM) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _day(value):
    value = _local(value)
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def _today():
    return timezone.now().astimezone(STOCKHOLM).date()
