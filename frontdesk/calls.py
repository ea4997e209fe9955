"""What an officer does with the queue: opens a counter, calls, recalls, skips, transfers, serves, pauses, closes.

Every act locks first, then checks, then changes, in one transaction, and announces itself. Locks are taken in one
order: shift, day, number. A rule that refuses raises RuleError with a sentence for the officer and changes nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When

from consultations.errors import RuleError
from frontdesk.announce import announce
from frontdesk.enums import AT_COUNTER, PRESENT, SegmentState, TicketStatus
from frontdesk.models import Counter, CounterShift, QueueDay, QueueSettings, QueueTicket, Segment
from frontdesk.turns import Alternation
from offices.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from frontdesk.models import QueueTicketQuerySet
    from offices.models import Category, Office

JUST_AFTER = timedelta(microseconds=1)
SHIFT_PARTS = ("counter__office", "officer")


def current_shift(officer: Staff, day: date) -> CounterShift | None:
    """The counter an officer has open on an office local date; one query."""
    return CounterShift.objects.open_on(day).filter(officer=officer).select_related(*SHIFT_PARTS).first()


def ticket_at(shift: CounterShift) -> QueueTicket | None:
    """The number called to or served at a shift's counter by its officer; one query."""
    mine = QueueTicket.objects.at_counter().filter(
        counter=shift.counter_id, day=shift.day, segments__officer=shift.officer_id, segments__ended_at=None
    )
    return mine.select_related("category", "satker", "counter").first()


@transaction.atomic
def open_counter(counter: Counter, officer: Staff, *, now: datetime) -> CounterShift:
    """Sit down at a counter; opening it again, in another tab, changes nothing. Raises RuleError.

    What was left open on an earlier day is closed by the way. The officer's row is locked before the counter's, so
    that two tabs, or two officers, come one after the other.
    """
    today = counter.office.local_date(now)
    Staff.objects.select_for_update(no_key=True).get(pk=officer.pk)
    Counter.objects.select_for_update(no_key=True).get(pk=counter.pk)
    close_past_days(counter.office, now=now)
    theirs = CounterShift.objects.open().filter(Q(officer=officer) | Q(counter=counter))
    for shift in theirs.select_related(*SHIFT_PARTS):
        if shift.officer_id != officer.pk:
            raise RuleError(f"{counter} sedang dibuka oleh {shift.officer.full_name}.")
        if shift.counter_id != counter.pk:
            raise RuleError(f"Bapak/Ibu masih membuka {shift.counter}. Silakan tutup loket itu dahulu.")
        return shift
    if not counter.is_active:
        raise RuleError(f"{counter} tidak dipakai lagi. Silakan pilih loket lain.")
    shift = CounterShift.objects.create(counter=counter, officer=officer, day=today, opened_at=now)
    announce(counter.office_id)
    return shift


def pause(shift: CounterShift, *, now: datetime) -> None:
    """Stop calling for a while; raises RuleError while somebody is at the counter."""
    with _at_work(shift, now) as held:
        _require_nobody(held)
        if held.paused_at is None:
            held.paused_at = now
            held.save(update_fields=["paused_at"])


def resume(shift: CounterShift, *, now: datetime) -> None:
    """Go on calling after a pause."""
    with _at_work(shift, now) as held:
        held.paused_at = None
        held.save(update_fields=["paused_at"])


def close_counter(shift: CounterShift, *, now: datetime) -> None:
    """Leave the counter; raises RuleError while somebody is at it."""
    with _at_work(shift, now) as held:
        _require_nobody(held)
        held.closed_at = now
        held.save(update_fields=["closed_at"])


def call_next(shift: CounterShift, *, now: datetime) -> QueueTicket | None:
    """Call the number whose turn it is to the shift's counter; None when nobody waits for it.

    The shift's lock makes a second press find the first one's number, and raise RuleError. The day's lock lets
    officers who press at once choose one after the other, each by the state the one before left, so the priority
    rule holds in the order of calls. A number that another act holds just then is passed over, not waited for.
    """
    with _at_work(shift, now) as held:
        _require_nobody(held)
        if held.paused_at is not None:
            raise RuleError("Loket sedang dijeda. Silakan lanjutkan dahulu sebelum memanggil.")
        office = held.counter.office
        settings = QueueSettings.of(office)
        day = QueueDay.objects.select_for_update(no_key=True).filter(office=office, day=held.day).first()
        if day is None:
            return None
        state = Alternation.of(day, settings)
        ticket = _whose_turn(held, state, now)
        if ticket is None:
            return None
        day.regulars_since_priority = state.after(ticket.kind).regulars
        day.save(update_fields=["regulars_since_priority"])
        ticket.status, ticket.counter, ticket.called_at = TicketStatus.CALLING, held.counter, now
        ticket.save(update_fields=["status", "counter", "called_at"])
        _enter(ticket, SegmentState.CALLING, now, officer=held.officer)
    return ticket


