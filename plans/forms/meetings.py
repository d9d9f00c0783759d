"""Calling to a meeting, answering, preparing it, and writing what was said."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from cases.forms import text
from exitprogram.page.forms import DateField, TimeField
from exitprogram.page.templatetags.page import sv_date, sv_time
from plans.models import Goal, MeetingCall, MeetingMinutes
from teams.models import TeamMember

OTHER = "other"
LATER = "Meddelas senare"  # a place that can be said when it is known
SLOT = "%Y-%m-%dT%H:%M"
LONG = [(30, "en halv timme"), (45, "45 minuter"), (60, "en timme"), (90, "en och en halv timme"), (120, "två timmar")]


def suggested_times(now, first=None):
    """Four moments to choose with one press: from the third day on at ten and one; or, after another meeting, around
    the day that is suggested for the next."""
    if first is None:
        days, hours = (3, 4, 7, 14), ((10, 0), (13, 0), (10, 0), (10, 0))
        moments = [_at(now + timedelta(days=day), *hour) for day, hour in zip(days, hours, strict=True)]
    else:
        moments = [first + timedelta(days=days) for days in (-7, 0, 1, 7)]
    return sorted({_on_a_workday(moment) for moment in moments if moment > now})


def _at(moment, hour, minute):
    return moment.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _on_a_workday(moment):
    return moment + timedelta(days=(7 - moment.weekday()) if moment.weekday() > 4 else 0)


class WhenFields(forms.Form):
    """A suggested time, or a day and a time of one's own."""

    slot = forms.ChoiceField(label="När", widget=forms.RadioSelect, required=False)
    day = DateField(label="Annan dag", required=False)
    time = TimeField(label="Tid", required=False)
    one_of = ("slot", "day", "time")

    def __init__(self, *args, times=(), **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(timezone.localtime(t).strftime(SLOT), f"{sv_date(t)} {sv_time(t)}") for t in times]
        sent = self.data.get("slot", "")
        if _moment(sent) and sent not in dict(choices):  # suggested on a page that was opened before midnight
            choices.append((sent, f"{sv_date(_moment(sent))} {sv_time(_moment(sent))}"))
        self.fields["slot"].choices = choices
        if not choices:
            del self.fields["slot"]

    def clean(self):
        data = super().clean()
        slot, day, time = data.get("slot"), data.get("day"), data.get("time")
        if slot and (day or time):
            self.add_error("slot", "Välj antingen en av tiderna eller skriv en egen dag och tid.")
        elif not slot and not {"day", "time"} & set(self.errors):
            self._require_both(day, time)
        return data

    def _require_both(self, day, time):
        if not day and not time and "slot" in self.fields:
            self.add_error("slot", "Välj en av tiderna, eller skriv en egen dag och tid.")
        elif not day:
            self.add_error("day", "Skriv dagen.")
        elif not time:
            self.add_error("time", "Skriv tiden.")

    @property
    def starts_at(self):
        data = self.cleaned_data
        if data.get("slot"):
            return _moment(data["slot"])
        return timezone.make_aware(datetime.combine(data["day"], data["time"]))


def _moment(text):
    try:
        return timezone.make_aware(datetime.strptime(text, SLOT))  # noqa: DTZ007  made aware at once
    except ValueError:
        return None


class MeetingForm(WhenFields):
    minutes_long = forms.TypedChoiceField(label="Hur länge", choices=LONG, coerce=int, initial=60, required=False,
                                          empty_value=60)  # fmt: skip
    place = forms.CharField(
        label="Var", max_length=120,
        help_text="Rum eller video. Aldrig personens adress: alla som kallas läser det här.",
    )  # fmt: skip
    purpose = text("Vad mötet ska svara på", rows=2, help_text="Läses av dem som har ärendet.")
    members = forms.ModelMultipleChoiceField(
        label="Kallas", queryset=TeamMember._base_manager.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    one_of = (*WhenFields.one_of, "minutes_long", "members")

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        members = TeamMember.objects.filter(case=case, state__in=["invited", "joined"])
        field = self.fields["members"]
        field.queryset = members.select_related("membership__user", "member_authority")
        field.label_from_instance = lambda member: f"{member.membership.user.name}, {member.member_authority.name}"
        field.initial = [member.pk for member in field.queryset]
        field.error_messages["invalid_choice"] = "En av dem är inte längre med i teamet. Välj igen."


class MoveForm(WhenFields):
    place = forms.CharField(label="Var", max_length=120, help_text="Rum eller video. Aldrig personens adress.")
    reason = text("Varför", rows=2, required=True, help_text="Läses bara av dem som har ärendet.")


class CancelForm(forms.Form):
    reason = text("Varför", rows=2, required=True, help_text="Läses bara av dem som har ärendet.")


class CallForm(forms.Form):
    """The answer; with another time, a time that would do."""

    needed_later = True

    answer = forms.ChoiceField(choices=[choice for choice in MeetingCall.Answer.choices if choice[0] != "none"])
    day = DateField(label="Dag som passar", required=False)
    time = TimeField(label="Tid som passar", required=False)

    def clean(self):
        data = super().clean()
        if bool(data.get("day")) != bool(data.get("time")) and not self.errors:
            self.add_error("time" if data.get("day") else "day", "Skriv både dag och tid, eller ingen av dem.")
        return data

    @property
    def proposed_at(self):
        data = self.cleaned_data
        if not data.get("day"):
            return None
        return timezone.make_aware(datetime.combine(data["day"], data["time"]))


class PreparationForm(forms.Form):
    needed_later = True

    what_matters = text("Vad är viktigt för dig?", rows=3, help_text="Personens egna ord.")
    questions = text("Vad ska mötet ge svar på?", rows=3, help_text="Det personen själv vill få svar på.")
    comes = text("Vem vill du ska vara med?", rows=2)
    must_not_come = text("Vem får inte vara med?", rows=2, help_text="Ingen i den listan ska kallas.")
    leads = text("Vem ska leda mötet?", rows=1, help_text="Som personen önskar.")


class MinutesForm(forms.Form):
    """Who came, one question for each, and what was said."""

    needed_later = True

    person = forms.ChoiceField(label="Personen", choices=MeetingMinutes.Person.choices, required=False)
    text = text("Vad ni kom fram till", rows=12, help_text="En rad för varje sak. En rad kan sedan bli en insats.")

    def __init__(self, *args, calls, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = []
        for call in calls:
            name = f"came_{call.pk.hex}"
            self.fields[name] = forms.ChoiceField(
                label=f"{call.membership.user.name}, {call.member_authority.name}",
                choices=MeetingCall.Attendance.choices, initial=call.attendance, required=False,
            )  # fmt: skip
            self.rows.append((str(call.pk), name))

    @property
    def who_came(self):
        return [self["person"], *(self[name] for _pk, name in self.rows)]

    @property
    def attendance(self):
        return {pk: self.cleaned_data[name] for pk, name in self.rows if self.cleaned_data.get(name)}


class LineForm(forms.Form):
    """Which line of the minutes, towards which goal of the open draft."""

    line = forms.IntegerField(min_value=1, max_value=10_000)
    goal = forms.ModelChoiceField(queryset=Goal._base_manager.none())

    def __init__(self, *args, goals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals
