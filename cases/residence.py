"""Counting with the law of the day: who may apply for a permit, how long it is, and what applies to whom where."""

from calendar import monthrange
from datetime import timedelta

from exitprogram.law.rules import all_rules, rule


def may_apply(kind, *, on):
    """Codes of those who could apply for a permit of this kind that day. Raises NoRule."""
    return rule(f"permit.{kind}", on=on).values["applied_by"]


def last_day(kind, starts_on, *, applied_on):
    """The last day of a permit of this kind that begins then, by the rule of the day of application: the longest for
    the reflection period, the shortest for proceedings. None when the rule names no time."""
    values = rule(f"permit.{kind}", on=applied_on).values
    if "days" in values:
        return starts_on + timedelta(days=values["days"] - 1)
    if "months" in values:
        return months_later(starts_on, values["months"]) - timedelta(days=1)
    return None


def months_later(day, months):
    """The same date so many months on, or the month's last day when there is no such date."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def longest(step, starts_on):
    """The last day of a step in the support programme by the terms of that day; None when they name no time."""
    days = rule(f"programme.{step}", on=starts_on).values.get("days")
    return starts_on + timedelta(days=days - 1) if days else None


def entitlements(*, status, home, on):
    """The rules in force that day for somebody with this right to be here and this home municipality."""
    return [
        found for found in all_rules()
        if found.id.startswith("entitlement.") and found.in_force(on)
        and status in found.values.get("residence", [status]) and home in found.values.get("home", [home])
    ]  # fmt: skip
