"""One line of the plan, opened in place or on a page of its own: the same view, form and refusals for both."""

from django.shortcuts import redirect
from django.urls import reverse

from cases.door import case_page
from exitprogram.audit.reading import last_touch
from exitprogram.errors import Refused, Stale
from exitprogram.page.saving import both_versions, is_autosave, not_saved, saved


def to_line(version_id, line):
    """Back to the plan, at this line."""
    return redirect(f"{reverse('plans:version', args=[version_id])}?rad={line}#rad-{line}")


def line_page(request, templates, case, context, *, status=200):
    """The form as it is opened in place, or the page of its own that it is without script."""
    inside, alone = templates
    return case_page(request, inside if request.htmx else alone, case, context, page="plan", status=status)


def keep(request, form, *, save, page, both, done):
    """Save what was typed, whoever asks: ``save(seen)`` gives the new mark of the row, ``page(form, seen, …)`` shows
    the form again, ``both(form, theirs)`` tells the two versions apart, ``done()`` leads on."""
    autosave, choice = is_autosave(request), request.POST.get("keep")
    if choice == "theirs":
        return done()
    # A stale form stays stale until one of the texts is chosen, also when it had a fault of its own.
    seen = request.POST.get("seen_version" if choice == "mine" else "version", "")
    if not form.is_valid():
        return not_saved("Något behöver rättas.", form) if autosave else page(form, seen)
    try:
        mark = save(seen)
    except Stale as stale:
        texts = both(form, stale.current)
        return both_versions(request, **texts) if autosave else page(form, seen, conflict=texts, status=409)
    except Refused as why:
        form.add_error(None, str(why))
        return not_saved(str(why), form) if autosave else page(form, seen)
    return saved(mark) if autosave else done()


def told_apart(form, old, theirs, mark):
    """Only what differs, mine beside theirs, in words. ``old`` is the form as theirs would fill it."""
    shown = {name: (_in_words(form[name]), _in_words(old[name])) for name in form.fields if name in old.fields}
    differs = {form.fields[name].label: pair for name, pair in shown.items() if pair[0] != pair[1]}
    who, when = last_touch(theirs)
    return {
        "mine": "\n".join(f"{label}: {mine or '–'}" for label, (mine, _) in differs.items()),
        "theirs": "\n".join(f"{label}: {others or '–'}" for label, (_, others) in differs.items()),
        "saved_by": who, "saved_at": when, "seen_version": mark,
    }  # fmt: skip


def _in_words(bound):
    """A choice by its label, anything else as it was typed."""
    value = bound.value()
    if value in (None, "") or bound.is_hidden:
        return ""
    named = {str(code): str(label) for code, label in getattr(bound.field, "choices", ())}
    return named.get(str(value), str(value).replace("\r\n", "\n"))
