"""Django's admin as the place where an office changes its calendar, units, people and texts."""

from __future__ import annotations

import re
from datetime import MAXYEAR
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from offices.national_days import years_without_collective_leave
from offices.parameters import read_number
from offices.rights import Right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.template.response import TemplateResponse
    from django.urls import URLPattern, URLResolver

    from offices.http import DeskRequest


ViewT = TypeVar("ViewT", bound="Callable[..., HttpResponseBase]")

METHODS = ["GET", "HEAD", "POST"]
DATE_PART = re.compile(r"__(year|month|day)$")
ENDLESS = re.compile(r"\d{19}")


def _given(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.GET.lists():
        yield from ((name, value) for value in values)
    yield from (
        (ACTION_CHECKBOX_NAME, value)
        for value in (request.POST.getlist(ACTION_CHECKBOX_NAME) if request.method == "POST" else ())
    )


def _fits(name: str, value: str) -> bool:
    """Whether a value can be what its name says: a part of a date, the key of a ticked row, or else no endless number."""
    if DATE_PART.search(name):
        return read_number(value, MAXYEAR) is not None
    if name == ACTION_CHECKBOX_NAME:
        return read_number(value) is not None
    return not ENDLESS.search(value)


class DeskAdminSite(admin.AdminSite):
    """Open to the administrator of an office, to its head for reading, and to superusers."""

    site_title = "Administrasi"
    site_header = "Administrasi Layanan Konsultasi"
    index_title = "Kalender, unit, pegawai, dan standar pelayanan"
    site_url = "/meja/"

    def has_permission(self, request: HttpRequest) -> bool:
        return cast("DeskRequest", request).duties.may(Right.READ_SETTINGS)

    def admin_view(self, view: ViewT, cacheable: bool = False) -> ViewT:  # noqa: FBT001, FBT002 - Django's signature
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            # Django's list filters, dates and actions take what they are given for numbers that fit, and text without NUL.
            if "%00" in request.META["QUERY_STRING"] or not all(_fits(*given) for given in _given(request)):
                raise BadRequest
            return guarded(request, *args, **kwargs)

        return cast("ViewT", inner)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without Django's address that leads on to any row of any office by its number."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    @method_decorator(require_http_methods(METHODS))
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 - Django's signature
        """Lead to the desk's sign-in page, which knows the lock-out, or refuse who is signed in without the duty."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied

    def password_change(self, *_args: Any, **_kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """The desk has one page for that."""
        return redirect("password_change")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        for year in years_without_collective_leave([timezone.localdate().year + 1]):
            messages.warning(
                request,
                f"Cuti bersama tahun {year} belum tersedia di kalender. "
                "Tenggat yang melewati tahun baru dapat terhitung terlalu awal.",
            )
        return super().index(request, extra_context)
