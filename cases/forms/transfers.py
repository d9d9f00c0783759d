from uuid import UUID

from django import forms
from django.utils import timezone

from cases.forms import text
from cases.forms.disclosures import PiecesForm
from cases.models import Case
from cases.receivers import receivers
from exitprogram.tenancy.models import Authority, Membership
from exitprogram.tenancy.roles import Role


class TransferForm(forms.Form):
    recipient = forms.ModelChoiceField(
        label="Till vilken nämnd", queryset=Authority.objects.all(), empty_label="Välj",
        help_text="Nämnder som har en enhetschef i systemet. Till andra begärs det på papper.",
    )  # fmt: skip
    reason = text("Varför ärendet bör flyttas över", rows=3, required=True)
    needed = text("Vad den nämnden behöver veta för att ta ställning", rows=5, required=True,
                  help_text="Det är allt de ser tills de svarat ja. Skriv inget om var personen är.")  # fmt: skip

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        boards = {one.authority_id for one in receivers(case) if one.is_manager}
        self.fields["recipient"].queryset = Authority.objects.filter(pk__in=boards)


class HandOverForm(PiecesForm):
    receiver = forms.TypedChoiceField(label="Vem tar emot", coerce=UUID)

    def __init__(self, *args, by, case, transfer, **kwargs):
        super().__init__(*args, by=by, case=case, **kwargs)
        there = [one for one in receivers(case) if one.authority_id == transfer.recipient_id]
        there.sort(key=lambda one: one.pk != transfer.answered_by_id)  # the one who said yes comes first
        self.fields["receiver"].choices = [(str(one.pk), one.words) for one in there]


class AnswerTransferForm(forms.Form):
    reason = text("Skäl", rows=3, help_text="Behövs om nämnden inte tar över. Den som har begärt det läser detta.")


class GiveTransferForm(forms.Form):
    membership = forms.ModelChoiceField(label="Socialsekreterare", queryset=None, empty_label="Välj")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        own = Membership.objects.visible_to(by).in_force(on=timezone.localdate()).filter(authority=by.authority)
        own = own.filter(role=Role.SOCIAL_WORKER).select_related("user", "authority")
        self.fields["membership"].queryset = own.order_by("user__name", "pk")
        self.fields["membership"].label_from_instance = lambda member: member.user.name


class TakeOverForm(forms.Form):
    case = forms.ModelChoiceField(label="Vårt eget ärende", queryset=None, empty_label="Välj")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = Case.objects.visible_to(by).active().order_by("-opened_on", "number")
