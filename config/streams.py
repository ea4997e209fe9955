"""Gunicorn's threaded worker, which lets go of a connection that became a stream.

A thread for each open page would soon leave none for the others. So when the application answers with a `Stream`, the
worker hands the connection to the process's hub and its thread is free again; every other request takes the way it
always took.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

from frontdesk.live import HUB, Hub, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class HandedOver(Exception):  # noqa: N818 - no error: the way out of a request whose connection stays open
    """The answer to a request is a stream."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream


class Worker(ThreadWorker):  # type: ignore[misc]
    def init_process(self) -> None:
        self.hub = Hub(settings.WEB_STREAMS)
        self.hub.start()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: WSGIApplication = with_hub(self.wsgi, self.hub)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Asked to stop: the streams end at once, the pages under way as they always did."""
        self.hub.close()
        super().handle_exit(sig, frame)

    def handle_request(self, req: Any, conn: Any) -> bool:
        try:
            return bool(super().handle_request(req, conn))
        except HandedOver as handed:
            # The worker goes on to close the connection it knows: it is given one that leads nowhere.
            connection, conn.sock = conn.sock, socket.socket()
            self.hub.take(connection, handed.stream)
            return False


def with_hub(application: WSGIApplication, hub: Hub) -> WSGIApplication:
    """The application, which finds the hub in a request's environment; raises HandedOver when it answers a stream."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[HUB] = hub
        response = application(environ, start_response)
        if isinstance(response, Stream):
            response.close()  # ends the request: its database connection is free
            raise HandedOver(response)
        return response

    return answer
