"""A visitor's own number: the slip, the place in the queue, and giving it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from consultations.errors import RuleError
from frontdesk import calls
from frontdesk.access import ticket_by_token
from frontdesk.enums import PRESENT, TicketStatus
from frontdesk.estimate import place_of, standard_minutes_of
from frontdesk.tokens import follow_url

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from frontdesk.models import QueueTicket


@login_not_required
@require_safe
@never_cache
@vary_on_headers("HX-Request")
def queue_follow(request: HttpRequest, token: str) -> HttpResponse:
    """How many are before, how long it will take, and where to go when called; htmx asks for the state alone."""
    ticket = ticket_by_token(token)
    context = {"office": ticket.office, "ticket": ticket, "token": token} | _state(ticket, timezone.now())
    part = "#state" if request.headers.get("HX-Request") else ""
    response = render(request, f"frontdesk/follow.html{part}", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _state(ticket: QueueTicket, now: datetime) -> dict[str, Any]:
    is_today = ticket.day == ticket.office.local_date(now)
    place = None
    if is_today and ticket.status == TicketStatus.WAITING:
        minutes = standard_minutes_of(ticket.office, now)
        place = place_of(ticket, standard_minutes=minutes, now=now)
    return {"is_today": is_today, "place": place, "is_live": is_today and ticket.status in PRESENT}


@login_not_required
@require_safe
@never_cache
def queue_slip(request: HttpRequest, token: str) -> HttpResponse:
    """The slip to print or keep, with the way to follow the number on one's own phone."""
    ticket = ticket_by_token(token)
    url = follow_url(token)
    context = {
        "office": ticket.office,
        "ticket": ticket,
        "token": token,
        "url": url,
        "qr": segno.make(url, error="m").svg_data_uri(scale=4, border=2),
        "is_kiosk": request.GET.get("layar") == "kios",
        **_state(ticket, timezone.now()),
    }
    response = render(request, "frontdesk/slip.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_POST
def queue_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """The visitor will not wait any longer."""
    ticket = ticket_by_token(token)
    try:
        calls.withdraw(ticket, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    return redirect("queue_follow", token)
