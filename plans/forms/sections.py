from django import forms

from cases.forms import text
from plans.models import Section
from plans.section_text import PARTS, put_together, taken_apart


class SectionForm(forms.Form):
    """Saves itself while one types, so nothing is required until it is signed."""

    needed_later = True

    what = text(PARTS["what"], rows=5, help_text="Det går bra att klistra in ur den egna journalen.")
    who = forms.CharField(label=PARTS["who"], required=False)
    when = forms.CharField(label=PARTS["when"], required=False)
    follow_up = forms.CharField(label=PARTS["follow_up"], required=False)

    @classmethod
    def of(cls, section):
        return cls(initial=taken_apart(section.text))

    @property
    def text(self):
        return put_together(self.cleaned_data)


class DeclineForm(forms.Form):
    kind = forms.ChoiceField(
        label="Varför", choices=[c for c in Section.Declined.choices if c[0] != Section.Declined.LEFT],
        widget=forms.RadioSelect,
    )  # fmt: skip
    because = text(
        "Med en mening", rows=2, required=True,
        help_text="Samordnaren läser det. Vet du vem som borde tillfrågas i stället, skriv det här.",
    )  # fmt: skip
