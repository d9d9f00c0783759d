"""Calls made up from the API's own description: no fault, and nothing but what the description says."""

import json
import uuid

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks

from exitprogram.api import described
from tests.callers import Caller
from tests.test_api import keys_of

SHARE = settings(
    max_examples=8, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
CHECKS = [
    checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance,
]  # fmt: skip
OPERATIONS = [
    (path, method) for path, methods in json.loads(described())["paths"].items() for method in methods
]  # fmt: skip


@pytest.fixture(scope="module")
def keys(standing):
    return keys_of(standing, standing.anna, standing.case)


@pytest.fixture
def one_connection(db):
    """The calls go in through WSGI itself, which would hang up the test's own connection after each."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda given: str(given))
def test_no_fault(standing, one_connection, keys, path, method, monkeypatch):
    """With made-up ids, and with ids that exist, so that what is behind them is reached too."""
    monkeypatch.setattr("exitprogram.tokens.throttle.PER_MINUTE", 10**9)
    operation = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())[path][method]
    caller = Caller(standing.anna)
    known = {f"{name}_id": str(key) for name, key in keys.items()}

    @SHARE
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def knock(case, is_known):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {caller.secret}"}
        if method == "post":
            case.headers["Idempotency-Key"] = uuid.uuid4().hex
        if is_known and case.path_parameters:
            case.path_parameters = {name: known[name] for name in case.path_parameters}
        answer = case.call()
        assert answer.status_code < 500, (case.path_parameters, case.query, case.body)
        case.validate_response(answer, checks=CHECKS)

    knock()
