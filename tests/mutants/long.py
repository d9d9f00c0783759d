"""The run itself: pytest gives it its servers and its world. Collected by ``python -m tests.mutants`` only."""

from tests.mutants.__main__ import POLICIES, THE_REST
from tests.mutants.run import Run
from tests.test_operations import world  # noqa: F401  the furnished one, with what some operations need


def test_the_guards_are_missed(world, django_db_blocker, request):  # noqa: F811
    asked = request.config.mutants
    with django_db_blocker.unblock():
        run = Run(world, asked.seed)
        for kind in asked.kinds:
            asked.counts[kind] = run.kind(kind, asked.each, asked.part)
    for bar, counted in ((POLICIES, [asked.counts[kind] for kind in asked.kinds if kind == "policy"]),
                         (THE_REST, [asked.counts[kind] for kind in asked.kinds if kind != "policy"])):  # fmt: skip
        killed, total = (sum(count[place] for count in counted) for place in (0, 1))
        assert total == 0 or killed / total >= bar, [one for count in counted for one in count[2]]
