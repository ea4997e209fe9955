"""A form of the desk is recorded once, however often it is sent: by a second click, another tab, after a lost answer.

Each form carries a number (`{% once %}`). What is sent with it is known again by number, sender, address and content,
and leads where it led the first time. Its mark commits together with what it did, so that a sending that was refused or
lost leaves none.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from throttle.models import SentForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

FIELD = "page"
KEPT_FOR = timedelta(days=7)
STATES = UUID("6d1c1a0e-5f0c-4a53-9d0e-0f6a0b7f2c11")  # the namespace of numbers that stand for a state
TOLD = "Isian yang sama sudah tercatat sebelumnya, sehingga tidak dicatat dua kali."


class AlreadySent(Exception):  # noqa: N818 - it is no error of whoever sent twice
    """The same sending has been recorded; it led to `leads_to`."""

    def __init__(self, leads_to: str) -> None:
        super().__init__(leads_to)
        self.leads_to = leads_to


def page_number(*state: object) -> UUID:
    """The number of a form: with a state the same on every page that shows it, else one of its own."""
    return uuid5(STATES, "/".join(map(str, state))) if state else uuid4()


def key_of(request: HttpRequest) -> UUID | None:
    """What a sending is known by; None for one whose form carries no number."""
    try:
        number = UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    content = hashlib.sha256(f"{request.user.pk}\n{request.path}".encode())
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            content.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
    return uuid5(number, content.hexdigest())


@contextmanager
def once(request: HttpRequest, leads_to: str) -> Iterator[SentForm]:
    """Do in this block, in one transaction, what a form asks for; raises AlreadySent when it was done before.

    Of two that come at once the second waits for the first. The block may name another page that it `leads_to`.
    """
    with transaction.atomic():
        sent = SentForm(key=key_of(request) or uuid4(), sent_at=timezone.now(), leads_to=leads_to)
        try:
            with transaction.atomic():
                sent.save(force_insert=True)
        except IntegrityError:
            raise AlreadySent(SentForm.objects.get(pk=sent.pk).leads_to) from None
        yield sent
        if sent.leads_to != leads_to:
            sent.save(update_fields=["leads_to"])


def forget_sent(now: datetime) -> int:
    """Forget sendings that nobody repeats any more; returns how many there were."""
    return SentForm.objects.filter(sent_at__lte=now - KEPT_FOR).delete()[0]


class OnceMiddleware:
    """Leads whoever sends again to where the first sending led, also when it would not be allowed any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Look before the view does, whose rules may have changed with the first sending."""
        if request.method != "POST" or not request.user.is_authenticated or (key := key_of(request)) is None:
            return None
        sent = SentForm.objects.filter(pk=key).first()
        return _lead(request, sent.leads_to) if sent else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Of two that came at once, the second."""
        return _lead(request, exception.leads_to) if isinstance(exception, AlreadySent) else None


def _lead(request: HttpRequest, leads_to: str) -> HttpResponse:
    messages.info(request, TOLD)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": leads_to})
    return redirect(leads_to)
