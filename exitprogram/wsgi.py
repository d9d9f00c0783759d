from django.core.wsgi import get_wsgi_application

import exitprogram.celery  # noqa: F401  so that tasks find their broker

application = get_wsgi_application()

from exitprogram.tenancy.checks import refuse_unsafe  # noqa: E402  needs the applications loaded

refuse_unsafe()
