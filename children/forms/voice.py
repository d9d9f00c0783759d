from django import forms
from django.utils import timezone

from cases.forms import text
from children.forms.guardians import line
from children.models import BestInterest, ChildVoice
from exitprogram.page.forms import DateField
from exitprogram.page.templatetags.page import sv_day


class HeardForm(forms.Form):
    about = line("Vad barnet har fått frågor om")
    day = DateField(label="Vilken dag", initial=timezone.localdate)
    way = forms.ChoiceField(label="Hur barnet berättade", choices=[("", "Välj"), *ChildVoice.Way.choices])
    own_words = text(
        "Barnets egna ord", rows=5, required=True, help_text="Det barnet sa eller visade, så ordagrant det går."
    )
    asked_by = line("Vem som frågade")
    present = line("Vilka andra som var med", required=False)
    guardian_consent = forms.ChoiceField(
        label="Har den som har vårdnaden samtyckt till samtalet", choices=ChildVoice.Consent.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    guardian_present = forms.BooleanField(label="En vårdnadshavare var med i rummet", required=False)
    rule_why = text("Varför utan samtycke", rows=2, help_text="Behövs när ingen har frågats eller någon har sagt nej"
                    " (20 kap. 7 § socialtjänstlagen).")  # fmt: skip


class UnheardForm(forms.Form):
    about = line("Vad det gäller")
    day = DateField(label="Vilken dag", initial=timezone.localdate)
    unheard = forms.ChoiceField(label="Varför", choices=ChildVoice.Unheard.choices, widget=forms.RadioSelect)
    why = text("Beskriv", required=True, help_text="Vad ni har försökt, och om barnet kan frågas senare.")


class VoiceChoice(forms.ModelChoiceField):
    def label_from_instance(self, voice):
        what = voice.own_words if voice.heard else voice.get_unheard_display()
        return f"{sv_day(voice.day)}: {what[:80]}"


class WeighForm(forms.Form):
    """For one decision of the board's."""

    voice = VoiceChoice(label="Det barnet har sagt", queryset=None, widget=forms.RadioSelect, empty_label=None)
    weight = forms.ChoiceField(
        label="Vad det får betyda", choices=BestInterest.Weight.choices, widget=forms.RadioSelect
    )
    weight_why = text("Varför", required=True, help_text="Barnets ålder och mognad, och vad det gäller.")
    best = text("Vad som är bäst för barnet, och varför", rows=5, required=True)
    others = text("Andra intressen, och hur de vägts", rows=2)

    def __init__(self, *args, voices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["voice"].queryset = voices


class WeighOtherForm(WeighForm):
    """For the plan, or for something that is no decision of the board's."""

    about = forms.ChoiceField(label="Vad prövningen gäller", choices=BestInterest.About.choices[1:],
                              widget=forms.RadioSelect)  # fmt: skip
    what = line("Vad som ska bestämmas")
    field_order = ["about", "what", "voice", "weight", "weight_why", "best", "others"]
