from django import forms

from cases.areas import Area
from plans.models import Measure


class CatalogueForm(forms.Form):
    title = forms.CharField(label="Insats", max_length=200)
    area = forms.ChoiceField(label="Område", choices=[("", "Välj"), *Area.choices])
    principal_kind = forms.ChoiceField(label="Svarar oftast", choices=[("", "Välj"), *Measure.Principal.choices])
    legal_anchor = forms.CharField(label="Lagrum", max_length=60, required=False)
