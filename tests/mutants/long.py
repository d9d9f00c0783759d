"""The run itself: pytest gives it its servers and its world. Collected by ``python -m tests.mutants`` only."""

from tests.mutants.__main__ import BARS
from tests.mutants.run import Run
from tests.test_operations import world  # noqa: F401  the furnished one, with what some operations need


def test_the_guards_are_missed(world, django_db_blocker, request):  # noqa: F811
    asked = request.config.mutants
    with django_db_blocker.unblock():
        run = Run(world, asked.seed)
        for kind in asked.kinds:
            asked.counts[kind] = run.kind(kind, asked.each)
    for kind, (killed, total, survivors) in asked.counts.items():
        assert total == 0 or killed / total >= BARS[kind], (kind, survivors)
