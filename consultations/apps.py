from django.apps import AppConfig

from notifications.signals import failed


class ConsultationsConfig(AppConfig):
    name = "consultations"
    verbose_name = "Konsultasi"

    def ready(self) -> None:
        from consultations.undelivered import on_failed  # noqa: PLC0415 (models are not there before)

        failed.connect(on_failed)
