"""E-mail through Django's mail backend: plain text with an HTML alternative, threaded, and no cause for auto-replies."""

from __future__ import annotations

import contextlib
import hashlib
import re
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from notifications.channels.errors import ChannelDown, PermanentError, TransientError

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from notifications.models import Message

TIMEOUT_SECONDS: Final = 10
PERMANENT_CODE: Final = 500


class EmailChannel:
    """One connection to the mail server, kept open from one message to the next."""

    def __init__(self) -> None:
        self.connection = get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT_SECONDS)

    def send(self, message: Message) -> str:
        """Returns the Message-ID, which follows from the dedupe key and so survives a repetition."""
        try:
            validate_email(message.recipient)
        except ValidationError as error:
            raise PermanentError("Alamat surel tidak valid.") from error
        try:
            self.connection.open()
        except OSError as error:
            raise ChannelDown(f"Server surel tidak dapat dihubungi: {error}") from error
        try:
            return self._hand_over(message)
        except SMTPRecipientsRefused as error:
            raise _refused(error) from error
        except SMTPResponseException as error:
            raise _answered(error) from error
        except OSError as error:
            if _is_silence(error):
                raise ChannelDown(f"Server surel tidak menjawab: {error}") from error
            raise TransientError(f"Server surel tidak dapat dihubungi: {error}") from error
        except ValueError as error:
            raise PermanentError(f"Surel tidak dapat disusun: {error}") from error

    def _hand_over(self, message: Message) -> str:
        head = headers(message)
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=message.body,
            from_email=formataddr((message.office.name, _sender())),
            to=[formataddr((message.recipient_name, message.recipient))],
            reply_to=[message.office.email] if message.office.email else None,
            headers=head,
            connection=self.connection,
        )
        mail.attach_alternative(
            render_to_string("notifications/layout.html", {"letter": message, "body": _linked(message.body)}),
            "text/html",
        )
        mail.send()
        return head["Message-ID"]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.close()


def _linked(body: str) -> SafeString:
    """The text as HTML, in which the desk's own addresses alone can be clicked: whoever may be quoted typed the others."""
    own = re.compile(rf"({re.escape(conditional_escape(settings.SITE_URL))}/[\w/.?=&;%#…-]*)")
    link = r'<a href="\1">\1</a>'
    return mark_safe(own.sub(link, conditional_escape(body)))  # noqa: S308 (escaped, and links of our own)


def headers(message: Message) -> dict[str, str]:
    """What lets mail programs group the messages of one consultation and keeps their automatic replies away.

    `Auto-Submitted` (RFC 3834) and `List-Id` stop vacation notices, `X-Auto-Response-Suppress` those of Exchange.
    There is no `Precedence`: it is no standard, and its value "bulk" would count these letters as advertising.
    """
    domain = _sender().rpartition("@")[2]
    thread = {}
    if message.reference:
        root = _message_id(f"konsultasi:{message.reference}")
        thread = {"In-Reply-To": root, "References": root}
    return {
        "Message-ID": _message_id(message.dedupe_key),
        **thread,
        "List-Id": f"<konsultasi.{message.office.slug}.{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }


def _message_id(occasion: str) -> str:
    digest = hashlib.sha256(occasion.encode()).hexdigest()[:32]
    return f"<{digest}@{_sender().rpartition('@')[2]}>"


def _sender() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _is_silence(error: OSError) -> bool:
    """A server that says nothing more; smtplib calls it a disconnection when it happens while it waits for an answer."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _refused(error: SMTPRecipientsRefused) -> Exception:
    answers = "; ".join(f"{code} {_decoded(text)}" for code, text in error.recipients.values())
    is_permanent = all(code >= PERMANENT_CODE for code, _ in error.recipients.values())
    return (PermanentError if is_permanent else TransientError)(f"Alamat penerima ditolak: {answers}")


def _answered(error: SMTPResponseException) -> Exception:
    is_permanent = isinstance(error, SMTPDataError) and error.smtp_code >= PERMANENT_CODE
    reason = f"Server surel menolak: {error.smtp_code} {_decoded(error.smtp_error)}"
    return (PermanentError if is_permanent else TransientError)(reason)


def _decoded(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
