from django import forms
from django.utils import timezone

from cases.forms import text
from cases.models import InterpreterWishes, Permit, Residence
from exitprogram.page.forms import DateField


class PermitForm(forms.Form):
    kind = forms.ChoiceField(label="Slag", choices=Permit.Kind.choices, widget=forms.RadioSelect,
                             initial=Permit.Kind.REFLECTION)  # fmt: skip
    applied_by = forms.ChoiceField(label="Vem som ansöker", choices=Permit.AppliedBy.choices)
    applied_on = DateField(label="Ansökan lämnad", initial=timezone.localdate)
    extends = forms.ModelChoiceField(
        label="Förlänger", queryset=Permit._base_manager.none(), required=False,
        empty_label="Nej, det är ett nytt tillstånd",
    )  # fmt: skip
    ground = text("Vad ansökan bygger på", rows=3)

    def __init__(self, *args, permits, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["extends"].queryset = permits
        self.fields["extends"].label_from_instance = lambda row: (
            f"{row.get_kind_display()}, {row.starts_on:%Y-%m-%d} – {row.ends_on:%Y-%m-%d}"
        )

    @staticmethod
    def to_extend(permits):
        return permits.exclude(starts_on=None)


class PermitDecisionForm(forms.Form):
    outcome = forms.ChoiceField(label="Beslut", choices=Permit.Outcome.choices, widget=forms.RadioSelect,
                                initial=Permit.Outcome.GRANTED)  # fmt: skip
    decided_on = DateField(label="Beslutsdag", initial=timezone.localdate)
    starts_on = DateField(label="Gäller från och med", required=False)
    ends_on = DateField(label="Gäller till och med", required=False, help_text="Sista dagen, som den står i beslutet.")
    reasons = text("Skäl och villkor i beslutet", rows=3)

    def clean(self):
        data = super().clean()
        if data.get("outcome") == Permit.Outcome.GRANTED:
            for name in ("starts_on", "ends_on"):
                if name in data and not data[name]:
                    self.add_error(name, "Behövs när tillståndet är beviljat.")
        return data


class RevokedForm(forms.Form):
    revoked_on = DateField(label="Återkallat den", initial=timezone.localdate)


class ResidenceForm(forms.Form):
    known_on = DateField(label="Känt sedan", initial=timezone.localdate)
    status = forms.ChoiceField(label="Rätt att vara i Sverige", choices=Residence.Status.choices,
                               initial=Residence.Status.UNKNOWN)  # fmt: skip
    home = forms.ChoiceField(label="Bosättningskommun", choices=Residence.Home.choices, widget=forms.RadioSelect,
                             initial=Residence.Home.UNKNOWN)  # fmt: skip
    home_text = forms.CharField(label="Vilken kommun", max_length=80, required=False)
    stay_text = forms.CharField(
        label="Vistelsekommun", max_length=80, required=False,
        help_text="Där personen är nu. Förseglas, och visas bara här efter lösenord.",
    )  # fmt: skip
    acting = forms.ChoiceField(label="Handlägger och beslutar", choices=Residence.Side.choices,
                               initial=Residence.Side.OWN)  # fmt: skip
    acting_text = forms.CharField(label="Vilken kommun handlägger", max_length=80, required=False)
    paying = forms.ChoiceField(label="Betalar", choices=Residence.Side.choices, initial=Residence.Side.UNKNOWN)
    paying_text = forms.CharField(label="Vilken kommun betalar", max_length=80, required=False)
    source = forms.CharField(label="Källa", max_length=120, required=False)

    def clean(self):
        data = super().clean()
        for name in ("acting", "paying"):
            beside = data.get(name) in (Residence.Side.OTHER, Residence.Side.SHARED)
            if beside and not (data.get(f"{name}_text") or "").strip():
                self.add_error(f"{name}_text", "Skriv vilken eller vilka kommuner.")
        return data


class InterpreterForm(forms.Form):
    language = forms.CharField(label="Språk", max_length=40)
    needs_interpreter = forms.BooleanField(label="Behöver tolk", required=False)
    dialect = forms.CharField(label="Dialekt eller andra språk", max_length=120, required=False)
    voice = forms.ChoiceField(label="Tolken är", choices=InterpreterWishes.Voice.choices)
    way = forms.ChoiceField(label="Hur", choices=InterpreterWishes.Way.choices)
    wanted = text("Önskar", rows=2, help_text="Till exempel en tolk som personen känner sig trygg med.")
    never = text("Aldrig", rows=2, help_text="Namn, nätverk, ort eller annat. Visas när ett möte ska bokas.")
