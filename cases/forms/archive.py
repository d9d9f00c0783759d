from django import forms
from django.utils import timezone

from cases.forms import text
from exitprogram.crypto.envelope import LONGEST, certificate_of
from exitprogram.errors import Refused


class ExportForm(forms.Form):
    recipient = forms.CharField(label="Vilket arkiv", max_length=200, help_text="Till exempel kommunarkivet.")
    purpose = text(
        "Varför ärendet lämnas", rows=2, required=True,
        help_text="Till exempel: bevaras för forskning enligt 16 kap. 4 § SoL. Den som godkänner läser det."
        " Skriv inget om personen.",
    )  # fmt: skip
    certificate = forms.CharField(
        label="Arkivets certifikat", max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Klistra in det som arkivet har skickat. Det börjar med -----BEGIN CERTIFICATE-----. Bara arkivet kan"
        " sedan öppna paketet.",
    )  # fmt: skip

    def clean_certificate(self):
        try:
            certificate_of(self.cleaned_data["certificate"], at=timezone.now())
        except Refused as why:
            raise forms.ValidationError(str(why)) from None
        return self.cleaned_data["certificate"]


class RefuseForm(forms.Form):
    reason = forms.CharField(label="Varför inte", max_length=300, help_text="Den som bad om det läser skälet.")


class FetchForm(forms.Form):
    persons = forms.IntegerField(
        label="Hur många personer", min_value=0, max_value=9999,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Skriv hur många personer paketet innehåller uppgifter om."},
    )  # fmt: skip
