"""Gunicorn's configuration: the web processes of `make run` and of production."""

from __future__ import annotations

import gc
from typing import Any

from django.conf import settings
from django.urls import get_resolver

bind = f"{settings.HOST}:{settings.PORT}"
wsgi_app = "config.wsgi"
worker_class = "config.streams.Worker"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
preload_app = True
graceful_timeout = 5
worker_connections = 500
sendfile = False  # an answer waits for its client in the worker, not in a thread
control_socket_disable = True
forwarder_headers = ""  # no header names the path a request is for
loglevel = "warning"


def on_starting(_server: Any) -> None:
    from config.checks import refuse_unsafe  # noqa: PLC0415 - the application is loaded by now

    refuse_unsafe()


def when_ready(_server: Any) -> None:
    """Load what every worker needs and keep the collector off it, so that the workers share its memory."""
    get_resolver().url_patterns  # noqa: B018
    gc.freeze()
