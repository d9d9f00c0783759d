from django import forms
from django.utils import timezone

from cases.forms import text
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams.forms.team import PersonChoice
from teams.models import DELEGABLE, Decision


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(
        label="Vad beslutet gäller", choices=[("", "Välj"), *((kind.value, kind.label) for kind in DELEGABLE)]
    )
    what = text("Vad som föreslås, och varför", rows=4, required=True)
    sent_to = PersonChoice(
        label="Skicka till", queryset=Membership._base_manager.none(), required=False, empty_label="Jag beslutar själv",
    )  # fmt: skip

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Membership.objects.filter(
            authority_id=by.authority_id, role__in=[Role.SOCIAL_WORKER, Role.UNIT_MANAGER]
        ).exclude(pk=by.pk)
        own = own.in_force(on=timezone.localdate()).select_related("user", "authority")
        self.fields["sent_to"].queryset = own.order_by("user__name", "pk")


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label="Beslut", choices=Decision.Outcome.choices)  # each a button of its own
    reasons = text("Skäl", rows=4, required=True, help_text="Bestämmelser och det som avgjort (FL 32 §).")
    hearing = text(
        "Hur den enskilde fått yttra sig", rows=2,
        help_text="Krävs om beslutet går personen emot (FL 25 §). Skriv också om det inte behövts.",
    )  # fmt: skip
    no_conflict = forms.BooleanField(
        label="Jag har ingen privat koppling till personen eller saken", required=False, initial=True,
        widget=forms.HiddenInput,  # what one says by pressing a button that decides
    )  # fmt: skip
