"""Each answer is counted, and is one line of the log: which page (its pattern, without ids), how it went, how long."""

import logging
import time

from exitprogram.audit.operations import request_id
from exitprogram.pulse import counted

LOG = logging.getLogger(__name__)
SIGN_IN = "tenancy:sign_in"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}


class CountedMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        took = (time.perf_counter() - began) * 1000
        found = request.resolver_match
        is_sign_in = request.method == "POST" and found is not None and found.view_name == SIGN_IN
        counted.answered(response.status_code, took, is_sign_in=is_sign_in)
        method = request.method if request.method in METHODS else "-"  # anybody can send any word
        told = {"method": method, "route": found.route if found else "-", "status": response.status_code}
        LOG.info("answered", extra=told | {"ms": round(took), "request_id": request_id.get()})
        return response
