"""The wall board, and the stream by which boards, phones and counters hear that an office's queue changed."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from frontdesk.board import board_of
from frontdesk.live import HUB, Stream, milliseconds
from offices.models import Office
from offices.parameters import read_number
from throttle.client_address import client_address, client_network

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from frontdesk.live import Hub

TEMPLATE = "frontdesk/board.html"
BOARD_COOKIE = "papan"  # on a wall board: the office of whoever opened it signed in
BOARD_COOKIE_AGE = 365 * 24 * 60 * 60
KEPT_SECONDS = 60
RETRY_AFTER = "60"


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
def board(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The whole page; htmx asks for the part that changes."""
    if request.headers.get("HX-Request"):
        return _calls(request, slug)
    context = _context(slug)
    response = render(request, TEMPLATE, context)
    if _is_of(request, context["office"]):
        response.set_signed_cookie(
            BOARD_COOKIE,
            str(context["office"].pk),
            max_age=BOARD_COOKIE_AGE,
            path=reverse("queue_board", args=[slug]),
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response


@require_GET
@login_not_required
def board_stream(request: HttpRequest, slug: str) -> HttpResponse:
    """An open line to the office's changes; 503 where this server has no room for one more."""
    office = get_object_or_404(Office.objects.only("pk"), slug=slug)
    hub: Hub | None = request.META.get(HUB)
    is_board = request.get_signed_cookie(BOARD_COOKIE, default="", max_age=BOARD_COOKIE_AGE) == str(office.pk)
    stream = Stream(
        office.pk,
        client_address(request),
        client_network(request),
        is_known=is_board or _is_of(request, office),
    )
    if hub is None or not hub.has_room_for(stream):
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})
    return stream


def _is_of(request: HttpRequest, office: Office) -> bool:
    return request.user.is_authenticated and request.user.office_id == office.pk


def _calls(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One rendering serves every board that asks for a state not older than its change.

    `sejak` is the moment of the change as the stream told it; without it the part is always made anew.
    """
    key, since = f"frontdesk.board.{slug}", read_number(request.GET.get("sejak", ""))
    made_at, body = cache.get(key, (0, b""))
    if since is None or made_at < since:
        made_at = milliseconds()  # before the queue is read: a change after this moment is not in it
        body = render(request, f"{TEMPLATE}#calls", _context(slug)).content
        cache.set(key, (made_at, body), KEPT_SECONDS)
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, headers={"ETag": etag})
    patch_cache_control(response, no_cache=True)
    return get_conditional_response(request, etag=etag, response=response) or response


def _context(slug: str) -> dict[str, Any]:
    office = get_object_or_404(Office, slug=slug)
    return {"office": office, "board": board_of(office, timezone.now())}
