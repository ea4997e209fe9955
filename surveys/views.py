"""Rating an answer, answering the survey, and reading what was said."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultations.enums import ANSWERED_STATUSES
from consultations.errors import RuleError
from consultations.invitations import consultation_to_rate, invitation_key, survey_url
from consultations.views.public import too_often
from consultations.views.tracking import unknown_link
from offices.http import office_of, right_required
from offices.models import Office
from offices.rights import Right
from surveys import results
from surveys.enums import SurveySource
from surveys.forms import RatingForm, SurveyForm
from surveys.periods import offered_periods, period_of
from surveys.services import is_used, rate, rating_of_answer, respond
from throttle import visitors

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from offices.http import DeskRequest
    from surveys.periods import Period

RESPONSES_PER_ADDRESS = 60  # a waiting room may share one address
HOUR = timedelta(hours=1)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def rate_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Rate the answer with the key that its letter brought; then what was said, and the invitation to the survey."""
    try:
        consultation = consultation_to_rate(token)
    except Http404:
        return unknown_link(request)
    form = RatingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            rate(consultation, **form.cleaned_data, now=timezone.now())
        except RuleError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "Terima kasih atas penilaian Bapak/Ibu.")
        return redirect("rate_answer", token)
    context = {
        "office": consultation.office,
        "consultation": consultation,
        "rating": rating_of_answer(consultation),
        "survey": survey_url(consultation),
        "is_answered": consultation.status in ANSWERED_STATUSES,
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    response = render(request, "surveys/rating.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def survey(request: HttpRequest, slug: str, token: str = "") -> HttpResponse:
    """The nine questions: from the code at the counter, or with an invitation that is answered once."""
    office = get_object_or_404(Office, slug=slug)
    key = invitation_key(office, token) if token else ""
    if key is None:
        raise Http404
    if key and is_used(office, key):
        return redirect("survey_thanks", slug)
    form = SurveyForm(request.POST or None, office=office)
    if request.method != "POST":
        return render(request, "surveys/survey.html", {"office": office, "form": form})
    return _take_response(request, office, form, key)


def _take_response(request: HttpRequest, office: Office, form: SurveyForm, key: str) -> HttpResponse:
    now = timezone.now()
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    refused_until = visitors.hit(request, "survey.address", limit=RESPONSES_PER_ADDRESS, per=HOUR, now=now)
    if refused_until:
        form.add_error(None, too_often(refused_until, office))
        status = HTTPStatus.TOO_MANY_REQUESTS
    if form.is_valid():
        source = SurveySource.INVITATION if key else SurveySource.POSTER
        respond(office, form.answers, source=source, key=key or f"page:{form.cleaned_data['page']}", now=now)
        return redirect("survey_thanks", office.slug)
    return render(request, "surveys/survey.html", {"office": office, "form": form}, status=status)


@login_not_required
@require_safe
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "surveys/thanks.html", {"office": get_object_or_404(Office, slug=slug)})


@login_not_required
@require_safe
def published(request: HttpRequest, slug: str) -> HttpResponse:
    """The results an office publishes, by period and element."""
    office = get_object_or_404(Office, slug=slug)
    return render(request, "surveys/published.html", _results(request, office, timezone.now()))


@require_safe
@right_required(Right.READ_REPORTS)
def report(request: DeskRequest) -> HttpResponse:
    """The results as the office reads them, with who responded, the ratings and the words."""
    office = office_of(request)
    context = _results(request, office, timezone.now())
    period: Period = context["period"]
    context |= {
        "profiles": results.profiles(office, period),
        "suggestions": results.suggestions(office, period),
        "ratings": results.ratings(office, period),
        "comments": results.latest_comments(office, period),
    }
    return render(request, "surveys/report.html", context)


@require_safe
@right_required(Right.READ_REPORTS)
def poster(request: DeskRequest) -> HttpResponse:
    """A sheet for the counter, with the code that opens the survey."""
    office = office_of(request)
    url = f"{settings.SITE_URL}{reverse('survey', args=[office.slug])}"
    qr = segno.make(url, micro=False).svg_inline(omitsize=True)
    return render(request, "surveys/poster.html", {"office": office, "url": url, "qr": qr})


def _results(request: HttpRequest, office: Office, now: datetime) -> dict[str, Any]:
    today = office.local_date(now)
    period = period_of(request.GET.get("tahun", ""), request.GET.get("triwulan", ""), today)
    respondents, satisfaction = results.skm(office, period)
    return {
        "office": office,
        "period": period,
        "periods": offered_periods(today),
        "respondents": respondents,
        "satisfaction": satisfaction,
    }
