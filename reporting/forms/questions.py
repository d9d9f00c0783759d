from django import forms

from cases.forms import text
from reporting.models import SupportRequest

NOBODY = "Skriv ingenting som pekar ut någon: inget namn, nummer eller någon plats."


class QuestionForm(forms.Form):
    text = text("Fråga", required=True, max_length=1000, help_text=NOBODY)


class AnswerForm(forms.Form):
    text = text("Svar", required=True, max_length=1000, help_text=NOBODY)


class SupportForm(forms.Form):
    subject = forms.ChoiceField(
        label="Vad det gäller", choices=SupportRequest.Subject.choices, widget=forms.RadioSelect
    )
    to_authority = forms.ModelChoiceField(label="Till regionkoordinatorn hos", queryset=None, empty_label=None)
    text = text("Vad ni behöver", required=True, max_length=1000, help_text=NOBODY)

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_authority"].queryset = choices
        if len(choices) == 1:
            self.fields["to_authority"].initial = choices[0]
            self.fields["to_authority"].widget = forms.HiddenInput()
