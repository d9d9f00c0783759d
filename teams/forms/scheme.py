from django import forms
from django.core import signing
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Membership
from teams.delegation import LARGEST
from teams.forms.team import PersonChoice
from teams.models import DELEGABLE, DecisionKind, DelegationRow
from teams.models.scheme import DECIDERS

SALT = "teams.scheme.rows"
KEPT_SECONDS = 3600
TARGETS = [("", "Spelar ingen roll"), ("adult", "Vuxen"), ("child", "Barn")]


def limit(label):
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=LARGEST, widget=forms.NumberInput(attrs={"class": "short"}),
        help_text="Tomt: ingen gräns.",
    )  # fmt: skip


class RowForm(forms.Form):
    number = forms.CharField(label="Nummer", max_length=20, widget=forms.TextInput(attrs={"class": "short"}))
    kind = forms.ChoiceField(label="Ärende", choices=[("", "Välj"), *((k.value, k.label) for k in DELEGABLE)])
    law = forms.CharField(label="Lagrum", max_length=80)
    role = forms.ChoiceField(
        label="Roll", required=False,
        choices=[*((role.value, role.label) for role in DECIDERS), ("", "Ingen roll, en namngiven person")],
    )  # fmt: skip
    member = PersonChoice(
        label="Namngiven person", queryset=Membership._base_manager.none(), required=False, empty_label="Ingen",
        help_text="I stället för en roll. Ordningen behöver då ändras när personen slutar.",
    )  # fmt: skip
    max_amount = limit("Högst kronor")
    max_days = limit("Högst dagar")
    target = forms.ChoiceField(label="Målgrupp", choices=DelegationRow.Target.choices)
    conditions = forms.CharField(
        label="Villkor", max_length=300, required=False, help_text="Skriv aldrig något om en person här."
    )
    reported = forms.ChoiceField(label="Anmäls till nämnden", choices=DelegationRow.Reported.choices)
    how = forms.ChoiceField(label="Hur", choices=DelegationRow.How.choices)
    may_pass_on = forms.BooleanField(
        label="Får delegera vidare", required=False, help_text="Bara en namngiven förvaltningschef (KL 7:6)."
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Membership.objects.filter(authority_id=by.authority_id, role__in=DECIDERS)
        own = own.in_force(on=timezone.localdate()).select_related("user", "authority")
        self.fields["member"].queryset = own.order_by("user__name", "pk")


def sealed(by, rows):
    """Rows that were read and shown, in a form that nobody can change on the way back."""
    plain = [{**row, "member": str(row["member"].pk) if row["member"] else None} for row in rows]
    return signing.dumps([str(by.pk), plain], salt=SALT, compress=True)


def unsealed(by, text):
    """The same rows, or None when they are somebody else's, too old or not ours."""
    try:
        owner, rows = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    if owner != str(by.pk):
        return None
    wanted = [row["member"] for row in rows if row["member"]]
    staff = {str(m.pk): m for m in Membership.objects.filter(pk__in=wanted, authority_id=by.authority_id)}
    return [{**row, "member": staff.get(row["member"]) if row["member"] else None} for row in rows]


class AdoptForm(forms.Form):
    minute = forms.CharField(label="Nämndens protokollsparagraf", max_length=60, help_text="Till exempel SN § 12/2026.")
    minute_on = DateField(label="Nämndens beslut")
    valid_from = DateField(label="Gäller från och med")
    valid_to = DateField(label="Till och med", required=False, help_text="Tomt: tills vidare.")
    shown_for = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)


class WhoForm(forms.Form):
    """Asked by GET: nothing about a person in it."""

    kind = forms.ChoiceField(label="Ärende", choices=[("", "Välj"), *DecisionKind.choices])
    amount = forms.IntegerField(
        label="Kronor", required=False, min_value=0, max_value=LARGEST,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    days = forms.IntegerField(
        label="Dagar", required=False, min_value=0, max_value=LARGEST,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )  # fmt: skip
    target = forms.ChoiceField(label="Målgrupp", required=False, choices=TARGETS)
    on = DateField(label="Dag", required=False, help_text="Tomt: i dag.")
