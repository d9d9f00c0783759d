"""Numbers of a person: of which kind, and who gave them."""

from django import forms
from django.utils import timezone

from cases.countries import COUNTRIES
from cases.models import PersonIdentifier
from cases.numbers import KINDS, SWEDISH, given_number
from exitprogram.errors import Refused
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Region


class NumberFields(forms.Form):
    """Checked as its kind asks: a reserve or foreign number is never turned away for a check digit."""

    number = forms.CharField(label="Nummer", max_length=40, required=False)
    number_kind = forms.ChoiceField(label="Vilket slags nummer", choices=KINDS, initial=SWEDISH, required=False)
    region = forms.ModelChoiceField(
        label="Region som gav reservnumret", queryset=Region.objects.order_by("county_name"), required=False,
        empty_label="Vet inte, eller nationellt",
    )  # fmt: skip
    country = forms.ChoiceField(label="Land som gav numret", choices=[("", "Välj"), *COUNTRIES], required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].label_from_instance = lambda region: region.county_name

    def clean(self):
        data = super().clean()
        if data.get("number") and "country" in data:
            try:
                given_number(data["number"], kind=self._kind, country=data["country"])
            except Refused as why:
                lacks_country = self._kind == "foreign" and not data["country"]
                self.add_error("country" if lacks_country else "number", str(why))
        return data

    @property
    def _kind(self):
        return self.cleaned_data.get("number_kind") or SWEDISH

    @property
    def number_fields(self):
        """As the operations take them; a country or region of another kind than the chosen is left out."""
        data, kind = self.cleaned_data, self._kind
        region = data["region"] if kind == "reserve" else None
        return {
            "number": data["number"], "number_kind": kind, "region_id": region.pk if region else None,
            "country": data["country"] if kind == "foreign" else "",
        }  # fmt: skip


class NumberForm(NumberFields):
    """One more number, beside those that are there."""

    source = forms.ChoiceField(label="Varifrån vet ni numret", choices=[("", "Välj"), *PersonIdentifier.Source.choices])
    valid_from = DateField(label="Gäller från", initial=timezone.localdate)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].required = True


class EndNumberForm(forms.Form):
    valid_to = DateField(label="Sista dagen som numret gällde", initial=timezone.localdate)
