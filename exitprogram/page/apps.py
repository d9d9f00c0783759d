from django.apps import AppConfig


class PageConfig(AppConfig):
    name = "exitprogram.page"
    label = "page"
