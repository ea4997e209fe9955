"""The screen while a visitor is served: one page from the first word to what became of the visit."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import retarget

from consultations import actors
from consultations.errors import RuleError
from consultations.lookup import Found, look_up, matches
from consultations.models import Consultation
from consultations.similar import answered_like
from frontdesk import sessions
from frontdesk.enums import SessionOutcome
from frontdesk.models import QueueTicket, ServiceSession
from frontdesk.session_forms import DraftForm, SessionForm, draft_from, typed_in
from offices.dates import format_time, to_local
from offices.http import office_of, right_required
from offices.parameters import read_number
from offices.rights import Right
from regulations.forms import RegulationPick
from stakeholders.enums import SUGGESTED_ROLES
from throttle.once import once

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from offices.http import DeskRequest

TEMPLATE = "frontdesk/session.html"
PARTS = (
    "standard",
    "ticket",
    "counter",
    "consultation__standard",
    "follows__consultation",
    "visitor__satker",
)
SHOWN_DAYS = timedelta(days=1)


@require_safe
@right_required(Right.SERVE)
def session_list(request: DeskRequest) -> HttpResponse:
    """An officer's own sessions: the one that runs, those nobody ended, and today's with their figures."""
    now, office = timezone.now(), office_of(request)
    mine = ServiceSession.objects.visible_to(request.duties, request.user).select_related(*PARTS)
    unrecorded = list(mine.unrecorded().order_by("started_at"))
    context = {
        "office": office,
        "running": next((each for each in unrecorded if each.is_running), None),
        "forgotten": [each for each in unrecorded if not each.is_running],
        "ended": mine.filter(ended_at__gt=now - SHOWN_DAYS).exclude(outcome="").order_by("-started_at")[:50],
        "served": sessions.served_on(office, office.local_date(now), officer=request.user),
    }
    return render(request, "frontdesk/session_list.html", context)


@require_POST
@right_required(Right.SERVE)
def start_session(request: DeskRequest) -> HttpResponse:
    """Serve a called number, or somebody without one; whoever serves already goes on with that session."""
    office, ticket = office_of(request), None
    if wanted := request.POST.get("ticket"):
        tickets = QueueTicket.objects.visible_to(request.duties).select_related("satker", "office")
        ticket = get_object_or_404(tickets, pk=read_number(wanted) or 0)
    try:
        with once(request, reverse("service_session_list")) as sent:
            session = sessions.start(office, request.user, now=timezone.now(), ticket=ticket)
            sent.leads_to = session.get_absolute_url()
    except RuleError as error:
        messages.error(request, str(error))
        running = ServiceSession.objects.visible_to(request.duties, request.user).running().first()
        return redirect(running or "service_session_list")
    return redirect(session)


@require_http_methods(["GET", "HEAD", "POST"])
@right_required(Right.SERVE)
def service_session(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the session, or end it; what is refused comes back with everything that was typed."""
    session = _session_for(request, pk)
    if session.is_recorded:
        return _ended(request, session)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, session, _form(request, session, now, initial=typed_in(session.draft)))
    form = _form(request, session, now, request.POST, request.FILES)
    if form.is_valid() or form.is_unserved:
        try:
            done = _finish(request, session, form, now)
        except sessions.DraftConflictError as error:
            session.refresh_from_db(fields=["draft_version"])
            form.add_error(None, f"{error} Silakan periksa isian di bawah ini, lalu simpan kembali.")
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            return _go_on(request, session, done)
    return _page(request, session, form)


@transaction.atomic
def _finish(
    request: DeskRequest, session: ServiceSession, form: SessionForm, now: datetime
) -> ServiceSession:
    """The person and what became of their visit, together or not at all."""
    return sessions.finish(
        session,
        form.ending(),
        by=actors.officer(request.user),
        now=now,
        version=form.cleaned_data.get("version", -1),
        goes_on="lanjut" in request.POST,
    )


def _go_on(request: DeskRequest, ended: ServiceSession, done: ServiceSession) -> HttpResponse:
    """To the next topic, to the escalation's own page where its reason is written, or to what was recorded."""
    if done.pk != ended.pk:
        messages.success(request, "Topik pertama telah dicatat. Waktu untuk topik berikutnya mulai dihitung.")
    elif done.outcome == SessionOutcome.ESCALATED and done.consultation is not None:
        messages.success(
            request, f"Konsultasi {done.consultation} telah dicatat. Silakan lengkapi eskalasinya."
        )
        return redirect("escalate", done.consultation.number)
    return redirect(done)


