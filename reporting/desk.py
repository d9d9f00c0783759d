"""What of this room stands on *Min dag*."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from plans.asked import ASKING, Asked
from reporting.models import FlowQuestion
from teams.models import CoordinatorAppointment


def questions_to(by):
    """Unanswered, in the cases she coordinates or handles."""
    held = CoordinatorAppointment.objects.held_by(by, on=timezone.localdate()).filter(case=OuterRef("case"))
    found = FlowQuestion.objects.visible_to(by).unanswered().filter(Q(case__worker=by) | Exists(held))
    return [
        Asked(
            "Fråga", "Fråga från regionkoordinatorn", reverse("reporting:answer", args=[one.case_id, one.pk]),
            one.case.number, one.created_at,
        )
        for one in found.select_related("case").order_by("created_at", "pk")
    ]  # fmt: skip


ASKING.append(questions_to)
