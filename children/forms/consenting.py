from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.forms import text
from cases.models import Consent
from children import coordination
from children.consenting import Answer, Weight
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Authority, CooperationAgreement

CHILD = "child"


class ConsentAnswerForm(forms.Form):
    """One answer of one person, to the plan or to what a recipient may know. Those who may be the danger are not among
    whom to choose; a question that is known already is not asked of the one who writes."""

    recipient = forms.ModelChoiceField(label="Vem som får veta", queryset=Authority.objects.none(), empty_label="Välj")
    areas = forms.MultipleChoiceField(label="Områden", choices=Area.choices, widget=forms.CheckboxSelectMultiple)
    who = forms.ChoiceField(label="Vem har svarat", widget=forms.RadioSelect)
    answer = forms.ChoiceField(label="Svar", choices=Answer.choices, widget=forms.RadioSelect)
    words = text("Vad personen sa, och hur", rows=2, help_text="Behövs när svaret är nej.")
    weight = forms.ChoiceField(
        label="Vad barnets eget svar betyder",
        required=False,
        choices=[("", "Gäller bara barnets svar"), *Weight.choices],
    )
    weight_why = text("Hur ålder och mognad har vägts", rows=2)
    day = DateField(label="Vilken dag", initial=timezone.localdate)

    def __init__(self, *args, by, people, kind, who="", **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.who = kind, who
        self.askable = {str(one.guardian.pk): one.guardian for one in people if one.guardian and not one.marked}
        partners = CooperationAgreement.objects.partners_of(by)
        self.fields["recipient"].queryset = Authority.objects.filter(pk__in=partners)
        self.fields["who"].choices = [*((pk, one.words) for pk, one in self.askable.items()), (CHILD, "Barnet självt")]
        dropped = ["recipient", "areas"] if kind == Consent.Kind.PLAN else []
        if who in self.askable:
            dropped += ["who", "weight", "weight_why"]
        elif who == CHILD:
            dropped += ["who"]
        for name in dropped:
            del self.fields[name]

    @property
    def about(self):
        """Whose answer, when that is known."""
        return (
            "Barnet självt" if self.who == CHILD else self.askable[self.who].words if self.who in self.askable else ""
        )

    @property
    def given(self):
        data = dict(self.cleaned_data)
        who = data.pop("who", self.who)
        return {**data, "kind": self.kind, "guardian": self.askable.get(who)}


class CoordinationForm(forms.Form):
    rule_id = forms.ChoiceField(
        label="Grund i lag", widget=forms.RadioSelect, error_messages={"required": "Välj grunden i lag."}
    )
    reasons = text(
        "Skäl", required=True, rows=3,
        help_text="Varför samtycke inte kan eller får inhämtas, och varför samordningen behövs.",
    )  # fmt: skip
    decided = text("Vem som har beslutat", required=True, rows=1)
    takes_part = text("Vilka som är med", required=True, rows=2)
    shared = text("Vad som får delas", required=True, rows=2)
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med")

    def __init__(self, *args, case, standing, **kwargs):
        super().__init__(*args, **kwargs)
        self.grounds = coordination.grounds(case, timezone.localdate(), standing)
        usable = [(one.law.id, f"{one.law.text} ({one.law.citation})") for one in self.grounds if not one.lacking]
        self.fields["rule_id"].choices = usable
        self.not_now = [one for one in self.grounds if one.lacking]
