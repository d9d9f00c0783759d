from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TeamsConfig(AppConfig):
    name = "teams"

    def ready(self):
        autodiscover_modules("consequences")
