from django.apps import AppConfig

from notifications import signals
from notifications.links import OPENERS


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "Konsultasi"

    def ready(self) -> None:
        from consultations.lifecycle import delivery  # noqa: PLC0415 (models are not there before)
        from consultations.openers import openers  # noqa: PLC0415 (as above)

        signals.failed.connect(delivery.letter_failed)
        signals.left_late.connect(delivery.letter_left)
        OPENERS.update(openers())
