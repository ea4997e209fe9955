"""The outbox: a message is a row of the act's own transaction; a worker delivers it, later and until it arrives.

The row is the promise, the broker only makes its delivery sooner: with the broker down, the next run finds the row.
"""

from __future__ import annotations

import contextlib
import logging
import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from notifications import signals
from notifications.channels import CHANNELS
from notifications.channels.errors import ChannelDown, PermanentError, TransientError
from notifications.enums import MessageChannel, MessageStatus
from notifications.links import links_in, with_keys, without_private_links
from notifications.models import Message
from notifications.texts import render

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.dispatch import Signal

    from notifications.channels import Channel
    from notifications.models import MessageText
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
RUN_SECONDS = 20.0
DELIVERY: Final = "notifications.tasks.deliver_messages"
KICK_EXPIRES_SECONDS = 60
LONGEST_STRETCH = 1.1  # messages that failed together do not all come back at the same moment
LONGEST_BODY = 100_000  # characters; ten times the longest text a form takes
OUTCOME = (
    "body",
    "status",
    "attempts",
    "next_attempt_at",
    "sent_at",
    "failed_at",
    "last_error",
    "provider_id",
)


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
    channel: MessageChannel = MessageChannel.EMAIL,
    own: MessageText | None = None,
) -> Message:
    """An unsaved message in the office's `own` words, else from `templates/notifications/<template>.txt`."""
    return address(
        render(template, context, own),
        links=context.values(),
        office=office,
        kind=kind,
        recipient=recipient,
        dedupe_key=dedupe_key,
        now=now,
        recipient_name=recipient_name,
        reference=reference,
        channel=channel,
    )


def address(  # noqa: PLR0913 (as above)
    wording: tuple[str, str],
    *,
    office: Office,
    kind: str,
    recipient: str,
    dedupe_key: str,
    now: datetime,
    recipient_name: str = "",
    reference: str = "",
    channel: MessageChannel = MessageChannel.EMAIL,
    links: Iterable[Any] = (),
) -> Message:
    """An unsaved message of this subject and body to one recipient; of `links` those that its body holds are kept.

    It is plain text: nothing is escaped, and what goes into the mail's head is brought to one line.
    """
    subject, body = wording
    return Message(
        office=office,
        channel=channel,
        kind=kind,
        reference=reference,
        recipient=_one_line(recipient, 254),
        recipient_name=_one_line(recipient_name, 160),
        subject=_one_line(subject, 200),
        body=body,
        links=links_in(body, links),
        dedupe_key=dedupe_key,
        created_at=now,
        next_attempt_at=now,
    )


def _one_line(text: str, longest: int) -> str:
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())[:longest]


def enqueue(messages: Iterable[Message]) -> None:
    """Store the messages with the act they belong to; an occasion already told is left out. One statement."""
    rows = list(messages)
    if rows:
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(wake_worker, robust=True)


def wake_worker(task: str = DELIVERY) -> None:
    """Ask the worker for a task now instead of at its next turn; a broker that is down changes nothing else."""
    try:
        current_app.send_task(
            task,
            retry=False,
            expires=KICK_EXPIRES_SECONDS,
            ignore_result=True,
        )
    except OperationalError:
        logger.warning("The broker is unreachable; the worker finds what waits at its next turn.")


def resend(message: Message, now: datetime, *, recipient: str = "") -> bool:
    """Give a failed message a new round of attempts, perhaps to a corrected recipient.

    False, and nothing changed, for any other.
    """
    failed = Message.objects.filter(pk=message.pk, status=MessageStatus.FAILED)
    corrected = {"recipient": recipient} if recipient else {}
    if not failed.update(
        status=MessageStatus.QUEUED, attempts=0, next_attempt_at=now, last_error="", **corrected
    ):
        return False
    transaction.on_commit(wake_worker, robust=True)
    return True


