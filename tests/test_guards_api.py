"""Guards over the API's views: each is behind the one door, says who may and for what, and writes once per key."""

import pytest
from django.conf import settings

from exitprogram.tenancy.roles import Permission
from exitprogram.tokens.door import ApiView
from exitprogram.tokens.models import Scope
from tests.test_guards_doors import API, EVERY

PUBLIC = {"api/schema/", "api/bundle-schema/", r"api/[\s\S]", "api/"}
VIEWS = [(route, view.api) for route, view in API if route not in PUBLIC]
SAFE = {"get", "head", "options"}
BY_HAND = {"dispatch", "as_view", "holder"}  # what makes the door: no view has its own


def writes(view):
    return [getattr(view, name) for name in view.http_method_names if name not in SAFE and hasattr(view, name)]


def test_every_view_of_the_api_has_the_door():
    assert API
    assert [route for route, view in API if not issubclass(getattr(view, "api", object), ApiView)] == []
    for route, view in EVERY:
        assert not hasattr(view, "cls") or (route, view) in API, f"{route}: a REST view outside the API"


def test_the_open_ones_are_named():
    assert {route for route, view in API if view.access == "public"} == PUBLIC
    assert all(not writes(view.api) for route, view in API if route in PUBLIC)


@pytest.mark.parametrize(("route", "view"), VIEWS, ids=[route for route, _view in VIEWS])
def test_it_says_who_may_and_for_what(route, view):
    assert view.access
    assert view.access <= set(Permission)
    assert view.scope in set(Scope)
    assert not BY_HAND & set(vars(view))
    assert view.throttle_classes == ApiView.throttle_classes
    assert all(getattr(handler, "once", False) for handler in writes(view))


def test_a_view_without_a_declaration_opens_nothing(world, rf):
    """The defaults: no permission is enough, no scope is the right one."""
    assert ApiView.access == frozenset()
    assert ApiView.scope is None


def test_no_cookie_is_asked():
    assert ApiView.authentication_classes == ()
    assert "DEFAULT_AUTHENTICATION_CLASSES" not in settings.REST_FRAMEWORK
