"""The desk as a web server runs it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHARSET = re.compile(r";\s*charset=[^;]*", re.IGNORECASE)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return django(in_utf8(environ), start_response)


def in_utf8(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request without a charset: all forms of the desk are UTF-8, and Django fails at one that is no text."""
    return {**environ, "CONTENT_TYPE": CHARSET.sub("", environ.get("CONTENT_TYPE", ""))}
