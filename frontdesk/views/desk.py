"""The officer's queue: the counter, the number at it, who waits, and today's figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from consultations.errors import RuleError
from frontdesk import bookings, calls, sessions
from frontdesk.access import booking_for, counter_for, ticket_for
from frontdesk.enums import TicketStatus
from frontdesk.estimate import standard_minutes_of
from frontdesk.figures import todays_figures
from frontdesk.forms import TransferForm
from frontdesk.models import Counter, CounterShift, ServiceSession, SlotBooking
from frontdesk.tokens import token_of
from frontdesk.waiting import waiting_rows
from offices.dates import format_time, to_local
from offices.http import office_of, right_required
from offices.parameters import read_number
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.http import HttpResponse

    from frontdesk.models import QueueTicket
    from offices.http import DeskRequest
    from offices.models import Office


@require_safe
@right_required(Right.READ_QUEUE)
@vary_on_headers("HX-Request")
def queue_desk(request: DeskRequest) -> HttpResponse:
    """The page to run the queue from; htmx asks, whenever it changed, for the figures and who waits."""
    now, office = timezone.now(), office_of(request)
    context: dict[str, Any] = {
        "figures": todays_figures(office, minutes := standard_minutes_of(office, now), now),
        "minutes": minutes,
        "waiting": waiting_rows(office, now),
    }
    if request.htmx:
        return render(request, "frontdesk/desk.html#live", context)
    return render(request, "frontdesk/desk.html", context | _counter(request, office, now))


def _counter(request: DeskRequest, office: Office, now: datetime) -> dict[str, Any]:
    """What the officer does, or the counters that can be opened."""
    today = office.local_date(now)
    may_run = request.duties.may(Right.RUN_QUEUE)
    shift = calls.current_shift(request.user, today) if may_run else None
    ticket = calls.ticket_at(shift) if shift is not None else None
    running = ServiceSession.objects.visible_to(request.duties, request.user)
    counters = list(Counter.objects.visible_to(request.duties).in_use().prefetch_related("categories"))
    open_shifts = CounterShift.objects.open_on(today).filter(counter__in=counters).select_related("officer")
    taken = {each.counter_id: each for each in open_shifts}
    others = [counter for counter in counters if shift is None or counter.pk != shift.counter_id]
    return {
        "may_run": may_run,
        "shift": shift,
        "ticket": ticket,
        "session": running.running().first() if may_run else None,
        "is_serving": ticket is not None and ticket.status == TicketStatus.SERVING,
        "counters": [(counter, taken.get(counter.pk)) for counter in counters],
        "transfer": TransferForm(office=office, counters=others) if ticket is not None else None,
        "expected": _expected(office, today) if may_run else [],
        "office": office,
    }


def _expected(office: Office, today: date) -> list[tuple[str, SlotBooking]]:
    """Today's bookings whose visitors have not come yet, each with its hour on the wall."""
    found = SlotBooking.objects.expected(office, today).select_related("category")
    return [(format_time(to_local(booking.starts_at, office.zone)), booking) for booking in found]


@require_POST
@right_required(Right.RUN_QUEUE)
def counter_open(request: DeskRequest, pk: int) -> HttpResponse:
    counter = counter_for(request.duties, pk)
    try:
        with once(request, reverse("queue_desk")):
            calls.open_counter(counter, request.user, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    return redirect("queue_desk")


@require_POST
@right_required(Right.RUN_QUEUE)
def booking_arrive(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody who booked stands at the reception: give the number, and show its slip to print."""
    booking = booking_for(request.duties, pk)
    if booking.ticket is not None:
        messages.info(
            request, f"Nomor {booking.ticket.label} sudah diberikan; karcisnya tidak ditampilkan lagi."
        )
        return redirect("queue_desk")
    try:
        with once(request, reverse("queue_desk")) as sent:
            ticket = bookings.check_in(booking, now=timezone.now())
            sent.leads_to = reverse("queue_slip", args=[token_of(ticket)])
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("queue_desk")
    return redirect(sent.leads_to)


@dataclass(frozen=True, slots=True)
class CounterAct:
    """One button: its address, and what it does at the officer's open counter; the text it returns is told."""

    path: str
    url_name: str
    do: Callable[[DeskRequest, CounterShift, datetime], str]


@require_POST
@right_required(Right.RUN_QUEUE)
def queue_act(request: DeskRequest, act: CounterAct) -> HttpResponse:
    """Do what a button says; what the rules refuse is told, and the page shown as it stands now."""
    now = timezone.now()
    shift = calls.current_shift(request.user, office_of(request).local_date(now))
    try:
        if shift is None:
            raise RuleError("Loket Bapak/Ibu belum dibuka hari ini. Silakan buka loket dahulu.")  # noqa: TRY301 - told as the others
        with once(request, reverse("queue_desk")):
            told = act.do(request, shift, now)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        if told:
            messages.info(request, told)
    return redirect("queue_desk")


def _shown(request: DeskRequest) -> QueueTicket:
    """The number the page showed when the button was pressed; another tab may have moved on since."""
    return ticket_for(request.duties, read_number(request.POST.get("ticket", "")) or 0)


def _call(_request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    ticket = calls.call_next(shift, now=now)
    return "" if ticket else "Tidak ada nomor yang menunggu untuk loket ini."


def _recall(request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    ticket = calls.recall(shift, _shown(request), now=now)
    return f"Nomor {ticket.label} dipanggil ulang."


def _skip(request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    ticket = calls.skip(shift, _shown(request), now=now)
    if ticket.status == TicketStatus.LEFT:
        return f"Nomor {ticket.label} tidak hadir dan dikeluarkan dari antrean."
    return f"Nomor {ticket.label} dilewati dan akan dipanggil kembali."


def _serve(request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    sessions.start(shift.counter.office, request.user, now=now, ticket=_shown(request))
    return ""


def _finish(request: DeskRequest, _shift: CounterShift, _now: datetime) -> str:
    """A number ends with its session, which says who was served and with what outcome."""
    raise RuleError(f"Nomor {_shown(request).label} selesai bersama sesinya. Silakan catat hasil layanannya.")


def _transfer(request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    ticket = _shown(request)
    counters = Counter.objects.visible_to(request.duties).in_use()
    form = TransferForm(request.POST, office=ticket.office, counters=counters)
    if not form.is_valid():
        raise RuleError("Silakan pilih kategori atau loket tujuan.")
    said = form.cleaned_data
    calls.transfer(shift, ticket, category=said["category"], counter=said["counter"], now=now)
    return f"Nomor {ticket.label} dialihkan."


def _pause(_request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    calls.pause(shift, now=now)
    return ""


def _resume(_request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    calls.resume(shift, now=now)
    return ""


def _close(_request: DeskRequest, shift: CounterShift, now: datetime) -> str:
    calls.close_counter(shift, now=now)
    return f"{shift.counter} ditutup."


ACTS = (
    CounterAct("panggil", "queue_call", _call),
    CounterAct("ulangi", "queue_recall", _recall),
    CounterAct("lewati", "queue_skip", _skip),
    CounterAct("layani", "queue_serve", _serve),
    CounterAct("selesai", "queue_finish", _finish),
    CounterAct("alihkan", "queue_transfer", _transfer),
    CounterAct("jeda", "queue_pause", _pause),
    CounterAct("lanjut", "queue_resume", _resume),
    CounterAct("tutup", "queue_close", _close),
)
