from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.forms.numbers import NumberFields
from cases.models import Case, CaseNote, Consent, Individual, NoteAddition
from exitprogram.page.forms import DateField
from exitprogram.tenancy.models import Authority, CooperationAgreement

NOT_KNOWN = ("unknown", "Inte känt än")
TARGET_GROUPS = {
    Case.Programme.ADULT: [
        ("prostitution", "Utsatt för prostitution"),
        ("trafficking", "Utsatt för människohandel för sexuella ändamål"),
        ("pornography", "Utsatt vid framställning eller spridning av pornografi"),
        ("similar", "Utsatt under liknande omständigheter"),
        NOT_KNOWN,
    ],
    Case.Programme.CHILD: [
        ("sexual_exploitation", "Utsatt för sexuell exploatering"),
        ("trafficking", "Utsatt för människohandel för sexuella ändamål"),
        ("images", "Avbildad i spridda bilder"),
        ("similar", "Utsatt under liknande omständigheter"),
        NOT_KNOWN,
    ],
}

PROTECTION_HELP = (
    "Med skydd förseglas namnet och personen syns bara för dem som har ärendet. Fingerade personuppgifter antecknas"
    " aldrig: skriv bara den nya identiteten och ingenting som leder till den gamla."
)
LOCAL_THREAT = "Hotbild enligt er egen bedömning"
LOCAL_THREAT_HELP = "Skyddar uppgifterna på samma sätt, också utan beslut från Skatteverket."


def text(label, rows=3, required=False, **more):
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}), **more)


class CaseForm(forms.Form):
    programme = forms.ChoiceField(label="Program", choices=Case.Programme.choices, widget=forms.RadioSelect,
                                  initial=Case.Programme.ADULT)  # fmt: skip
    contact_way = forms.ChoiceField(label="Hur kontakten kom", choices=[("", "Välj"), *Case.ContactWay.choices])
    target_group = forms.ChoiceField(  # of the chosen programme: page.js leaves only its group
        label="Vad personen är utsatt för", widget=forms.Select(attrs={"data-follows": "programme"}),
        choices=[("", "Välj"), *((Case.Programme(code).label, groups) for code, groups in TARGET_GROUPS.items())],
    )  # fmt: skip
    target_text = forms.CharField(label="Med egna ord", required=False, max_length=300,
                                  help_text="Behövs när omständigheterna är liknande.")  # fmt: skip

    def clean(self):
        data = super().clean()
        group, programme = data.get("target_group"), data.get("programme")
        if group and programme and group not in dict(TARGET_GROUPS[programme]):
            self.add_error("target_group", "Det valet hör till det andra programmet.")
        if group == "similar" and not data.get("target_text"):
            self.add_error("target_text", "Beskriv omständigheterna kort.")
        return data


class KnownForm(forms.Form):
    """What is known of the person. Filled in later as it becomes known."""

    name = forms.CharField(label="Namn", max_length=120, required=False, help_text="Lämna tomt om namnet inte är känt.")
    alias = forms.CharField(label="Kallas", max_length=80, required=False)
    birth_date = DateField(label="Födelsedag", required=False)
    gender = forms.ChoiceField(
        label="Kön, som personen själv säger", required=False,
        choices=[("", "Inte frågat"), *Individual.Gender.choices],
        help_text="Frivilligt. Visas aldrig i någon lista, räknas bara samman för många.",
    )  # fmt: skip
    protection = forms.ChoiceField(
        label="Skydd", choices=Individual.Protection.choices, help_text=PROTECTION_HELP,
    )  # fmt: skip
    local_threat = forms.BooleanField(label=LOCAL_THREAT, required=False, help_text=LOCAL_THREAT_HELP)
    language = forms.CharField(label="Språk", max_length=40)
    needs_interpreter = forms.BooleanField(label="Behöver tolk", required=False)
    one_of = ("name", "alias")  # a number does as well


