"""What production writes to its log: one JSON object a line, marked with the request it belongs to, naming nobody.

A request's mark goes along with the tasks it sends, so that one search finds the page and what came of it.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponseBase

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
PRIVATE_PATH = re.compile(
    r"(/lacak/(?:(?:saya|tertahan|nilai)/)?(?=[^/\s?])|/antrean/(?:pesanan/)?(?=[\w-]{20})|/survei/(?=[\w-]+\.))[^/\s?]+"
)
QUERY = re.compile(r"(/[^\s?]*)\?\S*")

requests = logging.getLogger("desk.requests")
marks: ContextVar[Mapping[str, str]] = ContextVar("marks", default=MappingProxyType({}))


class JsonFormatter(logging.Formatter):
    """Of an exception the kind and the places it passed, not its words: those may repeat what somebody entered."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(_message(record)),
            **marks.get(),
            **getattr(record, "figures", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line |= _exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Celery writes out the exception of a failed task in its message."""
    if isinstance(record.args, dict) and "exc" in record.args:
        return record.msg % {**record.args, "exc": "failed"}
    return record.getMessage()


def _exception(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error)
    return {
        "exception": f"{kind.__module__}.{kind.__qualname__}",
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def masked(text: str) -> str:
    """A text without the keys in tracking addresses, and without the query of any address."""
    return QUERY.sub(r"\1", PRIVATE_PATH.sub(r"\1…", text))


class RequestLogMiddleware:
    """Marks each request, answers with the mark in X-Request-ID, and logs method, path, status and duration.

    The mark stays with the thread until its next request: Django logs refusals after the last middleware is done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = _request_id(request)
        marks.set({"request_id": request_id})
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        requests.info(
            "%s %s %s",
            request.method,
            masked(request.path),
            response.status_code,
            extra={"figures": {"status": response.status_code, "milliseconds": milliseconds}},
        )
        return response


def _request_id(request: HttpRequest) -> str:
    """The id that our own proxy gave the request, or a new one; without such a proxy anybody could have written it."""
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def mark_message(headers: dict[str, Any], **_: Any) -> None:
    """Celery's before_task_publish: the task carries the mark of the request, or task, that sends it."""
    if request_id := marks.get().get("request_id"):
        headers["request_id"] = request_id


def mark_task(task: Any, task_id: str, **_: Any) -> None:
    """Celery's task_prerun: what the task logs is marked with its own id and with that of the request, if any."""
    sent_by = {"request_id": request_id} if (request_id := task.request.get("request_id")) else {}
    marks.set({**sent_by, "task": task.name, "task_id": task_id})


def unmark_task(**_: Any) -> None:
    """Celery's task_postrun."""
    marks.set({})


def keep_logging(**_: Any) -> None:
    """Celery's setup_logging: with a receiver, Celery leaves the settings' LOGGING as it is."""
