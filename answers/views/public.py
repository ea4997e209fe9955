"""The answers everybody may read."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers.access import published_answer
from answers.forms import AnswerSearch
from answers.search import similar
from answers.services import count_helped
from offices.models import Office
from throttle import visitors

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from answers.models import PublicAnswer

FRESH_SECONDS = 60  # how long a withdrawn answer may still be shown from somebody's cache
SHORTEST_LOOK = 8  # letters; less says nothing yet
LOOKS_PER_ADDRESS = 300
LOOK_WINDOW = timedelta(minutes=10)
DAY = timedelta(days=1)


@require_safe
@login_not_required
@cache_control(public=True, max_age=FRESH_SECONDS)
def public_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """An office's answers: the latest, by category, or what the words find."""
    office = get_object_or_404(Office, slug=slug)
    search = AnswerSearch(request.GET, office=office, today=office.local_date(timezone.now()))
    found, more = search.found() if search.is_search else ([], "")
    answers, following = ([], "") if search.is_search else search.page()
    context = {
        "office": office,
        "search": search,
        "found": found,
        "more": more,
        "answers": answers,
        "following": following,
        "is_first": not request.GET.get("sesudah"),
    }
    return render(request, "answers/public/answer_list.html", context)


@require_safe
@login_not_required
@cache_control(public=True, max_age=FRESH_SECONDS)
def public_answer(request: HttpRequest, slug: str, answer: str) -> HttpResponse:
    """One answer; one that was withdrawn says only that (410)."""
    office = get_object_or_404(Office, slug=slug)
    found = published_answer(office, answer)
    context = {
        "office": office,
        "answer": found,
        "is_expired": found.is_expired(office.local_date(timezone.now())),
        "has_helped": request.GET.get("membantu") == "ya",
    }
    if found.is_withdrawn:
        return render(request, "answers/public/answer_withdrawn.html", context, status=HTTPStatus.GONE)
    context["regulations"] = found.regulations.defer("search")
    return render(request, "answers/public/answer.html", context)


@csrf_exempt  # it changes a throttled counter and nothing of anybody's, and so needs no cookie
@require_POST
@login_not_required
def answer_helped(request: HttpRequest, slug: str, answer: str) -> HttpResponse:
    """Count a reader who found what they needed: once a day for each address."""
    found = published_answer(get_object_or_404(Office, slug=slug), answer)
    if not found.is_withdrawn and _is_first_today(request, found, timezone.now()):
        count_helped(found)
    if request.headers.get("HX-Request"):
        return render(request, "answers/public/_helped.html")
    page = reverse("public_answer", args=[slug, answer])
    return redirect(f"{page}?membantu=ya#membantu")


def _is_first_today(request: HttpRequest, answer: PublicAnswer, now: datetime) -> bool:
    return visitors.hit(request, f"answer_helped.{answer.pk}", limit=1, per=DAY, now=now) is None


@csrf_exempt  # it changes nothing
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def similar_answers(request: HttpRequest, slug: str) -> HttpResponse:
    """Answers to what is being asked, as a part of the form's page; without htmx the form links to the list instead.

    The form sends its text in the body: a question does not belong in addresses and their logs.
    """
    office, now = get_object_or_404(Office, slug=slug), timezone.now()
    text = request.POST.get("question") or request.GET.get("q", "")
    if visitors.hit(request, "similar_answers", limit=LOOKS_PER_ADDRESS, per=LOOK_WINDOW, now=now):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    is_enough = len(text.strip()) >= SHORTEST_LOOK
    answers = similar(office, text, today=office.local_date(now)) if is_enough else []
    return render(request, "answers/public/_similar.html", {"office": office, "answers": answers})
