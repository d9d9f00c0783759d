from django import forms

from cases.models import AccessGrant
from exitprogram.tenancy.models import Membership


class ColleagueChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return membership.user.name


class HandForm(forms.Form):
    """To whom something that must be done is handed: those who have the case today."""

    owner = ColleagueChoice(label="Vem tar över", queryset=Membership._base_manager.none(), empty_label="Välj")

    def __init__(self, *args, case, clock, on, **kwargs):
        super().__init__(*args, **kwargs)
        with_case = AccessGrant.objects.on_day(on).filter(content_object=case).values("membership_id")
        colleagues = Membership.objects.in_force(on=on).filter(pk__in=with_case).exclude(pk=clock.owner_id)
        self.fields["owner"].queryset = colleagues.select_related("user").order_by("user__name", "pk")
