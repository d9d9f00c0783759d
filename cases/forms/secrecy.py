from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.cover import grounds_for, law_of_rule
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Authority, CooperationAgreement


class ExceptionForm(forms.Form):
    """A ground in law instead of consent: those that one's own kind of authority may use today, and no others."""

    recipient = forms.ModelChoiceField(label="Vem får veta", queryset=Authority.objects.none(), empty_label="Välj")
    areas = forms.MultipleChoiceField(label="Vilka områden", choices=Area.choices, widget=forms.CheckboxSelectMultiple)
    rule_id = forms.ChoiceField(label="Vilken grund i lagen", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Varför det behövs", widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Vad mottagaren ska göra med uppgifterna, och varför det inte kan ske med samtycke.",
    )  # fmt: skip
    ends_on = DateField(label="Gäller till och med", help_text="Aldrig längre än det behövs.")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        partners = CooperationAgreement.objects.partners_of(by)
        self.fields["recipient"].queryset = Authority.objects.filter(pk__in=partners)
        self.fields["rule_id"].choices = [
            (ground.id, f"{ground.text} ({law_of_rule(ground)})")
            for ground in grounds_for(by.authority, on=timezone.localdate())
        ]

    def clean_ends_on(self):
        day = self.cleaned_data["ends_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Den dagen har redan varit.")
        return day
