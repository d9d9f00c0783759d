from django.apps import AppConfig


class PulseConfig(AppConfig):
    name = "exitprogram.pulse"
    label = "pulse"
