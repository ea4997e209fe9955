"""Changing the calendar in the admin: first the promises that would move are shown, then it is saved and they follow."""
# mypy: disable-error-code="type-arg"
# Django's admin classes are generic for the type checker only.

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.messages.storage import default_storage
from django.db import OperationalError, transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from psycopg.errors import DeadlockDetected, LockNotAvailable

from consultations.models import Consultation
from consultations.recount import Move, digest, moves, set_out, steps, under_way
from notifications.outbox import wake_worker
from offices import admin as offices_admin
from offices.calendars import calendars_of
from offices.dates import format_moment
from offices.models import Holiday, Office, SpecialHours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.db.models import QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse

    from offices.calendar import WorkCalendar

SHOWN = 100
PATIENCE_SECONDS = 2
RECOUNT = "consultations.tasks.recount_deadlines"
UNTIL_THEN = "Sampai gilirannya tiba, batas waktu semula tetap berlaku."
CONFIRM, BACK = "_konfirmasi", "_kembali"
NOT_SENT_AGAIN = ("csrfmiddlewaretoken", CONFIRM, BACK)


class CalendarChange(admin.ModelAdmin):
    """Asks before a change moves promises.

    Whatever is sent is done for real inside a transaction: every check of the admin has its say, and the promises
    are compared with the calendar that would come of it. Unless exactly this change of the calendar was confirmed,
    all is undone and the moves are shown; what was sent goes along, to confirm it or to go back to it. Once confirmed it
    is saved at once; the promises follow a few at a time, so that nobody at the desk waits for them.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        change = partial(super().changeform_view, request, object_id, form_url, extra_context)
        return change() if BACK in request.POST else self._confirmed(request, change)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        change = partial(super().delete_view, request, object_id, extra_context)
        return self._turned_back(request) or self._confirmed(request, change)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Its actions delete many rows at once."""
        change = partial(super().changelist_view, request, extra_context)
        return self._turned_back(request) or self._confirmed(request, change)

    def get_form(
        self,
        request: HttpRequest,
        obj: Any = None,
        change: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        **kwargs: Any,
    ) -> type[ModelForm]:
        """A form that was gone back to shows what was typed and is not saved."""
        form = super().get_form(request, obj, change, **kwargs)
        if BACK in request.POST:
            return type(form.__name__, (form,), {"is_valid": lambda _: False})
        return form

    def _turned_back(self, request: HttpRequest) -> HttpResponse | None:
        return redirect(request.get_full_path()) if BACK in request.POST else None

    def _confirmed(self, request: HttpRequest, change: Callable[[], HttpResponse]) -> HttpResponse:
        if request.method != "POST":
            _tell_what_is_moving(request)
            return change()
        now = timezone.now()
        try:
            forecast, response = self._changed(request, change, now)
        except OperationalError as error:
            if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)):
                raise
            _forget_messages(request)
            return self._ask(request, status=HTTPStatus.CONFLICT)
        if response is None:
            _forget_messages(request)
            return self._ask(request, forecast)
        _move(request, forecast, now)
        return response

    def _changed(
        self, request: HttpRequest, change: Callable[[], HttpResponse], now: datetime
    ) -> tuple[Forecast, HttpResponse | None]:
        """What the change does to promises, and the admin's answer; none when all was undone because it is to be asked."""
        with transaction.atomic():
            # One change of an office's calendar at a time; consultations are opened and answered meanwhile.
            offices = _own_offices(request).select_for_update(no_key=True).order_by("pk")
            before = calendars_of(offices)
            response = change()
            after = calendars_of(_own_offices(request).filter(pk__in=before))
            changed = {pk: after[pk] for pk in after if digest(after[pk]) != digest(before[pk])}
            forecast = Forecast(moves(changed, now), changed, _name_of_change(before, after))
            if not forecast.moved or request.POST.get(CONFIRM) == forecast.name:
                set_out(changed)
                return forecast, response
            transaction.set_rollback(True)
        return forecast, None

    def _ask(
        self,
        request: HttpRequest,
        forecast: Forecast | None = None,
        *,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> TemplateResponse:
        """The moves to confirm; without a forecast, that somebody else's work was in the way and may be over now.

        Trying again sends what was sent, a confirmation included.
        """
        context = {
            **self.admin_site.each_context(request),
            "title": "Konfirmasi perubahan kalender",
            "opts": self.opts,
            "forecast": forecast,
            "sent": [
                (key, value)
                for key, values in request.POST.lists()
                if key not in NOT_SENT_AGAIN
                for value in values
            ],
            "confirm": (CONFIRM, forecast.name if forecast else request.POST.get(CONFIRM, "")),
            "back": BACK,
            "until_then": UNTIL_THEN,
        }
        return TemplateResponse(request, "consultations/calendar_confirm.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a change of the calendar, by its `name`, does to the promises of the offices it changes."""

    moved: list[Move]
    calendars: Mapping[int, WorkCalendar]
    name: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The first of the moves, as the page shows them."""
        return [
            {
                "consultation": move.promise.consultation,
                "before": self._moment(move, move.promise.due_at),
                "after": self._moment(move, move.due_at),
            }
            for move in self.moved[:SHOWN]
        ]

    def _moment(self, move: Move, moment: datetime) -> str:
        return format_moment(moment, self.calendars[move.promise.consultation.office_id].zone)

    @property
    def not_shown(self) -> int:
        return max(len(self.moved) - SHOWN, 0)

    @property
    def told(self) -> int:
        """How many have a new date, of which the stakeholder is told."""
        return sum(move.changes_date for move in self.moved)

    @property
    def unaffected(self) -> int:
        return Consultation.objects.open().filter(office__in=self.calendars).count() - len(self.moved)


def _move(request: HttpRequest, forecast: Forecast, now: datetime) -> None:
    """Let the promises follow for as long as somebody may wait for the page; the worker goes on with the rest."""
    until, moved = monotonic() + PATIENCE_SECONDS, 0
    with suppress(OperationalError):  # the calendar is saved, and the worker tries again
        for count in chain.from_iterable(steps(pk, now) for pk in forecast.calendars):
            moved += count
            if monotonic() > until:
                break
    if moved < len(forecast.moved):
        wake_worker(RECOUNT)
    if moved:
        messages.success(request, f"Batas waktu {moved} konsultasi telah disesuaikan.")


def _tell_what_is_moving(request: HttpRequest) -> None:
    """That promises are still on their way to a calendar which was changed before."""
    waiting = under_way(_own_offices(request))
    if count := len(moves(waiting, timezone.now())) if waiting else 0:
        messages.info(
            request, f"Batas waktu {count} konsultasi sedang disesuaikan dengan kalender. {UNTIL_THEN}"
        )


def _own_offices(request: HttpRequest) -> QuerySet[Office]:
    """The offices whose calendars somebody may change: the system administrator all, anybody else their own."""
    offices = Office.objects.all()
    return (
        offices
        if offices_admin.is_keeper(request)
        else offices.filter(pk=offices_admin.duties(request).office_id)
    )


def _name_of_change(before: Mapping[int, WorkCalendar], after: Mapping[int, WorkCalendar]) -> str:
    """The same for the same change, so that what is confirmed is what was shown, whoever else changes the calendar."""
    parts = [(pk, digest(before[pk]), digest(after[pk])) for pk in sorted(after)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _forget_messages(request: HttpRequest) -> None:
    """The admin announced a success that was undone."""
    request._messages = default_storage(request)  # type: ignore[attr-defined]  # noqa: SLF001 - where Django keeps them


admin.site.unregister([Holiday, Office, SpecialHours])


@admin.register(Holiday)
class HolidayAdmin(CalendarChange, offices_admin.HolidayAdmin):
    """Days that differ, whose changes are confirmed first."""


@admin.register(SpecialHours)
class SpecialHoursAdmin(CalendarChange, offices_admin.SpecialHoursAdmin):
    """Dates with hours of their own, whose changes are confirmed first."""


@admin.register(Office)
class OfficeAdmin(CalendarChange, offices_admin.OfficeAdmin):
    """An office with its service hours and time zone, whose changes are confirmed first."""
