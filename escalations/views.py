"""The unit head's inbox and decisions; the officer's escalating and withdrawing."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultations import actors
from consultations.access import consultation_for
from consultations.deadlines import nearness
from consultations.errors import RuleError
from consultations.timeline import staff_timeline
from escalations import inbox, services
from escalations.access import acting_head, capacity_in, escalation_for, escalation_of, forwarding_head
from escalations.forms import AnswerForm, EscalationForm, ForwardForm, ReturnForm
from escalations.models import Escalation
from offices.calendars import calendar_of
from offices.duties import heads_by_unit
from offices.enums import Role
from offices.http import office_of, right_required
from offices.models import Unit
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django import forms
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from offices.duties import Duties
    from offices.http import DeskRequest

INBOX = reverse_lazy("escalation_inbox")


@require_safe
@right_required(Right.READ_ESCALATIONS)
def escalation_inbox(request: DeskRequest) -> HttpResponse:
    """What waits, by the public deadline, and what has ended; each list goes on from a place of its own."""
    now, office = timezone.now(), office_of(request)
    calendar = calendar_of(office)
    found = Escalation.objects.concerning(request.user, request.duties)
    after, before = request.GET.get("sesudah", ""), request.GET.get("sebelum", "")
    context = {
        "waiting": None if before else inbox.waiting(found, calendar, now, after=after),
        "ended": None if after else inbox.ended(found, calendar, now, before=before),
        "capacities": request.duties.unit_titles.values(),
        "office": office,
    }
    return render(request, "escalations/escalation_inbox.html", context)


@require_safe
@right_required(Right.READ_ESCALATIONS)
def escalation(request: DeskRequest, pk: int) -> HttpResponse:
    return _page(request, pk, timezone.now())


@require_POST
@right_required(Right.ANSWER_ESCALATIONS)
def accept(request: DeskRequest, pk: int) -> HttpResponse:
    now, asked = timezone.now(), escalation_for(request.duties, pk)
    by = acting_head(request.duties, request.user, asked, now)
    try:
        with once(request, asked.get_absolute_url()):
            services.accept(asked, by=by, now=now)
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Eskalasi diterima. Petugas melihat bahwa eskalasi ini sedang ditelaah.")
    return redirect(asked)


@require_POST
@right_required(Right.ANSWER_ESCALATIONS)
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    now, asked = timezone.now(), escalation_for(request.duties, pk)
    by = acting_head(request.duties, request.user, asked, now)
    form = AnswerForm(request.POST)
    answer_it = partial(services.answer, asked, by=by, now=now)
    if _done(request, form, str(INBOX), lambda: answer_it(form.cleaned_data["answer"])):
        messages.success(request, f"Arahan atas {asked.consultation} terkirim kepada petugas.")
        return redirect("escalation_inbox")
    return _page(request, pk, now, answer_form=form)


@require_POST
@right_required(Right.ANSWER_ESCALATIONS)
def give_back(request: DeskRequest, pk: int) -> HttpResponse:
    now, asked = timezone.now(), escalation_for(request.duties, pk)
    by = acting_head(request.duties, request.user, asked, now)
    form = ReturnForm(request.POST)
    give_it_back = partial(services.give_back, asked, by=by, now=now)
    if _done(request, form, str(INBOX), lambda: give_it_back(form.cleaned_data["return_reason"])):
        messages.success(request, f"Eskalasi {asked.consultation} dikembalikan kepada petugas.")
        return redirect("escalation_inbox")
    return _page(request, pk, now, return_form=form)


@require_POST
@right_required(Right.FORWARD_ESCALATIONS)
def forward(request: DeskRequest, pk: int) -> HttpResponse:
    now, asked = timezone.now(), escalation_for(request.duties, pk)
    by = forwarding_head(request.duties, request.user, asked, now)
    form = ForwardForm(request.POST, units=_other_units(asked))
    forward_it = partial(services.forward, asked, by=by, now=now)
    if _done(request, form, str(INBOX), lambda: forward_it(**form.cleaned_data)):
        messages.success(request, f"Eskalasi {asked.consultation} diteruskan ke {form.cleaned_data['unit']}.")
        return redirect("escalation_inbox")
    return _page(request, pk, now, forward_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.ASK_HEADS)
def escalate(request: DeskRequest, number: str) -> HttpResponse:
    """Ask a unit's head: the one the category routes to, unless the officer chooses another."""
    now, consultation = timezone.now(), consultation_for(request.duties, number)
    office, by = consultation.office, actors.officer(request.user)
    form = EscalationForm(
        request.POST if request.method == "POST" else None,
        initial={"unit": consultation.category.unit_id},
        units=office.units.all(),
        heads=heads_by_unit([office.pk], now),
    )
    if request.method == "POST":
        ask = partial(services.escalate, consultation, by=by, now=now)
        if _done(request, form, consultation.get_absolute_url(), lambda: ask(**form.cleaned_data)):
            messages.success(request, f"Eskalasi terkirim kepada {form.cleaned_data['unit'].head_title}.")
            return redirect(consultation)
    elif refusal := services.refusal_to_escalate(consultation):
        messages.warning(request, refusal)
        return redirect(consultation)
    context = {
        "form": form,
        "consultation": consultation,
        "deadline": nearness(consultation.due_at, calendar_of(office), now),
    }
    return render(
        request,
        "escalations/escalation_form.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


@require_POST
@right_required(Right.ASK_HEADS)
def withdraw(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    consultation = consultation_for(request.duties, number)
    asked = escalation_of(consultation, pk)
    try:
        with once(request, consultation.get_absolute_url()):
            services.withdraw(asked, by=actors.officer(request.user), now=timezone.now())
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Eskalasi ditarik.")
    return redirect(consultation)


def _page(request: DeskRequest, pk: int, now: datetime, **sent: forms.Form) -> HttpResponse:
    """An escalation on top of its consultation, with the decisions open to the reader and what they sent in vain."""
    asked, duties = escalation_for(request.duties, pk), request.duties
    consultation = asked.consultation
    timeline = staff_timeline(consultation)
    capacity = capacity_in(duties, asked, now)
    context = {
        "line": inbox.Line.of(asked, calendar_of(consultation.office), now),
        "escalation": asked,
        "consultation": consultation,
        "capacity": capacity,
        "others": consultation.escalations.exclude(pk=asked.pk).select_related(
            "unit", "asked_by", "answered_by"
        ),
        "documents": [document for each in timeline for document in each.attachments],
        "newest_first": timeline[::-1],
        **_decisions(duties, asked, capacity),
        **sent,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if sent else HTTPStatus.OK
    return render(request, "escalations/escalation_detail.html", context, status=status)


def _decisions(duties: Duties, asked: Escalation, capacity: str) -> dict[str, forms.Form | None]:
    """The empty forms of what the reader may decide; None for what they may not."""
    may_answer = asked.is_open and capacity
    may_forward = may_answer or (asked.is_open and duties.has_role(Role.OFFICE_HEAD))
    return {
        "answer_form": AnswerForm() if may_answer else None,
        "return_form": ReturnForm() if may_answer else None,
        "forward_form": ForwardForm(units=_other_units(asked)) if may_forward else None,
    }


def _other_units(asked: Escalation) -> QuerySet[Unit]:
    return Unit.objects.filter(office=asked.consultation.office_id).exclude(pk=asked.unit_id)


def _done(request: DeskRequest, form: forms.Form, leads_to: str, act: Callable[[], object]) -> bool:
    """Whether a valid form's act was carried out, once; what the rules refuse becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        with once(request, leads_to):
            act()
    except RuleError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
