from django import forms
from django.utils import timezone

from cases import signs
from cases.forms import text
from cases.models import Identification, SupportPeriod
from exitprogram.page.forms import DateField


def not_ahead(day):
    if day and day > timezone.localdate():
        raise forms.ValidationError("Dagen ligger i framtiden.")
    return day


class IdentificationForm(forms.Form):
    made_by = forms.ChoiceField(label="Av vem", choices=Identification.MadeBy.choices)
    identified_on = DateField(label="Vilken dag", initial=timezone.localdate)
    made_by_text = forms.CharField(label="Vem där", max_length=120, required=False)
    signs = forms.MultipleChoiceField(
        label="Tecken", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Inget av dem bevisar något ensamt. Kryssa för det som har setts eller berättats.",
    )  # fmt: skip
    own_words = text("Med egna ord", rows=4, help_text="Vad har setts eller sagts, och av vem?")
    standing = forms.ChoiceField(
        label="Hur det bedöms", choices=Identification.Standing.choices, widget=forms.RadioSelect,
        initial=Identification.Standing.PRESUMED,
    )  # fmt: skip
    told_on = DateField(label="Personen fick veta", required=False, help_text="Lämna tomt om det inte är sagt än.")
    told_language = forms.CharField(label="På vilket språk", max_length=60, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signs"].choices = signs.choices(on=timezone.localdate())

    def clean_identified_on(self):
        return not_ahead(self.cleaned_data["identified_on"])

    def clean_told_on(self):
        return not_ahead(self.cleaned_data["told_on"])


class SupportPeriodForm(forms.Form):
    step = forms.ChoiceField(label="Steg", choices=SupportPeriod.Step.choices, widget=forms.RadioSelect,
                             initial=SupportPeriod.Step.REST)  # fmt: skip
    starts_on = DateField(label="Från och med")
    ends_on = DateField(label="Till och med")
    contact = forms.CharField(label="Kontakt", max_length=200, required=False,
                              help_text="Vem i programmet. Skriv ingen adress.")  # fmt: skip
    paid = text("Vad programmet eller staten betalar", rows=2)
    why_longer = text("Om tiden är längre än villkoren: vem har medgett det, och varför", rows=2)

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Sista dagen ligger före den första.")
        return data


class EndedForm(forms.Form):
    ended_on = DateField(label="Sista dagen blev", initial=timezone.localdate)


class AvoidPlaceForm(forms.Form):
    place = forms.CharField(label="Plats", max_length=200, help_text="Adress, område, busslinje, butik.")
    why = text("Varför", rows=2, required=True)
