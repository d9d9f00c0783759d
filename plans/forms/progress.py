from django import forms

from exitprogram.page.forms import DateField


class MoveMeasureForm(forms.Form):
    """Another day for a measure, and why."""

    moved_to = DateField(label="Ny dag")
    why = forms.CharField(label="Varför", max_length=300)
