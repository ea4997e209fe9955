"""The progress owed today: told one after another from one page, each with a click."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from consultations import actors
from consultations.access import consultation_for
from consultations.errors import RuleError
from consultations.forms.conversation import OwedProgressForm
from consultations.progress_today import (
    PARTS,
    after,
    count_in_words,
    owed_today,
    place_of,
    settled_in_words,
    tasks,
)
from offices.calendars import calendar_of
from offices.http import office_of, right_required
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from consultations.models import Consultation, ConsultationQuerySet
    from offices.http import DeskRequest

PAGE_SIZE = 15
TEMPLATE = "consultations/desk/progress_today.html"


@require_safe
@right_required(Right.HANDLE_CONSULTATIONS)
def progress_today(request: DeskRequest) -> HttpResponse:
    return _page(request, timezone.now())


@require_POST
@right_required(Right.HANDLE_CONSULTATIONS)
@vary_on_headers("HX-Request")
def progress_send(request: DeskRequest, number: str) -> HttpResponse:
    """Tell one; what is refused comes back with what was typed, what a colleague told meanwhile says so."""
    now, found = timezone.now(), consultation_for(request.duties, number)
    form = OwedProgressForm(request.POST, consultation=found)
    if form.is_valid():
        try:
            with once(request, reverse("progress_today")):
                form.perform(by=actors.officer(request.user), now=now)
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            return _told(request, found, form, now)
    return _refused(request, consultation_for(request.duties, number), form, now)


def _told(request: DeskRequest, found: Consultation, form: OwedProgressForm, now: datetime) -> HttpResponse:
    is_sent = form.already_told_through is None
    said = "Progres telah dikirim kepada stakeholder." if is_sent else "Progres telah dicatat."
    if request.htmx:
        return _row(request, {"settled": found, "said": said}, now, HTTPStatus.OK)
    messages.success(request, f"{found.number}: {said}")
    return redirect("progress_today")


def _refused(
    request: DeskRequest, found: Consultation, form: OwedProgressForm, now: datetime
) -> HttpResponse:
    form.consultation = found
    if not found.owes_progress(found.office.local_date(now)):
        unsent = form.data.get("text", "")
        context = {"settled": found, "said": settled_in_words(found), "unsent": unsent}
        if request.htmx:
            return _row(request, context, now, HTTPStatus.UNPROCESSABLE_ENTITY)
        return _page(request, now, context=context)
    if request.htmx:
        (task,) = tasks([found], calendar_of(found.office), now, form)
        return _row(request, {"task": task}, now, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, now, refused=form)


def _row(request: DeskRequest, context: dict[str, Any], now: datetime, status: HTTPStatus) -> HttpResponse:
    """What takes the place of one row, and how many are left."""
    context |= {"summary": count_in_words(_owed(request, now))}
    return render(request, f"{TEMPLATE}#answer", context, status=status)


def _owed(request: DeskRequest, now: datetime) -> ConsultationQuerySet:
    return owed_today(request.duties, request.user, office_of(request).local_date(now))


def _page(
    request: DeskRequest,
    now: datetime,
    *,
    refused: OwedProgressForm | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The rows from a place on; a refused one stands first unless it is among them. What was refused makes it a 422."""
    owed, place = _owed(request, now), request.GET.get("sesudah", "")
    found = list(after(owed, place).select_related(*PARTS).defer("search", "question")[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    further = [refused.consultation] if refused is not None and refused.consultation not in page else []
    status = HTTPStatus.OK if refused is None and context is None else HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        **(context or {}),
        "tasks": tasks([*further, *page], calendar_of(office_of(request)), now, refused),
        "next_place": place_of(page[-1], request.user) if len(found) > PAGE_SIZE else "",
        "is_first": not place,
        "summary": count_in_words(owed),
    }
    return render(request, TEMPLATE, context, status=status)
