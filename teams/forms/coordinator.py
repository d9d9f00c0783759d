from django import forms
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams.forms.team import PersonChoice


class CoordinatorForm(forms.Form):
    membership = PersonChoice(label="Vem", queryset=Membership._base_manager.none(), empty_label="Välj")
    kind = forms.ChoiceField(
        label="Som", choices=[("coordinator", "Samordnare"), ("deputy", "Ersättare")], initial="coordinator"
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Membership.objects.filter(authority_id=by.authority_id, role=Role.SOCIAL_WORKER)
        own = own.in_force(on=timezone.localdate()).select_related("user", "authority")
        self.fields["membership"].queryset = own.order_by("user__name", "pk")
        self.fields["membership"].initial = by.pk


def social_workers(by, but):
    own = Membership.objects.filter(authority_id=by.authority_id, role=Role.SOCIAL_WORKER)
    own = own.in_force(on=timezone.localdate()).select_related("user", "authority").exclude(pk=but.pk)
    return own.order_by("user__name", "pk")


class HandOverForm(forms.Form):
    to_member = PersonChoice(label="Vem tar över", queryset=Membership._base_manager.none(), empty_label="Välj")
    reason = forms.CharField(label="Varför", max_length=200, initial="Byter arbete.")
    reads_until = DateField(
        label="Får läsa till och med", required=False,
        help_text="För den som lämnar: tid att signera påbörjade anteckningar. Tomt: stängs direkt.",
    )  # fmt: skip

    def __init__(self, *args, by, leaving, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_member"].queryset = social_workers(by, leaving).exclude(user_id=by.user_id)


class AbsenceForm(forms.Form):
    membership = PersonChoice(label="Vem vikarierar", queryset=Membership._base_manager.none(), empty_label="Välj")
    starts_on = DateField(label="Från och med")
    ends_on = DateField(label="Till och med")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = social_workers(by, by)
