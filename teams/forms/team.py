from django import forms
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership
from exitprogram.tenancy.roles import CALLABLE, Role
from teams.models import OutsideMember


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


class AnswerForm(forms.Form):
    no_conflict = forms.BooleanField(
        label="Jag har ingen privat koppling till personen (släkt, vän, granne, ekonomi)", required=False
    )


class OutsideForm(forms.Form):
    kind = forms.ChoiceField(label="Part", choices=OutsideMember.Kind.choices, initial=OutsideMember.Kind.OTHER)
    name = forms.CharField(label="Vem", max_length=120)
    organisation = forms.CharField(label="Varifrån", max_length=120, required=False)
    function = forms.CharField(label="Funktion i teamet", max_length=80, help_text="Till exempel hyresvärd.")
    reason = forms.CharField(label="Varför", max_length=200)
    contributes = forms.CharField(label="Bidrar med", max_length=200, required=False)
    attends = forms.BooleanField(label="Är med på mötena", required=False)
    reached_by = forms.CharField(label="Nås på", max_length=200, required=False)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")
