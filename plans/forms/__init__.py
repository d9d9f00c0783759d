from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.forms import text
from cases.models import Closure
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Authority
from plans.models import Goal, Measure
from teams.models import TeamMember


def principals_of(case):
    """The authorities that can be a principal in this plan: the board itself and those in the team."""
    there = TeamMember.objects.filter(case=case, state__in=["invited", "joined"]).values("member_authority_id")
    public = Authority.objects.exclude(kind=Authority.Kind.PARTNER)
    return public.filter(pk__in=there) | public.filter(pk=case.authority_id)


class PlanForm(forms.Form):
    """The plan's own texts and days. Saves itself while one types, so nothing but shape is required here; what must be
    there before it is agreed is listed beside, so the fields don't call themselves optional."""

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

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead_principal"].queryset = principals_of(case)

    def clean(self):
        data = super().clean()
        starts, ends, follow_up = data.get("starts_on"), data.get("ends_on"), data.get("follow_up_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "Planens sista dag ligger före den första.")
        if ends and follow_up and follow_up > ends:
            self.add_error("follow_up_on", "Uppföljningen måste ligga inom planens tid.")
        return data


class GoalForm(forms.Form):
    area = forms.ChoiceField(label="Område", choices=[("", "Välj"), *Area.choices])
    own_words = forms.CharField(label="Mål med personens ord", max_length=500, required=False)
    wording = forms.CharField(label="Mål", max_length=500, required=False, help_text="Så att det går att följa upp.")

    def clean(self):
        data = super().clean()
        if not data.get("own_words") and not data.get("wording"):
            self.add_error("own_words", "Skriv målet, helst med personens egna ord.")
        return data


class MeasureForm(forms.Form):
    goal = forms.ModelChoiceField(label="Till vilket mål", queryset=Goal._base_manager.none(), empty_label="Välj")
    title = forms.CharField(label="Insats eller åtgärd", max_length=200)
    principal_choice = forms.ChoiceField(label="Vem svarar för den")
    other_name = forms.CharField(label="Vilken annan", max_length=120, required=False,
                                 help_text="Till exempel Kronofogden.")  # fmt: skip
    responsible = forms.ModelChoiceField(
        label="Ansvarig i teamet", queryset=TeamMember._base_manager.none(), required=False, empty_label="Ingen vald"
    )
    responsible_text = forms.CharField(label="Ansvarig, om ingen i teamet", max_length=120, required=False)
    starts_on = DateField(label="Från", required=False)
    ends_on = DateField(label="Till", required=False)
    legal_anchor = forms.CharField(label="Lagrum", max_length=60, required=False)
    status = forms.ChoiceField(label="Läge", choices=Measure.Status.choices, initial=Measure.Status.PLANNED)
    why_not = forms.CharField(label="Varför inte", max_length=300, required=False,
                              help_text="När behovet inte kan mötas.")  # fmt: skip

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = version.goals.all()
        self.fields["goal"].label_from_instance = lambda goal: f"{goal.get_area_display()}: {_short(goal)}"
        members = TeamMember.objects.filter(case=version.case, state__in=["invited", "joined"])
        self.fields["responsible"].queryset = members.select_related("membership__user")
        self.fields["responsible"].label_from_instance = lambda member: member.membership.user.name
        self.principals = {str(authority.pk): authority for authority in principals_of(version.case)}
        self.fields["principal_choice"].choices = [
            *((key, authority.name) for key, authority in self.principals.items()), ("other", "Någon annan"),
        ]  # fmt: skip

    def clean(self):
        data = super().clean()
        if data.get("principal_choice") == "other" and not data.get("other_name"):
            self.add_error("other_name", "Skriv vem som vidtar åtgärden.")
        if data.get("status") == Measure.Status.NOT_AVAILABLE and not data.get("why_not"):
            self.add_error("why_not", "Skriv varför behovet inte kan mötas.")
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "Insatsens sista dag ligger före den första.")
        return data

    @property
    def measure_fields(self):
        data = dict(self.cleaned_data)
        principal = self.principals.get(data.pop("principal_choice"))
        kind = "other" if principal is None else "social" if principal.is_social else "health"
        return {**data, "principal": principal, "principal_kind": kind}


def _short(goal):
    words = goal.own_words or goal.wording
    return words if len(words) < 60 else words[:57] + "…"


class StatusForm(forms.Form):
    status = forms.ChoiceField(label="Läge", choices=Measure.Status.choices)
    why_not = forms.CharField(label="Varför", max_length=300, required=False)


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


class SectionForm(forms.Form):
    needed_later = True
    text = text("Ditt avsnitt", rows=10)


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


class EndForm(forms.Form):
    reason = text("Varför planen avslutas", rows=3, required=True)
