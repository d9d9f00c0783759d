from django import forms
from django.utils import timezone

from cases.forms.emergency import texts
from cases.models import ComingOfAge
from children.models import Bridge
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role


class AgeForm(forms.Form):
    known = forms.ChoiceField(label="Vad vi vet", choices=ComingOfAge.Known.choices, widget=forms.RadioSelect)
    birth_date = DateField(label="Födelsedag", required=False, help_text="När den är känd.")
    born_earliest = DateField(label="Född tidigast", required=False, help_text="När åldern är uppskattad.")
    born_latest = DateField(label="Född senast", required=False)
    ground = texts("Vad uppgiften bygger på", "Vem som har sagt det eller vilken handling, och hur säkert det är.")


class AskForm(forms.Form):
    asked_on = DateField(label="När frågan ställdes", initial=timezone.localdate)
    answer = forms.ChoiceField(label="Svaret", choices=Bridge.Answer.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="Med personens egna ord", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Läses också i vuxenprogrammet.",
    )  # fmt: skip


class Colleague(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return membership.user.name


class AdultCaseForm(forms.Form):
    receiver = Colleague(
        label="Vem som samordnar i vuxenprogrammet", queryset=Membership._base_manager.none(), empty_label="Välj"
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Membership.objects.visible_to(by).in_force(on=timezone.localdate())
        own = own.filter(authority_id=by.authority_id, role=Role.SOCIAL_WORKER, ends_on=None)
        self.fields["receiver"].queryset = own.select_related("user").order_by("user__name", "pk")


class HandOverForm(forms.Form):
    met_on = DateField(label="När ni träffades", initial=timezone.localdate)
    person_was_there = forms.TypedChoiceField(
        label="Var personen med?", choices=[("yes", "Ja"), ("no", "Nej")], coerce=lambda word: word == "yes",
        empty_value=None, widget=forms.RadioSelect,
    )  # fmt: skip
    why_absent = forms.CharField(
        label="Varför inte", required=False, max_length=300, help_text="Om personen inte var med."
    )
    words = texts(
        "Vad som lämnades över",
        "Det som ni har gått igenom med personen. Läses på båda sidor. Barnets akt följer inte med.",
    )


class ReasonForm(forms.Form):
    reason = texts("Varför akten behöver läsas nu", "Läses av dem som arbetar med barnets ärende.")
