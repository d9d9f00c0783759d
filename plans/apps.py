from importlib import import_module

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"

    def ready(self):
        import_module("plans.going_on")  # what ends on its own
        import_module("plans.guardians")  # what of a plan may be released to a child's guardian
