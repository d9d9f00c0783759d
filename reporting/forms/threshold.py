from django import forms

from reporting.models.threshold import LEAST, MOST


class ThresholdForm(forms.Form):
    least = forms.IntegerField(
        label="Minsta antal personer som visas", min_value=LEAST, max_value=MOST,
        help_text=f"Från {LEAST} till {MOST}. Det som är färre visas som ett streck.",
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={
            "required": f"Skriv ett tal från {LEAST} till {MOST}.", "invalid": "Skriv ett helt tal.",
            "min_value": f"Aldrig färre än {LEAST}.", "max_value": f"Högst {MOST}.",
        },
    )  # fmt: skip
