"""Papers in the file, and files from long ago that the rules of retention now reach; told from ``papers.toml``."""

import functools
import io
import tomllib
from functools import partial

from django.utils import timezone
from PIL import Image, ImageDraw

from cases import operations as cases
from exitprogram.demo import texts
from exitprogram.scan.content import checked
from exitprogram.tenancy.acting import acting
from exitprogram.tenancy.models import Authority
from plans import operations as plans

GIVEN = ("title", "kind", "area", "received_from")


@functools.cache
def told():
    return tomllib.loads((texts.HERE / "papers.toml").read_text(encoding="utf-8"))


def acts(story):
    for event in told().get(story.person["key"], []):
        yield event["days_ago"], partial(DOES[event["do"]], story, event)


def _paper(story, event):
    by = story.worker
    shared = event.get("shared") and [pk for pk in story.waivers if _covers(story.waivers[pk], event["area"])]
    with acting(by):
        row = cases.add_document(
            by=by, case=story.case, file=_file(event), received_on=timezone.localdate(),
            open_to="named" if event.get("named") else "case",
            parties=Authority.objects.filter(pk__in=shared or []), **{name: event[name] for name in GIVEN},
        )  # fmt: skip
        if "ground" in event:
            cases.state_reader(by=by, document=row, kind="individual", may_read=True, ground=event["ground"])


def _covers(waiver, area):
    return area in waiver.areas and waiver.withdrawn_at is None


def _file(event):
    if "text" in event:
        return checked("brev.txt", event["text"].encode())
    picture = Image.new("RGB", (320, 200), "white")
    ImageDraw.Draw(picture).text((20, 90), "Skärmbild", fill="black")
    kept = io.BytesIO()
    picture.save(kept, format="PNG")
    return checked("bild.png", kept.getvalue())


def _old(story, event):
    """Another person's case, opened and closed the same day, years ago."""
    by = story.worker
    with acting(by):
        _hits, search = cases.search_people(by=by, query=event["name"])
        person = cases.add_person(by=by, after_search=search, name=event["name"], birth_date=event["born"])
        case = cases.open_case(
            by=by, individual=person, programme="adult", contact_way="self", target_group="prostitution"
        )
        note = cases.save_note(
            by=by, case=case, kind="other", event_on=timezone.localdate(), source="Personen själv", fact=event["note"]
        )
        cases.sign_note(by=by, case=case, note=note)
        plans.close_case(by=by, case=case, kind="enough", reason=event["reason"])
        if "hold" in event:
            cases.mark_retention(by=by, case=case, kind="hold", reason=event["hold"])


DOES = {"paper": _paper, "old": _old}
