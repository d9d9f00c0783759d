from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "exitprogram.backup"
    label = "backup"
