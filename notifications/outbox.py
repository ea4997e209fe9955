"""The outbox: a message is a row of the act's own transaction; a worker delivers it, later and until it arrives.

The row is the promise, the broker only makes its delivery sooner: with the broker down, the next run finds the row.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Any, Final

from celery import current_app
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.template import Context, Engine
from kombu.exceptions import OperationalError

from notifications.enums import MessageStatus
from notifications.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.core.mail.backends.base import BaseEmailBackend

    from offices.models import Office

logger = logging.getLogger(__name__)

PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
MOST_PER_RUN = 500
KICK_EXPIRES_SECONDS = 60
SMTP_TIMEOUT_SECONDS = 10
PRIVATE_LINK = re.compile(r"(https?://[^\s/]+/lacak/)[A-Za-z0-9_-]{20,}")
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
PERMANENT_SMTP_CODE = 500
OUTCOME = ("body", "status", "attempts", "next_attempt_at", "sent_at", "last_error", "provider_id")


def compose(  # noqa: PLR0913 (the parts of a letter)
    *,
    office: Office,
    kind: str,
    template: str,
    context: dict[str, Any],
    recipient: str,
    dedupe_key: str,
    now: datetime,
    recipient_name: str = "",
    reference: str = "",
) -> Message:
    """An unsaved message from `templates/notifications/<template>.txt`, whose first line is the subject.

    It is plain text: nothing is escaped, and what goes into the mail's head is brought to one line.
    """
    page = Engine.get_default().get_template(f"notifications/{template}.txt")
    text = page.render(Context(context, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    body = BLANK_LINES.sub("\n\n", body)
    return Message(
        office=office,
        kind=kind,
        reference=reference,
        recipient=_one_line(recipient, 254),
        recipient_name=_one_line(recipient_name, 160),
        subject=_one_line(subject, 200),
        body=f"{body.strip()}\n",
        dedupe_key=dedupe_key,
        created_at=now,
        next_attempt_at=now,
    )


def _one_line(text: str, longest: int) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:longest]


def without_private_links(body: str) -> str:
    """The text with the key cut from each link that opens a page without signing in.

    Only the recipient may hold that key: it is not shown to staff, nor kept once the message has left.
    """
    return PRIVATE_LINK.sub(r"\1…", body)


def enqueue(messages: Iterable[Message]) -> None:
    """Store the messages with the act they belong to; an occasion already told is left out. One statement."""
    rows = list(messages)
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(wake_worker, robust=True)


def wake_worker() -> None:
    """Ask the worker to deliver now instead of at its next turn; a broker that is down changes nothing else."""
    try:
        current_app.send_task(
            "notifications.tasks.deliver_messages",
            retry=False,
            expires=KICK_EXPIRES_SECONDS,
            ignore_result=True,
        )
    except OperationalError:
        logger.warning("The broker is unreachable; messages leave at the worker's next turn.")


def resend(message: Message, now: datetime) -> bool:
    """Give a failed message a new round of attempts; false, and nothing changed, for any other."""
    failed = Message.objects.filter(pk=message.pk, status=MessageStatus.FAILED)
    if not failed.update(status=MessageStatus.QUEUED, attempts=0, next_attempt_at=now, last_error=""):
        return False
    transaction.on_commit(wake_worker, robust=True)
    return True


def deliver_due(now: datetime, *, limit: int = MOST_PER_RUN) -> int:
    """Send what is due at an aware moment, longest waiting first; returns how many messages left.

    1. Take one row and lock it; rows another worker holds are skipped, so workers share the queue.
    2. Send. 3. Mark it sent, or put it off with the reason, and commit.
    A worker that dies between 2 and 3 leaves the row waiting: that one message may leave twice, with the same
    Message-ID, by which mail systems know the double. A failure concerns its own row alone; the run ends early only
    when the mail server itself is gone.
    """
    sent = 0
    timeout = settings.EMAIL_TIMEOUT or SMTP_TIMEOUT_SECONDS
    with contextlib.closing(get_connection(timeout=timeout)) as connection:
        for _ in range(limit):
            outcome = _deliver_next(connection, now)
            if outcome is None or (outcome == MessageStatus.QUEUED and not _is_reachable(connection)):
                break
            sent += outcome == MessageStatus.SENT
    return sent


@transaction.atomic
def _deliver_next(connection: BaseEmailBackend, now: datetime) -> str | None:
    """Deliver the message that waits longest and return its new status; None when nothing is due."""
    due = Message.objects.due(now).select_related("office")
    message = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if message is None:
        return None
    message.attempts += 1
    try:
        message.provider_id = _send(connection, message)
    except Exception as error:  # noqa: BLE001 (whatever a message or a server does, the queue goes on)
        with contextlib.suppress(OSError):
            connection.close()
        _put_off(message, error, now)
    else:
        message.status, message.sent_at, message.next_attempt_at = MessageStatus.SENT, now, None
        message.last_error, message.body = "", without_private_links(message.body)
    message.save(update_fields=OUTCOME)
    return message.status


def _send(connection: BaseEmailBackend, message: Message) -> str:
    """Send one message; returns its Message-ID, which follows from the dedupe key and so survives a repetition."""
    validate_email(message.recipient)
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    digest = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]
    message_id = f"<{digest}@{address.rpartition('@')[2]}>"
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((message.office.name, address)),
        to=[formataddr((message.recipient_name, message.recipient))],
        reply_to=[message.office.email] if message.office.email else None,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    connection.open()  # kept open for the next message; one opened by `send` would be closed again
    mail.send()
    return message_id


def _put_off(message: Message, error: Exception, now: datetime) -> None:
    message.last_error = _one_line(_reason(error), 500)
    if _is_permanent(error) or message.attempts > len(PAUSES):
        message.status, message.next_attempt_at = MessageStatus.FAILED, None
        logger.warning("Message %s failed for good.", message.pk)
    else:
        message.next_attempt_at = now + PAUSES[message.attempts - 1]


def _is_permanent(error: Exception) -> bool:
    """Whether trying again is pointless: a bad address, a refused recipient or content (SMTP 5xx)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT_SMTP_CODE for code, _ in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= PERMANENT_SMTP_CODE
    return isinstance(error, (ValidationError, ValueError))


def _reason(error: Exception) -> str:
    """What an officer reads beside the message."""
    if isinstance(error, ValidationError):
        return "Alamat surel tidak valid."
    if isinstance(error, SMTPRecipientsRefused):
        answers = "; ".join(f"{code} {_decoded(text)}" for code, text in error.recipients.values())
        return f"Alamat penerima ditolak: {answers}"
    if isinstance(error, SMTPResponseException):
        return f"Server surel menolak: {error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, OSError):
        return f"Server surel tidak dapat dihubungi: {error}"
    return f"Pesan tidak dapat dikirim: {error}"


def _decoded(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _is_reachable(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except OSError:
        return False
    return True