@require_POST
@right_required(Right.SERVE)
def save_draft(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep what is typed. A script gets the new version; without one, the page comes back."""
    session, now = _session_for(request, pk), timezone.now()
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    answer, status = {}, HTTPStatus.OK
    try:
        version = sessions.save_draft(
            session, draft_from(request.POST), version=form.cleaned_data["version"], now=now
        )
        local = to_local(now, office_of(request).zone)
        answer = {"version": version, "saved": f"pukul {format_time(local)} {local.tzname()}"}
    except sessions.DraftConflictError as error:
        session.refresh_from_db(fields=["draft_version"])
        answer, status = {"version": session.draft_version, "text": str(error)}, HTTPStatus.CONFLICT
    except sessions.SessionOverError as error:
        answer, status = {"text": str(error)}, HTTPStatus.GONE
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(answer, status=status)
    if text := answer.get("text"):
        messages.error(request, str(text))
    return redirect(session)


@require_POST
@right_required(Right.SERVE)
@vary_on_headers("HX-Request")
def session_lookup(request: DeskRequest, pk: int) -> HttpResponse:
    """Find a person or a satker, or fill in the one chosen; what was typed stays, and nothing is stored."""
    session, now = _session_for(request, pk), timezone.now()
    found = look_up(session.office, request.POST, by=request.user, now=now)
    typed = {**typed_in(draft_from(request.POST)), **found.identity}
    form = _form(request, session, now, initial=typed)
    if not request.htmx:
        return _page(request, session, form, found)
    context = {"form": form, "found": found, "lookup_url": reverse("session_lookup", args=[pk])}
    response = render(request, f"{TEMPLATE}#{'identity' if found.identity else 'matches'}", context)
    return response if found.identity else retarget(response, "#matches")


@require_POST
@right_required(Right.SERVE)
def session_hints(request: DeskRequest, pk: int) -> HttpResponse:
    """What goes with the question so far: rules, documents, and what was answered before. Nothing is stored."""
    session = _session_for(request, pk)
    form = _form(request, session, timezone.now(), initial=typed_in(draft_from(request.POST)))
    context = {"form": form, "may_answer": form.may_answer, **_hints(request, form)}
    return render(request, f"{TEMPLATE}#hints", context)


def _session_for(request: DeskRequest, pk: int) -> ServiceSession:
    """An officer's own session; raises Http404 for anybody else's."""
    mine = ServiceSession.objects.visible_to(request.duties, request.user).select_related(*PARTS)
    session = get_object_or_404(mine, pk=pk)
    session.office = office_of(request)  # the same one: spares the page its query
    return session


def _form(
    request: DeskRequest, session: ServiceSession, now: datetime, *data: Any, **kwargs: Any
) -> SessionForm:
    may_answer = request.duties.may(Right.HANDLE_CONSULTATIONS)
    return SessionForm(
        *data, office=office_of(request), now=now, session=session, may_answer=may_answer, **kwargs
    )


def _page(
    request: DeskRequest, session: ServiceSession, form: SessionForm, found: Found | None = None
) -> HttpResponse:
    now, phone = timezone.now(), session.ticket.phone if session.ticket else ""
    asked_anew = not form.is_bound and found is None and phone and not form["name"].value()
    context = {
        "session": session,
        "office": session.office,
        "form": form,
        "may_answer": form.may_answer,
        "roles": SUGGESTED_ROLES,
        "lookup_url": reverse("session_lookup", args=[session.pk]),
        "found": matches(session.office, phone) if asked_anew else found or Found(),
        "now_ms": _milliseconds(now),
        "started_ms": _milliseconds(session.started_at),
        "minutes": int((now - session.started_at).total_seconds() // 60),
        **_hints(request, form),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, TEMPLATE, context, status=status)


def _hints(request: DeskRequest, form: SessionForm) -> dict[str, Any]:
    category = form.chosen_category
    pick = {"regulations": form.ticked_regulations, "kategori": category.code if category else ""}
    ticked, offered = RegulationPick(pick).find()
    similar = answered_like(
        form.office,
        Consultation.objects.visible_to(request.duties),
        form["question"].value() or "",
        category_id=category.pk if category else None,
    )
    return {
        "category": category,
        "ticked": ticked,
        "regulations": offered if category else [],
        "similar": similar,
    }


def _ended(request: DeskRequest, session: ServiceSession) -> HttpResponse:
    further = ServiceSession.objects.filter(follows=session).first()
    took = (session.ended_at - session.started_at) if session.ended_at else timedelta()
    context = {
        "session": session,
        "office": session.office,
        "consultation": session.consultation,
        "further": further,
        "may_answer": request.duties.may(Right.HANDLE_CONSULTATIONS),
        "minutes": int(took.total_seconds() // 60),
        "was_over": session.ended_at is not None and session.ended_at > session.minutes_over_at,
    }
    return render(request, "frontdesk/session_ended.html", context)


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
