from datetime import timedelta

from django import forms
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tokens.models import OVERLAP, Scope


def _in_three_months():
    return timezone.localdate() + timedelta(days=90)


class TokenForm(forms.Form):
    name = forms.CharField(label="Vilket system", max_length=80, help_text="Skriv inget om någon person.")
    scopes = forms.MultipleChoiceField(
        label="Vad får det göra", choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    networks = forms.CharField(
        label="Från vilka nätverk", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ett på varje rad, till exempel 192.0.2.0/24. Era it-ansvariga vet.",
    )  # fmt: skip
    expires_on = DateField(label="Sista dagen", initial=_in_three_months, help_text="Högst ett år framåt.")

    def clean_networks(self):
        return self.cleaned_data["networks"].splitlines()


def _in_two_weeks():
    return timezone.localdate() + timedelta(days=14)


class RenewForm(forms.Form):
    overlap_until = DateField(
        label="Den gamla nyckeln gäller till och med", initial=_in_two_weeks,
        help_text=f"Så att det andra systemet hinner byta. Högst {OVERLAP.days} dagar framåt.",
    )  # fmt: skip
    expires_on = DateField(
        label="Den nya nyckelns sista dag", initial=_in_three_months, help_text="Högst ett år framåt."
    )
