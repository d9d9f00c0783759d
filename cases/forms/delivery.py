from django import forms

from cases.models import DeliveryChoice


class HourField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class DeliveryForm(forms.Form):
    channel = forms.ChoiceField(
        label="Mejl", choices=DeliveryChoice.Channel.choices, widget=forms.RadioSelect,
        help_text="Brådskande är fara, och det som enligt lag ska göras samma dag. Det mejlas alltid.",
    )  # fmt: skip
    quiet_from = HourField(label="Tyst från", required=False, help_text="Lämna tomt om du inte vill ha tysta timmar.")
    quiet_to = HourField(label="Tyst till", required=False, help_text="Utanför 08.00–17.00.")
    danger_any_hour = forms.BooleanField(label="Mejla om fara också under mina tysta timmar", required=False)


class DemandForm(forms.Form):
    danger_any_hour = forms.BooleanField(
        label="Alla hos oss får mejl om fara också under sina tysta timmar", required=False
    )
