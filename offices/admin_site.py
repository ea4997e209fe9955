"""Django's admin as the place where an office changes its calendar, units, people and texts."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from offices.enums import Role
from offices.national_days import years_without_collective_leave

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.template.response import TemplateResponse

    from offices.http import DeskRequest


ViewT = TypeVar("ViewT", bound="Callable[..., HttpResponseBase]")


class DeskAdminSite(admin.AdminSite):
    """Open to the administrator of an office, to its head for reading, and to superusers."""

    site_title = "Administrasi"
    site_header = "Administrasi Layanan Konsultasi"
    index_title = "Kalender, unit, pegawai, dan standar pelayanan"
    site_url = "/meja/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        if not user.is_active:
            return False
        duties = cast("DeskRequest", request).duties
        return user.is_superuser or duties.has_role(Role.OFFICE_ADMIN, Role.OFFICE_HEAD)

    def admin_view(self, view: ViewT, cacheable: bool = False) -> ViewT:  # noqa: FBT001, FBT002 - Django's signature
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # Django's list filters hand the query string to PostgreSQL unchecked, which knows no NUL.
            if "%00" in request.META["QUERY_STRING"]:
                raise BadRequest
            return guarded(request, *args, **kwargs)

        return cast("ViewT", inner)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002 - Django's signature
        """Lead to the desk's sign-in page, which knows the lock-out, or refuse who is signed in without the duty."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"))
        if self.has_permission(request):
            return redirect("admin:index")
        raise PermissionDenied

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        for year in years_without_collective_leave([timezone.localdate().year + 1]):
            messages.warning(
                request,
                f"Cuti bersama tahun {year} belum tersedia di kalender. "
                "Tenggat yang melewati tahun baru dapat terhitung terlalu awal.",
            )
        return super().index(request, extra_context)
