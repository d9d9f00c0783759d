"""What is watched and hangs on no case: agreements, roles and keys that end, decisions the board must be told of."""

from cases.models import Acknowledgement, Clock


def house_clocks(by, *, on):
    """Those that go, the nearest first; ``unseen`` is what is late and nobody has said that she has seen."""
    clocks = sorted(Clock.objects.visible_to(by).open().filter(case=None), key=lambda clock: (clock.day, clock.pk))
    seen = set(Acknowledgement.objects.visible_to(by).filter(clock__in=clocks).values_list("clock_id", "of_day"))
    for clock in clocks:
        clock.unseen = clock.day < on and (clock.pk, clock.day) not in seen
    return clocks
