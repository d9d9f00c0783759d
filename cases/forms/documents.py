from django import forms
from django.utils import timezone

from cases.areas import Area
from cases.cover import covers, towards
from cases.models import AccessGrant, Case, Document
from cases.pictures import Shows, refuse_exploitation
from exitprogram.errors import Refused
from exitprogram.page.forms import DateField
from exitprogram.scan.content import KINDS, checked, too_large
from exitprogram.tenancy.models import Authority, Membership


class ReadersForm(forms.Form):
    """Who reads one paper. Outside the board nobody does until ticked, and then only what something covers."""

    open_to = forms.ChoiceField(
        label="Vem hos oss får läsa", choices=Document.OpenTo.choices, widget=forms.RadioSelect,
        initial=Document.OpenTo.CASE,
    )  # fmt: skip
    members = forms.ModelMultipleChoiceField(
        label="De som väljs", queryset=Membership._base_manager.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text="Gäller bara när inte alla hos er får läsa.",
    )  # fmt: skip
    parties = forms.ModelMultipleChoiceField(
        label="Parter utanför nämnden", queryset=Authority.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Bara de som något samtycke eller undantag täcker i dag. Läser gör de som är med i teamet.",
    )  # fmt: skip

    def __init__(self, *args, by, case, area="", **kwargs):
        super().__init__(*args, **kwargs)
        today, self.case, self.area = timezone.localdate(), case, area
        grants = AccessGrant.objects.on_day(today).filter(content_object=case).exclude(membership_id=by.pk)
        people = Membership.objects.filter(pk__in=grants.values("membership_id"), authority_id=case.authority_id)
        covered = {cover.recipient_id for cover in covers(case, on=today)}
        self.fields["members"].queryset = people.select_related("user").order_by("user__name", "pk")
        self.fields["members"].label_from_instance = lambda member: member.user.name
        self.fields["parties"].queryset = Authority.objects.filter(pk__in=covered)
        for name in ("members", "parties"):
            if not self.fields[name].queryset.exists():
                del self.fields[name]

    def clean(self):
        data = super().clean()
        area = data.get("area") or self.area
        for party in data.get("parties") or ():
            if area and not any(area in c.areas for c in towards(self.case, party.pk, on=timezone.localdate())):
                self.add_error("parties", f"Inget täcker området {Area(area).label.lower()} för {party.name} i dag.")
        return data

    @property
    def readers(self):
        data = self.cleaned_data
        named = data["open_to"] == Document.OpenTo.NAMED
        return {
            "open_to": data["open_to"], "members": list(data.get("members") or ()) if named else [],
            "parties": list(data.get("parties") or ()),
        }  # fmt: skip


class DocumentForm(ReadersForm):
    file = forms.FileField(
        label="Fil", help_text=f"{KINDS}. Plats och kamera tas bort ur bilder.", allow_empty_file=True,
        error_messages={"required": "Välj en fil.", "missing": "Välj en fil."},
    )  # fmt: skip
    title = forms.CharField(label="Vad det är", max_length=120, help_text="Till exempel: intyg om vård.")
    kind = forms.ChoiceField(label="Slag", choices=Document.Kind.choices)
    area = forms.ChoiceField(label="Område", choices=Area.choices)
    received_from = forms.CharField(label="Vem den kom från", max_length=120)
    received_on = DateField(label="Dag den kom", initial=timezone.localdate)
    shows = forms.ChoiceField(
        label="Om det är en bild: vad visar den?", choices=Shows.choices, widget=forms.RadioSelect, required=False,
        help_text="Bilder och filmer av någon som utnyttjas tas aldrig emot.",
    )  # fmt: skip
    field_order = [
        "file", "shows", "title", "kind", "area", "received_from", "received_on", "open_to", "members", "parties",
    ]  # fmt: skip

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, case=case, **kwargs)
        if case.programme != Case.Programme.CHILD:
            del self.fields["shows"]
        self.order_fields(self.field_order)

    def clean_file(self):
        given = self.cleaned_data["file"]
        try:
            if "shows" in self.fields:  # before a byte of it is read
                refuse_exploitation(
                    name=given.name, title=self.data.get("title", ""), shows=self.data.get("shows", ""),
                    on=timezone.localdate(),
                )  # fmt: skip
            if given.size > self.largest():
                raise Refused(too_large())
            return checked(given.name, given.read())
        except Refused as why:
            raise forms.ValidationError(str(why)) from why

    @staticmethod
    def largest():
        from django.conf import settings

        return settings.LARGEST_FILE

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dagen ligger i framtiden.")
        return day

    @property
    def paper(self):
        names = ("file", "title", "kind", "area", "received_from", "received_on")
        shown = {"shows": self.cleaned_data["shows"]} if "shows" in self.fields else {}
        return {name: self.cleaned_data[name] for name in names} | self.readers | shown


class StatementForm(forms.Form):
    """About one guardian, or the individual: yes or no, and why. No by default."""

    who = forms.ChoiceField(
        label="Vem gäller det", widget=forms.RadioSelect, initial="guardian",
        choices=[("guardian", "En vårdnadshavare"), ("individual", "Personen själv")],
    )  # fmt: skip
    name = forms.CharField(label="Vårdnadshavarens namn", max_length=120, required=False)
    may_read = forms.ChoiceField(
        label="Får handlingen lämnas ut", widget=forms.RadioSelect, choices=[("no", "Nej"), ("yes", "Ja")],
        initial="no",
    )  # fmt: skip
    ground = forms.CharField(label="Grund", max_length=300, help_text="Till exempel att utlämnandet kan skada barnet.")

    def clean(self):
        data = super().clean()
        if data.get("who") == "guardian" and not (data.get("name") or "").strip():
            self.add_error("name", "Skriv vårdnadshavarens namn.")
        return data

    @property
    def statement(self):
        data = self.cleaned_data
        guardian = data["who"] == "guardian"
        return {
            "kind": data["who"], "name": data["name"].strip() if guardian else "", "ground": data["ground"],
            "may_read": data["may_read"] == "yes",
        }  # fmt: skip
