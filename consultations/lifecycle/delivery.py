"""What became of a letter to the stakeholder changes what is still owed: progress counts only when it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from consultations.actors import SYSTEM
from consultations.enums import Act
from consultations.ledger import serves
from consultations.lifecycle.step import acting
from consultations.models import Consultation, ProgressUpdate
from notifications import notices
from notifications.enums import MessageStatus
from notifications.models import Notice
from offices.duties import holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from notifications.models import Message


def letter_failed(message: Message, now: datetime, **_: Any) -> None:
    """Hears `notifications.signals.failed`: a progress it carried is owed again, and the officer is told."""
    about = _about(message)
    if about is None:
        return
    with acting(about, Act.FAIL_LETTER, by=SYSTEM, now=now) as step:
        step.consultation.last_progress_on = _last_told(step.consultation)
        recipient = message.recipient or "(tanpa alamat)"
        step.record(f"“{message.subject}” kepada {recipient}: {message.last_error}", public=False)
    notices.post(_notices(step.consultation, message, now))


def letter_left(message: Message, now: datetime, **_: Any) -> None:
    """Hears `notifications.signals.left_late`: a progress it carried was told on the day on which it left."""
    about = _about(message)
    carried = ProgressUpdate.objects.filter(message=message, is_automatic=False)
    if about is None or (message.failed_at is None and not carried.exists()):
        return
    with acting(about, Act.DELIVER_LETTER, by=SYSTEM, now=now) as step:
        step.consultation.last_progress_on = _last_told(step.consultation)
        if message.failed_at is not None:
            step.record(f"“{message.subject}” telah dikirim kepada {message.recipient}.", public=False)


def _about(message: Message) -> Consultation | None:
    if not message.is_to_stakeholder:
        return None
    return Consultation.objects.filter(number=message.reference).first()


def _last_told(consultation: Consultation) -> date | None:
    """The latest local date on which an officer's progress was told, or written in a letter that is still on its way."""
    told = ProgressUpdate.objects.filter(consultation=consultation, is_automatic=False)
    arrived = told.exclude(message__status=MessageStatus.FAILED).values_list("on", "message__sent_at")
    zone = consultation.office.zone
    return max((sent_at.astimezone(zone).date() if sent_at else on for on, sent_at in arrived), default=None)


def _notices(about: Consultation, message: Message, now: datetime) -> Iterator[Notice]:
    if about.officer is not None and serves(about.officer, about.office_id):
        people = [about.officer]
    else:
        holders = holders_by_office([about.office_id], Role.CSO, now).get(about.office_id, [])
        people = [appointment.staff for appointment in holders]
    for person in people:
        yield Notice(
            office=about.office,
            recipient=person,
            reference=about.number,
            title="Pesan kepada stakeholder tidak dapat dikirim",
            text=about.subject,
            url=reverse("message_detail", args=[message.pk]),
            dedupe_key=f"failed:{message.pk}:{int(now.timestamp())}:{person.pk}",
            at=now,
        )
