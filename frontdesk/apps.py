from django.apps import AppConfig

from notifications.links import OPENERS


class FrontdeskConfig(AppConfig):
    name = "frontdesk"
    verbose_name = "Antrean"

    def ready(self) -> None:
        from consultations import visits  # noqa: PLC0415 (models are not there before)
        from frontdesk.letters import open_booking  # noqa: PLC0415
        from frontdesk.sessions import note_later  # noqa: PLC0415

        OPENERS["booking"] = open_booking
        visits.keepers.append(note_later)
