"""The closed lists about regulations."""

from django.db import models


class RegulationStatus(models.TextChoices):
    """Whether a rule may still be relied on; one marked `perlu_dicek` is confirmed before it is cited."""

    IN_FORCE = "berlaku", "Berlaku"
    TO_BE_CHECKED = "perlu_dicek", "Perlu dicek"
    REVOKED = "dicabut", "Dicabut/tidak berlaku"
