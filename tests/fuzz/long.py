"""The long run itself: pytest gives it its servers and its world. Collected by ``python -m tests.fuzz`` only."""

from schemathesis import GenerationMode

from tests.fuzz.knocking import OPERATIONS, knocking, unhurried


def test_a_long_run(standing, django_db_blocker, request):
    """Half from the description, half by hand, each call committed as in the product."""
    asked = request.config.fuzz
    with django_db_blocker.unblock(), unhurried():
        asked.found = found = knocking(standing, asked.seed)
        asked.operations, each = len(OPERATIONS), asked.calls // (4 * len(OPERATIONS))
        for path, method in OPERATIONS:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                found.from_schema(path, method, mode, each)
            found.by_hand(2 * each)
            print(f"{found.calls:6d} calls, {len(found.faults)} faults: {method} {path}", flush=True)
        found.by_hand(max(0, asked.calls - found.calls))
    assert found.faults == []
