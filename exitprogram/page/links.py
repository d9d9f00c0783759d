"""Addresses of pages, found once: a list of fifty people asked Django's resolver a hundred times for the same one. What
is kept is where the ids stand in it, which belongs to everybody."""

import functools
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def link(name, *ids):
    """The path of a named page about these ids. Raises NoReverseMatch as ``reverse`` does."""
    if any(type(one) is not UUID for one in ids):
        return reverse(name, args=ids)
    parts = _parts(name, len(ids), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    return "".join(_woven(parts, ids)) if parts else reverse(name, args=ids)


def _woven(parts, ids):
    yield parts[0]
    for one, after in zip(ids, parts[1:], strict=True):
        yield str(one)
        yield after


@functools.cache
def _parts(name, count, urlconf, prefix):
    """What stands before, between and after the ids; None where they do not come in their order, each once."""
    marks = [UUID(int=place + 1, version=4) for place in range(count)]
    rest, parts = reverse(name, args=marks), []
    for mark in marks:
        before, found, rest = rest.partition(str(mark))
        if not found:
            return None
        parts.append(before)
    return [*parts, rest]
