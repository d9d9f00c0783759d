import re

from django import forms

from cases import reminders


class ReminderForm(forms.Form):
    warn_days = forms.CharField(
        label="Påminn så många dagar före", max_length=60,
        help_text="Flera dagar med komma emellan, till exempel 30, 7. 0 är samma dag.",
    )  # fmt: skip
    escalate_days = forms.IntegerField(
        label="Cheferna får veta så många dagar efter", min_value=0, max_value=reminders.EARLIEST,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_warn_days(self):
        words = re.split(r"[\s,;]+|\boch\b", self.cleaned_data["warn_days"])
        words = [word for word in words if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
            raise forms.ValidationError("Skriv hela dagar med komma emellan, till exempel 30, 7.")
        return sorted({int(word) for word in words}, reverse=True)

    @property
    def days(self):
        return {name: self.cleaned_data[name] for name in ("warn_days", "escalate_days")}

    @property
    def chosen(self):
        return reminders.Days(tuple(self.cleaned_data["warn_days"]), self.cleaned_data["escalate_days"])
