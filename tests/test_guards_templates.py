"""Guards over the templates: nothing inline, nothing unused, and a name nobody gave is an error."""

import re

import pytest
from django.template import TemplateDoesNotExist, engines

from tests.source import files, templates, text

INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=", "style element": r"<style\b", "inline script": r"<script(?![^>]*\bsrc=)",
    "handler": r"<[^>]*\son[a-z]+\s*=", "script address": r"javascript:",
    "other host": r"(?:src|href)=[\"']?(?:https?:)?//",
    "unescaped": r"\|\s*safe\b|autoescape\s+off",
}  # fmt: skip
# Rendered by Django, a middleware or a library, by its name alone.
BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html", "409.html"}


def faults(source):
    return [what for what, pattern in INLINE.items() if re.search(pattern, source, re.I)]


def test_nothing_inline():
    assert {name: faults(path.read_text()) for name, path in templates().items() if faults(path.read_text())} == {}


@pytest.mark.parametrize(
    "source", ['<p style="x">', "<style>", "<script>x</script>", '<a onclick="x">', '<a href="javascript:x">',
               '<img src="https://x">', "{{ x|safe }}", "<script defer>", '<link href="//x">'],
)  # fmt: skip
def test_what_is_inline_is_found(source):
    assert faults(source)


def test_every_template_compiles():
    engine = engines["django"]
    assert len(templates()) > 40
    for name in templates():
        engine.get_template(name)


def test_every_template_is_used():
    named = "\n".join([*(text(path) for path in files()), *(path.read_text() for path in templates().values())])
    unused = {name for name in templates() if f'"{name}"' not in named and f"'{name}'" not in named}
    assert unused - BY_NAME == set()


def test_every_template_named_exists():
    named = {name for path in files() for name in re.findall(r"[\"']([a-z_]+/[a-z_]+\.html)[\"']", text(path))}
    assert named
    assert {name for name in named if not _is_there(name)} == set()


def _is_there(name):
    try:
        return bool(engines["django"].get_template(name))
    except TemplateDoesNotExist:
        return False


def test_every_form_that_posts_has_its_keys():
    """The CSRF token in every form; and the key that makes a double click one press, unless the view does not write."""
    without = {
        name
        for name, path in templates().items()
        for form in re.findall(r"<form\b[^>]*method=[\"']?post.*?</form>", path.read_text(), re.I | re.S)
        if "csrf_token" not in form and "parts/keys.html" not in form
    }
    assert without == set()


def test_a_name_nobody_gave_is_an_error():
    """pyproject.toml asks for it, so that every page rendered by any test is held to it; ``if`` may still ask."""
    page = engines["django"].from_string("{% if finns %}x{% endif %}{{ finns.inte }}")
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable"):
        page.render({})
    assert engines["django"].from_string("{% if finns %}x{% endif %}{{ a }}").render({"a": "b"}) == "b"
