from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from cases.views.documents import attachment
from exitprogram.errors import Refused
from exitprogram.tenancy.access import allow
from exitprogram.tenancy.roles import Permission
from plans import operations
from plans.papers import shared_documents


@require_GET
@allow(Permission.CONTRIBUTE)
def shared_document(request, document_id):
    """One paper, as an attachment, for a guest whose authority it has been ticked for."""
    row = get_object_or_404(shared_documents(request.acting), pk=document_id)
    try:
        data = operations.open_shared_document(by=request.acting, document=row)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("plans:contributions")
    return attachment(data, row.content_type)
