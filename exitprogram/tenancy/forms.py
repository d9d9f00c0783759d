from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tenancy.identities import only_way_in
from exitprogram.tenancy.models import FactorReset
from exitprogram.tenancy.operations import ROLES_OF
from exitprogram.tenancy.roles import GIVES, Role


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "E-postadressen och lösenordet hör inte ihop. Kontrollera och försök igen.",
        "inactive": "Kontot är avstängt.",
        "another_way": "Du loggar in med %(provider)s.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-post"
        self.fields["password"].label = "Lösenord"

    def confirm_login_allowed(self, user):
        """Asked when the password was right: to anybody else it says nothing."""
        super().confirm_login_allowed(user)
        if provider := only_way_in(user):
            raise forms.ValidationError(
                self.error_messages["another_way"], code="another_way", params={"provider": provider}
            )

    def clean_username(self):
        """One spelling, so that wrong attempts are counted together."""
        return self.cleaned_data["username"].strip().lower()


class AgainForm(forms.Form):
    password = forms.CharField(
        label="Lösenord", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Kod", max_length=40, help_text="Sex siffror från appen, eller en av dina reservkoder.",
        error_messages={"required": "Skriv koden som appen visar."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )  # fmt: skip


class AppForm(CodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Koden som appen visar"
        self.fields["code"].help_text = "Sex siffror. De visar att appen har fått nyckeln."


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label="Vad ska den heta?", max_length=60, initial="Min passnyckel",
        help_text="Så att du känner igen den, till exempel Jobbdatorn eller Nyckelringen.",
    )  # fmt: skip
    credential = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)


class ResetForm(forms.Form):
    how = forms.ChoiceField(
        label="Hur vet du att det är rätt person?", choices=FactorReset.How.choices, widget=forms.RadioSelect,
        help_text="Ett telefonsamtal, sms eller brev räcker inte, hur bråttom det än är.",
    )  # fmt: skip


class ForgottenForm(forms.Form):
    email = forms.EmailField(label="E-post")


def least_role(kind):
    """The role that gives least, of those that an employer of this kind can give: what is chosen beforehand."""
    return min(ROLES_OF[kind], key=lambda role: (len(GIVES[role]), role.value))


class StaffChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, membership):
        return membership.user.name


def unit_field(units, **more):
    return forms.ModelChoiceField(
        units, label="Enhet", required=False, empty_label="Ingen enhet",
        help_text="Det som blivit för sent visas för enhetens chefer.", **more,
    )  # fmt: skip


class MemberForm(forms.Form):
    """The last day is asked for: *tills vidare* is a choice, never what one forgot."""

    name = forms.CharField(label="Namn", max_length=120)
    email = forms.EmailField(label="E-post i tjänsten")
    role = forms.ChoiceField(label="Roll", help_text="Den som ger minst är vald. Välj en annan om arbetet kräver det.")
    title = forms.CharField(label="Titel", max_length=80, required=False)
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med", required=False)
    for_now = forms.BooleanField(label="Tills vidare", required=False)
    one_of = ("ends_on", "for_now")

    def __init__(self, *args, kind, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in ROLES_OF[kind]]
        self.fields["role"].initial = least_role(kind)
        self.fields["unit"] = unit_field(units)
        if not units:
            del self.fields["unit"]
        self.order_fields(["name", "email", "role", "unit"])

    def clean(self):
        data = _days_in_order(self)
        if "ends_on" not in self.errors and bool(data.get("ends_on")) == bool(data.get("for_now")):
            self.add_error("ends_on", "Skriv sista dagen, eller kryssa i Tills vidare.")
        return data

    @property
    def given(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "for_now"}


class PlaceForm(forms.Form):
    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"] = unit_field(units)


class UnitForm(forms.Form):
    name = forms.CharField(label="Enhetens namn", max_length=80)
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt betyder tills vidare.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, managers, unit=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        del self.fields["version" if unit is None else "starts_on"]
        self.fields["managers"] = StaffChoice(
            managers, label="Vem leder enheten", required=False, widget=forms.CheckboxSelectMultiple,
            help_text="Utan chef får nämndens alla enhetschefer veta det som blivit för sent.",
        )  # fmt: skip
        self.order_fields(["name", "managers"])

    def clean(self):
        data = _days_in_order(self)
        if self.unit and data.get("ends_on") and data["ends_on"] < self.unit.starts_on:
            self.add_error("ends_on", "Sista dagen ligger före första dagen.")
        return data

    @property
    def given(self):
        return {**self.cleaned_data, "managers": list(self.cleaned_data["managers"])}


class LetterheadForm(forms.Form):
    name = forms.CharField(label="Nämndens namn i brev", max_length=120)
    postal = forms.CharField(label="Postadress", max_length=200, required=False)
    visiting = forms.CharField(label="Besöksadress", max_length=200, required=False)
    telephone = forms.RegexField(
        r"^[0-9+()\- ,och]*$", label="Telefon", max_length=60, required=False,
        error_messages={"invalid": "Skriv numret med siffror, till exempel 0278-250 00."},
    )  # fmt: skip
    email = forms.EmailField(label="E-post", required=False)
    hours = forms.CharField(label="Öppettider", max_length=200, required=False)
    appeal = forms.CharField(
        label="Mer om hur man överklagar", max_length=400, required=False, widget=forms.Textarea,
        help_text="Det lagen kräver står alltid i brevet: vart, hur, inom vilken tid. Skriv bara det som är ert eget.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


def _days_in_order(form):
    data = form.cleaned_data
    if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
        form.add_error("ends_on", "Sista dagen ligger före första dagen.")
    return data


class EndForm(forms.Form):
    ends_on = DateField(label="Sista dagen")
