"""Booking a slot of a later working day: seats, confirmation and reminder, cancelling, checking in on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from consultations.errors import RuleError
from consultations.tokens import hash_token
from frontdesk import letters
from frontdesk.hours import queue_calendar
from frontdesk.models import QueueSettings, SlotBooking
from frontdesk.queue import QueueClosed, Visit, issue, lock_day
from frontdesk.tokens import new_token
from notifications.outbox import enqueue
from offices.calendar import is_open, next_working_day, service_on
from offices.dates import format_date, to_local
from offices.models import Office
from offices.service_hours import state_in_words

if TYPE_CHECKING:
    from uuid import UUID

    from frontdesk.models import QueueTicket, SlotBookingQuerySet
    from offices.calendar import WorkCalendar
    from offices.models import Category

REMINDED_FROM = time(9)  # on the wall of the office, the day before


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to come, and how many seats it still has."""

    starts_at: datetime
    free: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Who comes for what. A `submission_id` books it once.

    To an address that came without the browser's work, and so not `is_proven`, no letter is written.
    """

    category: Category
    name: str
    phone: str = ""
    email: str = ""
    submission_id: UUID | None = None
    is_proven: bool = True


def bookable_days(calendar: WorkCalendar, settings: QueueSettings, now: datetime) -> list[date]:
    """The working days after today on which a slot may be booked; none when the office takes no bookings."""
    if not (settings.takes_bookings and settings.slot_capacity):
        return []
    days = [next_working_day(calendar, to_local(now, calendar.zone).date())]
    while len(days) < settings.booking_days:
        days.append(next_working_day(calendar, days[-1]))
    return days


def slots_of(office: Office, day: date, calendar: WorkCalendar, settings: QueueSettings) -> list[Slot]:
    """A working day's slots, those that end by closing or a break, with what is free of each; one query."""
    taken = list(_standing(office, day).values_list("starts_at", flat=True))
    return [
        Slot(start, max(settings.slot_capacity - taken.count(start), 0))
        for start in _starts(day, calendar, settings)
    ]


