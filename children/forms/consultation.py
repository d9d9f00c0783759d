from django import forms
from django.utils import timezone

from cases.grounds import grounds
from children.forms.chain import some, texts
from children.models import Consultation
from children.operations.consultation import REACHED_AS
from exitprogram.page.forms import DateField


class UnnamedForm(forms.Form):
    day = DateField(label="Dag", initial=timezone.localdate)
    kind = forms.ChoiceField(label="Vilket samråd", choices=Consultation.Kind.choices, widget=forms.RadioSelect)
    parties = forms.MultipleChoiceField(
        label="Vilka som var med", choices=Consultation.Party.choices, widget=forms.CheckboxSelectMultiple
    )
    present = forms.CharField(
        label="Deras funktion", max_length=200, required=False, help_text="Till exempel utredare."
    )
    asked = texts("Vad det gällde", "", rows=2)
    agreed = texts("Vad ni kom överens om", "", rows=3)
    next_step = some("Nästa steg")
    next_who = forms.CharField(label="Vem som gör det", max_length=120, required=False)
    next_on = DateField(label="Senast", required=False)

    rows = (("next_who", "next_on"),)
    named = False

    @property
    def given(self):
        return {**self.cleaned_data, "named": self.named}


class NamedForm(UnnamedForm):
    grounds = forms.MultipleChoiceField(
        label="Vad det vilar på att de fick veta vem barnet är", widget=forms.CheckboxSelectMultiple,
        help_text="Var och en som var med ska nås av minst en grund.",
    )  # fmt: skip
    ground_why = texts(
        "Hur grunden är prövad", "Vem som har samtyckt och till vad, eller varför grunden håller.", rows=2
    )

    named = True
    field_order = ["day", "kind", "parties", "present", "grounds", "ground_why", "asked", "agreed"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        reached = {str(kind) for kind in REACHED_AS.values()}
        laws = grounds(by.authority, on=timezone.localdate())
        self.fields["grounds"].choices = [
            (law.id, f"{law.text} ({law.citation})") for law in laws
            if "to" not in law.values or reached & set(law.values["to"])
        ]  # fmt: skip


class StepDoneForm(forms.Form):
    result = texts("Hur det gick", "Blir det inte av skriver du varför.", rows=2)
