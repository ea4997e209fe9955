"""The closed lists about messages."""

from django.db import models


class MessageChannel(models.TextChoices):
    EMAIL = "surel", "Surel"
    WHATSAPP = "whatsapp", "WhatsApp"


class MessageStatus(models.TextChoices):
    QUEUED = "antre", "Antre"
    SENT = "terkirim", "Terkirim"
    FAILED = "gagal", "Gagal"
