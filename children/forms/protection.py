from django import forms
from django.utils import timezone

from children.forms.chain import some
from children.forms.reports import LONG, SHORT, moment
from children.models import Exploiter, NextResponsible, OnlineSpread, ProtectionAssessment
from exitprogram.page.forms import DateField, TimeField


class AssessForm(forms.Form):
    need = forms.ChoiceField(
        label="Behöver barnet skydd nu?", choices=ProtectionAssessment.Need.choices, widget=forms.RadioSelect
    )
    tonight = forms.CharField(
        label="Hur barnet har det i kväll", help_text="Var barnet sover, hos vem, och om det är tryggt där.", **SHORT
    )
    child_said = forms.CharField(label="Vad barnet själv har sagt", required=False, **SHORT)
    done = forms.CharField(
        label="Vad som gjordes nu", required=False, help_text="Behövs när barnet behöver skydd nu.", **SHORT
    )
    done_by = forms.CharField(label="Av vem", max_length=120, required=False, help_text="Tomt betyder du själv.")
    reasons = forms.CharField(label="Vad bedömningen bygger på", **LONG)


class StepForm(forms.Form):
    what = forms.CharField(label="Vad som gjordes", **SHORT)
    done_by = forms.CharField(label="Av vem", max_length=120)
    day = DateField(label="Dag", initial=timezone.localdate)
    time = TimeField(label="Klockan")
    rows = (("day", "time"),)

    @property
    def step(self):
        data = self.cleaned_data
        return {"what": data["what"], "done_by": data["done_by"], "done_at": moment(data, "day", "time")}


class ExploiterForm(forms.Form):
    kind = forms.ChoiceField(label="Är det", choices=Exploiter.Kind.choices, widget=forms.RadioSelect)
    who = forms.CharField(label="Vem, eller hur hen kan kännas igen", max_length=300)
    relation = forms.CharField(label="Relation till barnet", max_length=300, required=False)
    online = forms.BooleanField(label="Sker på nätet", required=False)
    knows_where = forms.ChoiceField(
        label="Vet var barnet finns", choices=Exploiter.Near.choices, widget=forms.RadioSelect, initial="unknown"
    )
    near_guardian = forms.ChoiceField(
        label="Är vårdnadshavare, eller står nära en", choices=Exploiter.Near.choices, widget=forms.RadioSelect,
        initial="unknown",
    )  # fmt: skip


class StrikeForm(forms.Form):
    why = forms.CharField(label="Varför uppgiften stryks", **SHORT)


class SpreadForm(forms.Form):
    kind = forms.ChoiceField(label="Vad som har spritts", choices=OnlineSpread.Kind.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label="Var det finns", help_text="Tjänst, konto eller grupp, med ord. Klistra aldrig in en bild.", **SHORT
    )
    seen_on = DateField(label="Dag det sågs", initial=timezone.localdate)
    asked_whom = forms.CharField(label="Vem som har ombetts ta bort det", max_length=200, required=False)
    asked_on = DateField(label="Dag det begärdes", required=False)
    answer = forms.ChoiceField(label="Hur det gick", choices=[("", "–"), *OnlineSpread.Answer.choices], required=False)
    police_on = DateField(label="Dag för polisanmälan", required=False)
    police_number = forms.CharField(label="Polisens diarienummer", max_length=60, required=False)
    rows = (("asked_whom", "asked_on"), ("police_on", "police_number"))
    why_not_police = forms.CharField(
        label="Varför det inte är polisanmält", required=False, help_text="Behövs när det saknas en dag.", **SHORT
    )


class ToldForm(forms.Form):
    told = forms.CharField(
        label="Vilka som är underrättade, och hur", required=False,
        help_text="Var och en för sig. Ingenting går till en vårdnadshavare av sig självt.", **SHORT,
    )  # fmt: skip
    not_told = forms.CharField(
        label="Vilka som inte är underrättade, och vilka särskilda skäl som finns", required=False, **SHORT
    )
    needed_later = True


class DecisionChoice(forms.ModelChoiceField):
    def label_from_instance(self, decision):
        return f"{decision.number} {decision.get_kind_display()}"


class FinishForm(forms.Form):
    ending = DecisionChoice(label="Beslutet som avslutar", queryset=None, empty_label="Välj")
    conclusion = forms.CharField(label="Vad utredningen kom fram till", **LONG)
    who = forms.ChoiceField(label="Vem tar vid", choices=[("", "Välj"), *NextResponsible.Who.choices])
    name = some("Namn, och hur personen nås")
    next_reason = some("Om ingen behövs: varför")

    def __init__(self, *args, endings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ending"].queryset = endings
