from django import forms

from reporting.costs.assumptions import FIELDS, GROUPS, SOURCES, faults

ZERO_IS_AN_ANSWER = ("increase", "fixed", "share")  # nothing is assumed of the others


def _numbers():
    for code, _heading, _unit, _about, names in GROUPS:
        for name, label in names.items():
            more = {"initial": 0} if code in ZERO_IS_AN_ANSWER else {}
            attrs = {"class": "short", "inputmode": "decimal" if name == "increase" else "numeric"}
            if name == "increase":
                field = forms.DecimalField(
                    label=label, max_digits=4, decimal_places=1, localize=True, widget=forms.TextInput(attrs=attrs),
                    **more,
                )  # fmt: skip
            else:
                field = forms.IntegerField(label=label, widget=forms.NumberInput(attrs=attrs), **more)
            yield name, field
        yield (
            f"{code}_source",
            forms.CharField(label="Källa", max_length=300, required=False, help_text="Var siffrorna kommer från."),
        )


class EstimateForm(forms.Form):
    """The assumptions, in the groups that they are stated in."""

    one_of = SOURCES  # needed where something is assumed, so none of them says that it is free

    name = forms.CharField(label="Beräkningens namn", max_length=120,
                           error_messages={"required": "Skriv vad beräkningen heter."})  # fmt: skip
    first_year = forms.IntegerField(label="Första året", widget=forms.NumberInput(attrs={"class": "short"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(_numbers())

    def groups(self):
        """[(code, heading, about, unit, fields, source)]"""
        return [
            (code, heading, about, unit, [self[name] for name in names], self[f"{code}_source"])
            for code, heading, unit, about, names in GROUPS
        ]

    def clean(self):
        data = super().clean()
        if not self.errors:
            for name, sentence in faults(data).items():
                self.add_error(name, sentence)
        return data


def as_stated(estimate):
    return {name: getattr(estimate, name) for name in FIELDS}
