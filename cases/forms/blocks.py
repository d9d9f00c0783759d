from django import forms
from django.utils import timezone

from cases.forms.emergency import texts
from cases.models import AccessBlock
from exitprogram.tenancy.models import Membership


class WhoChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return f"{membership.user.name}, {membership.get_role_display().lower()} – {membership.authority.name}"


class BlockForm(forms.Form):
    membership = WhoChoice(label="Vem", queryset=Membership._base_manager.none(), empty_label="Välj")
    kind = forms.ChoiceField(label="Varför", choices=AccessBlock.Kind.choices, widget=forms.RadioSelect)
    reason = texts("Vad ni vet", "Ses bara av dem som har ärendet.")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        people = Membership.objects.visible_to(by).in_force(on=timezone.localdate()).exclude(user_id=by.user_id)
        people = people.select_related("user", "authority").order_by("authority__name", "user__name", "pk")
        self.fields["membership"].queryset = people


class LiftForm(forms.Form):
    reason = texts("Varför spärren hävs", "Den som var spärrad får inte tillbaka något av sig självt.")
