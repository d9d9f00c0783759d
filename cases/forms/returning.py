from django import forms
from django.utils import timezone

from cases.forms import text
from cases.models import Consent, ReturnShare
from exitprogram.page.forms import DateField


class ReturnForm(forms.Form):
    destination = text("Vart", rows=1)
    risk = text("Risk vid hemkomsten", rows=3, help_text="Vem kan söka upp personen, skulder, hot mot familjen.")
    meets = text("Vem möter", rows=2)
    must_not_know = text("Vem får inte veta", rows=2)
    children = text("Barn", rows=2, help_text="Barn som följer med, barn som väntar. Skriv ”inga” om det är så.")
    money = text("Pengar", rows=2, help_text="Resa, första tiden, vem som betalar vad.")
    contact_after = text("Kontakt efteråt", rows=2, help_text="Hur länge, med vem, hur det kan ske säkert.")
    both_countries = text("Vad myndigheterna i båda länderna är överens om", rows=3)

    def __init__(self, *args, is_child, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_child:
            del self.fields["both_countries"]


class ReturnConsentForm(forms.Form):
    covers = text("Vad som får sägas, och till vem", rows=3, required=True)
    language = forms.CharField(label="Språk som samtycket lämnades på", max_length=60)
    form = forms.ChoiceField(label="Hur det lämnades", choices=Consent.Form.choices, widget=forms.RadioSelect,
                             initial=Consent.Form.ORAL)  # fmt: skip
    taken_on = DateField(label="Vilken dag", initial=timezone.localdate)
    ends_on = DateField(label="Gäller till och med", required=False, help_text="Tomt: tills det återkallas.")


class ReturnShareForm(forms.Form):
    recipient = forms.ChoiceField(label="Till", choices=ReturnShare.Recipient.choices)
    recipient_text = forms.CharField(label="Vem där", max_length=200)
    what = text("Vad som lämnades", rows=4, required=True)
    ground = forms.ChoiceField(label="Grund", choices=ReturnShare.Ground.choices, widget=forms.RadioSelect)
    reasons = text(
        "Varför grunden håller", rows=3, required=True,
        help_text="Vilken bestämmelse, vad samtycket säger eller hur ni har prövat.",
    )  # fmt: skip
    shared_on = DateField(label="Vilken dag", initial=timezone.localdate)


class TravelForm(forms.Form):
    travelled_on = DateField(label="Resan gjordes", initial=timezone.localdate)


class StopForm(forms.Form):
    reason = text("Varför planeringen avslutas", rows=3, required=True)
