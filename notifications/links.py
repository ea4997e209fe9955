"""Links that open a page without signing in: a letter is stored without their keys, which are added as it leaves.

What opens a page is made by the floors above; each joins `OPENERS` for its own kinds of link when it is loaded.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from notifications.models import Message

    # From what a link is about, the letter's recipient and the moment it leaves to the whole address, with its key.
    Opener = Callable[[str, str, datetime], str]

OPENERS: Final[dict[str, Opener]] = {}
CUT: Final = "…"
KEY: Final = "kunci"
PRIVATE_LINK = re.compile(
    r"(/(?:lacak/(?:saya/|tertahan/|nilai/)?|antrean/(?:pesanan/)?|survei/))[A-Za-z0-9_.:=%-]{20,}/?"
)


@dataclass(frozen=True, slots=True)
class PrivateLink:
    """A link in a letter that is being written. It reads as `address`, in which a dot row stands for the key.

    `kind` names its opener, `about` what it opens; neither is secret.
    """

    kind: str
    about: str
    address: str

    @classmethod
    def to(cls, view: str, about: str, *args: str) -> Self:
        """To the page of a view whose last argument is the key; the view's name is also the kind."""
        before, _, after = reverse(view, args=[*args, KEY]).rpartition(KEY)
        return cls(view, about, f"{settings.SITE_URL}{before}{CUT}{after}")

    def __str__(self) -> str:
        return self.address


def links_in(body: str, values: Iterable[Any]) -> dict[str, list[str]]:
    """What `Message.links` keeps: of these values the private links that a text holds."""
    links = [value for value in values if isinstance(value, PrivateLink)]
    return {link.address: [link.kind, link.about] for link in links if link.address in body}


def with_keys(message: Message, now: datetime) -> Message:
    """The message as its recipient reads it, with the keys in its links: to be sent, never to be stored.

    Its `links` name what it opens by the whole addresses.
    """
    letter, links = copy(message), {}
    for address, (kind, about) in message.links.items():
        whole = OPENERS[kind](about, message.recipient, now)
        letter.body = letter.body.replace(address, whole)
        links[whole] = [kind, about]
    letter.links = links
    return letter


def without_private_links(body: str) -> str:
    """The text with the key cut from each address that opens a page without signing in, whatever stands before it.

    Only the recipient may hold that key: where somebody wrote one into a text, it is not shown to staff, nor kept once
    the message has left.
    """
    return PRIVATE_LINK.sub(rf"\1{CUT}/", body)
