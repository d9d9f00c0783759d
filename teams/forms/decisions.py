from django import forms
from django.db.models import Q
from django.utils import timezone

from cases.forms import text
from exitprogram.page.forms import DateField
from exitprogram.tenancy.mandates import mandated
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import Role
from teams.course import Relation
from teams.forms.team import PersonChoice
from teams.matters import AMOUNT, DAYS, PERIOD
from teams.models import DELEGABLE, Decision


class ProposalForm(forms.Form):
    """What is asked for in one matter, and to whom it goes. ``sent_to`` is one of the buttons."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in DELEGABLE], widget=forms.HiddenInput)
    what = text("Vad som föreslås, och varför", rows=4, required=True)
    amount = forms.IntegerField(
        label="Belopp i kronor", required=False, min_value=1, widget=forms.NumberInput(attrs={"class": "short"})
    )
    days = forms.IntegerField(
        label="Antal dagar", required=False, min_value=1, widget=forms.NumberInput(attrs={"class": "short"})
    )
    starts_on = DateField(label="Från och med", required=False)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")
    sent_to = PersonChoice(
        label="Skicka till", queryset=Membership._base_manager.none(), required=False, empty_label="Välj vem",
    )  # fmt: skip

    def __init__(self, *args, by, about, **kwargs):
        super().__init__(*args, **kwargs)
        asks = set(about.asks) - ({DAYS} if PERIOD in about.asks else set())
        self.figures = {AMOUNT: ["amount"], DAYS: ["days"], PERIOD: ["starts_on", "ends_on"]}
        self.figures = [name for ask, names in self.figures.items() if ask in asks for name in names]
        for name in {"amount", "days", "starts_on", "ends_on"} - set(self.figures):
            del self.fields[name]
        today, deciders = timezone.localdate(), [Role.SOCIAL_WORKER, Role.UNIT_MANAGER]
        elsewhere = Q(pk__in=mandated(by, about.key, on=today).values("pk"))
        able = Membership.objects.filter(Q(authority_id=by.authority_id, role__in=deciders) | elsewhere)
        able = able.exclude(pk=by.pk).in_force(on=today).select_related("user", "authority")
        self.fields["sent_to"].queryset = able.order_by("user__name", "pk")

    @property
    def figure_fields(self):
        return [self[name] for name in self.figures]


class ChangeForm(ProposalForm):
    """A new decision that corrects or changes an earlier one."""

    relation = forms.ChoiceField(
        label="Enligt vilken bestämmelse", choices=[("", "Välj"), *(
            (one.value, one.label) for one in Relation if one != Relation.LATE_APPEAL
        )],
    )  # fmt: skip


class RejectionForm(ProposalForm):
    relation = forms.ChoiceField(
        choices=[(Relation.LATE_APPEAL.value, Relation.LATE_APPEAL.label)], widget=forms.HiddenInput
    )


class SendForm(forms.Form):
    sent_to = PersonChoice(label="Skicka till", queryset=Membership._base_manager.none())

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sent_to"].queryset = others


class BackForm(forms.Form):
    words = text("Varför", rows=3, required=True, help_text="Vad som saknas, eller varför någon annan ska besluta.")


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label="Beslut", choices=Decision.Outcome.choices)  # each a button of its own
    reasons = text("Skäl", rows=4, required=True, help_text="Bestämmelser och det som avgjort (FL 32 §).")
    exception = forms.ChoiceField(
        label="Varför den enskilde inte har fått yttra sig", required=False,
        choices=[("", "Har fått yttra sig"), *(
            one for one in Decision.Unheard.choices if one[0] != Decision.Unheard.NOT_AGAINST
        )],
    )  # fmt: skip
    hearing = text("Om yttrandet, med egna ord", rows=2)
    took_part = forms.CharField(
        label="Andra som var med när det avgjordes", required=False, max_length=300, help_text="FL 31 §."
    )
    no_conflict = forms.BooleanField(
        label="Jag har ingen privat koppling till personen eller saken", required=False, initial=True,
        widget=forms.HiddenInput,  # what one says by pressing a button that decides
    )  # fmt: skip
