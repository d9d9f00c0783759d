from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.forms import text
from exitprogram.page.forms import DateField
from plans.catalogue import entries
from plans.models import Goal, Measure
from plans.principals import measure_faults, principals_of
from teams.models import Decision, TeamMember

MOST_KRONOR = 100_000_000
LACKS = [("", "Välj det som stämmer bäst"), *Measure.Lack.choices]
NOT_IN_TEAM = "Huvudmannen är inte med i teamet. Bjud in någon därifrån först, eller välj någon annan."


class GoalForm(forms.Form):
    one_of = ("own_words", "wording")

    parent = forms.ModelChoiceField(
        label="Delmål till", queryset=Goal._base_manager.none(), required=False, empty_label="Nej, ett långsiktigt mål",
        help_text="Ett delmål ligger i samma område som målet det leder till.",
    )  # fmt: skip
    area = forms.ChoiceField(label="Område", choices=[("", "Välj"), *Area.choices], required=False)
    own_words = forms.CharField(label="Mål med personens ord", max_length=500, required=False)
    wording = forms.CharField(label="Mål", max_length=500, required=False, help_text="Så att det går att följa upp.")

    def __init__(self, *args, version, goal=None, **kwargs):
        super().__init__(*args, **kwargs)
        if goal is not None:  # what it is called can change; where it belongs is where its measures are
            del self.fields["parent"], self.fields["area"]
            return
        self.fields["parent"].queryset = version.goals.filter(parent=None)
        self.fields["parent"].label_from_instance = short

    def clean(self):
        data = super().clean()
        if "area" in self.fields and not data.get("area") and not data.get("parent"):
            self.add_error("area", "Välj ett område.")
        if not data.get("own_words") and not data.get("wording"):
            self.add_error("own_words", "Skriv målet, helst med personens egna ord.")
        return data


