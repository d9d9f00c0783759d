from django import forms
from django.utils import timezone

from cases.forms import text
from cases.models import AssessedThreat
from exitprogram.page.forms import DateField

MOST_STEPS = 20  # more than these are written and not chosen
EMPTY_ROWS = 2  # threats that can be added before the page is saved


class AssessmentForm(forms.Form):
    """The questions of one version of one instrument."""

    needed_later = True
    day = DateField(label="Dag", initial=timezone.localdate)
    own_words = text("Med egna ord", rows=3, help_text="Det som siffror och kryss inte säger.")

    def __init__(self, *args, used, **kwargs):
        super().__init__(*args, **kwargs)
        self.used = used
        for question in used.questions:
            self.fields[f"q_{question.id}"] = self._field(question)

    @staticmethod
    def _field(question):
        scale = question.scale
        if scale.words:
            short = scale.longest <= 120
            widget = forms.TextInput() if short else forms.Textarea(attrs={"rows": 3})
            return forms.CharField(label=question.text, required=False, max_length=scale.longest, widget=widget)
        if scale.highest > MOST_STEPS:
            many = f"{scale.lowest} {scale.low}, {scale.highest} {scale.high}"
            widget = forms.NumberInput(attrs={"class": "short", "min": scale.lowest, "max": scale.highest})
            return forms.IntegerField(
                label=question.text, required=False, min_value=scale.lowest, max_value=scale.highest, widget=widget,
                help_text=many,
            )  # fmt: skip
        if question.of:
            choices = [("", "Ingen bild"), *scale.choices[: scale.highest - scale.lowest + 1]]
            return forms.ChoiceField(label=question.text, required=False, choices=choices)
        ends = f"{scale.lowest} {scale.low}, {scale.highest} {scale.high}" if scale.is_steps else ""
        return forms.ChoiceField(
            label=question.text, required=False, choices=scale.choices, widget=forms.RadioSelect, help_text=ends
        )

    @property
    def rows(self):
        return [
            {"domain": domain, "fields": [self[f"q_{one.id}"] for one in domain.questions if not one.of]}
            for domain in self.used.domains
        ]

    @property
    def seen_fields(self):
        """The worker's own picture, asked apart from the person's answers."""
        return [self[f"q_{question.id}"] for question in self.used.questions if question.of]

    @property
    def given(self):
        typed = {question.id: self.cleaned_data[f"q_{question.id}"] for question in self.used.questions}
        answers = {key: "" if answer is None else str(answer) for key, answer in typed.items()}
        return {
            "day": self.cleaned_data["day"], "own_words": self.cleaned_data["own_words"],
            "answers": {key: answer for key, answer in answers.items() if answer},
        }  # fmt: skip

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dagen ligger i framtiden.")
        return day


def answered(assessment):
    """A draft as the form has it."""
    found = {f"q_{key}": answer for key, answer in assessment.answers.items()}
    return {**found, "day": assessment.day, "own_words": assessment.own_words}


class ThreatForm(forms.Form):
    """One person or network. A row left empty is not saved, and one emptied is taken away."""

    needed_later = True
    kind = forms.ChoiceField(label="Är det", choices=AssessedThreat.Kind.choices)
    who = forms.CharField(label="Vem eller vilka", required=False, max_length=300, help_text="Namn, smeknamn, grupp.")
    relation = forms.CharField(label="Relation till personen", required=False, max_length=300)
    knows = text("Vad de vet", rows=2, help_text="Om personen, planen, var hen brukar vara.")
    last_contact = forms.CharField(label="Senaste kontakten", required=False, max_length=300)
    ability = text("Vad de kan göra", rows=2, help_text="Vapen, pengar, folk, tillgång till konton, räckvidd.")


class ThreatRows:
    """As many rows as there are, and a few empty ones. ``rows`` in what was sent says how many the page had."""

    def __init__(self, data=None, *, initial=()):
        if data is not None:
            many = data.get("rows", "")
            many = min(int(many), 40) if many.isascii() and many.isdigit() and len(many) < 4 else 0
            self.forms = [ThreatForm(data, prefix=f"t{place}") for place in range(many)]
        else:
            given = [*initial, *[{}] * EMPTY_ROWS]
            self.forms = [ThreatForm(initial=one, prefix=f"t{place}") for place, one in enumerate(given)]

    def is_valid(self):
        checked = [form.is_valid() for form in self.forms]  # every one, so that each shows its fault
        return all(checked)

    @property
    def given(self):
        return [form.cleaned_data for form in self.forms]

    def __len__(self):
        return len(self.forms)

    def __iter__(self):
        return iter(self.forms)
