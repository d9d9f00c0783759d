from exitprogram.tenancy.acting import acting
from plans.models import Goal


def test_world(world):
    agreed = world.agreed
    assert agreed.state == "agreed"
    world.waiver(world.region, "health")
    world.join(world.sara)
    with acting(world.sara):
        assert Goal.objects.visible_to(world.sara).count() == 1
        assert Goal.objects.visible_to(world.sara).get().own_words == "Sova en hel natt"
    with acting(world.cilla):
        assert Goal.objects.count() == 0
