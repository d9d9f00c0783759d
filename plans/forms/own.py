"""What a contributor says of her own measure, and of her own part in a team."""

from django import forms

from cases.forms import text
from exitprogram.page.forms import DateField


class StuckForm(forms.Form):
    until = DateField(label="När vet du mer, eller när kan den bli klar?")
    why = text("Varför den står still", rows=2, required=True, help_text="En mening räcker. Samordnaren läser den.")


class LeaveOwnForm(forms.Form):
    reason = forms.CharField(label="Varför", max_length=200, initial="Byter arbete.")
    successor = forms.CharField(
        label="Vem tar över?", max_length=200, required=False,
        help_text="Namn, arbetsplats och e-post. Det är ett förslag: samordnaren bjuder in.",
    )  # fmt: skip
