"""Papers and what belongs to their end, for the furnished world; and files of every kind that tests need."""

import io
import zipfile
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pikepdf
from django.conf import settings
from django.utils import timezone
from PIL import Image

from cases import operations as cases
from cases.models import Case, DisposalCertificate, DisposalItem, DisposalList
from children import operations as children
from exitprogram.demo.clock import at
from exitprogram.scan.content import Checked
from exitprogram.tenancy.acting import acting
from plans import operations as plans
from tests.connections import connected
from tests.world import today

SECRET = "Hon bor på Kanariegatan 7"


def pdf(text=""):
    with pikepdf.new() as made:
        made.add_blank_page()
        made.docinfo["/Title"] = text or str(uuid4())
        kept = io.BytesIO()
        made.save(kept)
    return kept.getvalue()


def picture(kind="JPEG", size=(40, 30), **more):
    kept = io.BytesIO()
    Image.new("RGB", size, "red").save(kept, format=kind, **more)
    return kept.getvalue()


def archive(**parts):
    """A zip of ``name=bytes``; a name given with __ for / and _dot_ for a full stop is put right."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return kept.getvalue()


TYPES = b"<Types><Override ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml'/></Types>"


def docx(**more):
    return archive(**{"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>", **more})


def odt(**more):
    return archive(**{"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>", **more})


def paper(case, by, **more):
    """Arguments for ``add_document``."""
    given = {
        "by": by, "case": case, "file": Checked(pdf(), "application/pdf"), "title": "Kanarietext",
        "kind": "certificate",
        "area": "health", "received_from": "Kanarienamn", "received_on": today(),
    }  # fmt: skip
    return given | more


def everything(by, admin, case, colleague, party):
    """A paper with readers of every kind, one for the uploader alone, an answer for retention, a list and its end."""
    with acting(by):
        parties = [party] if party.pk != case.authority_id else []
        row = cases.add_document(**paper(case, by), members=[colleague], parties=parties)
        given = {"by": by, "document": row, "ground": "Kanarieskäl"}
        cases.state_reader(**given, kind="guardian", may_read=False, name="Kanarienamn")
        cases.state_reader(**given, kind="individual", may_read=True)
        cases.add_document(**paper(case, by, open_to="named"))
        cases.mark_retention(by=by, case=case, kind="patient_record", reason="Kanarieskäl")
    with acting(admin):
        _list(admin, case)


def _list(admin, case):
    """Rows as an administrator could leave them; that only due cases come on a list is asked in test_retention."""
    given = {"authority_id": admin.authority_id}
    row = DisposalList.objects.create(**given, prepared_by=admin, cases=1, list_hash=b"x", signed_first_by=admin)
    later = {"list": row, "rule_id": "retention.base"}
    DisposalList.objects.filter(pk=row.pk).update(dropped_at=timezone.now(), dropped_by=admin)
    DisposalCertificate.objects.create(
        **given, list=row, record_class="Personakter", cases=1, people=1, files=0, rule_ids=[later["rule_id"]],
        list_hash=b"x", prepared_by=admin, signed_first_by=admin, signed_second_by=admin, carried_out_by=admin,
    )  # fmt: skip
    other = DisposalList.objects.create(**given, prepared_by=admin, cases=1, list_hash=b"x")
    DisposalItem.objects.create(
        **given, list=other, target_id=case.pk, rule_id="retention.base", last_on=today(), destroy_from=today()
    )
    DisposalList.objects.filter(pk=other.pk).update(dropped_at=timezone.now(), dropped_by=admin)


def written(name):
    """Files of the store, whatever authority."""
    return [path for path in settings.FILES_DIR.rglob("*") if path.is_file() and (name in path.name)]


# Time


@contextmanager
def years_later(years):
    """Both clocks ahead: Python's, and PostgreSQL's idea of which day it is, by its owner's hand."""
    day = f"(statement_timestamp() AT TIME ZONE 'Europe/Stockholm')::date + {years * 366}"
    _say_today(day)
    try:
        with at(timezone.now() + timedelta(days=years * 366)):
            yield
    finally:
        _say_today("(statement_timestamp() AT TIME ZONE 'Europe/Stockholm')::date")


def _say_today(expression):
    with connected("owner", autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION wall.today() RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog"
            f" AS $$ SELECT ({expression})::date $$"
        )


def old_case(world, by=None, *, born="1966-01-02", years=6, name="Gammal Person", **more):
    """Opened and closed so many years ago, by the product's own hand."""
    by = by or world.anna
    with at(timezone.now() - timedelta(days=years * 366)):
        birth = date.fromisoformat(born) if born else None
        case = world.open_case(by, world.person(by, name, birth_date=birth), **more)
        return closed(by, case)


def child_worker_since_long(world):
    """Anna had children's cases when the old ones were opened, and has them still."""
    with at(timezone.now() - timedelta(days=7 * 366)):
        world.child_worker("anna")


def due_case(world):
    """One more case that is old enough, of somebody born on a day outside the sample."""
    return old_case(world, name="Due Person")


def closed(by, case):
    with acting(by):
        if case.programme == Case.Programme.CHILD:
            children.name_next(by=by, case=case, who="school", name="Kuratorn")
        plans.close_case(by=by, case=case, kind="enough", reason="Klart.")
        return Case.objects.get(pk=case.pk)


def down(settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"


def added(world, by=None, **more):
    by = by or world.anna
    with acting(by):
        return cases.add_document(**paper(world.case, by, **more))


def text(words=SECRET):
    return Checked(words.encode(), "text/plain")


def opened(world, row, by=None):
    by = by or world.anna
    with acting(by):
        return cases.open_document(by=by, document=row)
