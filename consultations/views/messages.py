"""Correcting the address of a message to a stakeholder that could not be delivered."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from consultations import actors, lifecycle
from consultations.access import consultation_for
from consultations.errors import RuleError
from consultations.forms.messages import AddressForm
from notifications.access import message_for
from notifications.enums import MessageStatus
from notifications.outbox import resend
from offices.http import right_required
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from django.http import HttpResponse

    from consultations.models import Consultation
    from notifications.models import Message
    from offices.http import DeskRequest


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.HANDLE_CONSULTATIONS)
def message_address(request: DeskRequest, pk: int) -> HttpResponse:
    """Give a failed message, and the consultation it belongs to, the right address, and send it again."""
    letter = message_for(request.duties, pk)
    if letter.status != MessageStatus.FAILED or not letter.is_to_stakeholder:
        raise Http404
    found = consultation_for(request.duties, letter.reference)
    form = AddressForm(request.POST if request.method == "POST" else None, letter=letter)
    status = HTTPStatus.OK
    if form.is_bound:
        if form.is_valid():
            try:
                with once(request, reverse("message_detail", args=[letter.pk])):
                    _correct(request, letter, found, form)
            except RuleError as error:
                form.add_error(None, str(error))
            else:
                notices.success(request, "Alamat telah diperbaiki. Pesan segera dikirim ulang.")
                return redirect("message_detail", pk=letter.pk)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"form": form, "letter": letter, "consultation": found}
    return render(request, "consultations/desk/message_address.html", context, status=status)


def _correct(request: DeskRequest, letter: Message, found: Consultation, form: AddressForm) -> None:
    """The contact, the message and the trace of what was wrong, together or not at all."""
    by, now, address = actors.officer(request.user), timezone.now(), form.cleaned_data["address"]
    lifecycle.record_contact(
        found, form.contact(found), by=by, now=now, send_link=False
    )  # the letter brings it
    said = (
        f"Alamat pesan “{letter.subject}” diperbaiki dari {letter.recipient or '(kosong)'} menjadi {address}."
    )
    lifecycle.note(found, said, by=by, now=now)
    resend(letter, now, recipient=address)
