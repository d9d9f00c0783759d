"""The subject areas of goals, sections and consents (design.md: consent is participant × area × period)."""

from django.db import models


class Area(models.TextChoices):
    SAFETY = "safety", "Trygghet och skydd"
    HOUSING = "housing", "Boende"
    HEALTH = "health", "Hälsa"
    LIVELIHOOD = "livelihood", "Försörjning"
    DEBTS = "debts", "Skulder"
    NETWORK = "network", "Nätverk och mentor"
    WORK_EDUCATION = "work_education", "Arbete och utbildning"
    LEGAL = "legal", "Uppehållsrätt och rättsprocess"
    RETURN = "return", "Trygg återresa"
