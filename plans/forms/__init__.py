from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.forms import text
from cases.models import Closure
from children.models import NextResponsible
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role
from plans.principals import principals_of
from teams.forms.team import PersonChoice
from teams.models import TeamMember

# The plan's own texts and days, in the parts that are opened and saved one by one, in the order of the page.
PARTS = {
    "ramar": ("lead_principal", "starts_on", "ends_on", "follow_up_on"),
    "viktigt": ("what_matters",),
    "laget": ("current_situation",),
    "styrkor": ("strengths",),
    "egen-del": ("own_part",),
    "andra": ("others_note",),
    "svart": ("risk_plan",),
    "delaktighet": ("participation",),
}


class PlanForm(forms.Form):
    """One part of the plan's own texts and days. Saves itself while one types, so nothing but shape is required here;
    what must be there before it is agreed is listed beside, so the fields don't call themselves optional."""

    needed_later = True

    what_matters = text("Vad är viktigt för dig?", rows=2, help_text="Personens egna ord.")
    current_situation = text("Läget nu", rows=2)
    strengths = text("Styrkor och det som fungerar", rows=2)
    own_part = text("Det personen själv gör", rows=2)
    others_note = text("Åtgärder av någon annan", rows=2, help_text="Behövs ingen annan, skriv det här.")
    risk_plan = text("Om det blir svårt", rows=2, help_text="Varningstecken, vad som hjälper, vem man ringer.")
    participation = text("Hur personen har varit med", rows=2)
    lead_principal = forms.ModelChoiceField(
        label="Huvudman med övergripande ansvar", queryset=Authority.objects.none(), required=False, empty_label="Välj"
    )
    starts_on = DateField(label="Planen börjar", initial=timezone.localdate)
    ends_on = DateField(label="Planen slutar", required=False)
    follow_up_on = DateField(label="Följs upp", required=False)

    def __init__(self, *args, case, part, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {name: field for name, field in self.fields.items() if name in PARTS[part]}
        if "lead_principal" in self.fields:
            self.fields["lead_principal"].queryset = principals_of(case)

    def clean(self):
        data = super().clean()
        starts, ends, follow_up = data.get("starts_on"), data.get("ends_on"), data.get("follow_up_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "Planens sista dag ligger före den första.")
        if ends and follow_up and follow_up > ends:
            self.add_error("follow_up_on", "Uppföljningen måste ligga inom planens tid.")
        return data


class SectionRequestForm(forms.Form):
    member = forms.ModelChoiceField(label="Av vem", queryset=TeamMember._base_manager.none(), empty_label="Välj")
    area = forms.ChoiceField(label="Område", choices=[("", "Välj"), *Area.choices])
    question = text("Vad du frågar efter", rows=3, required=True)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        members = TeamMember.objects.filter(case=case, state__in=["invited", "joined"])
        members = members.exclude(member_authority_id=case.authority_id)
        self.fields["member"].queryset = members.select_related("membership__user", "member_authority")
        self.fields["member"].label_from_instance = lambda member: (
            f"{member.membership.user.name}, {member.member_authority.name}"
        )


class ReadingsForm(forms.Form):
    starts_on = DateField(label="Från och med")
    ends_on = DateField(label="Till och med")
    without_names = forms.BooleanField(
        label="Visa funktion i stället för personalens namn", required=False,
        help_text="Välj det om någon i personalen kan råka illa ut av att namnges.",
    )  # fmt: skip


class CloseForm(forms.Form):
    kind = forms.ChoiceField(label="Skäl", choices=[("", "Välj"), *Closure.Kind.choices])
    reason = text("Med egna ord", rows=3, required=True, help_text="Vad som har uppnåtts och vad personen själv säger.")


class ReopenForm(forms.Form):
    reason = text("Varför ärendet tas upp igen", rows=3, required=True)
    coordinator = PersonChoice(
        label="Samordnare", queryset=Membership._base_manager.none(), required=False,
        empty_label="Den som var det sist, annars du",
    )  # fmt: skip

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Membership.objects.filter(authority_id=by.authority_id, role=Role.SOCIAL_WORKER, ends_on=None)
        own = own.in_force(on=timezone.localdate()).select_related("user", "authority")
        self.fields["coordinator"].queryset = own.order_by("user__name", "pk")


class EndForm(forms.Form):
    reason = text("Varför planen avslutas", rows=3, required=True)


class EndChildsForm(EndForm):
    """Of a child: somebody takes over, or it says why nobody needs to."""

    who = forms.ChoiceField(label="Vem tar vid", choices=[("", "Välj"), *NextResponsible.Who.choices])
    name = text("Namn, och hur personen nås", rows=2)
    next_reason = text("Om ingen behövs: varför", rows=2)
