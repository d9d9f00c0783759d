"""Two rows that may be one person."""

from django import forms


class MergeForm(forms.Form):
    keep = forms.ChoiceField(label="Vilken ska visas", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Hur ni vet att det är samma person", widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = [(str(person.pk), label) for person, label in people]


class UndoMergeForm(forms.Form):
    reason = forms.CharField(
        label="Varför de inte är samma person", widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
