"""The officer's day, and the list of all consultations behind it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from consultations.enums import Status
from consultations.forms.desk import BY_DUE, MINE, ConsultationFilter
from consultations.held_waits import waiting_in_words
from consultations.models import Consultation, HeldSubmission
from consultations.rows import end_of_day, rows, with_row_parts
from offices.calendars import calendar_of
from offices.http import office_of, right_required
from offices.rights import Right

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from consultations.models import ConsultationQuerySet
    from consultations.rows import Row
    from offices.http import DeskRequest
    from offices.models import Office

PAGE_SIZE = 25
SECTION_SIZE = 10
MOST_COUNTED = 99
PROGRESS = "progres"


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of thing that needs somebody now; `query` makes the list page show all of it."""

    key: str
    title: str
    tone: str
    consultations: ConsultationQuerySet
    query: dict[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A group as the page shows it: how many it has, its first rows, and the address of all of them."""

    group: Group
    count: str
    rows: list[Row]
    url: str


@require_safe
@right_required(Right.DESK)
def desk(request: DeskRequest) -> HttpResponse:
    """What needs the reader now; a receptionist, who reads no consultations, has only the way to a new one."""
    now, office = timezone.now(), office_of(request)
    sections = _sections(_groups(request, office, now), office, now)
    owed = [section.count for section in sections if section.group.key == PROGRESS]
    context = {
        "sections": sections,
        "progress_owed": owed[0] if request.duties.may(Right.HANDLE_CONSULTATIONS) else "",
        "may_add": request.duties.may(Right.RECORD_CONSULTATIONS),
        "today": office.local_date(now),
        "held_waiting": waiting_in_words(HeldSubmission.objects.visible_to(request.duties), office, now),
        "unended_sessions": _unended_sessions(request),
    }
    return render(request, "consultations/desk/desk.html", context)


def _unended_sessions(request: DeskRequest) -> list[Any]:
    """One's own service sessions that still wait for an end; they live on the floor above."""
    if not request.duties.may(Right.SERVE):
        return []
    mine = request.user.service_sessions.unrecorded().filter(office=request.duties.office_id)
    return list(mine.select_related("ticket").order_by("started_at"))


def _groups(request: DeskRequest, office: Office, now: datetime) -> list[Group]:
    if not request.duties.may(Right.READ_CONSULTATIONS):
        return []
    visible = Consultation.objects.visible_to(request.duties).order_by("due_at", "pk")
    due_today = visible.due_between(now, end_of_day(now, office.zone))
    progress = visible.owing_progress(office.local_date(now))
    to_call = visible.to_call().order_by("to_call_since", "pk")
    new = visible.filter(status=Status.NEW).order_by("received_at", "pk")
    with_news = visible.with_news().order_by("news_since", "pk")
    groups = [
        Group("kabar", "Kabar masuk", "today", with_news, {"kabar": "on"}),
        Group("terlambat", "Terlambat", "late", visible.overdue(now), {"terlambat": "on"}),
        Group("hari-ini", "Jatuh tempo hari ini", "today", due_today, {"hari_ini": "on"}),
        Group(PROGRESS, "Progres hari ini", "soon", progress, {"progres": "on"}),
        Group("telepon", "Hubungi lewat telepon", "soon", to_call, {"telepon": "on"}),
        Group("baru", "Baru", "soon", new, {"status": Status.NEW, "urut": BY_DUE}),
    ]
    if request.duties.may(Right.HANDLE_CONSULTATIONS):
        mine = visible.open().filter(officer=request.user)
        groups.append(Group("saya", "Saya tangani", "calm", mine, {"petugas": MINE, "urut": BY_DUE}))
    return groups


def _sections(groups: Sequence[Group], office: Office, now: datetime) -> list[Section]:
    if not groups:
        return []
    counts, calendar, base = _counts(groups), calendar_of(office), reverse("consultation_list")
    return [
        Section(
            group,
            count=str(counts[group.key]) if counts[group.key] <= MOST_COUNTED else f"{MOST_COUNTED}+",
            rows=rows(
                with_row_parts(group.consultations)[:SECTION_SIZE] if counts[group.key] else [], calendar, now
            ),
            url=f"{base}?{urlencode(group.query)}",
        )
        for group in groups
    ]


def _counts(groups: Sequence[Group]) -> Counter[str]:
    """How many each group has, counted no further than is shown as a number; one query."""
    parts = [
        group.consultations.order_by()
        .annotate(group=Value(group.key))
        .values_list("group", flat=True)[: MOST_COUNTED + 1]
        for group in groups
    ]
    return Counter(parts[0].union(*parts[1:], all=True))


@require_safe
@right_required(Right.READ_CONSULTATIONS)
@vary_on_headers("HX-Request")
def consultation_list(request: DeskRequest) -> HttpResponse:
    """Every consultation of the office, narrowed by the filter, a page at a time and never counted."""
    now, office = timezone.now(), office_of(request)
    chosen = ConsultationFilter(request.GET, office=office, staff=request.user, now=now)
    visible = Consultation.objects.visible_to(request.duties)
    found = list(with_row_parts(chosen.filter(visible))[: PAGE_SIZE + 1])
    page = found[:PAGE_SIZE]
    context = {
        "filter": chosen,
        "rows": rows(page, calendar_of(office), now),
        "first_url": f"?{chosen.query()}",
        "next_url": f"?{chosen.query(after=page[-1])}" if len(found) > PAGE_SIZE else "",
        "is_first": not chosen.cleaned_data.get("sesudah"),
        "summary": _summary(len(page), is_last=len(found) <= PAGE_SIZE),
    }
    template = "consultations/desk/list.html"
    return render(request, f"{template}#results" if request.htmx else template, context)


def _summary(shown: int, *, is_last: bool) -> str:
    if not shown:
        return "Tidak ada konsultasi yang cocok."
    return (
        f"Menampilkan {shown} konsultasi."
        if is_last
        else f"Menampilkan {shown} konsultasi, masih ada berikutnya."
    )
