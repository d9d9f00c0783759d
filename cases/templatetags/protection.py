"""``{% what_to_do "meeting" %}`` and ``{% contact_card %}``: at the moment somebody is about to act, on any page of a
case. Both take ``person`` and ``case`` from the page."""

from django import template

from cases.models import Individual, SafeContact
from cases.models.merge import merges_about, same_people
from cases.protection import what_to_do as sentence_for

register = template.Library()


@register.inclusion_tag("cases/what_to_do.html", takes_context=True)
def what_to_do(context, moment):
    return {"sentence": sentence_for(context["person"], moment)}


@register.inclusion_tag("cases/contact_card.html", takes_context=True)
def contact_card(context, change=True):
    """How to reach the person without harm. ``change``: with the way to change it. When two rows have turned out to be
    one person, what is known of the other is shown as well: a warning there is a warning here."""
    mine = context["case"].individual_id
    people = [mine]
    if merges_about(mine):
        people = Individual.objects.filter(same_people([mine]))
    cards = {card.individual_id: card for card in SafeContact.objects.filter(individual__in=people)}
    return {
        "contact": cards.pop(mine, None), "others": list(cards.values()), "case": context["case"],
        "change": change, "csrf_token": context["csrf_token"],
    }  # fmt: skip
