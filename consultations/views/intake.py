"""Taking a question down while somebody waits, and the receipt they leave with."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import segno
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import retarget

from consultations import actors, lifecycle
from consultations.access import receipt_for
from consultations.errors import RuleError
from consultations.forms.intake import IntakeForm
from consultations.lookup import Found, look_up
from consultations.reach import address_in_words
from consultations.tokens import tracking_url
from offices.contacts import contacts_of
from offices.http import office_of, right_required
from offices.rights import Right
from regulations.forms import RegulationPick
from stakeholders.enums import SUGGESTED_ROLES

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from consultations.models import Consultation
    from offices.http import DeskRequest

TEMPLATE = "consultations/desk/intake.html"


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.RECORD_CONSULTATIONS)
def intake(request: DeskRequest) -> HttpResponse:
    """An officer goes on to the ticket, a receptionist to the receipt; the same form sent twice opens one ticket."""
    now = timezone.now()
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, _form(request, now)))
    form, earlier = _form(request, now, request.POST, request.FILES), None
    if form.is_valid():
        try:
            consultation = _receive(request, form, now)
        except lifecycle.ReferenceTaken as error:
            form.add_error("external_reference", str(error))
            earlier = error.earlier
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Konsultasi {consultation.number} telah dicatat.")
            is_officer = request.duties.may(Right.HANDLE_CONSULTATIONS)
            return redirect(consultation) if is_officer else redirect("desk_receipt", consultation.number)
    context = {**_context(request, form), "earlier": earlier}
    return render(request, TEMPLATE, context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(request: DeskRequest, now: datetime, *data: Any, **kwargs: Any) -> IntakeForm:
    may_answer = request.duties.may(Right.HANDLE_CONSULTATIONS)
    return IntakeForm(*data, office=office_of(request), now=now, may_answer=may_answer, **kwargs)


@transaction.atomic
def _receive(request: DeskRequest, form: IntakeForm, now: datetime) -> Consultation:
    """The person and their question, together or not at all."""
    taken_down, office = form.intake(form.save_stakeholder()), office_of(request)
    by = actors.officer(request.user)
    if request.duties.may(Right.HANDLE_CONSULTATIONS):
        return lifecycle.receive_at_desk(office, taken_down, by=by, now=now, resolution=form.resolution())
    return lifecycle.open_consultation(office, taken_down, by=by, now=now)


def _context(request: DeskRequest, form: IntakeForm, found: Found | None = None) -> dict[str, Any]:
    return {
        "form": form,
        "may_answer": request.duties.may(Right.HANDLE_CONSULTATIONS),
        "roles": SUGGESTED_ROLES,
        "lookup_url": reverse("intake_lookup"),
        "found": found or Found(),
        **_of_category(form),
    }


def _of_category(form: IntakeForm) -> dict[str, Any]:
    """What goes with the category chosen so far: the documents it needs, the rules an answer may cite."""
    category = form.chosen_category
    pick = {"regulations": form.ticked_regulations, "kategori": category.code if category else ""}
    ticked, offered = RegulationPick(pick).find()
    return {"category": category, "ticked": ticked, "regulations": offered if category else []}


@require_POST
@right_required(Right.RECORD_CONSULTATIONS)
@vary_on_headers("HX-Request")
def intake_lookup(request: DeskRequest) -> HttpResponse:
    """Find a person or a satker, or fill in the one chosen; what was typed stays, and nothing is stored."""
    now = timezone.now()
    found = look_up(office_of(request), request.POST, by=request.user, now=now)
    typed = {**request.POST.dict(), "regulations": request.POST.getlist("regulations"), **found.identity}
    form = _form(request, now, initial=typed)
    fragment = "#identity" if found.identity else "#matches"
    response = render(
        request, f"{TEMPLATE}{fragment if request.htmx else ''}", _context(request, form, found)
    )
    return response if found.identity else retarget(response, "#matches")


@require_safe
@right_required(Right.RECORD_CONSULTATIONS)
def intake_category(request: DeskRequest) -> HttpResponse:
    """The parts of the form that go with the category just chosen."""
    chosen = {"category": request.GET.get("category"), "regulations": request.GET.getlist("regulations")}
    form = _form(request, timezone.now(), initial=chosen)
    return render(request, f"{TEMPLATE}#category", _of_category(form))


@require_safe
@right_required(Right.PRINT_RECEIPTS)
def desk_receipt(request: DeskRequest, number: str) -> HttpResponse:
    """The printable proof that a question was taken down."""
    return _receipt(request, receipt_for(request.duties, request.user, number))


@require_POST
@right_required(Right.PRINT_RECEIPTS)
def desk_receipt_link(request: DeskRequest, number: str) -> HttpResponse:
    """The receipt with the way to follow the question: shown once, to whoever took it down, and on the record."""
    consultation = receipt_for(request.duties, request.user, number)
    try:
        lifecycle.show_link(consultation, by=actors.officer(request.user), now=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("desk_receipt", number)
    return _receipt(request, consultation, tracking_url(consultation))


def _receipt(request: DeskRequest, consultation: Consultation, url: str = "") -> HttpResponse:
    context = {
        "consultation": consultation,
        "office": consultation.office,
        "contacts": contacts_of(consultation.office),
        "tracking_url": url,
        "qr": segno.make(url, error="m").svg_data_uri(scale=4) if url else "",
        "may_show": not url and lifecycle.may_be_shown(consultation, request.user),
        "sent_to": address_in_words(consultation),
        "may_read": request.duties.may(Right.READ_CONSULTATIONS),
        "may_send": request.duties.may(Right.HANDLE_CONSULTATIONS),
    }
    return render(request, "consultations/desk/receipt.html", context)
