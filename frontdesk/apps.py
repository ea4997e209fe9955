from django.apps import AppConfig

from notifications.links import OPENERS


class FrontdeskConfig(AppConfig):
    name = "frontdesk"
    verbose_name = "Antrean"

    def ready(self) -> None:
        from frontdesk.letters import open_booking  # noqa: PLC0415 (models are not there before)

        OPENERS["booking"] = open_booking
