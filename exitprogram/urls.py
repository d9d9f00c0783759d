from django.urls import include, path

import exitprogram.celery  # noqa: F401  so that tasks find their broker

urlpatterns = [
    path("", include("exitprogram.tenancy.urls")),
    path("", include("exitprogram.tokens.urls")),
    path("", include("exitprogram.pulse.urls")),
    path("", include("exitprogram.jobs.urls")),
    path("", include("cases.urls")),
    path("", include("teams.urls")),
    path("", include("children.urls")),
    path("", include("plans.urls")),
    path("", include("reporting.urls")),
    path("", include("exitprogram.demo.urls")),
    path("api/", include("exitprogram.api")),
]
