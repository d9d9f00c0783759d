from datetime import datetime

from django import forms
from django.utils import timezone

from cases.forms.emergency import texts
from children.courses import Body, Kind, Step
from children.models import CourtMatter
from exitprogram.page.forms import DateField, TimeField


class _Happened(forms.Form):
    """When it happened, who decided, and where it is written."""

    day = DateField(label="Dag", initial=timezone.localdate)
    time = TimeField(label="Klockslag")
    body = forms.ChoiceField(
        label="Vem som beslutade", required=False, choices=Body.choices, widget=forms.RadioSelect,
        help_text="När det är nämndens beslut.",
    )  # fmt: skip
    who = forms.CharField(label="Utskottets eller personens namn", required=False, max_length=120)
    reference = forms.CharField(label="Paragraf eller målnummer", required=False, max_length=80)

    rows = (("day", "time"), ("who", "reference"))

    def clean(self):
        found = super().clean()
        day, time = found.pop("day", None), found.pop("time", None)
        if day and time:
            found["happened_at"] = timezone.make_aware(datetime.combine(day, time))
        return found


class MatterForm(_Happened):
    kind = forms.ChoiceField(label="Vad det gäller", choices=Kind.choices, widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label="Grund", required=False, choices=[("", "Ingen att välja"), *CourtMatter.Ground.choices],
        help_text="Vid LVU: vilken paragraf. Vid umgänge och vistelseort: under vilken placering.",
    )  # fmt: skip
    about = texts("Vad som är beslutat eller behövs", "Kort, så att en kollega förstår det i natt.")

    field_order = ["kind", "ground", "about", "day", "time", "body", "who", "reference"]


class StepForm(_Happened):
    kind = forms.ChoiceField(label="Vad har hänt?", widget=forms.RadioSelect)
    until = DateField(label="Ny sista dag", required=False, help_text="Bara när rätten har gett längre tid.")
    words = forms.CharField(label="Mer att veta", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    field_order = ["kind", "day", "time", "until", "body", "who", "reference", "words"]

    def __init__(self, *args, steps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(step, Step(step).label) for step in steps]
        if not {Step.DECIDED, Step.DENIED} & set(steps):
            del self.fields["body"]
        if Step.EXTENDED not in steps:
            del self.fields["until"]
