from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Pesan"

    def ready(self) -> None:
        from notifications.account_news import tell  # noqa: PLC0415 - models are loaded by now
        from offices import account_news  # noqa: PLC0415 - as above

        account_news.join(tell)