def recall(shift: CounterShift, ticket: QueueTicket, *, now: datetime) -> QueueTicket:
    """Call a called number once more."""
    with _at_work(shift, now) as held:
        locked = _locked_at(held, ticket, TicketStatus.CALLING)
        locked.called_at = now
        locked.save(update_fields=["called_at"])
    return locked


def skip(shift: CounterShift, ticket: QueueTicket, *, now: datetime) -> QueueTicket:
    """Nobody came: the number returns behind the next few, and leaves after its last chance."""
    with _at_work(shift, now) as held:
        locked = _locked_at(held, ticket, TicketStatus.CALLING)
        settings = QueueSettings.of(held.counter.office)
        locked.skips += 1
        if locked.skips > settings.returns:
            _end(locked, TicketStatus.LEFT, now)
        else:
            locked.turn_at = _turn_behind(held, settings.return_after, now)
            _wait_again(locked, now)
    return locked


def transfer(
    shift: CounterShift,
    ticket: QueueTicket,
    *,
    now: datetime,
    category: Category | None = None,
    counter: Counter | None = None,
) -> QueueTicket:
    """Send the visitor on to another category or counter, where the turn they had makes them one of the next."""
    with _at_work(shift, now) as held:
        locked = _locked_at(held, ticket, *AT_COUNTER)
        if counter is not None and counter.pk == held.counter_id:
            raise RuleError("Nomor ini sudah di loket Bapak/Ibu. Silakan pilih loket lain.")
        if counter is None and (category is None or category.pk == locked.category_id):
            raise RuleError("Silakan pilih kategori atau loket tujuan yang lain.")
        locked.category = category or locked.category
        locked.wanted_counter = counter
        _wait_again(locked, now)
    return locked


@transaction.atomic
def start_serving(ticket: QueueTicket, *, officer: Staff, now: datetime) -> QueueTicket:
    """The visitor is at the counter. Raises RuleError unless this officer called the number.

    Only `sessions` begins and ends a service, so that no number is served without a session.
    """
    locked = _lock(ticket)
    if locked.status != TicketStatus.CALLING or not _is_with(locked, officer):
        raise _stale(locked)
    locked.status = TicketStatus.SERVING
    locked.save(update_fields=["status"])
    _enter(locked, SegmentState.SERVING, now, officer=officer)
    announce(locked.office_id)
    return locked


@transaction.atomic
def finish(ticket: QueueTicket, *, now: datetime, accurate: bool = True) -> QueueTicket:
    """The service is over, and its session with it. Without `accurate` its minutes are left out of averages."""
    locked = _lock(ticket)
    if locked.status != TicketStatus.SERVING:
        raise _stale(locked)
    _end(locked, TicketStatus.DONE, now, accurate=accurate)
    announce(locked.office_id)
    return locked


def withdraw(ticket: QueueTicket, *, now: datetime) -> QueueTicket:
    """The visitor gives the number back; raises RuleError once it is called."""
    with transaction.atomic():
        if _lock(ticket).status != TicketStatus.WAITING:
            raise RuleError(
                "Nomor ini sudah dipanggil atau sudah selesai. Silakan sampaikan kepada petugas loket."
            )
        return leave(ticket, now=now)


@transaction.atomic
def leave(ticket: QueueTicket, *, now: datetime) -> QueueTicket:
    """The visitor has gone, before or after being called; raises RuleError when the visit is over."""
    locked = _lock(ticket)
    if locked.status not in PRESENT:
        raise _stale(locked)
    _end(locked, TicketStatus.LEFT, now)
    announce(locked.office_id)
    return locked


