from django.db import transaction

from cases import papers
from exitprogram.audit.operations import record
from exitprogram.tenancy.roles import Permission, require_role
from plans.papers import shared_documents
from teams.models import CaseRef


@transaction.atomic
def open_shared_document(*, by, document):
    """The bytes of a paper that a guest may read today: ticked for her authority, in the team, covered for its area.
    The reading is written in the log of the board that owns the paper."""
    require_role(by, Permission.CONTRIBUTE)
    document = shared_documents(by).get(pk=document.pk)
    data = papers.file_of(document)
    record(by=by, action="document.viewed", obj=document, case=CaseRef(document), ground="share")
    return data
