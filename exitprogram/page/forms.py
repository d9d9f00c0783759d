"""How forms are printed, and the two fields whose browser control needs a special value."""

import re

from django import forms
from django.forms.renderers import TemplatesSetting

MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


class PageRenderer(TemplatesSetting):
    """`{{ form }}` gives an error summary and the fields; `{{ form.x.as_field_group }}` one whole field."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name, context, request=None):
        """A browser's list of what has been typed before must hold no name and no number."""
        widget = context.get("widget", {})
        if widget.get("type") not in ("hidden", "checkbox", "radio", "file") and "attrs" in widget:
            widget["attrs"].setdefault("autocomplete", "off")
        return super().render(template_name, context, request)


class DateField(forms.DateField):
    """The browser's own date control where there is one; what people type where there is none."""

    input_formats = ("%Y-%m-%d", "%d/%m %Y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y")

    def __init__(self, **kwargs):
        # The control takes only the ISO form, whatever the language of the page.
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", self.input_formats)
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Skriv datumet som år-månad-dag, till exempel 2026-11-24."

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"[a-zåäö]+\.?", _month_number, value.strip().lower())
            # Eight digits only: strptime would read 261124 as 4 February in the year 2611.
            value = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", value)
        return super().to_python(value)


def _month_number(word):
    for number, month in enumerate(MONTHS, start=1):
        if word.group().startswith(month):
            return str(number)
    return word.group()


class TimeField(forms.TimeField):
    """Hours and minutes, typed with a colon or a full stop."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        kwargs.setdefault("input_formats", ("%H:%M", "%H.%M", "%H:%M:%S", "%H%M"))
        super().__init__(**kwargs)
        self.error_messages["invalid"] = "Skriv tiden som timmar och minuter, till exempel 14:30."
