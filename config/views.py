"""Pages that belong to no app: what a visitor sees when something is refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or too old."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
