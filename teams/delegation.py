"""What a delegation scheme may say: the law's own limits on a row, that nothing is left with nobody, and what differs
between two versions. Rows are dicts of ``FIELDS``, as a form or a sheet gives them, or ``as_dict`` of a saved one."""

import functools
import re
import tomllib
from collections import Counter
from pathlib import Path

from exitprogram.page.templatetags.page import sv_number
from teams.matters import AMOUNT, DAYS, all_matters, delegable, matter
from teams.models import DelegationRow, DelegationScheme
from teams.models.scheme import DECIDERS

TARGETS = {"adult": "vuxna", "child": "barn"}
DEFAULTS = {
    "number": "", "kind": "", "law": "", "role": "", "member": None, "max_amount": None, "max_days": None,
    "target": DelegationRow.Target.ALL, "conditions": "", "may_pass_on": False,
    "reported": DelegationRow.Reported.NEXT, "how": DelegationRow.How.LIST,
}  # fmt: skip
LABELS = {
    "number": "nummer", "law": "lagrum", "max_amount": "högst kronor", "max_days": "högst dagar",
    "conditions": "villkor", "may_pass_on": "vidaredelegation", "reported": "anmäls", "how": "hur",
}  # fmt: skip
LONGEST = {"number": 20, "law": 80, "conditions": 300}
LARGEST = 2_000_000_000


def as_dict(row):
    return {name: getattr(row, name) for name in DEFAULTS}


def holder_of(row):
    """Role or person, as shown."""
    member = row["member"]
    return member.user.name if member else dict(DelegationRow._meta.get_field("role").choices).get(row["role"], "")


def faults_of_row(row):
    """Sentences about what this row may not say, by the rule that says so."""
    try:
        about = matter(row["kind"])
    except KeyError:
        return ["Ärendet finns inte i listan över vad som kan beslutas."]
    if about.committee_only:
        return [f"{about.label}: {about.refusal}"]
    return [*_holder(row), *_limits(row, about), *_words(row)]


def _holder(row):
    if bool(row["role"]) == bool(row["member"]):
        yield "Ange en roll eller en namngiven person, inte båda."
    elif row["role"] and row["role"] not in DECIDERS:
        yield "Beslutanderätt kan bara lämnas till den egna nämndens anställda i socialtjänsten (KL 7:5)."
    elif row["member"] and row["member"].role not in DECIDERS:
        yield f"{row['member'].user.name} arbetar inte i den egna nämndens socialtjänst (KL 7:5)."
    if row["may_pass_on"] and not row["member"]:
        yield "Bara en förvaltningschef kan få delegera vidare (KL 7:6). Namnge chefen på raden."


def _limits(row, about):
    if row["target"] != DelegationRow.Target.ALL and row["target"] not in about.programmes:
        yield f"{about.label} gäller inte {TARGETS.get(row['target'], row['target'])}."
    for name, measure, word in (("max_amount", AMOUNT, "belopp"), ("max_days", DAYS, "antal dagar")):
        if row[name] is None:
            continue
        if measure not in about.asks:
            yield f"I {about.label.lower()} anges inget {word}, så raden skulle aldrig gälla. Ta bort gränsen."
        if not 0 < row[name] <= LARGEST:
            yield f"Gränsen för {word} ska vara ett helt tal över noll."


def _words(row):
    for name in ("number", "law"):
        if not row[name].strip():
            yield f"Skriv {LABELS[name]}."
    for name, longest in LONGEST.items():
        if len(row[name]) > longest:
            yield f"{LABELS[name].capitalize()} får ha högst {longest} tecken."


def key_of(row):
    """What makes a row the same row in another version."""
    member = row["member"]
    return row["kind"], row["role"], member.pk if member else None, str(row["target"])


def doubled(rows):
    """Keys that stand twice: which limit would hold?"""
    return {key for key, times in Counter(key_of(row) for row in rows).items() if times > 1}


def left_with_nobody(rows):
    """What no row gives to anybody, by matter and whom it may be about. The board could decide, but has not said so."""
    given = {(row["kind"], target) for row in rows for target in _targets(row)}
    for about in delegable():
        missing = [target for target in about.programmes if (about.key, target) not in given]
        if missing:
            whole = len(missing) == len(about.programmes)
            yield about.label if whole else f"{about.label} ({TARGETS[missing[0]]})"


def _targets(row):
    return TARGETS if row["target"] == DelegationRow.Target.ALL else (row["target"],)


def difference(before, after):
    """(added, gone, changed): ``changed`` are (row after, [(what, was, is)])."""
    old, new = {key_of(row): row for row in before}, {key_of(row): row for row in after}
    added = [row for key, row in new.items() if key not in old]
    gone = [row for key, row in old.items() if key not in new]
    changed = [(row, what) for key, row in new.items() if key in old and (what := _changed(old[key], row))]
    return added, gone, changed


def _changed(old, new):
    return [(word, shown(old, name), shown(new, name)) for name, word in LABELS.items() if old[name] != new[name]]


def shown(row, name):
    """The value of one field in words."""
    value = row[name]
    if name in ("reported", "how", "target"):
        return dict(DelegationRow._meta.get_field(name).choices)[value]
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int):
        return sv_number(value)
    return "ingen gräns" if value is None else value or "–"


def draft_of():
    """The board's one draft, or None."""
    return DelegationScheme.objects.filter(state=DelegationScheme.State.DRAFT).first()


def saved_rows(scheme):
    """As the board reads them: 2.10 after 2.9."""
    rows = DelegationRow.objects.filter(scheme=scheme).select_related("member__user") if scheme else ()
    return sorted(rows, key=lambda row: (_natural(row.number), row.kind, row.role))


def _natural(number):
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", number) if part]


def rows_of_scheme(scheme):
    return [as_dict(row) for row in saved_rows(scheme)]


@functools.cache
def sample():
    """The rows of the example that ships with the product, about the matters that there are."""
    text = (Path(__file__).parent / "scheme_sample.toml").read_text(encoding="utf-8")
    return tuple({**DEFAULTS, **row} for row in tomllib.loads(text)["rows"] if row["kind"] in all_matters())
