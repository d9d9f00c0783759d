from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "exitprogram.audit"
    label = "audit"