class PersonForm(CaseForm, NumberFields):
    name = forms.CharField(label="Namn", max_length=120, required=False, help_text="Lämna tomt om namnet inte är känt.")
    alias = forms.CharField(label="Kallas", max_length=80, required=False)
    birth_date = DateField(label="Födelsedag", required=False, help_text="Om numret inte är känt.")
    protection = forms.ChoiceField(
        label="Skydd", choices=Individual.Protection.choices, help_text=PROTECTION_HELP,
    )  # fmt: skip
    local_threat = forms.BooleanField(label=LOCAL_THREAT, required=False, help_text=LOCAL_THREAT_HELP)
    language = forms.CharField(label="Språk", max_length=40, initial="svenska")
    needs_interpreter = forms.BooleanField(label="Behöver tolk", required=False)
    field_order = ["name", "alias", "number", "birth_date", "number_kind", "region", "country", "protection",
                   "local_threat", "language", "needs_interpreter"]  # fmt: skip
    one_of = ("name", "alias", "number")

    def clean(self):
        data = super().clean()
        if not any(data.get(key) for key in ("name", "alias", "number")):
            self.add_error("alias", "Skriv namn, vad personen kallas eller ett nummer.")
        return data

    PERSON = ("name", "alias", "birth_date", "protection", "local_threat", "language", "needs_interpreter")

    @property
    def person_fields(self):
        return {**{key: self.cleaned_data[key] for key in self.PERSON}, **self.number_fields}

    @property
    def case_fields(self):
        return {key: self.cleaned_data[key] for key in CaseForm.base_fields}


class PeriodForm(forms.Form):
    """How, when and for how long: shared by both kinds of consent."""

    form = forms.ChoiceField(label="Hur samtycket lämnades", choices=Consent.Form.choices, widget=forms.RadioSelect,
                             initial="oral")  # fmt: skip
    taken_on = DateField(label="Vilken dag", initial=timezone.localdate)
    ends_on = DateField(label="Gäller till och med", required=False, help_text="Tomt: tills det återkallas.")
    not_covering = text("Vad samtycket inte omfattar", rows=2)

    def clean(self):
        data = super().clean()
        taken, ends = data.get("taken_on"), data.get("ends_on")
        if taken and taken > timezone.localdate():
            self.add_error("taken_on", "Samtycket kan inte ha lämnats en dag som inte har varit.")
        if taken and ends and ends < taken:
            self.add_error("ends_on", "Sista dagen ligger före den första.")
        return data


class WaiverForm(PeriodForm):
    recipient = forms.ModelChoiceField(label="Vem får veta", queryset=Authority.objects.none(), empty_label="Välj")
    areas = forms.MultipleChoiceField(label="Vilka områden", choices=Area.choices, widget=forms.CheckboxSelectMultiple)
    field_order = ["recipient", "areas", "ends_on", "not_covering", "form", "taken_on"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        partners = CooperationAgreement.objects.partners_of(by)
        self.fields["recipient"].queryset = Authority.objects.filter(pk__in=partners)


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label="Slag", choices=CaseNote.Kind.choices)
    event_on = DateField(label="Händelsedag", initial=timezone.localdate)
    source = forms.CharField(label="Källa", max_length=120, help_text="Vem uppgiften kommer från.")
    fact = text("Vad som hänt och sagts", rows=6, required=True)
    assessment = text("Bedömning", rows=3, help_text="Hålls isär från fakta.")
    follow_up_on = DateField(label="Följ upp den", required=False, help_text="Ställer sig på Min dag när du signerat.")

    def clean_event_on(self):
        day = self.cleaned_data["event_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Händelsedagen ligger i framtiden.")
        return day


class AdditionForm(forms.Form):
    kind = forms.ChoiceField(label="Vad läggs till", choices=NoteAddition.Kind.choices, widget=forms.RadioSelect,
                             initial=NoteAddition.Kind.CORRECTION)  # fmt: skip
    text = text("Text", rows=4, required=True, help_text="Anteckningen ändras inte; detta står intill den.")


class SafeContactForm(forms.Form):
    channels = forms.CharField(label="Hur", max_length=200, required=False, help_text="Till exempel sms eller samtal.")
    hours = forms.CharField(label="När", max_length=200, required=False)
    code_word = forms.CharField(label="Ord att använda", max_length=200, required=False)
    never_answer = forms.CharField(
        label="Lägg på om", max_length=200, required=False, help_text="Vem som aldrig får svara, vad som är fel."
    )
    may_leave_message = forms.BooleanField(label="Meddelande får lämnas", required=False)


class MoveForm(forms.Form):
    extended_to = DateField(label="Ny dag")
    ground = forms.CharField(label="Varför", max_length=300)
