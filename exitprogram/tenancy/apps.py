from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "exitprogram.tenancy"
    label = "tenancy"

    def ready(self):
        from exitprogram.tenancy import checks  # noqa: F401  registers the system checks
