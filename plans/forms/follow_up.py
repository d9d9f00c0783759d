from django import forms
from django.utils import timezone

from cases.forms import text
from exitprogram.page.forms import DateField
from plans.content import goals_in_order
from plans.experience import questionnaire
from plans.follow_ups import next_day_faults
from plans.models import FollowUp, GoalAnswer
from plans.operations.follow_up import ANSWER, TEXTS

NOT_YET = [("", "Har inte svarat"), *GoalAnswer.Answer.choices]


class FollowUpForm(forms.Form):
    """Everything of one following-up on one page, saved while one talks. Only when it is finished must anything be
    there (``finishing``); the person's own answers never."""

    needed_later = True

    held_on = DateField(label="Dag", initial=timezone.localdate)
    own_words = text("Med personens egna ord", rows=2, help_text="Hur har det varit sedan sist?")
    summary = text("Er bedömning i korthet", rows=2)
    outcome = forms.ChoiceField(label="Hur går det vidare", choices=FollowUp.Outcome.choices, required=False,
                                widget=forms.RadioSelect)  # fmt: skip
    next_on = DateField(label="Nästa uppföljning", required=False)
    end_reason = text("Varför planen avslutas", rows=2, help_text="Bara när den avslutas.")

    def __init__(self, *args, version, finishing=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.version, self.finishing = version, finishing
        self.goals = goals_in_order(version.goals.all())
        for goal in self.goals:
            key = goal.pk.hex
            self.fields[f"person_answer_{key}"] = forms.ChoiceField(
                label="Personen tycker", choices=NOT_YET, required=False
            )
            self.fields[f"person_words_{key}"] = text("Med egna ord", rows=1, max_length=1000)
            self.fields[f"worker_answer_{key}"] = forms.ChoiceField(
                label="Vi bedömer", choices=[("", "Välj"), *GoalAnswer.Answer.choices], required=False
            )
            self.fields[f"worker_words_{key}"] = text("Vad vi ser", rows=1, max_length=1000)
        for name, question in questionnaire().questions.items():
            self.fields[f"experience_{name}"] = forms.ChoiceField(
                label=question, required=False, widget=forms.RadioSelect,
                choices=[("", "Vill inte svara"), *questionnaire().answers.items()],
            )  # fmt: skip

    @property
    def goal_rows(self):
        return [
            {"goal": goal, "fields": {name: self[f"{name}_{goal.pk.hex}"] for name in ANSWER}} for goal in self.goals
        ]

    @property
    def experience_fields(self):
        return [self[f"experience_{name}"] for name in questionnaire().questions]

    def clean(self):
        data = super().clean()
        if data.get("held_on") and data["held_on"] > timezone.localdate():
            self.add_error("held_on", "Dagen ligger i framtiden.")
        if self.finishing:
            self._require_whole(data)
        return data

    def _require_whole(self, data):
        if not data.get("outcome"):
            self.add_error("outcome", "Välj om planen fortsätter, görs om eller avslutas.")
            return
        for goal in self.goals:
            if not data.get(f"worker_answer_{goal.pk.hex}"):
                self.add_error(f"worker_answer_{goal.pk.hex}", "Skriv er bedömning av målet.")
        if data["outcome"] == FollowUp.Outcome.ENDED and not data.get("end_reason", "").strip():
            self.add_error("end_reason", "Skriv varför planen avslutas.")
        if "next_on" not in self.errors:
            for name, sentence in next_day_faults(self.version, data["outcome"], data.get("next_on")).items():
                self.add_error(name, sentence)

    @property
    def given(self):
        data = self.cleaned_data
        answers = {goal.pk: {name: data[f"{name}_{goal.pk.hex}"] for name in ANSWER} for goal in self.goals}
        said = {name: data[f"experience_{name}"] for name in questionnaire().questions}
        return {
            **{name: data[name] for name in TEXTS}, "experience": {name: code for name, code in said.items() if code},
            "answers": answers,
        }  # fmt: skip


def as_written(row):
    """One that is begun, as the form has it."""
    found = {name: getattr(row, name) for name in TEXTS}
    found |= {f"experience_{name}": code for name, code in row.experience.items() if name != "edition"}
    for answer in row.answers.all():
        found |= {f"{name}_{answer.goal_id.hex}": getattr(answer, name) for name in ANSWER}
    return found
