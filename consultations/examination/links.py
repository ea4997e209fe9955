"""Where a link in a file leads."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

HARMLESS: Final = frozenset({"http", "https", "mailto", "tel", "sms", "ftp", "ftps", "geo", "whatsapp"})
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
HOST_WITH_PORT = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+:[0-9]+(?:[/?#]|$)", re.IGNORECASE)
LOCAL_PATH = re.compile(r"(?:file:/{0,3})?[a-z]:[/\\]", re.IGNORECASE)


def is_harmless(target: str) -> bool:
    """Whether it opens, when somebody chooses it, no more than a page of the web, a letter or a call."""
    plain = _plain(target)
    if leads_to_share(plain):
        return False
    scheme = SCHEME.match(plain)
    return scheme is None or scheme[1].lower() in HARMLESS or HOST_WITH_PORT.match(plain) is not None


def leads_to_share(target: str) -> bool:
    """Whether Windows would sign in at another machine to follow it."""
    plain = _plain(target).replace("\\", "/").lower()
    if plain.startswith("file:"):
        plain = plain.removeprefix("file:")
        return not re.match(r"/{0,3}[a-z]:/|/{0,1}[^/]|///[^/]", plain)
    return plain.startswith(("//", "smb:", "dav:", "davs:", "webdav:"))


def is_on_own_disk(target: str) -> bool:
    """Whether it names no more than a place on the reader's own machine."""
    plain = _plain(target)
    return LOCAL_PATH.match(plain) is not None or not (leads_to_share(plain) or SCHEME.match(plain))


def _plain(target: str) -> str:
    """As whoever follows it reads it: without escapes, and without the signs that are skipped."""
    return "".join(sign for sign in unquote(target) if sign > " ")
