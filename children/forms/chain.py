from django import forms
from django.utils import timezone

from cases.ending import going_on
from cases.forms.emergency import texts
from cases.majority import is_childs
from cases.models import Case
from children.coordination import decisions_to_place
from children.custody import custody_on
from children.models import AfterCare, CaseLink, ChildVisit, HealthOffer, NextResponsible, Placement
from children.releases import standing_mark
from exitprogram.page.forms import DateField


def some(label, help_text="", rows=2):
    return forms.CharField(
        label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class NextForm(forms.Form):
    about = forms.ChoiceField(label="När detta slutar", widget=forms.RadioSelect, required=False)
    who = forms.ChoiceField(label="Vem tar vid", choices=NextResponsible.Who.choices, widget=forms.RadioSelect)
    name = some("Namn, och hur personen nås")
    reason = some("Vad ni har kommit överens om", "Om ingen behövs: skriv varför.")

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = {str(one.pk): one for one in going_on(case)}
        choices = [("case", "Ärendet"), *((pk, one.label) for pk, one in self.parts.items())]
        self.fields["about"].choices, self.fields["about"].initial = choices, "case"
        if len(choices) == 1:
            self.fields["about"].widget = forms.HiddenInput()

    @property
    def given(self):
        """The case ends, or what goes on in it."""
        data = dict(self.cleaned_data)
        part = self.parts.get(data.pop("about"))
        return {**data, "about": "programme", "subject": part} if part else data


class AfterCareForm(forms.Form):
    after = forms.ChoiceField(label="Efter", choices=AfterCare.After.choices, widget=forms.RadioSelect)
    since_on = DateField(label="När det avslutades", initial=timezone.localdate)
    why = texts("Varför barnets situation följs upp", "", rows=2)


class ResultForm(forms.Form):
    result = texts("Vad uppföljningen visade", "Och vad som händer nu.")


class OwnCase(forms.ModelChoiceField):
    def label_from_instance(self, case):
        return f"{case.number} {case.individual.short_name}"


class LinkForm(forms.Form):
    other = OwnCase(label="Ditt andra ärende", queryset=None, empty_label="Välj")
    relation = forms.ChoiceField(label="Den andra personen är", choices=CaseLink.Relation.choices)
    shown_there = forms.BooleanField(
        label="Låt det synas i det andra ärendet också", required=False,
        help_text="Där syns bara att det finns ett ärende och vem man frågar.",
    )  # fmt: skip

    def __init__(self, *args, by, case, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Case.objects.held_by(by).active().exclude(pk=case.pk)
        self.fields["other"].queryset = mine.select_related("individual")


class PlacementForm(forms.Form):
    home = forms.ChoiceField(label="Hem", choices=Placement.Home.choices)
    starts_on = DateField(label="Första dagen", initial=timezone.localdate)
    guardians = forms.MultipleChoiceField(
        label="Vårdnadshavare som har samtyckt", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Den personen kan inte samtycka till placeringen."},
    )  # fmt: skip
    matter = forms.ChoiceField(label="Eller beslutet den vilar på", required=False)
    consent = texts(
        "Samtycke eller beslut", "Vem som har samtyckt, hur och när; eller vilket beslut det vilar på.", rows=2
    )
    rows = (("home", "starts_on"),)
    with_guardian = forms.BooleanField(label="En vuxen är med i det skyddade boendet", required=False)
    elsewhere = forms.BooleanField(label="Hemmet ligger i en annan kommun", required=False)
    consulted_on = DateField(label="Samråd med den kommunen", required=False)
    consulted = some("Vilken kommun, och vad den sade", "Skriv aldrig adressen här.")
    investigation_closed_on = DateField(
        label="När utredningen avslutades", required=False, help_text="För jourhem: tiden räknas härifrån."
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_childs(case):
            del self.fields["guardians"], self.fields["matter"]
            return
        people = [one for one in custody_on(case, timezone.localdate()).guardians if not standing_mark(one)]
        self.people = {str(one.pk): one for one in people}
        self.matters = {str(one.pk): one for one in decisions_to_place(case)}
        self.fields["guardians"].choices = [(pk, one.words) for pk, one in self.people.items()]
        self.fields["matter"].choices = [
            ("", "Inget beslut"),
            *((pk, one.get_kind_display()) for pk, one in self.matters.items()),
        ]

    @property
    def given(self):
        data = dict(self.cleaned_data)
        if "guardians" in data:
            data["guardians"] = [self.people[pk] for pk in data["guardians"]]
            data["matter"] = self.matters.get(data["matter"])
        return data


class EndPlacementForm(forms.Form):
    ends_on = DateField(label="Sista dagen", initial=timezone.localdate)
    reason = texts("Varför placeringen slutar", "", rows=2)
    who = forms.ChoiceField(label="Vem tar vid", choices=[("", "Välj"), *NextResponsible.Who.choices], required=False)
    name = some("Namn, och hur personen nås")
    next_reason = some("Om ingen behövs: varför")


class HealthForm(forms.Form):
    answer = forms.ChoiceField(label="Hur det blev", choices=HealthOffer.Answer.choices, widget=forms.RadioSelect)
    day = DateField(label="Dag", initial=timezone.localdate)
    words = some("Vem som sa det, och varför", "Behövs när någon har tackat nej, eller inget är erbjudet.")


class ConsiderForm(forms.Form):
    still_needed = forms.TypedChoiceField(
        label="Behövs placeringen fortfarande?", choices=[("yes", "Ja"), ("no", "Nej")], widget=forms.RadioSelect,
        coerce=lambda word: word == "yes",
    )  # fmt: skip
    words = texts("Vad ni har kommit fram till", "Och varför.")


class PlanForm(forms.Form):
    """The parts that the law of the day asks for, each with a field of its own."""

    def __init__(self, *args, law, **kwargs):
        super().__init__(*args, **kwargs)
        for key, label in law.values["parts"].items():
            self.fields[key] = texts(label, "", rows=2)


class VisitForm(forms.Form):
    day = DateField(label="Dag", initial=timezone.localdate)
    who = forms.ChoiceField(label="Talade med", choices=ChildVisit.Who.choices, widget=forms.RadioSelect)
    why_not_alone = some("Varför inte i enrum", "När barnet inte fick tala för sig själv.")
    words = some("Vad som kom fram", "Det som hör till journalen skrivs som anteckning.")
