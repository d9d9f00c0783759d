import uuid

from django import template
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def once():
    """The hidden key that makes a double click one press. Belongs in every form that writes."""
    return format_html('<input type="hidden" name="form_key" value="{}">', uuid.uuid4())
