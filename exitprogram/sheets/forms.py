from django import forms

from exitprogram.sheets.book import LARGEST_FILE, TOO_LARGE


class SheetForm(forms.Form):
    file = forms.FileField(
        label="Kalkylblad (.xlsx)", widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="Inget sparas förrän du har sett vad som lästes.",
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        return file.read()
