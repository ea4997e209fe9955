"""The wall board, and the stream by which boards, phones and counters hear that an office's queue changed."""

from __future__ import annotations

from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_GET, require_safe
from django.views.decorators.vary import vary_on_headers

from frontdesk.board import board_of
from frontdesk.live import HUB, Stream, milliseconds
from offices.models import Office

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

TEMPLATE = "frontdesk/board.html"
KEPT_SECONDS = 60
RETRY_AFTER = "60"


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
def board(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The whole page; htmx asks for the part that changes."""
    if request.headers.get("HX-Request"):
        return _calls(request, slug)
    return render(request, TEMPLATE, _context(slug))


@require_GET
@login_not_required
def board_stream(request: HttpRequest, slug: str) -> HttpResponse:
    """An open line to the office's changes; 503 where this server has no room for one more."""
    office = get_object_or_404(Office.objects.only("pk"), slug=slug)
    hub = request.META.get(HUB)
    if hub is None or hub.is_full:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})
    return Stream(office.pk)


def _calls(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One rendering serves every board that asks for a state not older than its change.

    `sejak` is the moment of the change as the stream told it; without it the part is always made anew.
    """
    key, since = f"frontdesk.board.{slug}", request.GET.get("sejak", "")
    made_at, body = cache.get(key, (0, b""))
    if not since.isdecimal() or made_at < int(since):
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
