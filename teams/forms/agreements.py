"""Forms of cooperation between authorities."""

from itertools import groupby

from django import forms
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tenancy.cooperation import choosable, rule_of
from exitprogram.tenancy.models import Authority, CooperationAgreement, Membership
from exitprogram.tenancy.models.mandate import DECIDING_ROLES
from teams.cooperation import matter_choices

Ground, Purpose = CooperationAgreement.Ground, CooperationAgreement.Purpose
USUAL = {
    Ground.KL_9_37: [Purpose.TEAMS, Purpose.DECISIONS],
    Ground.KL_9_19: [Purpose.PLANS, Purpose.DECISIONS],
    Ground.HSL_16_3: [Purpose.PLANS, Purpose.TEAMS],
    Ground.OTHER: [Purpose.SUPPORT],
}
ROLES = [(role.value, role.label) for role in DECIDING_ROLES]


class Boxes(forms.CheckboxSelectMultiple):
    """A long list to tick in, narrowed by typing (filter.js); without script it is the list itself, by county."""

    template_name = "forms/filtered.html"


class Parties(forms.ModelMultipleChoiceField):
    widget = Boxes

    def grouped(self, found):
        self.queryset = Authority.objects.filter(pk__in=[one.pk for one in found])
        county = groupby(found, key=lambda one: one.region.county_name if one.region_id else "Övriga")
        self.choices = [(name, [(str(one.pk), one.name) for one in group]) for name, group in county]


class AgreementForm(forms.Form):
    """What is proposed. The ground is chosen before, and decides who can be asked."""

    others = Parties(
        label="Med vem", queryset=Authority.objects.none(), error_messages={"required": "Välj minst en annan part."}
    )
    purposes = forms.MultipleChoiceField(
        label="Ändamål",
        choices=[(one.value, one.label.capitalize()) for one in Purpose],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    purpose = forms.CharField(label="Ändamål med egna ord", max_length=300, required=False)
    programmes = forms.MultipleChoiceField(
        label="Program", choices=CooperationAgreement.Programme.choices, widget=forms.CheckboxSelectMultiple,
        initial=["adult", "child"],
    )  # fmt: skip
    we_do = forms.CharField(label="Vad ni gör", max_length=300, required=False)
    they_do = forms.CharField(label="Vad de andra gör", max_length=300, required=False)
    oversight = forms.ChoiceField(
        label="Insyn för regionkoordinatorn", choices=CooperationAgreement.Oversight.choices,
        widget=forms.RadioSelect, initial="none",
    )  # fmt: skip
    overseer = forms.ChoiceField(
        label="Vems regionkoordinator", required=False, choices=[("ours", "vår"), ("theirs", "den andra partens")],
        initial="ours", widget=forms.RadioSelect,
    )  # fmt: skip
    theirs_decide = forms.MultipleChoiceField(
        label="Vad deras anställda får besluta åt er", choices=matter_choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    theirs_role = forms.ChoiceField(label="Vilka hos dem", choices=ROLES, required=False, initial="unit_manager")
    ours_decide = forms.MultipleChoiceField(
        label="Vad era anställda får besluta åt dem", choices=matter_choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    ours_who = forms.ChoiceField(label="Vilka hos er", required=False)
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt betyder tills vidare.")
    notice_months = forms.IntegerField(
        label="Uppsägningstid, månader", min_value=0, max_value=24, initial=3,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    one_of = ("purposes", "purpose")

    def __init__(self, *args, by, ground, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.ground = by, ground
        today = timezone.localdate()
        self.fields["others"].grouped(choosable(by, ground, on=today))
        self.fields["purposes"].initial = [str(one) for one in USUAL[ground]]
        if not rule_of(ground, on=today).values.get("mandates"):
            for name in ("theirs_decide", "theirs_role", "ours_decide", "ours_who"):
                del self.fields[name]
        else:
            self.fields["ours_who"].choices = [*_roles("Alla i rollen"), ("En person", _own_deciders(by))]
            self.fields["ours_who"].initial = "unit_manager"

    def clean(self):
        data = super().clean()
        if not data.get("purposes") and not (data.get("purpose") or "").strip():
            self.add_error("purposes", "Välj minst ett ändamål eller skriv ett med egna ord.")
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "Sista dagen ligger före första dagen.")
        return data

    @property
    def given(self):
        """As ``propose_agreement`` takes it."""
        data, others = self.cleaned_data, list(self.cleaned_data["others"])
        names = ("purposes", "purpose", "programmes", "oversight", "starts_on", "ends_on", "notice_months")
        does = {self.by.authority_id: data["we_do"], **{other.pk: data["they_do"] for other in others}}
        theirs = next((one for one in others if one.is_social), None)
        overseer = theirs if data["overseer"] == "theirs" else None
        return {
            "others": others, "ground": self.ground, "does": does, "overseer": overseer,
            "mandates": list(self._mandates(others)), **{name: data[name] for name in names},
        }  # fmt: skip

    def _mandates(self, others):
        data = self.cleaned_data
        for other in others:
            if data.get("theirs_decide"):
                yield {"board": self.by.authority, "employer": other, "kinds": data["theirs_decide"],
                       "role": data["theirs_role"]}  # fmt: skip
            if data.get("ours_decide"):
                who = data["ours_who"]
                holder = {"role": who} if who in dict(ROLES) else {"membership": _member(self.by, who)}
                yield {"board": other, "employer": self.by.authority, "kinds": data["ours_decide"], **holder}


def _roles(heading):
    return [(heading, ROLES)]


def _deciders(by):
    own = Membership.objects.filter(authority_id=by.authority_id, role__in=DECIDING_ROLES)
    return own.in_force(on=timezone.localdate()).select_related("user").order_by("user__name", "pk")


def _own_deciders(by):
    return [(str(one.pk), f"{one.user.name}, {one.get_role_display().lower()}") for one in _deciders(by)]


def _member(by, key):
    return _deciders(by).get(pk=key)


class NoticeForm(forms.Form):
    leaves_on = DateField(label="Sista dagen")


class MandateForm(forms.Form):
    """One's own board lets somebody employed elsewhere decide."""

    employer = forms.ModelChoiceField(label="Anställd hos", queryset=Authority.objects.none(), empty_label=None)
    role = forms.ChoiceField(label="Vilka där", choices=ROLES, initial="unit_manager")
    kinds = forms.MultipleChoiceField(
        label="Vad mandatet gäller",
        choices=matter_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Välj vad mandatet gäller."},
    )
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt: så länge överenskommelsen gäller.")

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = Authority.objects.filter(pk__in=[other.pk for other in others])


class MandateEndForm(forms.Form):
    ends_on = DateField(label="Sista dagen", initial=timezone.localdate)
