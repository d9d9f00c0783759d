from django import forms
from django.utils import timezone

from children.operations.workers import ROLES
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership


class StaffChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return f"{membership.user.name}, {membership.get_role_display().lower()}"


class ChildWorkerForm(forms.Form):
    membership = StaffChoice(label="Vem", queryset=Membership._base_manager.none(), empty_label="Välj")
    qualified = forms.BooleanField(
        label="Har den examen som krävs för att bedöma och signera", required=False,
        help_text="Socionomexamen eller annan relevant examen på minst grundnivå, 25 kap. 1 § socialtjänstlagen.",
    )  # fmt: skip
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt betyder tills vidare.")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Membership.objects.filter(authority_id=by.authority_id, role__in=ROLES)
        staff = staff.in_force(on=timezone.localdate()).exclude(user_id=by.user_id)
        self.fields["membership"].queryset = staff.select_related("user").order_by("user__name", "pk")
