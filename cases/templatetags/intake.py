"""``{% urgent_now %}``, ``{% plan_fit %}`` and ``{% known_threats %}``: what *Första kontakten* and the assessments say
on the person's page and beside the plan. All take ``case`` from the page; no list has one."""

from django import template

from cases.assessments import newest_threats
from cases.intake import plan_needs, urgent_steps

register = template.Library()


@register.inclusion_tag("cases/urgent.html", takes_context=True)
def urgent_now(context, lines=False):
    """Whole, at the top of the page; or as ``lines`` in the list under *Nu*."""
    case = context["case"]
    if not hasattr(case, "urgent_now"):  # both places on a page have the same answer
        case.urgent_now = urgent_steps(context["request"].acting, case)
    return {"urgent": case.urgent_now, "case": case, "lines": lines}


@register.inclusion_tag("cases/plan_needs.html", takes_context=True)
def plan_fit(context):
    return {"fit": plan_needs(context["request"].acting, context["case"])}


@register.inclusion_tag("cases/threats_known.html", takes_context=True)
def known_threats(context):
    return {"danger": newest_threats(context["request"].acting, context["case"]), "case": context["case"]}
