from django.core.wsgi import get_wsgi_application

import exitprogram.celery  # noqa: F401  so that tasks find their broker

application = get_wsgi_application()
