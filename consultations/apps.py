from django.apps import AppConfig

from notifications import signals


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "Konsultasi"

    def ready(self) -> None:
        from consultations.lifecycle import delivery  # noqa: PLC0415 (models are not there before)

        signals.failed.connect(delivery.letter_failed)
        signals.left_late.connect(delivery.letter_left)
