"""Browsers in which an account signed in before, known again by a signed cookie.

Whoever guesses at an account slows down its other browsers, never those. The cookie says which names signed in, as
keyed hashes; it opens nothing.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE = "desk_browser"
SALT = "offices.known_browsers"
KEPT_FOR = timedelta(days=180)
MOST_NAMES = 10  # who share one computer; the one who signed in longest ago is forgotten


def browser_of(request: HttpRequest, username: str) -> str:
    """The browser's own key if the account signed in here before; empty for any other."""
    browser, names = _read(request)
    return browser if _hashed(username) in names else ""


def remember(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let the browser be known as one in which the account signed in."""
    browser, names = _read(request)
    name = _hashed(username)
    names = [name, *(each for each in names if each != name)][:MOST_NAMES]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser or secrets.token_urlsafe(16), names], salt=SALT),
        max_age=KEPT_FOR,
        path=reverse("sign_in"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, names = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return "", []
    return browser, names


def _hashed(username: str) -> str:
    return salted_hmac(SALT, username.casefold(), algorithm="sha256").hexdigest()[:32]
