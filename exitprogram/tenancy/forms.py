from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone

from exitprogram.page.forms import DateField
from exitprogram.tenancy.operations import ROLES_OF
from exitprogram.tenancy.roles import Role


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "E-postadressen och lösenordet hör inte ihop. Kontrollera och försök igen.",
        "inactive": "Kontot är avstängt.",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "E-post"
        self.fields["password"].label = "Lösenord"

    def clean_username(self):
        """One spelling, so that wrong attempts are counted together."""
        return self.cleaned_data["username"].strip().lower()


class AgainForm(forms.Form):
    password = forms.CharField(
        label="Lösenord", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ForgottenForm(forms.Form):
    email = forms.EmailField(label="E-post")


class MemberForm(forms.Form):
    name = forms.CharField(label="Namn", max_length=120)
    email = forms.EmailField(label="E-post i tjänsten")
    role = forms.ChoiceField(label="Roll")
    title = forms.CharField(label="Titel", max_length=80, required=False)
    starts_on = DateField(label="Från och med", initial=timezone.localdate)
    ends_on = DateField(label="Till och med", required=False, help_text="Tomt betyder tills vidare.")

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in Role if role in ROLES_OF[kind]]

    def clean(self):
        return _days_in_order(self)


def _days_in_order(form):
    data = form.cleaned_data
    if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
        form.add_error("ends_on", "Sista dagen ligger före första dagen.")
    return data


class EndForm(forms.Form):
    ends_on = DateField(label="Sista dagen")
