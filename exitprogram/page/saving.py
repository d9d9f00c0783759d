"""Answers of a form that saves itself, and of one whose text somebody else has saved meanwhile."""

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone

from exitprogram.errors import Refused


def is_autosave(request):
    return request.headers.get("X-Autosave") == "1"


def whole_number(text):
    """The version that a form was made from; 0, which no saved row has, for anything but a few plain digits. What
    ``isdigit`` calls a digit ``int`` may refuse («²»), and a number without end costs without end."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else 0


def saved(version):
    """What the page needs to say «Sparat 14:02» and to send the right version next time."""
    return JsonResponse({"saved": timezone.localtime().strftime("%H:%M"), "version": version})


def not_saved(sentence, form=None):
    """With a form: also what is wrong where, which the page puts at each field."""
    faults = {name: errors[0] for name, errors in form.errors.items()} if form is not None else {}
    return JsonResponse({"why": sentence, **({"faults": faults} if faults else {})}, status=422)


def both_versions(request, *, mine, theirs, saved_by, saved_at, seen_version):
    """The part of the page where one of two texts is chosen; status 409."""
    context = {"mine": mine, "theirs": theirs, "saved_by": saved_by, "saved_at": saved_at, "seen_version": seen_version}
    return render(request, "parts/conflict.html", context, status=409)


def tried(form, act, /, **kwargs):
    """Carry out an operation for a form: its result, or None with the refusal's sentence on the form."""
    try:
        return act(**kwargs)
    except Refused as why:
        form.add_error(None, str(why))
        return None
