from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "children"

    def ready(self):
        from cases import beside, retention
        from children.deciding import best_interest
        from children.releases import Keeper
        from teams import before_deciding

        retention.PLACED.append(lambda case: case.placements.exists())
        beside.keep(Keeper())
        before_deciding.ask(best_interest)
