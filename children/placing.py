"""The days that count from a placement. What began before the law is asked for from the law's first day."""

from dateutil.relativedelta import relativedelta

from exitprogram.law.rules import all_rules, rule


def law_from(rule_id, day):
    """The rule of that day; of a day before there was one: the first there is. Raises NoRule."""
    later = sorted((law for law in all_rules() if law.id == rule_id), key=lambda law: law.valid_from)
    if later and day < later[0].valid_from:
        return later[0]
    return rule(rule_id, on=day)


def day_after(rule_id, since):
    """The last day by the rule's days or months, never before the law itself."""
    law = law_from(rule_id, since)
    time = relativedelta(months=law.values.get("months", 0), days=law.values.get("days", 0))
    return max(since + time, law.valid_from)
