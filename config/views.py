"""Pages that belong to no app: what a visitor sees when something is refused."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.health import examine


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or too old."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read; what is too large is told apart, since its sender can do something about it."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


@require_safe
@login_not_required
def health(_request: HttpRequest) -> JsonResponse:
    """For monitoring: 200 if every part works, else 503."""
    found = examine(timezone.now())
    return JsonResponse(found._asdict(), status=200 if found.is_good else 503)
