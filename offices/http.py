"""What a staff member's request carries, and who may pass."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from offices.duties import Duties, duties_of
from offices.models import Staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponseBase
    from django_htmx.middleware import HtmxDetails

    from offices.models import Office
    from offices.rights import Right


P = ParamSpec("P")
R = TypeVar("R")
READING = ("GET", "HEAD")


class DeskRequest(HttpRequest):
    """A signed-in staff member's request."""

    user: Staff
    htmx: HtmxDetails
    duties: Duties


class DutiesMiddleware:
    """Gives each request `duties`, asked of the database once and only when used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.duties = SimpleLazyObject(lambda: _duties(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class OwnPasswordMiddleware:
    """Leads whoever has a password that somebody else set to the page where they choose their own, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: object,
        _kwargs: object,
    ) -> HttpResponseBase | None:
        if not getattr(request.user, "must_change_password", False) or not getattr(
            view, "login_required", True
        ):
            return None
        if request.path in (reverse("password_change"), reverse("sign_out")):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(reverse("password_change"))
        return redirect("password_change")


class NoStoreMiddleware:
    """Keeps what staff see out of the browser's store, so that 'back' after signing out shows nobody's data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response


def _duties(request: HttpRequest) -> Duties:
    return duties_of(request.user, timezone.now()) if isinstance(request.user, Staff) else Duties()


def right_required(
    right: Right, *, to_write: Right | None = None, hidden_without: Right | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let an address be used by whoever holds the right now; anybody else signed in gets the 403 page.

    `to_write` is asked for instead when something is sent to the address. For who has not even the right
    `hidden_without`, what the address names does not exist (404).
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            request = cast("DeskRequest", args[0])
            if hidden_without is not None and not request.duties.may(hidden_without):
                raise Http404
            if not request.duties.may(right if request.method in READING else to_write or right):
                raise PermissionDenied
            return view(*args, **kwargs)

        wrapper.right = right  # type: ignore[attr-defined]
        return wrapper

    return decorate


def office_of(request: DeskRequest) -> Office:
    """The office a staff member works in; raises PermissionDenied for a system administrator, who has none."""
    if request.user.office is None:
        raise PermissionDenied
    return request.user.office
