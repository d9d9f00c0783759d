"""The administrator's own days of reminding: all kinds of clock, and one of them with what it would mean."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import operations
from cases import reminders as days
from cases.forms.reminders import ReminderForm
from cases.models import ReminderDays
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import tried
from exitprogram.tenancy.access import allow, once
from exitprogram.tenancy.roles import Permission

EXAMPLE = timedelta(days=90)


def _row(law, own, today):
    said = days.of_rule(law, on=today)
    held = days.within(law, own, on=today) if own else said
    return {
        "id": law.id, "label": days.label_of(law), "law": law, "own": own, "held": held, "said": said,
        "practice": days.is_practice(law), "latest": days.latest(law, on=today),
    }  # fmt: skip


@require_GET
@allow(Permission.ADMINISTER)
def reminders(request):
    own = {row.rule_id: row for row in ReminderDays.objects.visible_to(request.acting)}
    today = timezone.localdate()
    rows = [_row(law, own.get(rule_id), today) for rule_id, law in days.watched(today).items()]
    return render(request, "cases/reminders.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@allow(Permission.ADMINISTER)
@once
def reminder_edit(request, rule_id):
    """What it would mean is shown before it is saved, on an example day and with what the rule keeps."""
    today = timezone.localdate()
    law = days.watched(today).get(rule_id)
    if law is None:
        raise Http404
    own = ReminderDays.objects.visible_to(request.acting).filter(rule_id=rule_id).first()
    row = _row(law, own, today)
    form = ReminderForm(request.POST or None, initial=_initial(row))
    shown = row["held"]
    if request.method == "POST" and form.is_valid():
        if "show" in request.POST:
            tried(form, days.require_allowed, rule_id=rule_id, **form.days)
            shown = row["held"] if form.errors else form.chosen
        elif _saved(request, form, rule_id):
            messages.success(request, "Dagarna är sparade. De gäller det som börjar bevakas från och med nu.")
            return redirect("cases:reminders")
    day = today + EXAMPLE
    return render(request, "cases/reminder_form.html", {"form": form, "row": row, "day": day,
                                                        "around": list(shown.around(day))})  # fmt: skip


def _saved(request, form, rule_id):
    try:
        return operations.save_reminder_days(by=request.acting, rule_id=rule_id, **form.cleaned_data)
    except Stale as other:
        form.add_error(None, _changed_meanwhile(other.current))
    except Refused as why:
        form.add_error(None, str(why))
    return None


def _initial(row):
    return {
        "warn_days": ", ".join(str(ahead) for ahead in row["held"].warn), "escalate_days": row["held"].escalate,
        "version": row["own"].version if row["own"] else 0,
    }  # fmt: skip


def _changed_meanwhile(own):
    now = "regelns egna dagar"
    if own.version:
        held = days.Days(tuple(own.warn_days), own.escalate_days)
        now = f"{held.warn_words}, och cheferna {held.escalate_words}"
    return f"Någon annan har ändrat medan du skrev. Nu gäller {now}. Öppna sidan på nytt och välj."


@require_POST
@allow(Permission.ADMINISTER)
@once
def reminder_restore(request, rule_id):
    try:
        operations.restore_reminder_days(by=request.acting, rule_id=rule_id)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "Det gäller åter som regeln säger.")
    return redirect("cases:reminders")
