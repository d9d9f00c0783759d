"""What has happened around a decision, one small form for each kind of thing."""

from datetime import timedelta

from django import forms
from django.utils import timezone

from cases.forms import text
from exitprogram.law.rules import rule
from exitprogram.page.forms import DateField
from teams.models import DecisionStep

Kind = DecisionStep.Kind


class StepForm(forms.Form):
    day = DateField(label="Dag", initial=timezone.localdate)


def way():
    return forms.ChoiceField(label="På vilket sätt", choices=[("", "Välj"), *DecisionStep.Way.choices])


def last_day_to_answer():
    today = timezone.localdate()
    return today + timedelta(days=rule("decision.hearing", on=today).values["days"])


class HearForm(StepForm):
    way = way()
    until = DateField(label="Sista dag att yttra sig", initial=last_day_to_answer)
    words = text("Vad den enskilde fick ta del av", rows=2)


class AnswerForm(StepForm):
    words = text("Vad den enskilde sade", rows=4, help_text="Tomt: inget yttrande kom i tid.")


class TellForm(StepForm):
    way = way()
    received_on = DateField(
        label="Dagen då den enskilde fick beslutet", required=False,
        help_text="Tiden att överklaga räknas härifrån. Tomt om det inte är känt än; muntligt och på plats är det samma"
        " dag.",
    )  # fmt: skip
    words = text("Att minnas om underrättelsen", rows=2, help_text="Till exempel tolk eller ombud.")


class AppealForm(StepForm):
    words = text("Vad överklagandet gäller", rows=3)
    excuse = forms.ChoiceField(
        label="Om det kom in för sent", required=False,
        choices=[("", "Inget skäl att ändå pröva det"), *DecisionStep.Excuse.choices],
    )  # fmt: skip


class JudgmentForm(StepForm):
    result = forms.ChoiceField(
        label="Vad domstolen kom fram till", choices=DecisionStep.Result.choices, widget=forms.RadioSelect
    )
    final_on = DateField(label="Laga kraft", required=False, help_text="Tomt om dagen inte är känd.")
    words = text("Kort om avgörandet", rows=3)


class CarryingOutForm(StepForm):
    kind = forms.ChoiceField(
        label="Vad som har hänt", widget=forms.RadioSelect,
        choices=[(kind.value, kind.label) for kind in (
            Kind.CARRIED_OUT, Kind.REPORTED, Kind.INTERRUPTED, Kind.NOT_WANTED)],
    )  # fmt: skip
    words = text("Varför", rows=2, help_text="Behövs om insatsen inte är verkställd.")
