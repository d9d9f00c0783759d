"""``{% what_to_do "meeting" %}`` and ``{% contact_card %}``: at the moment somebody is about to act, on any page of a
case. Both take ``person`` and ``case`` from the page."""

from django import template

from cases.models import SafeContact
from cases.protection import what_to_do as sentence_for

register = template.Library()


@register.inclusion_tag("cases/what_to_do.html", takes_context=True)
def what_to_do(context, moment):
    return {"sentence": sentence_for(context["person"], moment)}


@register.inclusion_tag("cases/contact_card.html", takes_context=True)
def contact_card(context, change=True):
    """How to reach the person without harm. ``change``: with the way to change it."""
    return {
        "contact": SafeContact.objects.filter(individual=context["person"]).first(), "case": context["case"],
        "change": change, "csrf_token": context["csrf_token"],
    }  # fmt: skip
