from django import forms
from django.utils import timezone

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
