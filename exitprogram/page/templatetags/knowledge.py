"""`{% knowledge "intake.triage" %}`: a quiet fold-out by the fields that need it."""

from django import template

from exitprogram.knowledge import at

register = template.Library()


@register.inclusion_tag("parts/knowledge.html")
def knowledge(place_id):
    return {"place": at(place_id)}
