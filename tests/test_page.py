"""The look as far as a machine can judge it without a browser: tags, the form renderer, pages that need nothing."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.urls import include, path

from exitprogram.page.forms import DateField, PageRenderer, TimeField
from exitprogram.page.templatetags import page

TEMPLATES = settings.BASE_DIR / "templates"
STATIC = settings.BASE_DIR / "exitprogram" / "static" / "exitprogram"
ERROR_PAGES = ["400", "403", "403_csrf", "404", "409", "413", "500", "503"]


def nothing(request):
    return HttpResponse()


# base.html links to a few addresses; here they exist whatever the rest of the house looks like.
urlpatterns = [
    path(
        "t/",
        include(
            (
                [
                    path("switch", nothing, name="switch"),
                    path("out", nothing, name="sign_out"),
                    path("own", nothing, name="factors"),
                    path("here", nothing, name="sessions"),
                ],
                "tenancy",
            )
        ),
    ),
    path("k/", include(([path("keys", nothing, name="connections")], "tokens"))),
    path("c/", include(([path("search", nothing, name="search"), path("mine", nothing, name="my_settings")], "cases"))),
]


class Seen(HTMLParser):
    """Every start tag in order, as (tag, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    def one(self, **wanted):
        (found,) = [attrs for _, attrs in self.tags if wanted.items() <= attrs.items()]
        return found


@pytest.fixture
def noon(monkeypatch):
    """Tuesday 24 November 2026, 13:00 in Stockholm."""
    monkeypatch.setattr(page.timezone, "now", lambda: datetime(2026, 11, 24, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "filter_, value, text",
    [
        (page.sv_date, date(2026, 11, 24), "tis 24 november 2026"),
        (page.sv_date, datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "ons 25 november 2026"),
        (page.sv_date, None, ""),
        (page.sv_day, date(2026, 11, 24), "24\u00a0nov"),
        (page.sv_day, date(2025, 3, 1), "1\u00a0mars 2025"),
        (page.sv_day, "", ""),
        (page.sv_time, datetime(2026, 7, 1, 12, 2, tzinfo=UTC), "14:02"),
        (page.sv_time, datetime(2026, 12, 1, 13, 2, tzinfo=UTC), "14:02"),
        (page.sv_when, datetime(2026, 11, 24, 13, 2, tzinfo=UTC), "i dag 14:02"),
        (page.sv_when, datetime(2026, 11, 23, 22, 59, tzinfo=UTC), "i går 23:59"),
        (page.sv_when, datetime(2026, 11, 23, 23, 1, tzinfo=UTC), "i dag 00:01"),
        (page.sv_when, datetime(2026, 11, 20, 8, 0, tzinfo=UTC), "20\u00a0nov 09:00"),
        (page.sv_when, date(2026, 11, 23), "i går"),
        (page.sv_when, date(2026, 11, 25), "i morgon"),
        (page.sv_number, 12345, "12\u00a0345"),
        (page.sv_number, -1234.5, "\u22121\u00a0234,5"),
        (page.sv_number, 0, "0"),
        (page.sv_number, None, ""),
    ],
)
def test_dates_and_numbers_are_swedish(noon, filter_, value, text):
    assert filter_(value) == text


def test_an_open_period_is_left_open(noon):
    assert page.sv_period(date(2026, 9, 1), date(2026, 11, 30)) == "1\u00a0sep – 30\u00a0nov"
    assert page.sv_period(date(2026, 12, 1), None) == "från 1\u00a0dec"


def test_an_icon_beside_words_is_silent_and_one_alone_speaks():
    assert 'aria-hidden="true"' in page.icon("clock")
    assert 'aria-label="Väntar &amp; ser"' in page.icon("clock", "Väntar & ser")


def test_an_unknown_icon_fails():
    with pytest.raises((ValueError, TemplateSyntaxError), match="klocka"):
        Template('{% load page %}{% icon "klocka" %}').render(Context())


def test_every_icon_named_in_a_template_exists():
    used = {name for file in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)"', file.read_text())}

    assert used - page.icon_names() == set()


def test_a_bar_says_in_words_what_it_shows():
    html = Template('{% load page %}{% bar 3 4 "på väg" %}').render(Context())

    assert "3 av 4 på väg" in html
    assert html.count('class="on"') == 3
    assert html.count("<i") == 4


class MeasureForm(forms.Form):
    default_renderer = PageRenderer

    title = forms.CharField(label="Insats", help_text="Kort & tydligt")
    due_on = DateField(label="Senast")
    note = forms.CharField(label="Not", required=False)
    how = forms.ChoiceField(label="Hur", widget=forms.RadioSelect, choices=[("a", "Ja"), ("b", "Nej")])
    read = forms.BooleanField(label="Läst")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Datumet ligger utanför planen.")


def test_a_field_with_faults_is_tied_together():
    html = MeasureForm({})["title"].as_field_group()
    seen = Seen(html)

    control = seen.one(name="title")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"].split() == ["id_title_helptext", "id_title_error"]
    assert set(control["aria-describedby"].split()) <= set(seen.ids())
    assert seen.one(**{"for": "id_title"})
    assert "Kort &amp; tydligt" in html
    assert html.index("Fel: ") < html.index("<input")


def test_choices_have_a_legend_and_say_their_fault():
    html = MeasureForm({})["how"].as_field_group()
    tag, attrs = Seen(html).tags[0]

    assert tag == "fieldset"
    assert attrs["aria-describedby"] == "id_how_error"
    assert "id_how_error" in Seen(html).ids()
    assert re.search(r"<legend>\s*Hur\s*</legend>", html)


def test_one_checkbox_stands_before_its_words():
    html = MeasureForm()["read"].as_field_group()

    assert html.index("<input") < html.index("<label")


def test_only_what_may_be_left_out_says_so():
    assert "(frivilligt)" in MeasureForm()["note"].as_field_group()
    assert "(frivilligt)" not in MeasureForm()["title"].as_field_group()


def test_the_summary_links_to_fields_that_exist():
    html = str(MeasureForm({}))
    links = [attrs["href"][1:] for tag, attrs in Seen(html).tags if tag == "a"]

    assert links == ["id_title", "id_due_on", "id_how_0", "id_read"]
    assert set(links) <= set(Seen(html).ids())
    assert "Datumet ligger utanför planen." in html
    assert html.index("data-error-summary") < html.index("<input")
    assert html.count('name="version"') == 1


def test_a_form_without_faults_has_no_summary():
    assert "error-summary" not in str(MeasureForm())


@pytest.mark.parametrize(
    "typed", ["2026-11-24", "20261124", "24/11 2026", "24.11.2026", "24 nov 2026", " 24 November 2026 "]
)
def test_a_typed_date_is_understood(typed):
    assert DateField().clean(typed) == date(2026, 11, 24)


@pytest.mark.parametrize("typed", ["2026-02-30", "261124", "i morgon", "24 foo 2026", "24/11"])
def test_a_wrong_date_is_refused_with_an_example(typed):
    with pytest.raises(forms.ValidationError, match="2026-11-24"):
        DateField().clean(typed)


def test_a_date_is_given_to_the_control_the_way_it_reads_it():
    html = str(MeasureForm(initial={"due_on": date(2026, 11, 24)})["due_on"])

    assert 'type="date"' in html
    assert 'value="2026-11-24"' in html


def test_a_time_may_have_a_full_stop():
    assert TimeField().clean("14.30") == TimeField().clean("14:30")


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_needs_nothing_and_says_what_to_do(name):
    html = render_to_string(f"{name}.html")  # no request, no context processor, no database

    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    title = re.search("<title>(.*)</title>", html).group(1)
    assert title.endswith(" – Planering")
    assert "rogram" not in title


def test_missing_and_not_allowed_read_the_same():
    assert "Sidan finns inte, eller så har du inte tillgång till den." in render_to_string("404.html")


def render_page(rf, settings, **more):
    settings.ROOT_URLCONF = __name__
    member = SimpleNamespace(
        pk=1, authority=SimpleNamespace(name="Åby"), get_role_display="Chef", user=SimpleNamespace(name="Anna Berg")
    )
    other = SimpleNamespace(**{**vars(member), "pk": 2})
    shown = {"may_search": True, "may_connect": True, "nav": []}
    context = {"acting": member, "my_memberships": [member, other], **shown, **more}
    return render_to_string("base.html", context, request=rf.get("/"))


def test_what_changes_anything_is_sent_as_a_form(rf, settings):
    forms_ = [attrs for tag, attrs in Seen(render_page(rf, settings)).tags if tag == "form"]

    assert {(form["method"], form["action"]) for form in forms_} == {
        ("post", "/t/switch"),
        ("post", "/c/search"),
        ("post", "/t/out"),
    }


def test_the_case_bar_links_or_says_why(rf, settings):
    may = {"label": "Möte", "url": "/m", "icon": "calendar", "key": "M", "enabled": True, "why": ""}
    may_not = {"label": "Beslut", "url": "/b", "icon": "gavel", "key": "B", "enabled": False, "why": "Anna Berg kan."}
    case = {"number": "Å-2026-0147", "name": "Maria K.", "url": "/x", "actions": [may, may_not]}

    html = render_page(rf, settings, case_bar=case)

    assert Seen(html).one(href="/m")["aria-keyshortcuts"] == "Alt+Shift+M"
    assert 'href="/b"' not in html
    assert "Anna Berg kan." in html
    assert "Maria" not in re.search("<title>(.*)</title>", html).group(1)


def test_pages_keep_the_content_policy():
    """No inline style, script or handler, in templates or drawings; nothing fetched from elsewhere."""
    files = [*TEMPLATES.rglob("*.html"), *STATIC.rglob("*.svg")]
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|hx-on")
    wrong = [str(file) for file in files if inline.search(file.read_text())]
    outside = [str(file) for file in STATIC.rglob("*.css") if re.search(r"url\(.?(https?:|//|data:)", file.read_text())]

    assert wrong + outside == []


def luminance(colour):
    colour = colour * 2 if len(colour) == 3 else colour
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "front, back, least",
    [(text, ground, 4.5) for text in ("ink", "ink-soft", "act", "red") for ground in ("paper", "sand", "sand-deep")]
    + [("act", "act-tint", 4.5), ("act-deep", "act-tint", 4.5), ("red", "red-tint", 4.5), ("paper", "red", 4.5)]
    + [("edge", "paper", 3), ("edge", "sand", 3)],
)
def test_colours_can_be_told_apart(front, back, least):
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]+);", (STATIC / "css" / "base.css").read_text()))
    light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= least
