from datetime import datetime

from django import forms
from django.utils import timezone

from children.models import ConcernReport
from exitprogram.page.forms import DateField, TimeField
from exitprogram.tenancy.models import Membership

LONG = {"widget": forms.Textarea(attrs={"rows": 5}), "max_length": 20_000}
SHORT = {"widget": forms.Textarea(attrs={"rows": 2}), "max_length": 5_000}


class StaffChoice(forms.ModelChoiceField):
    def label_from_instance(self, membership):
        return membership.user.name


def moment(data, day, time):
    return timezone.make_aware(datetime.combine(data[day], data[time])) if data.get(day) and data.get(time) else None


class ReportForm(forms.Form):
    """A report as it came: first what was said, then when, by whom and to whom."""

    text = forms.CharField(label="Vad som anmäls", help_text="Så nära den anmälandes ord som det går.", **LONG)
    received_on = DateField(label="Dag den kom", initial=timezone.localdate)
    received_time = TimeField(label="Klockan")
    source = forms.ChoiceField(label="Vem anmäler", choices=ConcernReport.Source.choices, widget=forms.RadioSelect)
    profession = forms.CharField(
        label="Yrke eller uppdrag", max_length=120, required=False, help_text="Behövs när någon anmäler i sitt arbete."
    )
    reporter = forms.CharField(label="Namn på den som anmäler", max_length=120, required=False)
    reached_by = forms.CharField(label="Nås på", max_length=120, required=False)
    way = forms.ChoiceField(label="Hur den kom", choices=ConcernReport.Way.choices)
    receiver = StaffChoice(
        label="Togs emot av", queryset=Membership._base_manager.none(), required=False, empty_label="Mig"
    )
    receiver_text = forms.CharField(
        label="Eller av någon utanför nämnden", max_length=120, required=False, help_text="Till exempel socialjouren."
    )
    rows = (("received_on", "received_time"), ("reporter", "reached_by"), ("way", "receiver"), ("name", "birth_date"))
    wants_answer = forms.BooleanField(label="Den som anmäler i sitt arbete vill ha återkoppling", required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        staff = Membership.objects.filter(authority_id=by.authority_id).in_force(on=timezone.localdate())
        staff = staff.filter(role__in=["social_worker", "unit_manager"]).exclude(pk=by.pk)
        self.fields["receiver"].queryset = staff.select_related("user").order_by("user__name", "pk")

    @property
    def report(self):
        data = self.cleaned_data
        names = ("text", "source", "profession", "reporter", "reached_by", "way", "receiver", "receiver_text",
                 "wants_answer")  # fmt: skip
        return {name: data[name] for name in names} | {"received_at": moment(data, "received_on", "received_time")}


class ChildReportForm(ReportForm):
    """The same about a child nobody knows here yet."""

    name = forms.CharField(label="Barnets namn", max_length=120, required=False)
    alias = forms.CharField(
        label="Eller vad barnet kallas", max_length=80, required=False, help_text="När namnet inte är känt än."
    )
    birth_date = DateField(label="Födelsedag", required=False)
    field_order = ["name", "birth_date", "alias"]

    def clean(self):
        data = super().clean()
        if not data.get("name") and not data.get("alias"):
            self.add_error("name", "Skriv vad barnet heter eller kallas.")
        return data

    @property
    def child(self):
        return {name: self.cleaned_data[name] for name in ("name", "alias", "birth_date")}


class FeedbackForm(forms.Form):
    text = forms.CharField(
        label="Vad den som anmälde fick veta",
        help_text="Bara om en utredning har inletts, inte har inletts eller redan pågick. Inget annat om barnet.",
        **SHORT,
    )  # fmt: skip
    meeting = forms.ChoiceField(
        label="Möte med barn, vårdnadshavare och den som anmälde", required=False, widget=forms.RadioSelect,
        choices=[("", "Inte aktuellt än"), *ConcernReport.Meeting.choices],
    )  # fmt: skip
    meeting_text = forms.CharField(label="Om mötet", required=False, **SHORT)


class MeetingForm(forms.Form):
    meeting = forms.ChoiceField(
        label="Hur blev det med mötet", choices=ConcernReport.Meeting.choices, widget=forms.RadioSelect
    )
    meeting_text = forms.CharField(label="Vad som sades, eller varför det inte erbjuds", required=False, **SHORT)
