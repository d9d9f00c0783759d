from django import forms

from cases.forms import LOCAL_THREAT, LOCAL_THREAT_HELP, TARGET_GROUPS
from cases.models import Case


class UrgentPersonForm(forms.Form):
    """A call in immediate danger: what one calls the person, and nothing else that must be known."""

    alias = forms.CharField(label="Vad personen kallas", max_length=80, help_text="Ett namn, eller något ni förstår.")
    programme = forms.ChoiceField(
        label="Program", choices=Case.Programme.choices, widget=forms.RadioSelect, initial=Case.Programme.ADULT
    )
    local_threat = forms.BooleanField(label=LOCAL_THREAT, required=False, initial=True, help_text=LOCAL_THREAT_HELP)
    needs_interpreter = forms.BooleanField(label="Behöver tolk", required=False)

    @property
    def person_fields(self):
        data = self.cleaned_data
        return {name: data[name] for name in ("alias", "local_threat", "needs_interpreter")} | {
            "protection": "none", "language": "inte känt än",
        }  # fmt: skip

    @property
    def case_fields(self):
        return {"programme": self.cleaned_data["programme"], "contact_way": "unknown", "target_group": "unknown"}


class BeginningForm(forms.Form):
    """How it began, as it becomes known."""

    contact_way = forms.ChoiceField(label="Hur kontakten kom", choices=Case.ContactWay.choices)
    target_group = forms.ChoiceField(label="Vad personen är utsatt för")
    target_text = forms.CharField(
        label="Med egna ord", required=False, max_length=300, help_text="Behövs när omständigheterna är liknande."
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target_group"].choices = TARGET_GROUPS[programme]

    def clean(self):
        data = super().clean()
        if data.get("target_group") == "similar" and not data.get("target_text"):
            self.add_error("target_text", "Beskriv omständigheterna kort.")
        return data
