"""Booking a slot of a later day, and what the booking's link opens: cancelling, checking in."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import proof
from consultations.crowding import tries_for
from consultations.errors import RuleError
from frontdesk import bookings
from frontdesk.access import booking_by_token
from frontdesk.bookings import Reservation, bookable_days, slots_of
from frontdesk.forms import BookingForm
from frontdesk.hours import queue_calendar
from frontdesk.letters import addresses_in_words
from frontdesk.models import QueueSettings
from frontdesk.tokens import token_of
from offices.models import Office
from throttle import limits, visitors

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from frontdesk.models import SlotBooking

HOUR = timedelta(hours=1)
BOOKINGS_PER_ADDRESS = 30
BOOKINGS_PER_CONTACT = 5
UNPROVEN_PER_ADDRESS = 3  # without the browser's work


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def booking_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a day, then one of its slots; the day stands in the address."""
    office = get_object_or_404(Office, slug=slug)
    now = timezone.now()
    calendar, settings = queue_calendar(office), QueueSettings.of(office)
    days = bookable_days(calendar, settings, now)
    day = _chosen(request.GET.get("hari", ""), days)
    slots = slots_of(office, day, calendar, settings) if day else []
    form = BookingForm(request.POST or None, office=office, slots=slots)
    choices = list(zip(slots, form["starts_at"], strict=True))
    context = {
        "office": office,
        "form": form,
        "days": days,
        "day": day,
        "choices": choices,
        "addresses": addresses_in_words(office),
        "challenge": proof.issue(now, tries_for(office)),  # new on each page: work is brought once
    }
    if request.method != "POST":
        return render(request, "frontdesk/booking_form.html", context)
    if form.is_valid() and (booked := _book(request, office, form, now)):
        return redirect("booking", token_of(booked))
    return render(request, "frontdesk/booking_form.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _chosen(text: str, days: list[date]) -> date | None:
    """The day of that name when it is offered, else the first."""
    return next((day for day in days if day.isoformat() == text), days[0] if days else None)


def _book(request: HttpRequest, office: Office, form: BookingForm, now: datetime) -> SlotBooking | None:
    """Book what the form says; None, and the form says why, when it cannot be."""
    said = form.cleaned_data
    contact = (said["email"] or said["phone"]).lower()
    is_proven = not proof.doubts_about_work(**form.work, submission_id=form.submission_id, now=now)
    most = BOOKINGS_PER_ADDRESS if is_proven else UNPROVEN_PER_ADDRESS
    if visitors.hit(request, "booking.address", limit=most, per=HOUR, now=now) or limits.hit(
        "booking.contact", contact, limit=BOOKINGS_PER_CONTACT, per=HOUR, now=now
    ):
        form.add_error(
            None, "Terlalu banyak pemesanan dalam waktu singkat. Silakan coba kembali satu jam lagi."
        )
        return None
    who = Reservation(
        said["category"], said["name"], said["phone"], said["email"], form.submission_id, is_proven
    )
    try:
        booked = bookings.book(office, said["starts_at"], who, now=now)
    except RuleError as error:
        form.add_error(None, str(error))
        return None
    if not is_proven:
        messages.info(
            request,
            "Mohon simpan alamat halaman ini: tanpa JavaScript, konfirmasi dan pengingat tidak kami kirim.",
        )
    return booked


@login_not_required
@require_safe
@never_cache
def booking(request: HttpRequest, token: str) -> HttpResponse:
    found = booking_by_token(token)
    now = timezone.now()
    today = found.office.local_date(now)
    context: dict[str, Any] = {
        "office": found.office,
        "booking": found,
        "token": token,
        "ticket_token": token_of(found.ticket) if found.ticket is not None else "",
        "is_today": found.day == today,
        "is_past": found.day < today,
    }
    response = render(request, "frontdesk/booking.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_POST
def booking_cancel(request: HttpRequest, token: str) -> HttpResponse:
    found = booking_by_token(token)
    try:
        bookings.cancel(found, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    return redirect("booking", token)


@login_not_required
@require_POST
def booking_check_in(request: HttpRequest, token: str) -> HttpResponse:
    """The visitor says that he or she has come, and gets a number."""
    found = booking_by_token(token)
    try:
        ticket = bookings.check_in(found, now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("booking", token)
    return redirect("queue_slip", token_of(ticket))
