"""When a letter to a stakeholder could not be delivered: its officer is told, and a progress it carried is owed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from consultations.ledger import serves
from consultations.models import Consultation, ProgressUpdate
from notifications import notices
from notifications.enums import MessageStatus
from notifications.models import Message, Notice
from offices.duties import holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


def on_failed(message: Message, now: datetime, **_: Any) -> None:
    """Hears `notifications.signals.failed`, in the delivery's transaction; five statements at most."""
    about = Consultation.objects.filter(number=message.reference).select_related("office", "officer").first()
    if about is None or not message.dedupe_key.endswith(":stakeholder"):
        return
    if ProgressUpdate.objects.filter(message=message, is_automatic=False).exists():
        told = about.progress_updates.filter(is_automatic=False).exclude(message__status=MessageStatus.FAILED)
        last = told.exclude(message=message).order_by("-on").values_list("on", flat=True).first()
        Consultation.objects.filter(pk=about.pk).update(last_progress_on=last)
    notices.post(_notices(about, message, now))


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
