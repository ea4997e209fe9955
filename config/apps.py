from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class DeskConfig(AppConfig):
    """What concerns the whole desk: its commands, checks and schedule."""

    name = "config"

    def ready(self) -> None:
        from celery import signals  # noqa: PLC0415 - models can be imported from here on

        from config import checks, logs, schedule  # noqa: PLC0415

        signals.worker_init.connect(checks.refuse_unsafe)
        signals.beat_init.connect(checks.refuse_unsafe)
        signals.beat_init.connect(schedule.watch_beat)
        signals.beat_init.connect(schedule.run_once)
        signals.task_success.connect(schedule.record_heartbeat)
        signals.setup_logging.connect(logs.keep_logging)
        signals.before_task_publish.connect(logs.mark_message)
        signals.task_prerun.connect(logs.mark_task)
        signals.task_postrun.connect(logs.unmark_task)


class StaticConfig(StaticFilesConfig):
    """Of Bootstrap only what the pages use: the rest would take most of the time of collecting."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.rtl.*", "bootstrap-*", "bootstrap.css*", "bootstrap.js*", "bootstrap.min.js*"),
        *("bootstrap.esm.*", "bootstrap.bundle.js*"),
    ]
