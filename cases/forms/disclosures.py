from datetime import datetime
from uuid import UUID

from django import forms
from django.utils import timezone

from cases import beside
from cases.forms import text
from cases.grounds import OUTSIDE, grounds
from cases.material import groups
from cases.receivers import receivers
from exitprogram.page.forms import DateField, TimeField


def people_by_organisation(found):
    """Choices for a list where each organisation is a heading."""
    rows = {}
    for one in found:
        name = ", ".join(part for part in (one.name, one.title) if part)
        rows.setdefault(one.organisation, []).append((str(one.pk), name))
    return [("", "Välj"), *rows.items()]


class PiecesForm(forms.Form):
    """What goes: everything in the file that can go, with its words, nothing ticked from the start."""

    pieces = forms.MultipleChoiceField(
        label="Vad som lämnas ut", widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Välj vad som ska lämnas ut.",
            "invalid_choice": "Något av det du valt har ändrats eller finns inte längre. Välj igen.",
        },
    )  # fmt: skip

    def __init__(self, *args, by, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = groups(by, case)
        there = [piece for _label, pieces in self.groups for piece in pieces]
        self.fields["pieces"].choices = [(piece.key, piece.heading) for piece in there]
        ticked = set(self.data.getlist("pieces")) if self.is_bound else set()
        self.material = [
            (label, [(piece, piece.key in ticked) for piece in pieces]) for label, pieces in self.groups
        ]  # fmt: skip

    @property
    def chosen(self):
        keys = self.cleaned_data["pieces"]
        return [piece for _label, pieces in self.groups for piece in pieces if piece.key in keys]


class DisclosureForm(PiecesForm):
    one_of = ("receiver", "outside_kind", "outside", "guardian", "handed_over")

    receiver = forms.TypedChoiceField(
        label="Till en person som har systemet", required=False, coerce=UUID, empty_value=None,
        help_text="Den du väljer, och ingen annan, öppnar kopian här. Du ser när.",
    )  # fmt: skip
    outside_kind = forms.ChoiceField(label="Eller till någon utanför", required=False,
                                     choices=[("", "Välj"), *OUTSIDE.items()])  # fmt: skip
    guardian = forms.TypedChoiceField(
        label="Vilken vårdnadshavare", required=False, coerce=UUID, empty_value=None,
        help_text="Bara det som har släppts till just den personen kan lämnas.",
    )  # fmt: skip
    outside = forms.CharField(label="Vem", max_length=200, required=False, help_text="Namn, och var hen arbetar.")
    handed_over = forms.CharField(label="Hur det lämnas", max_length=200, required=False,
                                  help_text="Till exempel: i handen vid besök, rekommenderat brev.")  # fmt: skip
    ground = forms.ChoiceField(label="Grund", widget=forms.RadioSelect,
                               error_messages={"required": "Välj grunden för att lämna ut."})  # fmt: skip
    reason = text("Varför", rows=3, required=True, help_text="Varför just det här, till just den mottagaren. Har "
                  "personen samtyckt: hur och när. Skälet stannar i akten och följer inte med kopian.")  # fmt: skip

    def __init__(self, *args, by, case, **kwargs):
        super().__init__(*args, by=by, case=case, **kwargs)
        self.receivers = {one.pk: one for one in receivers(case)}
        self.fields["receiver"].choices = people_by_organisation(self.receivers.values())
        self.beside = beside.people(case)
        if self.beside:
            self.fields["guardian"].choices = [("", "Välj"), *((str(one.pk), one.words) for one in self.beside)]
        else:
            del self.fields["guardian"]
        kinds = [(code, label) for code, label in OUTSIDE.items() if self.beside or code != beside.KIND]
        self.fields["outside_kind"].choices = [("", "Välj"), *kinds]
        today = timezone.localdate()
        self.fields["ground"].choices = [
            (rule.id, f"{rule.text} ({rule.citation})") for rule in grounds(by.authority, on=today)
        ]  # fmt: skip

    def clean(self):
        data = super().clean()
        outside = [data.get(name) for name in ("outside_kind", "outside", "handed_over")]
        if data.get("receiver") and any(outside):
            self.add_error("receiver", "Välj antingen en person i systemet eller någon utanför.")
        elif not data.get("receiver") and not any(outside):
            self.add_error("receiver", "Välj vem som ska få kopian, eller skriv vem utanför.")
        elif not data.get("receiver"):
            self._require_outside(data)
        return data

    def _require_outside(self, data):
        who = ("outside", "Skriv vem som får kopian.")
        if data.get("outside_kind") == beside.KIND:
            who = ("guardian", "Välj vilken vårdnadshavare.")
        for name, sentence in (
            ("outside_kind", "Välj vad mottagaren är."), who, ("handed_over", "Skriv hur kopian lämnas."),
        ):  # fmt: skip
            if not data.get(name):
                self.add_error(name, sentence)


class ReceiptForm(forms.Form):
    said_by = forms.CharField(label="Vem har sagt att den har kommit", max_length=200)
    day = DateField(label="Vilken dag", initial=timezone.localdate)
    time = TimeField(label="Klockan")

    def clean(self):
        data = super().clean()
        if data.get("day") and data.get("time"):
            data["received_at"] = timezone.make_aware(datetime.combine(data["day"], data["time"]))
        return data

    @property
    def given(self):
        return {name: self.cleaned_data[name] for name in ("said_by", "received_at")}


class FileReceivedForm(forms.Form):
    """One of one's own open cases."""

    case = forms.ModelChoiceField(label="Ärende", queryset=None, empty_label="Välj")

    def __init__(self, *args, cases, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases
