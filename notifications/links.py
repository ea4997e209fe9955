"""Links that open a page without signing in."""

from __future__ import annotations

import re

PRIVATE_LINK = re.compile(
    r"(https?://[^\s/]+/(?:lacak|lacak/saya|antrean/pesanan|[a-z0-9_-]+/survei)/)[A-Za-z0-9_.-]{20,}/?"
)


def without_private_links(body: str) -> str:
    """The text with the key cut from each link that opens a page without signing in.

    Only the recipient may hold that key: it is not shown to staff, nor kept once the message has left.
    """
    return PRIVATE_LINK.sub(r"\1…/", body)
