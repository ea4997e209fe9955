"""Pages that belong to no app: what a visitor sees when something is refused."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from config import health as health_of
from config.metrics import exposition
from offices.http import DeskRequest
from offices.rights import Right


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or too old."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


# Django's own handlers check the form's token, and so read a body that may be no form: the page for an error would fail.


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such address, or none that whoever asks may know of."""
    return render(request, "404.html", {"exception": exception}, status=404)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Whoever asks may know of the address, but not use it."""
    return render(request, "403.html", {"exception": exception}, status=403)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Something failed; the page needs neither database nor session."""
    return HttpResponse(render_to_string("500.html"), status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read; what is too large is told apart, since its sender can do something about it."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@require_safe
@login_not_required
def health(_request: HttpRequest) -> JsonResponse:
    """For monitoring: 200 if every part works, else 503."""
    found = health_of.examine(timezone.now())
    return JsonResponse(found._asdict(), status=200 if found.is_good else 503)


@require_safe
@login_not_required
def health_detail(request: DeskRequest) -> JsonResponse:
    """For whoever watches over the desk: each part and figure with its limit, and 503 if one is beyond it."""
    if not (_has_token(request) or request.duties.may(Right.READ_HEALTH)):
        raise PermissionDenied
    report = health_of.report(timezone.now())
    return JsonResponse(report.as_json(), status=200 if report.ok else 503)


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus; there is no such page unless HEALTH_TOKEN is set."""
    if not settings.HEALTH_TOKEN:
        raise Http404
    if not _has_token(request):
        raise PermissionDenied
    return HttpResponse(exposition(health_of.report(timezone.now())), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return bool(
        settings.HEALTH_TOKEN
        and scheme.lower() == "bearer"
        and constant_time_compare(token, settings.HEALTH_TOKEN)
    )
