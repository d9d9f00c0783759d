"""A page of a case that is one form: heading, the law behind it, the fields, one button."""

from cases.door import case_page
from exitprogram.audit.reading import last_touch


def form_page(
    request, case, form, *, page, heading, button, back, lead="", said="", rules=(), knowledge="", version=None,
    conflict=None,
):  # fmt: skip
    """``back`` is (address, words). ``said``: the words that the form is about. ``rules`` are shown with their
    citations; ``knowledge`` is a place in exitprogram/knowledge/knowledge.toml."""
    context = {
        "form": form, "heading": heading, "button": button, "back_url": back[0], "back_label": back[1], "lead": lead,
        "said": said,
        "rules": rules, "knowledge": knowledge, "version": version, "conflict": conflict,
    }  # fmt: skip
    return case_page(request, "cases/file_form.html", case, context, page=page, status=409 if conflict else 200)


def both(form, row, theirs):
    """Two texts side by side, field by field: what is in the form, and what somebody else has saved meanwhile."""
    who, when = last_touch(row)
    return {
        "mine": _said(form, form.cleaned_data), "theirs": _said(form, theirs), "saved_by": who, "saved_at": when,
        "seen_version": row.version,
    }  # fmt: skip


def _said(form, values):
    return "\n".join(f"{field.label}: {_words(field, values[name])}" for name, field in form.fields.items())


def _words(field, value):
    """As the page says it: a choice by its words, a box by yes or no."""
    words = {}
    for code, label in getattr(field, "choices", ()):
        words.update(dict(label) if isinstance(label, list | tuple) else {code: label})
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, list):
        return ", ".join(str(words.get(one, one)) for one in value) or "–"
    return str(words.get(value, value) or "–")