@transaction.atomic
def close_past_days(office: Office, *, now: datetime) -> int:
    """End what was left open on the office's earlier local dates; returns how many numbers.

    Whoever was being served counts as served, the others as gone; their last minutes are left out of averages.
    """
    today = office.local_date(now)
    CounterShift.objects.open().filter(counter__office=office, day__lt=today).update(closed_at=now)
    open_ones = QueueTicket.objects.filter(office=office, day__lt=today, status__in=PRESENT)
    keys = list(open_ones.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    Segment.objects.open().filter(ticket__in=keys).update(ended_at=now, is_accurate=False)
    served = Case(
        When(status=TicketStatus.SERVING, then=Value(TicketStatus.DONE)), default=Value(TicketStatus.LEFT)
    )
    return QueueTicket.objects.filter(pk__in=keys).update(status=served, ended_at=now)


@contextmanager
def _at_work(shift: CounterShift, now: datetime) -> Iterator[CounterShift]:
    """The shift, locked, as it stands now; raises RuleError when it is over. Announces once the block is done."""
    with transaction.atomic():
        rows = CounterShift.objects.select_for_update(no_key=True, of=("self",)).select_related(*SHIFT_PARTS)
        held = rows.get(pk=shift.pk)
        if held.closed_at is not None or held.day != held.counter.office.local_date(now):
            raise RuleError(f"{held.counter} sudah ditutup. Silakan buka loket kembali.")
        yield held
        announce(held.counter.office_id)


def _require_nobody(shift: CounterShift) -> None:
    if (ticket := ticket_at(shift)) is not None:
        doing = "dilayani" if ticket.status == TicketStatus.SERVING else "dipanggil"
        raise RuleError(
            f"Nomor {ticket.label} masih {doing} di {ticket.counter}. Selesaikan atau lewati dahulu."
        )


def _whose_turn(shift: CounterShift, state: Alternation, now: datetime) -> QueueTicket | None:
    """The waiting number that `turns` names among those this counter may call, locked; the same order in SQL."""
    urgency = Case(
        When(turn_at__lte=now - state.longest_wait, then=Value(0)),
        When(kind=state.preferred, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    waiting = callable_by(shift).order_by(urgency, "turn_at", "pk")
    return waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()


def callable_by(shift: CounterShift) -> QueueTicketQuerySet:
    """The waiting numbers a counter may call: its own categories', and what no other open counter can take."""
    office, day = shift.counter.office, shift.day
    open_now = Counter.objects.filter(shifts__in=CounterShift.objects.open_on(day), office=office)
    served = {
        each.pk: {c.pk for c in each.categories.all()} for each in open_now.prefetch_related("categories")
    }
    mine, others = served.pop(shift.counter_id), served
    found = QueueTicket.objects.on(office, day).waiting().exclude(wanted_counter__in=others)
    if not mine:
        return found
    by_category = Q(category__in=mine)
    if all(others.values()):
        by_category |= ~Q(category__in=set().union(*others.values()))
    return found.filter(by_category | Q(wanted_counter=shift.counter_id))


def _turn_behind(shift: CounterShift, numbers: int, now: datetime) -> datetime:
    """A turn just behind the next so many waiting numbers, or behind all when fewer wait.

    Nobody who comes later goes before, even when one of the next is booked for a time to come.
    """
    waiting = QueueTicket.objects.on(shift.counter.office, shift.day).waiting()
    turns = list(waiting.values_list("turn_at", flat=True)[:numbers])
    return min(turns[-1], now) + JUST_AFTER if turns else now


def _lock(ticket: QueueTicket) -> QueueTicket:
    return (
        QueueTicket.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office")
        .get(pk=ticket.pk)
    )


def _locked_at(shift: CounterShift, ticket: QueueTicket, *states: TicketStatus) -> QueueTicket:
    """The number the officer's page shows, locked; raises RuleError when it is no longer with the officer."""
    locked = _lock(ticket)
    if locked.status not in states or not _is_with(locked, shift.officer):
        raise _stale(locked)
    return locked


def _is_with(ticket: QueueTicket, officer: Staff) -> bool:
    return ticket.segments.open().filter(officer=officer).exists()


def _stale(ticket: QueueTicket) -> RuleError:
    status = ticket.get_status_display().lower()
    return RuleError(f"Nomor {ticket.label} sekarang berstatus {status}. Silakan periksa tampilan terbaru.")


def _wait_again(ticket: QueueTicket, now: datetime) -> None:
    ticket.status, ticket.counter = TicketStatus.WAITING, None
    ticket.save()
    _enter(ticket, SegmentState.WAITING, now)


def _end(ticket: QueueTicket, status: TicketStatus, now: datetime, *, accurate: bool = True) -> None:
    ticket.status, ticket.ended_at = status, now
    ticket.save(update_fields=["status", "ended_at", "skips"])
    ticket.segments.open().update(ended_at=now, is_accurate=accurate)


def _enter(ticket: QueueTicket, state: SegmentState, now: datetime, *, officer: Staff | None = None) -> None:
    """End the visitor's stretch of time and begin the next."""
    ticket.segments.open().update(ended_at=now)
    counter = ticket.counter if officer is not None else None
    Segment.objects.create(ticket=ticket, state=state, officer=officer, counter=counter, started_at=now)
