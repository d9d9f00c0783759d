from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "children"

    def ready(self):
        from cases import beside
        from children.deciding import best_interest
        from children.releases import Keeper
        from teams import before_deciding

        beside.keep(Keeper())
        before_deciding.ask(best_interest)
