"""``{% url %}`` as Django has it, by addresses that are found once."""

from uuid import UUID

from django import template
from django.template import defaulttags

from exitprogram.page.links import link

register = template.Library()


class Link(defaulttags.URLNode):
    def render(self, context):
        ids = [arg.resolve(context) for arg in self.args]
        if self.kwargs or self.asvar or any(type(one) is not UUID for one in ids):
            return super().render(context)  # a word could hold what has to be escaped
        return link(self.view_name.resolve(context), *ids)


@register.tag
def url(parser, token):
    node = defaulttags.url(parser, token)
    return Link(node.view_name, node.args, node.kwargs, node.asvar)
