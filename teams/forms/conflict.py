from django import forms

from exitprogram.tenancy.models import Membership
from teams.forms.coordinator import social_workers
from teams.forms.team import PersonChoice


class FollowerForm(forms.Form):
    successor = PersonChoice(label="Vem tar över", queryset=Membership._base_manager.none(), empty_label="Välj")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = social_workers(by, by).filter(ends_on=None).exclude(user_id=by.user_id)
