"""The closed lists of escalations."""

from django.db import models


class EscalationStatus(models.TextChoices):
    WAITING = "waiting", "Menunggu kepala unit"
    ACCEPTED = "accepted", "Sedang ditelaah"
    ANSWERED = "answered", "Dijawab"
    RETURNED = "returned", "Dikembalikan"
    FORWARDED = "forwarded", "Diteruskan"
    WITHDRAWN = "withdrawn", "Ditarik"


OPEN_ESCALATION_STATUSES = (EscalationStatus.WAITING, EscalationStatus.ACCEPTED)
# Ended by a head's word.
SPOKEN_STATUSES = (EscalationStatus.ANSWERED, EscalationStatus.RETURNED, EscalationStatus.FORWARDED)
