from django import forms

from cases.models import Case, RetentionMark

WHY = "Skriv skälet kort. Den som har ärendet öppet kan läsa det."


class MarkForm(forms.Form):
    kind = forms.ChoiceField(label="Vad gäller", choices=RetentionMark.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label="Varför", max_length=300, help_text=WHY)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        if case.programme != Case.Programme.CHILD:
            asked = (RetentionMark.Kind.PLACED, RetentionMark.Kind.NOT_PLACED)
            self.fields["kind"].choices = [(k, label) for k, label in RetentionMark.Kind.choices if k not in asked]


class HoldForm(forms.Form):
    reason = forms.CharField(label="Varför akten inte får gallras", max_length=300, help_text=WHY)


class EndForm(forms.Form):
    reason = forms.CharField(label="Varför det inte längre gäller", max_length=300)


class ChosenForm(forms.Form):
    """The cases that were ticked. Which of them may be chosen is asked of the rules by the operation."""

    case = forms.MultipleChoiceField()

    def __init__(self, *args, due, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [(str(v.facts.case_id), v.facts.number) for v in due]
        self.fields["case"].error_messages["required"] = "Välj minst ett ärende."
        self.fields["case"].error_messages["invalid_choice"] = (
            "Ett ärende på listan ska inte längre gallras. Se över valet och försök igen."
        )
