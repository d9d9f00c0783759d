from django import forms

from cases import prompts
from cases.forms import text


class IntakeForm(forms.Form):
    """*Första kontakten*: open prompts, the triage and what the plan must fit. Nothing must be filled in."""

    needed_later = True
    contact_by = forms.CharField(label="Vem tog kontakten?", required=False, max_length=300)
    wished_by = forms.CharField(
        label="På vems önskan?", required=False, max_length=300,
        help_text="Personens egen eller någon annans. Vet personen om att kontakten togs?",
    )  # fmt: skip
    done_at_once = text("Vad gjordes genast, och av vem?", rows=2)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        for prompt in prompts.screening(on=on):
            self.fields[f"s_{prompt.id}"] = text(prompt.ask, rows=2, help_text=f"Lyssna efter: {prompt.listen}")
        for question in prompts.triage(on=on):
            self.fields[f"t_{question.id}"] = forms.ChoiceField(
                label=question.ask, required=False, choices=list(prompts.ANSWERS.items()), widget=forms.RadioSelect
            )
            self.fields[f"w_{question.id}"] = forms.CharField(label="Med egna ord", required=False, max_length=600)
        self.fields["needs"] = forms.MultipleChoiceField(
            label="Planen behöver ta hänsyn till", required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(need.id, need.label) for need in prompts.needs(on=on)],
        )  # fmt: skip
        self.fields["needs_text"] = text(
            "Med egna ord", rows=2, help_text="Skrivet av eller tillsammans med personen: vad är viktigt att tänka på?"
        )

    @property
    def screening_fields(self):
        return [self[f"s_{prompt.id}"] for prompt in prompts.screening(on=self.on)]

    @property
    def triage_rows(self):
        return [
            {
                "question": question, "answer": self[f"t_{question.id}"], "words": self[f"w_{question.id}"],
                "at_once": question.at_once(self.on),
            }
            for question in prompts.triage(on=self.on)
        ]  # fmt: skip

    @property
    def given(self):
        """What the operation takes."""
        data = self.cleaned_data
        return {
            "screening": {prompt.id: data[f"s_{prompt.id}"] for prompt in prompts.screening(on=self.on)},
            "triage": {
                question.id: {"answer": data[f"t_{question.id}"], "words": data[f"w_{question.id}"]}
                for question in prompts.triage(on=self.on)
            },
            **{name: data[name] for name in ("contact_by", "wished_by", "done_at_once", "needs", "needs_text")},
        }


def written(intake):
    """An intake as the form has it."""
    if intake is None:
        return {}
    found = {name: getattr(intake, name) for name in ("contact_by", "wished_by", "done_at_once", "needs_text")}
    found |= {f"s_{key}": words for key, words in intake.screening.items()}
    for key, one in intake.triage.items():
        found |= {f"t_{key}": one.get("answer", ""), f"w_{key}": one.get("words", "")}
    return {**found, "needs": list(intake.needs)}


class HandledForm(forms.Form):
    how = text("Vad gjordes, och av vem?", rows=3, required=True)
