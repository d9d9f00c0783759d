from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "exitprogram.tokens"
    label = "tokens"
