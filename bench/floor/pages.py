"""The pages of the floor: what each reads, which values of it stand on the page, and what it leaves in the log. Each
gives (status, headers, values)."""

import base64
import json
import uuid

from django.core import signing
from django.utils import timezone

from bench.floor import sql
from bench.floor.serving import Refused, form_of
from cases.models.person import CONTACT_STANDS
from cases.names import folded, likeness, sound_pattern
from exitprogram.crypto import keys
from exitprogram.crypto.sealing import seal, unseal
from exitprogram.page.paging import STEP
from exitprogram.page.templatetags.page import SHORT_MONTHS, sv_date
from exitprogram.tenancy.sessions import stored

CASE_AT = len("/arende/")
THIS_YEAR = timezone.localdate().year


def day(value, year=None):
    """24 nov 2025; without the year when it is this one."""
    if value is None:
        return ""
    if hasattr(value, "hour"):
        value = value.astimezone().date() if value.tzinfo else value.date()
    return f"{value.day}\xa0{SHORT_MONTHS[value.month - 1]}" + ("" if value.year == THIS_YEAR else f" {value.year}")


def case_of(environ):
    return environ["PATH_INFO"][CASE_AT : CASE_AT + 36]


def listed(floor, environ, key, me):
    rows = floor.ask(sql.LIST, limit=floor.limit)
    floor.trace(me, "case.listed", [(row[0], row[0]) for row in rows])
    values = [me.name, me.house]
    for case, number, opened, worker, name in rows:
        values += [str(case), number, day(opened), worker, name]
    return 200, [], values


def my_day(floor, environ, key, me):
    rows = floor.ask(sql.DAY, me=me.membership, authority=me.authority)
    floor.ask(sql.WAITING, me=me.membership)
    floor.trace(me, "desk.viewed", [(None, None)], kind="", details='{"page": "my_day"}')
    values, named, today = [me.name, me.house], [], timezone.localdate()
    for what, row, _kind, falls, case, number, title, _version, _at in rows:
        if what == "measure":
            named.append((case, case))
            values.append(floor.opening.text(me.authority, "plans.measure", "title", row, title))
        values += [number] if what == "draft" or falls == today else [number, day(falls)]
    if named:
        floor.trace(me, "case.listed", named)
    return 200, [], values


def person(floor, environ, key, me):
    case = case_of(environ)
    found = floor.ask(sql.CASE, case=case)
    if not found:
        raise Refused(404)
    (_id, number, house, opened, _way, _person, name, language, worker, card, channels, hours, verified) = found[0]
    versions = floor.ask(sql.CURRENT, case=case)
    [(version, _number, agreed, follow_up, matters, _house)] = versions[:1]
    values = [
        me.name,
        me.house,
        case,
        number,
        name.split()[0],
        language,
        worker,
        day(opened),
        str(version),
        day(agreed),
    ]
    values += [
        day(follow_up),
        day(verified) if verified >= timezone.localdate() - CONTACT_STANDS else sv_date(verified),
        floor.opening.text(house, "cases.safecontact", "channels", card, channels),
    ]
    values += [floor.opening.text(house, "cases.safecontact", "hours", card, hours)]
    values += [floor.opening.text(house, "plans.planversion", "what_matters", version, matters)]
    values += [f"{moving} av {every}" for _area, every, moving in floor.ask(sql.AREAS, version=version)]
    for kind, words, falls in floor.ask(sql.AROUND, case=case):
        values += [day(falls)] if kind in ("clock", "note") else [words] if kind != "consent" else []
    [(ground,)] = floor.ask(sql.GROUND, case=case, me=me.membership)
    floor.trace(me, "case.viewed.person", [(case, case)], ground=ground)
    return 200, [], values


TEXTS = ("what_matters", "current_situation", "strengths", "own_part", "participation")


def plan(floor, environ, key, me):
    found = floor.ask(sql.VERSION, version=environ["PATH_INFO"].split("/")[2])
    if not found:
        raise Refused(404)
    version, house, case, _number, starts, follow_up, agreed, lead, number, name, *texts = found[0]
    text = floor.opening.text
    values = [me.name, me.house, str(version), str(case), lead, number, name.split()[0], day(starts), day(agreed)]
    for column, sealed in zip(TEXTS, texts, strict=True):
        values.append(text(house, "plans.planversion", column, version, sealed))
    for row, _house, _area, own_words, wording in floor.ask(sql.GOALS, version=version):
        values += [text(house, "plans.goal", "own_words", row, own_words)]
        values += [text(house, "plans.goal", "wording", row, wording), str(row)]
    for row, _house, _goal, need, title, first, last, _status, principal, who in floor.ask(sql.STEPS, version=version):
        values += [text(house, "plans.measure", "need", row, need), text(house, "plans.measure", "title", row, title)]
        values += [day(first), day(last), principal, who or "", str(row)]
    for row, _area, words, _state, signed, principal, writer in floor.ask(sql.SECTIONS, version=version):
        values += [text(house, "plans.section", "text", row, words), principal, writer or "", day(signed)]
    [(ground,)] = floor.ask(sql.GROUND, case=case, me=me.membership)
    floor.trace(me, "case.viewed.plan", [(case, case)], ground=ground)
    return 200, [], values


