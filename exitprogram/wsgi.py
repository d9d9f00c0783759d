import gc

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

import exitprogram.celery  # noqa: F401  so that tasks find their broker

application = get_wsgi_application()

from exitprogram.tenancy.checks import refuse_unsafe  # noqa: E402  needs the applications loaded

refuse_unsafe()
# gunicorn reads this once, before its workers are there (--preload): what is here is memory that they share, as long as
# nobody's collector walks through it.
reverse("tenancy:sign_in")  # every address and every view
gc.collect()
gc.freeze()
