from django import forms
from django.utils import timezone

from cases.forms import text as textarea
from cases.models import AccessGrant, Place, PlaceReveal
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership


class PlaceForm(forms.Form):
    kind = forms.ChoiceField(label="Vad det är", choices=Place.Kind.choices, widget=forms.RadioSelect)
    text = textarea("Var", rows=3, required=True, max_length=1000,
                help_text="Adress, portkod, namn på dörren. Bara de som du utser kan läsa det.")  # fmt: skip
    note = textarea("Bra att veta på plats", rows=2, max_length=1000)
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Sista dagen ligger före den första.")
        return data


class PlaceEndForm(forms.Form):
    ends_on = DateField(label="Sista dag på platsen", initial=timezone.localdate)


class ReaderForm(forms.Form):
    membership = forms.ModelChoiceField(
        label="Vem", queryset=Membership._base_manager.none(), empty_label="Välj",
        help_text="Bara kollegor som redan har ärendet.",
    )  # fmt: skip
    reason = forms.CharField(label="Varför", max_length=300)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")

    def __init__(self, *args, case, readers, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        have = AccessGrant.objects.on_day(today).filter(content_object=case).exclude(kind__in=AccessGrant.TAKEN)
        colleagues = Membership.objects.in_force(on=today).filter(pk__in=have.values("membership_id"))
        colleagues = colleagues.exclude(pk__in=[reader.membership_id for reader in readers]).select_related("user")
        self.fields["membership"].queryset = colleagues.order_by("user__name", "pk")
        self.fields["membership"].label_from_instance = lambda member: member.user.name


class RevealForm(forms.Form):
    reason = forms.ChoiceField(label="Skäl", choices=PlaceReveal.Reason.choices, widget=forms.RadioSelect)
    words = textarea("Med egna ord", rows=2, required=True, max_length=300, help_text="Skrivs i loggen för ärendet.")
