from decimal import Decimal

from django import forms
from django.utils import timezone

from cases.forms import text
from cases.models import OpenAccessContact
from cases.outreach import clue_in
from exitprogram.page.forms import DateField


class OpenContactForm(forms.Form):
    day = DateField(label="Dag", initial=timezone.localdate)
    way = forms.ChoiceField(label="Hur", choices=OpenAccessContact.Way.choices, widget=forms.RadioSelect)
    hours = forms.DecimalField(
        label="Timmar", min_value=Decimal("0.25"), max_value=24, decimal_places=2, localize=True,
        help_text="Till exempel 0,5 för en halvtimme.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
    )  # fmt: skip
    support = forms.MultipleChoiceField(
        label="Vilket stöd gavs", choices=OpenAccessContact.Support.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label="Språk", choices=OpenAccessContact.Language.choices, initial="sv")
    referred_to = forms.MultipleChoiceField(
        label="Hänvisad till", required=False, choices=OpenAccessContact.Referral.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    text = text(
        "Kort om stödet", rows=2, max_length=300,
        help_text="Inget som pekar ut någon: inget namn, nummer, användarnamn, ingen plats, inget utseende.",
    )  # fmt: skip

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dagen ligger i framtiden.")
        return day

    def clean_text(self):
        words = self.cleaned_data["text"]
        if clue := clue_in(words):
            raise forms.ValidationError(clue)
        return words
