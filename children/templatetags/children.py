"""What a child's own page says of its age."""

from django import template
from django.utils import timezone

from cases.models import Case
from children.ages import age_on, steps_on

register = template.Library()


@register.inclusion_tag("children/own_age.html", takes_context=True)
def childs_age(context):
    """How old the child is, the days on which that changes something, and folded what the law says of each."""
    case, today = context["case"], timezone.localdate()
    if case.programme != Case.Programme.CHILD or case.closed_on:
        return {"shown": False}
    born = case.individual.root.birth_date
    now, later = steps_on(born, today)
    turning = sorted({(step.since, step.ages[0]) for step in later})
    return {"shown": True, "case": case, "born": born, "years": born and age_on(born, today), "turning": turning,
            "now": now, "later": later}  # fmt: skip
