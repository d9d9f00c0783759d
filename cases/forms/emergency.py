from django import forms

from cases.models import EmergencyAccess


def texts(label, help_text, rows=3):
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


class EmergencyForm(forms.Form):
    number = forms.CharField(
        label="Ärendenummer eller personnummer", max_length=20,
        help_text="Hela numret. Det går inte att söka på namn här.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.ChoiceField(label="Vad det gäller", choices=EmergencyAccess.Reason.choices, widget=forms.RadioSelect)
    reason_text = texts("Varför det inte kan vänta", "Några ord, utan namn. Läses av den som granskar.")


class ReviewForm(forms.Form):
    judgement = forms.ChoiceField(
        label="Din bedömning", choices=EmergencyAccess.Judgement.choices, widget=forms.RadioSelect
    )
    review_note = texts("Varför", "Vad du har kontrollerat och kommit fram till. Går inte att ändra efteråt.", rows=4)
