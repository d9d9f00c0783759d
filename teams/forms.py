from django import forms
from django.utils import timezone

from cases.forms import text
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import CALLABLE, Role
from teams.models import Decision, DecisionKind


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        title = f", {membership.title}" if membership.title else ""
        return f"{membership.user.name}{title} – {membership.authority.name}"


class InviteForm(forms.Form):
    membership = PersonChoice(label="Vem", queryset=Membership._base_manager.none(), empty_label="Välj")
    function = forms.CharField(label="Funktion i teamet", max_length=80, help_text="Till exempel stöd i vardagen.")
    reason = forms.CharField(label="Varför", max_length=200)
    presented_as = forms.CharField(
        label="Så presenteras personen", max_length=80, required=False,
        help_text="Det enda en part utanför nämnden får veta om vem det är, och bara medan ett samtycke täcker den"
        " parten. Tomt: förnamn och initial om samtycket redan finns, annars inget namn. Av en skyddad person visas"
        " aldrig något.",
    )  # fmt: skip
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")

    def __init__(self, *args, by, case, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        there = case.team.filter(state__in=["invited", "joined"]).values("membership_id")
        people = Membership.objects.visible_to(by).in_force(on=today).exclude(pk__in=there).exclude(pk=by.pk)
        own = people.filter(authority_id=by.authority_id, role__in=[Role.SOCIAL_WORKER, Role.UNIT_MANAGER])
        others = people.exclude(authority_id=by.authority_id).filter(role__in=CALLABLE)
        people = (own | others).select_related("user", "authority").order_by("authority__name", "user__name", "pk")
        self.fields["membership"].queryset = people


class LeaveForm(forms.Form):
    reason = forms.CharField(label="Varför personen slutar i teamet", max_length=200)


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


class ProposalForm(forms.Form):
    kind = forms.ChoiceField(label="Vad beslutet gäller", choices=[("", "Välj"), *DecisionKind.choices])
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
    outcome = forms.ChoiceField(label="Beslut", choices=Decision.Outcome.choices, widget=forms.RadioSelect)
    reasons = text("Skäl", rows=4, required=True, help_text="Bestämmelser och det som avgjort (FL 32 §).")
    hearing = text(
        "Hur den enskilde fått yttra sig", rows=2,
        help_text="Krävs om beslutet går personen emot (FL 25 §). Skriv också om det inte behövts.",
    )  # fmt: skip
    no_conflict = forms.BooleanField(
        label="Jag har ingen privat koppling till personen eller saken", required=False,
        help_text="Jäv, FL 16–18 §§ och KL 7:4.",
    )  # fmt: skip


class AnswerForm(forms.Form):
    no_conflict = forms.BooleanField(
        label="Jag har ingen privat koppling till personen (släkt, vän, granne, ekonomi)", required=False
    )
