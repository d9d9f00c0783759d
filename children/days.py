"""When a child's clocks strike: counted from what happened, by the law of that day."""

from datetime import timedelta

from django.utils import timezone

from cases.residence import months_later
from exitprogram.errors import Refused
from exitprogram.law.rules import NoRule, all_rules, rule


def law_of(rule_id, *, on):
    """For a day that somebody has typed. Raises Refused when the law of that day has not been entered."""
    try:
        return rule(rule_id, on=on)
    except NoRule:
        raise Refused("För den dagen finns ingen regel inlagd. Kontrollera dagen, och fråga nämndens jurist.") from None


def law_from(rule_id, day):
    """The rule of that day; of a day before there was one, the first there is: what began before the law is asked for
    from the law's first day. Raises NoRule."""
    later = sorted((law for law in all_rules() if law.id == rule_id), key=lambda law: law.valid_from)
    if later and day < later[0].valid_from:
        return later[0]
    return rule(rule_id, on=day)


def day_after(rule_id, since):
    """The last day by the rule's days or months, never before the law itself."""
    law = law_from(rule_id, since)
    last_on = months_later(since, law.values.get("months", 0)) + timedelta(days=law.values.get("days", 0))
    return max(last_on, law.valid_from)


def protection_day(received_at):
    """The same Swedish day, or the next one when it came late in the day; weekends and holidays count as any day."""
    local = timezone.localtime(received_at)
    late = local.hour >= rule("child.protection", on=local.date()).values["late_from_hour"]
    return local.date() + timedelta(days=int(late))


def opening_day(received_on):
    return received_on + timedelta(days=rule("child.opening", on=received_on).values["days"])


def investigation_day(opened_on):
    return months_later(opened_on, rule("child.investigation", on=opened_on).values["months"])


def feedback_day(decided_on, asked_later_on=None):
    """The week from the decision, or at once when it is asked for later; None while the law named no time."""
    days = rule("child.feedback", on=asked_later_on or decided_on).values.get("days")
    if days is None:
        return None
    return asked_later_on or decided_on + timedelta(days=days)


def consider_day(since_on):
    """When a placement is to be considered, from its beginning or from the time before."""
    return day_after("placement.consider", since_on)


def emergency_home_day(closed_on):
    """How long a placement in an emergency home may last, from the day the investigation was finished."""
    return day_after("placement.emergency_home", closed_on)


def after_care_day(since_on):
    """The last day of following up without consent, from the day that what came before it ended."""
    return months_later(since_on, law_of("child.after_care", on=since_on).values["months"])


def file_opened_day(opened_on):
    return opened_on + timedelta(days=rule("child.file_opened", on=opened_on).values["days"])
