"""The outbox of an office: what was sent, what waits, what failed and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages as notices
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from notifications.access import message_for
from notifications.enums import MessageStatus
from notifications.forms import MessageFilter
from notifications.links import without_private_links
from notifications.models import Message
from notifications.outbox import resend
from offices.http import right_required
from offices.rights import Right
from throttle.once import once

if TYPE_CHECKING:
    from django.http import HttpResponse

    from offices.http import DeskRequest

PAGE_SIZE = 25


@require_safe
@right_required(Right.READ_CONSULTATIONS)
def message_list(request: DeskRequest) -> HttpResponse:
    """The office's messages, newest first, a page at a time."""
    chosen = MessageFilter(request.GET)
    found = chosen.filter(Message.objects.visible_to(request.duties)).defer("body")[: PAGE_SIZE + 1]
    page = list(found)[:PAGE_SIZE]
    older = ""
    if len(found) > PAGE_SIZE:
        kept = {
            name: chosen.cleaned_data[name] for name in ("status", "nomor") if chosen.cleaned_data.get(name)
        }
        older = urlencode({**kept, "sebelum": page[-1].pk})
    context = {"filter": chosen, "page": page, "older": older, "office": request.user.office}
    return render(request, "notifications/message_list.html", context)


@require_safe
@right_required(Right.READ_CONSULTATIONS)
def message_detail(request: DeskRequest, pk: int) -> HttpResponse:
    message = message_for(request.duties, pk)
    context = {
        "letter": message,
        "body": without_private_links(message.body),
        "may_resend": message.status == MessageStatus.FAILED
        and request.duties.may(Right.HANDLE_CONSULTATIONS),
    }
    return render(request, "notifications/message_detail.html", context)


@require_POST
@right_required(Right.HANDLE_CONSULTATIONS)
def message_resend(request: DeskRequest, pk: int) -> HttpResponse:
    message = message_for(request.duties, pk)
    with once(request, reverse("message_detail", args=[message.pk])):
        is_sent = resend(message, timezone.now())
    if is_sent:
        notices.success(request, "Pesan masuk antrean lagi dan akan segera dikirim.")
    else:
        notices.warning(request, "Hanya pesan yang gagal dapat dikirim ulang.")
    return redirect("message_detail", pk=message.pk)
