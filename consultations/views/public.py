"""The public form: a question from whoever has one, without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from consultations.crowding import doubts_by_load, doubts_by_network
from consultations.errors import RuleError
from consultations.forms.public import ConsultationForm
from consultations.held import doubts_about, hold
from consultations.models import Consultation
from consultations.submissions import open_submission
from consultations.tokens import new_token, senders_path
from offices.dates import format_time, to_local
from offices.models import Office
from stakeholders.enums import SUGGESTED_ROLES
from throttle import limits
from throttle.client_address import client_address, client_network

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from consultations.enums import Doubt

CONTACT = "public_form.contact"
HOUR = timedelta(hours=1)
FORMS_PER_ADDRESS = 60  # a whole office, or a village behind one provider, may share one address
QUESTIONS_PER_CONTACT = 10
QUESTIONS_PER_SATKER = 30


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
def public_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask an office a question; htmx asks for the documents a category usually needs."""
    office = get_object_or_404(Office, slug=slug)
    if request.method == "POST":
        return _receive(request, office, timezone.now())
    form = ConsultationForm(
        office=office, now=timezone.now(), initial={"category": request.GET.get("category", "")}
    )
    if request.headers.get("HX-Request"):
        return render(request, "consultations/public/_question.html#documents", {"form": form})
    return _page(request, office, form)


def _page(
    request: HttpRequest,
    office: Office,
    form: ConsultationForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    today = office.local_date(timezone.now())
    context = {
        "office": office,
        "standard": office.standards.filter(valid_from__lte=today).first(),
        "form": form,
        "roles": SUGGESTED_ROLES,
    }
    return render(request, "consultations/public/form.html", context, status=status)


def _receive(request: HttpRequest, office: Office, now: datetime) -> HttpResponse:
    address = client_address(request)
    refused_until = limits.hit("public_form.address", address, limit=FORMS_PER_ADDRESS, per=HOUR, now=now)
    files = None if refused_until else request.FILES  # what is refused anyway is not worth a look
    form = ConsultationForm(request.POST, files, office=office, now=now)
    if refused_until:
        return _put_off(request, office, form, refused_until)
    if form.is_complete():
        submission = form.submission(now)
        # What may come from a program is counted by address alone: else it could use up another's questions.
        doubts = doubts_about(submission, **form.marks, now=now) or _doubts_by_network(request, now)
        if not doubts:
            refused_until, doubts = _count_question(office, form, now)
        if refused_until:
            return _put_off(request, office, form, refused_until)
        if doubts:
            return _hold(request, office, form, doubts, now)
        if form.is_valid() and (consultation := _open(office, form, now)):
            return redirect(senders_path(consultation))
        form.ask_for_work_anew(office, now)
    return _page(request, office, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _doubts_by_network(request: HttpRequest, now: datetime) -> list[Doubt]:
    """An address that is no part of a network wider than one visitor's raises none."""
    network = client_network(request)
    return doubts_by_network(network, now) if network != client_address(request) else []


def _open(office: Office, form: ConsultationForm, now: datetime) -> Consultation | None:
    """Open what a valid form asks for; None, with the reason on the form, when the rules refuse it."""
    try:
        return open_submission(office, form.submission(now), now=now)
    except RuleError as error:
        form.add_error(None, str(error))
        return None


def _put_off(request: HttpRequest, office: Office, form: ConsultationForm, until: datetime) -> HttpResponse:
    form.add_error(None, too_often(until, office))
    return _page(request, office, form, status=HTTPStatus.TOO_MANY_REQUESTS)


def _hold(
    request: HttpRequest, office: Office, form: ConsultationForm, doubts: list[Doubt], now: datetime
) -> HttpResponse:
    """Keep for an officer what is not asked already: a page sent again long after leads to the same receipt.

    Files that find no room are left off by whoever sends the question again.
    """
    submission = form.submission(now)
    asked = Consultation.objects.filter(office=office, submission_id=submission.submission_id).first()
    if asked is not None:
        return redirect(senders_path(asked))
    try:
        held = hold(office, submission, doubts)
    except RuleError as error:
        form.add_error("attachments", str(error))
        return _page(request, office, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("held_receipt", new_token(held.public_id))


def _count_question(
    office: Office, form: ConsultationForm, now: datetime
) -> tuple[datetime | None, list[Doubt]]:
    """Count one question of the contact, to the office, and of the satker it speaks for.

    The moment to wait for, if contact or satker has asked too many; why it is held, if the office was asked too many.
    """
    said = form.cleaned_data
    contact = (said["email"] or said["phone"]).lower()
    keys = [(CONTACT, contact), ("public_form.office", str(office.pk))]
    (of_contact, until), (of_office, _) = limits.count(keys, per=HOUR, now=now)
    if of_contact > QUESTIONS_PER_CONTACT:
        return until, []
    refused_until = said["satker_code"] and limits.hit(
        "public_form.satker", said["satker_code"], limit=QUESTIONS_PER_SATKER, per=HOUR, now=now
    )
    return refused_until or None, doubts_by_load(office, of_office)


def count_question(contact: str, now: datetime) -> datetime | None:
    """Count one question of a contact; the moment to wait for, if it has asked too many."""
    return limits.hit(CONTACT, contact.lower(), limit=QUESTIONS_PER_CONTACT, per=HOUR, now=now)


def too_often(until: datetime, office: Office) -> str:
    """Says from which minute on another try is let through."""
    local = to_local(until + timedelta(seconds=59), office.zone)
    return (
        f"Terlalu banyak kiriman dalam waktu singkat. Silakan kirim kembali pukul {format_time(local)} "
        f"{local.tzname()}, atau hubungi {office.name} melalui kontak resmi."
    )