def _starts(day: date, calendar: WorkCalendar, settings: QueueSettings) -> list[datetime]:
    length = timedelta(minutes=settings.slot_minutes)
    return [
        opens + length * number
        for opens, closes in service_on(calendar, day)
        for number in range((closes - opens) // length)
    ]


@transaction.atomic
def book(office: Office, starts_at: datetime, who: Reservation, *, now: datetime) -> SlotBooking:
    """Reserve a seat in a slot and confirm it by message; raises RuleError when the slot is not offered or full.

    The day's row is locked first, so that two who want the last seat come one after the other; the seat's own
    constraint in the database would refuse the second even so.
    """
    calendar, settings = queue_calendar(office), QueueSettings.of(office)
    day = to_local(starts_at, office.zone).date()
    offered = bookable_days(calendar, settings, now)
    if day not in offered or starts_at not in _starts(day, calendar, settings):
        raise RuleError("Jadwal ini tidak tersedia. Silakan pilih jadwal lain.")
    lock_day(office, day)
    if booked := _booked_before(office, who.submission_id):
        return booked
    seats = set(_standing(office, day).filter(starts_at=starts_at).values_list("seat", flat=True))
    free = [seat for seat in range(1, settings.slot_capacity + 1) if seat not in seats]
    if not free:
        raise RuleError("Jadwal ini baru saja penuh. Silakan pilih jadwal lain.")
    public_id = uuid4()
    is_soon = day - to_local(now, office.zone).date() <= timedelta(days=1)
    booking = SlotBooking.objects.create(
        office=office,
        day=day,
        starts_at=starts_at,
        seat=free[0],
        public_id=public_id,
        token_hash=hash_token(new_token(public_id)),
        submission_id=who.submission_id,
        category=who.category,
        name=who.name,
        phone=who.phone,
        email=who.email,
        created_at=now,
        reminded_at=now if is_soon or not who.is_proven else None,  # the confirmation reminds
    )
    if who.is_proven:
        enqueue(letters.about([booking], "booking_made", now))
    return booking


def _booked_before(office: Office, submission_id: UUID | None) -> SlotBooking | None:
    if submission_id is None:
        return None
    return SlotBooking.objects.filter(office=office, submission_id=submission_id).first()


@transaction.atomic
def cancel(booking: SlotBooking, *, now: datetime) -> SlotBooking:
    """Give the seat back; a second time changes nothing. Raises RuleError once a number was given for it."""
    locked = _lock(booking)
    if locked.ticket_id is not None:
        raise RuleError("Kehadiran sudah dicatat, sehingga pesanan tidak dapat dibatalkan lagi.")
    if locked.day < to_local(now, locked.office.zone).date():
        raise RuleError("Jadwal ini sudah lewat, sehingga tidak dapat dibatalkan lagi.")
    if locked.cancelled_at is None:
        locked.cancelled_at = now
        locked.save(update_fields=["cancelled_at"])
    return locked


@transaction.atomic
def check_in(booking: SlotBooking, *, now: datetime) -> QueueTicket:
    """The visitor has come: give a number, the same one if asked again. Raises RuleError on another day.

    The turn is reckoned so that from the slot's beginning on the number has waited the office's longest wait, and
    is therefore one of the next; whoever comes after the slot's end waits like everybody.
    """
    locked = _lock(booking)
    office = locked.office
    if locked.cancelled_at is not None:
        raise RuleError("Pesanan ini sudah dibatalkan.")
    if locked.ticket is not None:
        return locked.ticket
    calendar = queue_calendar(office)
    _require_today(locked, calendar, now)
    settings = QueueSettings.of(office)
    in_time = now < locked.starts_at + timedelta(minutes=settings.slot_minutes)
    turn_at = locked.starts_at - timedelta(minutes=settings.longest_wait_minutes) if in_time else now
    visit = Visit(locked.category, phone=locked.phone)
    locked.ticket = issue(office, visit, now=now, turn_at=turn_at)
    locked.save(update_fields=["ticket"])
    return locked.ticket


def _lock(booking: SlotBooking) -> SlotBooking:
    rows = SlotBooking.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("office", "category", "ticket").get(pk=booking.pk)


def _standing(office: Office, day: date) -> SlotBookingQuerySet:
    return SlotBooking.objects.standing().filter(office=office, day=day)


def _require_today(booking: SlotBooking, calendar: WorkCalendar, now: datetime) -> None:
    if booking.day != to_local(now, calendar.zone).date():
        raise RuleError(f"Pesanan ini berlaku pada {format_date(booking.day)}, bukan hari ini.")
    if not is_open(calendar, now):
        raise QueueClosed(f"Kehadiran belum dapat dicatat. {state_in_words(calendar, now)[1]}.")


@transaction.atomic
def send_reminders(now: datetime) -> int:
    """Remind of the bookings of each office's next day, from nine in the morning on its wall; returns how many.

    Rows another run holds are skipped; messages and marks commit together, so each booking is reminded of once.
    The number of statements does not grow with the bookings.
    """
    tomorrow = {
        office.pk: local.date() + timedelta(days=1)
        for office in Office.objects.all()
        if (local := to_local(now, office.zone)).time() >= REMINDED_FROM
    }
    waiting = SlotBooking.objects.standing().filter(
        reminded_at__isnull=True, day__lte=max(tomorrow.values(), default=date.min), starts_at__gt=now
    )
    held = waiting.filter(office__in=tomorrow).select_for_update(no_key=True, skip_locked=True, of=("self",))
    due = [
        booking
        for booking in held.select_related("office", "category").order_by("pk")
        if booking.day <= tomorrow[booking.office_id]
    ]
    SlotBooking.objects.filter(pk__in=[booking.pk for booking in due]).update(reminded_at=now)
    enqueue(letters.about(due, "booking_reminder", now))
    return len(due)
