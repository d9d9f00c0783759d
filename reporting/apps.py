from importlib import import_module

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self):
        import_module("reporting.desk")  # what of it stands on *Min dag*
