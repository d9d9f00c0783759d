"""Papers of another authority's case that a guest in its team may read."""

from cases.models import Document
from plans.models import shared_with


def shared_documents(by):
    """Ticked for the membership's authority × team × consent or ground × area × day, as ``Document.wall`` has it."""
    return Document.objects.filter(shared_with(by)).ticked_for(by).exclude(authority_id=by.authority_id)
