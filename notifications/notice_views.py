"""The notices of whoever is signed in. Opening the list changes nothing; what is sent marks as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications.access import notice_for
from notifications.forms import NoticePlace
from notifications.models import Notice
from notifications.notices import mark_read
from offices.http import office_of, right_required
from offices.rights import Right

if TYPE_CHECKING:
    from django.http import HttpResponse

    from offices.http import DeskRequest

PAGE_SIZE = 25


@require_safe
@right_required(Right.DESK)
def notice_list(request: DeskRequest) -> HttpResponse:
    """One's own notices, newest first, a page at a time."""
    place = NoticePlace(request.GET)
    found = list(place.filter(Notice.objects.visible_to(request.user))[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    context = {
        "page": page,
        "older": page[-1].pk if len(found) > PAGE_SIZE else None,
        "is_first": place.notice is None,
        "office": office_of(request),
    }
    return render(request, "notifications/notice_list.html", context)


@require_POST
@right_required(Right.DESK)
def notice_open(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to the page it is about."""
    notice = notice_for(request.user, pk)
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=timezone.now())
    return redirect(notice.url)


@require_POST
@right_required(Right.DESK)
def notices_read(request: DeskRequest) -> HttpResponse:
    """Mark as read what the page showed and what is older; what came in meanwhile stays unread."""
    seen = NoticePlace(request.POST)
    if seen.notice:
        mark_read(request.user, timezone.now(), up_to=seen.notice)
    return redirect("notice_list")
