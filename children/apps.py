from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "children"

    def ready(self):
        from cases import beside, ending, retention
        from children import consenting
        from children.chain import require_next
        from children.deciding import best_interest
        from children.releases import Keeper
        from teams import before_deciding

        retention.PLACED.append(lambda case: case.placements.exists())
        beside.keep(Keeper())
        ending.ask(require_next)
        consenting.keep()
        before_deciding.ask(best_interest)
