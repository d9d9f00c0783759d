from django import forms
from django.utils import timezone

from exitprogram.page.forms import DateField
from teams.models import Decision, DecisionKind


class MeetingForm(forms.Form):
    held_on = DateField(label="Sammanträdets dag")


class MinuteForm(forms.Form):
    minute = forms.CharField(label="Protokollsparagraf", max_length=60, help_text="Till exempel SN § 12/2026.")


class AnnouncedForm(forms.Form):
    announced_on = DateField(label="Protokollet tillkännagavs på anslagstavlan")


class UrgentForm(forms.Form):
    kind = forms.ChoiceField(label="Ärende", choices=[("", "Välj"), *DecisionKind.choices])
    law = forms.CharField(label="Lagrum", max_length=160)
    outcome = forms.ChoiceField(label="Utfall", choices=Decision.Outcome.choices)
    decided_on = DateField(label="Beslutets dag", initial=timezone.localdate)
    decided_by = forms.CharField(
        label="Beslutat av", max_length=120, help_text="Ordföranden eller en namngiven ledamot (KL 6:39)."
    )
    reference = forms.CharField(
        label="Beslutets nummer", max_length=40,
        help_text="Som det står på beslutet. Själva beslutet läggs i personens akt; skriv inget om personen här.",
    )  # fmt: skip
