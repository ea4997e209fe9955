"""Refusing a body by what its head says of it, before anything of it is read."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render

from config.views import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

LONGEST_LENGTH = 20  # digits of a Content-Length that is read at all


class BodyLimitMiddleware:
    """Answers 413 above the limit, and 411 where no length is given: Django would take such a body for an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "Transfer-Encoding" in request.headers:
            return render(request, "400.html", status=HTTPStatus.LENGTH_REQUIRED)
        length = request.headers.get("Content-Length", "")
        if length.isdecimal() and int(length[:LONGEST_LENGTH]) > settings.LARGEST_BODY_BYTES:
            return bad_request(request, RequestDataTooBig())
        return self.get_response(request)