def _hits(floor, me, query):
    """[(case, number, name)]: by name and sound, and those whose names are sealed."""
    words = folded(query).split()
    found = floor.ask(sql.FOUND, words=words, sounds=[sound_pattern(word) for word in words])
    hits = [(case, number, name) for case, _open, _sound, number, name in found]
    for case, number, house, row, name, alias in floor.ask(sql.GUARDED):
        text = floor.opening.text
        called = [text(house, "cases.individual", "sealed_name", row, name)]
        called.append(text(house, "cases.individual", "sealed_alias", row, alias))
        if likeness(query, " ".join(called)):
            hits.append((case, number, ""))
    return hits


def search(floor, environ, key, me):
    """The search itself: logged, and remembered in the session, sealed."""
    query, found = form_of(environ)["q"], uuid.uuid4()
    hits = _hits(floor, me, query)
    details = json.dumps({"term": "name", "hits": len(hits)})
    floor.do(
        sql.SEARCHED, id=found, user=me.user, me=me.membership, authority=me.authority, details=details,
        request=me.request,
    )  # fmt: skip
    sealed = seal(keys.derived(keys.newest(), "search", me.authority), json.dumps([query, ""]).encode(),
                  bound_to=f"search|{me.membership}|{found}")  # fmt: skip
    kept = {**me.session.get("searches", {}), str(found): base64.b64encode(sealed).decode()}
    session = me.session | {"searches": dict(list(kept.items())[-5:])}
    data = signing.dumps(session, salt=f"exitprogram.session.{key}", serializer=signing.JSONSerializer, compress=True)
    floor.do(sql.REMEMBER, data=data, key=stored(key))
    return 302, [("Location", f"/sok/{found}/")], None


def results(floor, environ, key, me):
    found = environ["PATH_INFO"].split("/")[2]
    sealed = base64.b64decode(me.session["searches"][found])
    whose = f"search|{me.membership}|{found}"
    query = json.loads(unseal(keys.derived(keys.newest(), "search", me.authority), sealed, bound_to=whose))[0]
    if not floor.ask(sql.STANDS, id=found, me=me.membership):
        raise Refused(404)
    hits = _hits(floor, me, query)
    if hits:
        floor.trace(me, "person.found", [(hit[0], hit[0]) for hit in hits], details='{"term": "name"}')
    values = [me.name, me.house]
    for case, number, name in hits:
        values += [str(case), number, name]
    return 200, [], values


def note(floor, environ, key, me):
    """A draft saved on: the form is sent once, the draft is one's own, nobody has saved on it meanwhile."""
    case, row, form = case_of(environ), environ["PATH_INFO"].split("/")[4], form_of(environ)
    to = f"/arende/{case}/"
    if not floor.do(sql.ONCE, key=form["form_key"], authority=me.authority, me=me.membership, to=to):
        return 302, [("Location", to)], None
    sealed = {
        name: floor.opening.sealed(me.authority, "cases.casenote", name, row, form[name])
        for name in ("source", "fact", "assessment")
    }
    saved = floor.do(
        sql.SAVE, note=row, case=case, me=me.membership, version=int(form["version"]), kind=form["kind"],
        event_on=form["event_on"], **sealed,
    )  # fmt: skip
    if not saved:
        raise Refused(409)
    floor.trace(me, "note.saved", [(row, case)], kind="cases.casenote")
    return 302, [("Location", to)], None


def unit(floor, environ, key, me):
    rows = floor.ask(sql.UNIT, most=STEP)
    floor.ask(sql.LED, me=me.membership, authority=me.authority)
    floor.trace(me, "desk.viewed", [(None, None)], kind="", details='{"page": "unit"}')
    values = [me.name, me.house]
    for _case, number, _opened, follow_up, worker, coordinator, _all in rows:
        values += [number, day(follow_up), worker, coordinator or ""]
    return 200, [], values
