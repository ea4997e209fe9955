"""Taking a number: on the kiosk's tablet, at the reception, or on one's own phone."""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultations.errors import RuleError
from frontdesk.forms import TicketForm
from frontdesk.hours import queue_calendar
from frontdesk.models import QueueSettings, QueueTicket
from frontdesk.queue import Visit, take_number
from frontdesk.tokens import token_of
from offices.calendar import is_open
from offices.dates import format_time, to_local
from offices.models import Office
from offices.service_hours import state_in_words
from throttle import limits, visitors
from throttle.client_address import client_address

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse, QueryDict

    from offices.http import DeskRequest

DEVICE_COOKIE = "queue_device"
MINUTE = timedelta(minutes=1)
NUMBERS_PER_DEVICE = 10  # a kiosk at opening time, with a visitor every six seconds
NUMBERS_PER_OFFICE = 60  # more visitors than come through any door
NUMBERS_PER_ADDRESS = 30  # the office's own network: kiosk, reception and the visitors' phones


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def queue_kiosk(request: DeskRequest, slug: str) -> HttpResponse:
    """Take a number; with `?layar=kios` the slip prints itself and the page comes back for the next visitor."""
    office = get_object_or_404(Office, slug=slug)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, office, TicketForm(office=office), now)
    form = TicketForm(request.POST, office=office)
    if not form.is_valid():
        return _page(request, office, form, now, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if until := _refused_until(request, office, now):
        form.add_error(None, _too_often(until, office))
        return _page(request, office, form, now, status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        ticket = take_number(office, _visit(form), now=now)
    except RuleError as error:
        form.add_error(None, str(error))
        return _page(request, office, form, now, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    slip = reverse("queue_slip", args=[token_of(ticket)])
    return redirect(f"{slip}?layar=kios" if _is_kiosk(request.GET) else slip)


def _visit(form: TicketForm) -> Visit:
    said = form.cleaned_data
    return Visit(said["category"], said["reason"], said["satker_code"], said["phone"], form.submission_id)


def _page(
    request: HttpRequest,
    office: Office,
    form: TicketForm,
    now: datetime,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    calendar, is_kiosk = queue_calendar(office), _is_kiosk(request.GET)
    if is_kiosk:  # its browser must not offer one visitor's number to the next
        form.fields["phone"].widget.attrs["autocomplete"] = "off"
    context = {
        "office": office,
        "form": form,
        "is_open": is_open(calendar, now),
        "hours": state_in_words(calendar, now)[1],
        "waiting": QueueTicket.objects.on(office, office.local_date(now)).waiting().count(),
        "takes_bookings": QueueSettings.of(office).takes_bookings,
        "is_kiosk": is_kiosk,
        "back_url": "" if is_kiosk else reverse("office", args=[office.slug]),
    }
    response = render(request, "frontdesk/kiosk.html", context, status=status)
    if not _device(request):
        response.set_signed_cookie(
            DEVICE_COOKIE,
            secrets.token_urlsafe(16),
            httponly=True,
            secure=request.is_secure(),
            samesite="Lax",
        )
    return response


def _is_kiosk(query: QueryDict) -> bool:
    return query.get("layar") == "kios"


def _device(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(DEVICE_COOKIE, default=""))


def _refused_until(request: DeskRequest, office: Office, now: datetime) -> datetime | None:
    """Count a number against where it comes from, the device and the office; without a cookie the address is the device.

    However many numbers are asked for from outside, whom the reception takes one for gets it.
    """
    device = _device(request) or client_address(request)
    refused_until = visitors.hit(
        request, "queue.address", limit=NUMBERS_PER_ADDRESS, per=MINUTE, now=now
    ) or limits.hit("queue.device", device, limit=NUMBERS_PER_DEVICE, per=MINUTE, now=now)
    if refused_until is None and request.duties.office_id != office.pk:
        return limits.hit("queue.office", str(office.pk), limit=NUMBERS_PER_OFFICE, per=MINUTE, now=now)
    return refused_until


def _too_often(until: datetime, office: Office) -> str:
    local = to_local(until + timedelta(seconds=59), office.zone)
    return (
        "Terlalu banyak nomor diambil dalam waktu singkat. Silakan coba kembali pukul "
        f"{format_time(local)} {local.tzname()}, atau sampaikan kepada resepsionis."
    )
