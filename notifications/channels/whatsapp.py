"""WhatsApp through Meta's Cloud API: one approved message template carries every letter.

Businesses may write first only with a template that Meta approved. Ours has four parameters in its body, in this
order: the office's name, the subject, the letter's text on one line, and the link to read it whole
(`docs/whatsapp.md` has its wording).
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from notifications.channels.errors import ChannelDown, PermanentError, TransientError
from notifications.foot import split_foot

if TYPE_CHECKING:
    from notifications.models import Message

LANGUAGE: Final = "id"
TIMEOUT_SECONDS: Final = 10
LONGEST_ANSWER: Final = 64 * 1024
LONGEST_TEXT: Final = (
    600  # with the other parameters it stays under the 1,024 characters of a template's body
)
# Rate limits, faults on Meta's side, and setup that an administrator can cure; by code, as Meta recommends.
# https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
TRANSIENT_CODES: Final = frozenset(
    {
        1,  # unknown API fault
        2,  # API down or overloaded
        4,  # the app's rate limit
        80007,  # the account's rate limit
        130429,  # throughput limit
        131000,  # something went wrong
        131016,  # service unavailable
        131031,  # account locked
        131042,  # payment issue
        131048,  # held back for too many reports
        131056,  # too many messages to this number
        131057,  # account in maintenance
        133004,  # server unavailable
        133016,  # registration limit
    }
)
AUTH_CODES: Final = frozenset({0, 3, 10, 190, *range(200, 300)})


class NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the token to another address."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class WhatsAppChannel:
    """Each message is a request of its own; nothing is held open."""

    def __init__(self) -> None:
        self.opener = build_opener(NoRedirect)

    def send(self, message: Message) -> str:
        """Returns Meta's message id (`wamid...`)."""
        if not settings.WHATSAPP_TOKEN:
            raise ChannelDown("WhatsApp belum disiapkan pada sistem ini.")
        if not message.office.whatsapp_phone_number_id:
            raise TransientError("Kantor ini belum memiliki nomor pengirim WhatsApp.")
        try:
            with self.opener.open(_request(message), timeout=TIMEOUT_SECONDS) as response:
                answer = response.read(LONGEST_ANSWER)
        except HTTPError as error:
            with error:
                raise _refusal(error.code, error.read(LONGEST_ANSWER)) from error
        except OSError as error:
            raise ChannelDown(f"WhatsApp tidak dapat dihubungi: {error}") from error
        try:
            return str(json.loads(answer)["messages"][0]["id"])
        except (ValueError, LookupError, TypeError) as error:
            raise TransientError("Jawaban WhatsApp tidak dikenal.") from error

    def close(self) -> None:
        pass


def _request(message: Message) -> Request:
    return Request(  # noqa: S310 (the address is the administrator's)
        f"{settings.WHATSAPP_URL}/{message.office.whatsapp_phone_number_id}/messages",
        data=json.dumps(payload(message)).encode(),
        headers={"Authorization": f"Bearer {settings.WHATSAPP_TOKEN}", "Content-Type": "application/json"},
        method="POST",
    )


def payload(message: Message) -> dict[str, Any]:
    """The body of the request; a parameter may hold neither line breaks nor runs of spaces.

    A letter is cut at its link and where it grows too long, but never loses its foot nor its further links.
    """
    letter, foot = split_foot(message.body)
    links = sorted(message.links, key=letter.find)
    link = links[0] if links else settings.SITE_URL
    text = " ".join((letter.partition(link)[0] if links else letter).split())
    foot = " ".join([foot, *(f"Tautan lain: {each}" for each in links[1:])]).strip()
    room = LONGEST_TEXT - len(foot) - bool(foot)
    if len(text) > room:
        text = f"{text[: room - 1]}…"
    text = f"{text} {foot}".strip()
    parameters = (message.office.name, message.subject, text, link)
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.recipient,
        "type": "template",
        "template": {
            "name": settings.WHATSAPP_TEMPLATE,
            "language": {"code": LANGUAGE},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": each} for each in parameters]}
            ],
        },
    }


def _refusal(status: int, answer: bytes) -> Exception:
    """What Meta's error means for the message."""
    try:
        error = json.loads(answer)["error"]
        code, details = int(error["code"]), error.get("error_data")
        said = (
            details["details"] if isinstance(details, dict) and details.get("details") else error["message"]
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        return TransientError(f"WhatsApp menolak: {status}")
    reason = f"WhatsApp menolak: {said} (kode {code})"
    if status == HTTPStatus.UNAUTHORIZED or code in AUTH_CODES:
        return ChannelDown(reason)
    passing = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
    return (TransientError if passing or code in TRANSIENT_CODES else PermanentError)(reason)
