from datetime import timedelta

from django import forms
from django.utils import timezone

from exitprogram.page.forms import DateField


class ReviewForm(forms.Form):
    """A mark that still stands: since when, and until when it need not be looked at again."""

    since_on = DateField(label="Gäller sedan", help_text="Enligt beslutet, eller dagen då ni bedömde hotbilden.")
    review_on = DateField(label="Kontrolleras senast")

    def clean(self):
        data = super().clean()
        today, since, review = timezone.localdate(), data.get("since_on"), data.get("review_on")
        if since and since > today:
            self.add_error("since_on", "Skyddet kan inte ha börjat en dag som inte har varit.")
        if review and review <= today:
            self.add_error("review_on", "Nästa kontroll måste ligga framåt i tiden.")
        if review and review > today + timedelta(days=3 * 366):
            self.add_error("review_on", "Välj en dag inom tre år.")
        return data