class MeasureForm(forms.Form):
    """A measure as it is typed, or as the catalogue has it: what is left empty is filled from what was chosen there."""

    one_of = ("title", "principal_choice")

    goal = forms.ModelChoiceField(label="Till vilket mål", queryset=Goal._base_manager.none(), empty_label="Välj")
    need = text("Behov", rows=2, help_text="Vad personen behöver, också om det inte kan mötas.", max_length=500)
    catalogue_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    title = forms.CharField(label="Insats eller åtgärd", max_length=200, required=False)
    principal_choice = forms.ChoiceField(label="Vem svarar för den", required=False,
                                         error_messages={"invalid_choice": NOT_IN_TEAM})  # fmt: skip
    other_name = forms.CharField(label="Vilken annan", max_length=120, required=False,
                                 help_text="Till exempel Kronofogden.")  # fmt: skip
    responsible = forms.ModelChoiceField(
        label="Ansvarig i teamet", queryset=TeamMember._base_manager.none(), required=False, empty_label="Ingen vald",
        error_messages={"invalid_choice": "Den ansvariga är inte med i teamet."},
    )  # fmt: skip
    responsible_text = forms.CharField(label="Ansvarig, om ingen i teamet", max_length=120, required=False)
    starts_on = DateField(label="Från", required=False)
    ends_on = DateField(label="Till", required=False)
    legal_anchor = forms.CharField(label="Lagrum", max_length=60, required=False)
    decision = forms.ModelChoiceField(
        label="Beslut den vilar på", queryset=Decision._base_manager.none(), required=False,
        empty_label="Inget beslut än", help_text="Planen ger ingen insats i sig: varje insats har sitt eget beslut.",
    )  # fmt: skip
    cost = forms.IntegerField(
        label="Kostnad i kronor", required=False,
        widget=forms.NumberInput(attrs={"class": "short"}), help_text="Står inte på personens eget papper.",
    )  # fmt: skip
    hours = forms.DecimalField(
        label="Timmar", required=False, max_digits=6, decimal_places=1, localize=True,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
    )  # fmt: skip
    rhythm = forms.ChoiceField(label="Det gäller", required=False, choices=Measure.Rhythm.choices,
                               initial=Measure.Rhythm.ONCE)  # fmt: skip
    payer_kind = forms.ChoiceField(
        label="Betalas av", required=False, choices=[("", "Inte sagt"), *Measure.Payer.choices]
    )
    payer = forms.CharField(label="Vem eller vilket bidrag", max_length=120, required=False)
    status = forms.ChoiceField(label="Läge", choices=Measure.Status.choices, initial=Measure.Status.PLANNED)
    lack = forms.ChoiceField(label="Vad som fattas", choices=LACKS, required=False)
    why_not = forms.CharField(label="Varför inte", max_length=300, required=False,
                              help_text="När behovet inte kan mötas, eller insatsen avbryts.")  # fmt: skip

    def __init__(self, *args, version, by, measure=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.version, self.by, self.measure = version, by, measure
        self.entries = {entry.id: entry for entry in entries(version.authority_id, on=timezone.localdate())}
        self.fields["goal"].queryset = version.goals.all()
        self.fields["goal"].label_from_instance = lambda goal: f"{goal.get_area_display()}: {short(goal)}"
        self.fields["responsible"].queryset = _members(version, measure)
        self.fields["responsible"].label_from_instance = lambda member: member.membership.user.name
        _offer_decisions(self.fields["decision"], by, version.case_id)
        self.principals = {str(authority.pk): authority for authority in principals_of(version.case)}
        if measure is not None and measure.principal is not None:
            self.principals.setdefault(str(measure.principal_id), measure.principal)
        self.fields["principal_choice"].choices = [
            ("", "Välj"), *((key, authority.name) for key, authority in self.principals.items()),
            ("other", "Någon annan"),
        ]  # fmt: skip

    @property
    def entry(self):
        """What was chosen in the catalogue, or None."""
        return self.entries.get(self["catalogue_id"].value())

    def usual_principal(self, entry):
        """As a choice in this form: the board itself, the region when it is in the team, or somebody else."""
        if entry.principal == Measure.Principal.SOCIAL:
            return str(self.version.authority_id)
        health = [key for key, authority in self.principals.items() if not authority.is_social]
        return "other" if entry.principal == Measure.Principal.OTHER else health[0] if health else ""

    def suggested(self, entry):
        return {
            "catalogue_id": entry.id, "title": entry.title, "legal_anchor": entry.legal_anchor,
            "principal_choice": self.usual_principal(entry),
        }  # fmt: skip

    def clean(self):
        data = super().clean()
        self._fill(data)
        _require_lack(self, data)
        if not data.get("principal_choice") and "principal_choice" not in self.errors:
            self.add_error("principal_choice", "Välj vem som svarar för insatsen.")
        if data.get("goal") is None:
            return data
        names = ("responsible", "starts_on", "ends_on", "decision", "goal", "cost", "hours")
        given = {name: data.get(name) for name in names}
        names = ("title", "other_name", "status", "why_not", "rhythm", "payer_kind", "payer")
        given |= {name: data.get(name) or "" for name in names}
        for name, sentence in measure_faults(self.version, given | self._principal(data), self.measure).items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return data

    def _fill(self, data):
        entry = self.entry
        if entry is None:
            data["catalogue_id"] = ""
        for name, value in (self.suggested(entry) if entry else {}).items():
            if not data.get(name) and name not in self.errors:
                data[name] = value
        data["rhythm"] = data.get("rhythm") or Measure.Rhythm.ONCE
        if not data.get("title") and data.get("status") == Measure.Status.NOT_AVAILABLE:
            data["title"] = (data.get("need") or "")[:200]

    def _principal(self, data):
        principal = self.principals.get(data.get("principal_choice"))
        kind = "other" if principal is None else "social" if principal.is_social else "health"
        return {"principal": principal, "principal_kind": kind}

    @property
    def measure_fields(self):
        data = {name: value for name, value in self.cleaned_data.items() if name != "principal_choice"}
        return data | self._principal(self.cleaned_data)


def _members(version, measure):
    members = TeamMember.objects.filter(case=version.case_id, state__in=["invited", "joined"])
    if measure is not None and measure.responsible_id:  # who has left stays in what is not touched
        members = members | TeamMember.objects.filter(case=version.case_id, pk=measure.responsible_id)
    return members.select_related("membership__user")


def _offer_decisions(field, by, case_id):
    field.queryset = Decision.objects.visible_to(by).filter(case=case_id)
    field.label_from_instance = decision_label


def decision_label(decision):
    words = [decision.get_kind_display(), decision.number, decision.get_outcome_display() or "väntar på beslut"]
    return " · ".join(word for word in words if word)


def short(goal):
    words = goal.own_words or goal.wording
    return words if len(words) < 60 else words[:57] + "…"


def as_typed(measure):
    """A measure as the form has it."""
    names = [name for name in MeasureForm.base_fields if name not in ("principal_choice", "goal")]
    choice = "other" if measure.principal_id is None else str(measure.principal_id)
    return {name: getattr(measure, name) for name in names} | {"goal": measure.goal_id, "principal_choice": choice}


class StatusForm(forms.Form):
    status = forms.ChoiceField(label="Läge", choices=Measure.Status.choices)
    lack = forms.ChoiceField(label="Vad som fattas", choices=LACKS, required=False)
    why_not = forms.CharField(label="Varför", max_length=300, required=False)
    decision = forms.ModelChoiceField(
        label="Beslut den vilar på", queryset=Decision._base_manager.none(), required=False,
        empty_label="Inget beslut än",
    )  # fmt: skip

    def __init__(self, *args, by, measure, **kwargs):
        super().__init__(*args, **kwargs)
        _offer_decisions(self.fields["decision"], by, measure.case_id)

    def clean(self):
        _require_lack(self, self.cleaned_data)
        return self.cleaned_data


def _require_lack(form, data):
    """Together the answers are the map of what is missing; the words beside tell of a person and are not counted."""
    if data.get("status") == Measure.Status.NOT_AVAILABLE and not data.get("lack") and "lack" not in form.errors:
        form.add_error("lack", "Välj vad som fattas.")
