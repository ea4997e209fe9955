"""Held questions: what their sender is told, and the officer's decision."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from consultations.access import held_by_token, held_file_for, held_for
from consultations.attachments import download
from consultations.errors import RuleError
from consultations.forms.desk import read_place, write_place
from consultations.forms.held import USUAL_REASONS, RejectForm
from consultations.held import REJECTED_KEPT_FOR, accept_judged, judged_files, refusal_of, reject
from consultations.held_waits import missed_until, waiting_in_words, waits
from consultations.models import HeldSubmission
from consultations.scanning import may_be_opened
from consultations.tokens import senders_path
from consultations.views.tracking import unknown_link
from offices.calendars import calendar_of
from offices.contacts import contacts_of
from offices.http import office_of, right_required
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from consultations.models import HeldSubmissionQuerySet
    from offices.http import DeskRequest

PAGE_SIZE = 25


@require_safe
@login_not_required
@never_cache
def held_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The sender's page: waiting for an officer, or where it led."""
    try:
        held = held_by_token(token)
    except Http404:
        return unknown_link(request)
    context = {
        "office": held.office,
        "held": held,
        "missed_until": missed_until(held) if held.is_waiting else None,
        "contacts": contacts_of(held.office),
        "tracking_path": senders_path(held.consultation, "track") if held.consultation else "",
    }
    response = render(request, "consultations/public/held.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
@right_required(Right.READ_CONSULTATIONS)
def held_list(request: DeskRequest) -> HttpResponse:
    visible = HeldSubmission.objects.visible_to(request.duties)
    return _waiting_page(request, RejectForm(visible=visible))


@require_safe
@right_required(Right.READ_CONSULTATIONS)
def held_rejected(request: DeskRequest) -> HttpResponse:
    """What was rejected and is still kept, the latest first."""
    visible, place = HeldSubmission.objects.visible_to(request.duties), _place(request)
    page, next_place = _page(visible.latest_rejected_first(place), "decided_at")
    context = {
        "office": office_of(request),
        "page": page,
        "days_kept": REJECTED_KEPT_FOR.days,
        "may_decide": request.duties.may(Right.HANDLE_CONSULTATIONS),
        "is_first": place is None,
        "next_place": next_place,
    }
    return render(request, "consultations/desk/held_rejected.html", context)


@require_safe
@right_required(Right.READ_CONSULTATIONS)
def held_file(request: DeskRequest, pk: int) -> HttpResponseBase:
    file = held_file_for(request.duties, pk)
    refusal = refusal_of(file)
    if not refusal and may_be_opened(file):
        return download(file)
    refusal = refusal or f"Berkas “{file.name}” belum dinyatakan aman, sehingga tidak dapat dibuka."
    messages.error(request, refusal)
    return redirect("held_list")


@require_POST
@right_required(Right.HANDLE_CONSULTATIONS)
def held_accept(request: DeskRequest, pk: int, *, after_rejection: bool = False) -> HttpResponse:
    held = held_for(request.duties, pk)
    back = reverse("held_rejected" if after_rejection else "held_list")
    try:
        with judged_files(held) as judged, once(request, back) as sent:
            now = timezone.now()
            consultation = accept_judged(
                held, judged, by=request.user, now=now, after_rejection=after_rejection
            )
            sent.leads_to = consultation.get_absolute_url()
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, f"Kiriman {held.reference} menjadi konsultasi, dihitung sejak saat dikirim.")
    return redirect(consultation)


@require_POST
@right_required(Right.HANDLE_CONSULTATIONS)
def held_reject(request: DeskRequest) -> HttpResponse:
    """Reject all that are ticked, and go on where the officer was."""
    form = RejectForm(request.POST, visible=HeldSubmission.objects.visible_to(request.duties))
    if not form.is_valid():
        return _waiting_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen, back = form.cleaned_data["held"], reverse("held_list", query=request.GET)
    wanted = len(chosen)
    with once(request, back):
        rejected = reject(chosen, form.cleaned_data["reason"], by=request.user, now=timezone.now())
    if rejected:
        messages.success(request, f"{rejected} kiriman ditolak.")
    if rejected < wanted:
        messages.warning(request, f"{wanted - rejected} kiriman sudah diputuskan sebelumnya.")
    return redirect(back)


def _waiting_page(
    request: DeskRequest, form: RejectForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """What waits, the longest first; a refused form keeps what was ticked."""
    now, office = timezone.now(), office_of(request)
    visible, place = HeldSubmission.objects.visible_to(request.duties), _place(request)
    page, next_place = _page(visible.longest_waiting_first(place), "submitted_at")
    if place and not page:
        return redirect("held_list")
    context = {
        "office": office,
        "form": form,
        "ticked": request.POST.getlist("held"),
        "waits": waits(page, office, calendar_of(office), now),
        "summary": waiting_in_words(visible, office, now),
        "may_decide": request.duties.may(Right.HANDLE_CONSULTATIONS),
        "is_first": place is None,
        "next_place": next_place,
        "usual_reasons": USUAL_REASONS,
    }
    return render(request, "consultations/desk/held_list.html", context, status=status)


def _place(request: DeskRequest) -> tuple[datetime, int] | None:
    return read_place(request.GET.get("sesudah", ""))


def _page(found: HeldSubmissionQuerySet, moment: str) -> tuple[list[HeldSubmission], str]:
    """The first page of a list ordered by a moment, and the place behind it; empty when it is the last."""
    rows = list(
        found.select_related("category", "decided_by", "office").prefetch_related("files")[: PAGE_SIZE + 1]
    )
    page = rows[:PAGE_SIZE]
    return page, write_place(getattr(page[-1], moment), page[-1].pk) if len(rows) > PAGE_SIZE else ""
