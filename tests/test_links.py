"""``{% url %}`` by addresses that are found once, beside Django's own."""

from uuid import UUID, uuid4

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, get_resolver, reverse

from exitprogram.page.links import link


def patterns(resolver=None, prefix=""):
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from patterns(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif one.name:
            yield f"{prefix}{one.name}", one.pattern.converters


def test_every_address_is_the_one_that_django_gives():
    asked = 0
    for name, converters in patterns():
        if {type(one).__name__ for one in converters.values()} <= {"UUIDConverter"}:
            ids = [uuid4() for _one in converters]
            assert link(name, *ids) == link(name, *ids) == reverse(name, args=ids)
            asked += len(ids) > 1
    assert asked > 10


def test_what_is_no_id_goes_the_usual_way():
    one = uuid4()
    assert link("plans:person", str(one)) == reverse("plans:person", args=[one])
    for name, given in (("nowhere:at_all", []), ("plans:person", []), ("plans:person", [one, one])):
        with pytest.raises(NoReverseMatch):
            link(name, *given)


def test_the_tag_says_what_django_says():
    page = Template("{% url 'plans:person' one %} {% url name pk=one as kept %}{{ kept }} {% url name text %}")
    told = {"one": UUID(int=7, version=4), "name": "plans:person", "text": str(UUID(int=9, version=4))}
    paths = page.render(Context(told)).split()
    assert paths[0] == reverse("plans:person", args=[told["one"]])
    assert paths[-1] == reverse("plans:person", args=[told["text"]])


def test_another_table_of_addresses_has_its_own():
    one = uuid4()
    there = link("plans:person", one)
    with override_settings(ROOT_URLCONF="django.contrib.auth.urls"), pytest.raises(NoReverseMatch):
        link("plans:person", one)
    assert link("plans:person", one) == there
