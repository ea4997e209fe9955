"""Everything asked with one contact, for whoever holds the link that was sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consultations.forms.public import ListPlace
from consultations.models import Consultation
from consultations.my_consultations import contact_behind, my_lines, with_my_parts
from consultations.views.tracking import unknown_link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 20


@login_not_required
@require_safe
@never_cache
def my_consultations(request: HttpRequest, token: str) -> HttpResponse:
    """The consultations of all offices, latest first, a page at a time.

    Wrong links are not counted: they are told by their signature alone, which nobody guesses and no row is read for.
    """
    now = timezone.now()
    try:
        contact = contact_behind(token, now)
    except Http404:
        return unknown_link(request)
    if contact is None:
        messages.info(request, "Tautan itu sudah tidak berlaku. Silakan minta tautan yang baru di bawah ini.")
        return redirect("track_find")
    place = ListPlace(request.GET)
    found = list(place.filter(with_my_parts(Consultation.objects.of_contact(contact)))[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    context = {
        "contact": contact,
        "lines": my_lines(page, now),
        "older": page[-1].pk if len(found) > PAGE_SIZE else None,
        "is_first": place.key is None,
        "office": None,
    }
    response = render(request, "consultations/public/my_consultations.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
