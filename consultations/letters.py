"""What the desk writes to the stakeholder and to its own people about a consultation."""

from __future__ import annotations

import secrets
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from consultations.enums import ContactChannel
from consultations.invitations import rating_link, survey_link
from consultations.tokens import tracking_link
from notifications.enums import MessageChannel
from notifications.models import Notice
from notifications.outbox import address
from notifications.texts import own_texts, render
from offices.dates import format_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from consultations.models import Consultation, Entry
    from notifications.models import Message, MessageText
    from offices.models import Staff

NAME: Final = secrets.token_hex(16)  # stands where a name comes; nothing anybody writes can hold it


MESSAGE_CHANNELS = {
    ContactChannel.EMAIL: MessageChannel.EMAIL,
    ContactChannel.WHATSAPP: MessageChannel.WHATSAPP,
}


def addressee(consultation: Consultation) -> str:
    """The contact person's name in a letter; none while anybody could have typed it beside anybody's address."""
    return "" if consultation.is_unseen else consultation.contact_name


def as_written_about(consultation: Consultation) -> Consultation:
    """The consultation as letters to its contact tell of it: while it is unseen, by its category and not by typed words."""
    if not consultation.is_unseen:
        return consultation
    told = copy(consultation)
    told.subject = consultation.category.name
    return told


@dataclass(frozen=True, slots=True)
class Letter:
    """A message still to be composed: its template under `templates/notifications/` and whom it goes to.

    One to staff goes to `person`, who reads it at the desk as well, as a notice that opens the page at `path`; their
    `address` may be empty.
    """

    entry: Entry
    template: str
    context: dict[str, Any]
    address: str
    name: str
    addressee: str
    channel: MessageChannel = MessageChannel.EMAIL
    person: Staff | None = None
    path: str = ""

    @classmethod
    def to_contact(cls, entry: Entry, template: str, context: dict[str, Any]) -> Letter:
        """To the contact person through the channel chosen, which must be one that sends."""
        consultation = entry.consultation
        context = {
            **context,
            "url": tracking_link(consultation),
            "rating_url": rating_link(consultation),
            "survey_url": survey_link(consultation),
        }
        channel = ContactChannel(consultation.contact_channel)
        by_email = channel is ContactChannel.EMAIL
        return cls(
            entry,
            template,
            context,
            consultation.contact_email if by_email else consultation.contact_phone,
            addressee(consultation),
            "stakeholder",
            MESSAGE_CHANNELS[channel],
        )

    @classmethod
    def to_staff(
        cls, entry: Entry, template: str, context: dict[str, Any], person: Staff, path: str
    ) -> Letter:
        """To somebody of the office, about the page at a path."""
        context = {**context, "url": f"{settings.SITE_URL}{path}"}
        return cls(
            entry,
            template,
            context,
            person.email,
            person.full_name,
            f"staff-{person.pk}",
            person=person,
            path=path,
        )

    @property
    def dedupe_key(self) -> str:
        """One message per entry, template and addressee; the entry must be stored already."""
        return f"{self.entry.consultation.number}:{self.template}:{self.entry.pk}:{self.addressee}"

    def wording(self, now: datetime, own: MessageText | None) -> tuple[str, str]:
        """Subject and body, in the office's own words if it has some, with `NAME` in place of the addressee's name."""
        consultation = self.entry.consultation if self.person else as_written_about(self.entry.consultation)
        zone = consultation.office.zone
        context = {
            **self.context,
            "consultation": consultation,
            "entry": self.entry,
            "office": consultation.office,
            "name": NAME if self.name else "",
            "due": format_moment(consultation.due_at, zone),
            "late": consultation.due_at <= now,
            "received": format_moment(consultation.received_at, zone),
        }
        return render(self.template, context, own)

    def message(self, wording: tuple[str, str], now: datetime) -> Message:
        subject, body = (part.replace(NAME, self.name) for part in wording)
        consultation = self.entry.consultation
        return address(
            (subject, body),
            office=consultation.office,
            kind=self.template,
            channel=self.channel,
            recipient=self.address,
            recipient_name=self.name,
            reference=consultation.number,
            dedupe_key=self.dedupe_key,
            now=now,
            links=self.context.values(),
        )

    def notice(self, message: Message) -> Notice:
        """What the desk shows of the composed message, titled as it is but for the number, which stands apart."""
        consultation = self.entry.consultation
        return Notice(
            office=consultation.office,
            recipient=self.person,
            reference=consultation.number,
            title=message.subject.removeprefix(f"[{consultation.number}] "),
            text=consultation.subject,
            url=self.path,
            dedupe_key=self.dedupe_key,
            at=message.created_at,
        )


def compose(letters: Sequence[Letter], now: datetime) -> list[Message]:
    """The messages of letters whose entries are stored; at most one query.

    What several people are told on one occasion differs by their names alone, and is worded once.
    """
    texts = own_texts((letter.entry.consultation.office_id, letter.template) for letter in letters)
    wordings: dict[tuple[int, str, str], tuple[str, str]] = {}
    messages = []
    for letter in letters:
        told = letter.entry.pk, letter.template, letter.context["url"]
        if told not in wordings:
            own = texts.get((letter.entry.consultation.office_id, letter.template))
            wordings[told] = letter.wording(now, own)
        messages.append(letter.message(wordings[told], now))
    return messages
