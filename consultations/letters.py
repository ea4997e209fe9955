"""What the desk writes to the stakeholder and to its own people about a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings

from consultations.enums import ContactChannel
from consultations.invitations import survey_url
from consultations.tokens import tracking_url
from notifications.enums import MessageChannel
from notifications.outbox import compose
from offices.dates import format_moment

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.models import Entry
    from notifications.models import Message
    from notifications.texts import OwnTexts
    from offices.models import Staff


@dataclass(frozen=True, slots=True)
class Letter:
    """A message still to be composed: its template under `templates/notifications/` and whom it goes to."""

    entry: Entry
    template: str
    context: dict[str, Any]
    address: str
    name: str
    addressee: str
    channel: MessageChannel = MessageChannel.EMAIL

    @classmethod
    def to_contact(cls, entry: Entry, template: str, context: dict[str, Any]) -> Letter:
        """To the contact person through the channel chosen, which must be one that sends."""
        consultation = entry.consultation
        context = {
            **context,
            "url": tracking_url(consultation),
            "survey_url": partial(survey_url, consultation),  # called by the texts that invite
        }
        by_whatsapp = consultation.contact_channel == ContactChannel.WHATSAPP
        return cls(
            entry,
            template,
            context,
            consultation.contact_phone if by_whatsapp else consultation.contact_email,
            consultation.contact_name,
            "stakeholder",
            MessageChannel.WHATSAPP if by_whatsapp else MessageChannel.EMAIL,
        )

    @classmethod
    def to_staff(cls, entry: Entry, template: str, context: dict[str, Any], person: Staff) -> Letter:
        page = context.get("page", entry.consultation)
        context = {**context, "url": f"{settings.SITE_URL}{page.get_absolute_url()}"}
        return cls(entry, template, context, person.email, person.full_name, f"staff-{person.pk}")

    @property
    def dedupe_key(self) -> str:
        """One message per entry, template and addressee; the entry must be stored already."""
        return f"{self.entry.consultation.number}:{self.template}:{self.entry.pk}:{self.addressee}"

    def compose(self, now: datetime, texts: OwnTexts) -> Message:
        """The message, in the office's own words where `texts` has some for it."""
        consultation = self.entry.consultation
        office = consultation.office
        return compose(
            office=office,
            kind=self.template,
            template=self.template,
            context={
                **self.context,
                "consultation": consultation,
                "entry": self.entry,
                "office": office,
                "name": self.name,
                "due": format_moment(consultation.due_at, office.zone),
                "late": consultation.due_at <= now,
                "received": format_moment(consultation.received_at, office.zone),
            },
            channel=self.channel,
            recipient=self.address,
            recipient_name=self.name,
            reference=consultation.number,
            dedupe_key=self.dedupe_key,
            now=now,
            own=texts.get((office.pk, self.template)),
        )
