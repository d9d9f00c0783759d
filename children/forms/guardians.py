from django import forms
from django.utils import timezone

from cases.forms import text
from children import releasable
from children.models import Custody, Guardian, GuardianAnswer, GuardianMark
from children.operations.guardians import LIMITS
from children.operations.releases import GROUNDS
from exitprogram.law.rules import rule
from exitprogram.page.forms import DateField


def rules(ids, on):
    """Choices with what each rule says: the one who chooses has read it."""
    found = (rule(one, on=on) for one in ids)
    return [(one.id, f"{one.text} ({one.citation})") for one in found]


def line(label, required=True, length=200, **more):
    return forms.CharField(label=label, max_length=length, required=required, **more)


class GuardianForm(forms.Form):
    name = line("Namn", length=120)
    relation = forms.ChoiceField(label="Vem är det för barnet", choices=[("", "Välj"), *Guardian.Relation.choices])
    reached_by = line("Hur personen nås", required=False)
    may_contact = forms.BooleanField(label="Får kontaktas", required=False)
    may_be_sent = line("Vad som får skickas, och hur", required=False,
                       help_text="Tomt: ingenting. Till exempel: kallelser, i rekommenderat brev.")  # fmt: skip


class CustodyForm(forms.Form):
    kind = forms.ChoiceField(label="Vårdnad", choices=Custody.Kind.choices, widget=forms.RadioSelect)
    starts_on = DateField(label="Från och med")
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")
    source = line("Hur ni vet det", help_text="Folkbokföringen, en dom eller en uppgift från någon.")


class EndCustodyForm(forms.Form):
    ends_on = DateField(label="Sista dagen", initial=timezone.localdate)


class MarkForm(forms.Form):
    kind = forms.ChoiceField(label="Vad som gäller", choices=GuardianMark.Kind.choices, widget=forms.RadioSelect)
    since_on = DateField(label="Sedan", initial=timezone.localdate)
    words = text("Vad ni vet, och från vem", required=True)


class ReasonForm(forms.Form):
    reason = text("Varför", required=True)


class LimitForm(forms.Form):
    rule_id = forms.ChoiceField(label="Grund", widget=forms.RadioSelect)
    covers = text("Vad som inte lämnas", required=True, rows=2)
    reason = text("Varför", required=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule_id"].choices = rules(LIMITS, timezone.localdate())


class AnswerForm(forms.Form):
    about = line("Vad frågan gäller", help_text="Skriv likadant för båda, så hålls svaren ihop.")
    answer = forms.ChoiceField(label="Svar", choices=GuardianAnswer.Answer.choices, widget=forms.RadioSelect)
    day = DateField(label="Vilken dag", initial=timezone.localdate)
    words = text("Vad personen sa, och hur", rows=2, help_text="Behövs när svaret är nej.")


class ReleaseForm(forms.Form):
    """Pieces of the file, nothing ticked from the start, for one guardian."""

    pieces = forms.MultipleChoiceField(
        label="Vad som släpps", widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Välj vad som släpps.",
            "invalid_choice": "Något av det du valt har ändrats eller finns inte längre. Välj igen.",
        },
    )  # fmt: skip
    ground = forms.ChoiceField(label="Grund", widget=forms.RadioSelect)
    reason = text("Hur ni har prövat det", required=True,
                  help_text="Vad det kan betyda för barnet, och varför just den här personen ska få det.")  # fmt: skip
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: tills det tas tillbaka. Aldrig längre än"
                        " till dagen före 18-årsdagen.")  # fmt: skip

    def __init__(self, *args, by, case, **kwargs):
        super().__init__(*args, **kwargs)
        groups = releasable.groups(by, case)
        self.fields["pieces"].choices = [(p.key, p.heading) for _label, some in groups for p in some]
        self.fields["ground"].choices = rules(GROUNDS, timezone.localdate())
        ticked = set(self.data.getlist("pieces")) if self.is_bound else set()
        self.material = [(label, [(p, p.key in ticked) for p in some]) for label, some in groups]

    @property
    def given(self):
        data = self.cleaned_data
        return {"keys": data["pieces"], **{name: data[name] for name in ("ground", "reason", "ends_on")}}


class HandForm(forms.Form):
    handed_over = line("Hur handlingen lämnas", help_text="Till exempel: i handen vid besök, rekommenderat brev.")
