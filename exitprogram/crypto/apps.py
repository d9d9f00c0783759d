from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "exitprogram.crypto"
    label = "crypto"