def deliver_due(now: datetime, *, limit: int = MOST_PER_RUN) -> int:
    """Send what is due at an aware moment, longest waiting first; returns how many messages left.

    1. Take one row and lock it; rows another worker holds are skipped, so workers share the queue.
    2. Add the keys to its links and send it through its channel. 3. Mark it sent with the provider's id, or put it off with the reason, and commit.
    A run sends one message at a time, at most `limit`, and begins none after RUN_SECONDS, so that a slow mail server
    leaves the worker's processes (two) to the clock again; the next run goes on.
    A worker that dies between 2 and 3 leaves the row waiting: that one message may leave twice, as e-mail with the
    same Message-ID, by which mail systems know the double. A failure concerns its own row alone; a channel that is
    gone rests until the next run, and the others go on.
    """
    began, sent = time.monotonic(), 0
    with contextlib.ExitStack() as at_end:
        channels = {name: make() for name, make in CHANNELS.items()}
        for channel in channels.values():
            at_end.callback(channel.close)
        for _ in range(limit):
            status = _deliver_next(channels, now, began)
            if status is None:
                break
            sent += status == MessageStatus.SENT
            if time.monotonic() > began + RUN_SECONDS:
                break
    return sent


@transaction.atomic
def _deliver_next(channels: dict[MessageChannel, Channel], now: datetime, began: float) -> str | None:
    """Deliver the message that waits longest and return its new status; None when nothing is due.

    The run was at `now` when the monotonic clock showed `began`. A channel found to be down leaves `channels`.
    """
    due = Message.objects.due(now).filter(channel__in=list(channels)).select_related("office")
    message = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if message is None:
        return None
    message.attempts += 1
    channel = channels[MessageChannel(message.channel)]
    try:
        if len(message.body) > LONGEST_BODY:
            raise PermanentError("Isi pesan terlalu panjang untuk dikirim.")  # noqa: TRY301 (one place puts off)
        message.provider_id = channel.send(with_keys(message, now))[:200]
    except Exception as error:  # whatever a message or a server does, the queue goes on
        channel.close()
        if isinstance(error, ChannelDown):
            del channels[MessageChannel(message.channel)]
        if not isinstance(error, (PermanentError, TransientError)):
            logger.exception("Message %s met an error that no channel knows.", message.pk)
        moment = now + timedelta(seconds=time.monotonic() - began)
        _put_off(message, error, moment)
    else:
        moment = now + timedelta(seconds=time.monotonic() - began)
        message.status, message.sent_at, message.next_attempt_at = MessageStatus.SENT, moment, None
        message.last_error, message.body = "", without_private_links(message.body)
    message.save(update_fields=OUTCOME)
    if signal := _worth_telling(message):
        _tell(signal, message, moment)
    return message.status


def _put_off(message: Message, error: Exception, now: datetime) -> None:
    known = isinstance(error, (PermanentError, TransientError))
    message.last_error = _one_line(str(error) if known else f"Pesan tidak dapat dikirim: {error}", 500)
    if isinstance(error, PermanentError) or message.attempts > len(PAUSES):
        message.status, message.next_attempt_at, message.failed_at = MessageStatus.FAILED, None, now
        logger.warning("Message %s failed for good.", message.pk)
    else:
        message.next_attempt_at = now + PAUSES[message.attempts - 1] * random.uniform(1, LONGEST_STRETCH)  # noqa: S311 (no secret)


def _worth_telling(message: Message) -> Signal | None:
    """What a delivered or failed message has the floors above look at; most have nothing."""
    if message.status == MessageStatus.FAILED:
        return signals.failed
    if message.sent_at is None:
        return None
    local_date = message.office.local_date
    was_late = message.failed_at is not None or local_date(message.sent_at) != local_date(message.created_at)
    return signals.left_late if was_late else None


def _tell(signal: Signal, message: Message, now: datetime) -> None:
    """What a receiver fails at is undone and logged; the delivery stands, and the next message is not held up."""
    try:
        with transaction.atomic():
            signal.send(Message, message=message, now=now)
    except Exception:
        logger.exception("What follows from message %s could not be recorded.", message.pk)
