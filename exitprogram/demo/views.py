from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from exitprogram.demo.mails import newest
from exitprogram.tenancy.access import public


@public
@require_GET
def mailbox(request):
    """What the demonstration has mailed, so that a newcomer sees how little a mail says. Nowhere but in the demo."""
    if settings.EXIT_ENV != "demo":
        raise Http404
    return render(request, "demo/mailbox.html", {"mails": newest(settings.EMAIL_FILE_PATH)})
