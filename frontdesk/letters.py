"""What is written to whoever booked a slot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from consultations.enums import ContactChannel
from consultations.reach import sending_channels, settle_channel
from frontdesk.models import SlotBooking
from frontdesk.tokens import booking_link, booking_url, token_of
from notifications.enums import MessageChannel
from notifications.outbox import compose
from offices.dates import format_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from notifications.models import Message
    from offices.models import Office

CHANNELS = {
    ContactChannel.EMAIL: MessageChannel.EMAIL,
    ContactChannel.WHATSAPP: MessageChannel.WHATSAPP,
}

ADDRESSES = {ContactChannel.EMAIL: "surel", ContactChannel.WHATSAPP: "nomor WhatsApp"}


def addresses_in_words(office: Office) -> str:
    """Where the office's letters go: 'surel atau nomor WhatsApp'; empty when it sends none."""
    return " atau ".join(ADDRESSES[channel] for channel in sending_channels(office))


def about(bookings: Iterable[SlotBooking], kind: str, now: datetime) -> Iterator[Message]:
    """A letter of a kind for each booking; none for those whose office sends through no channel they gave."""
    for booking in bookings:
        chosen = settle_channel(booking.office, phone=booking.phone, email=booking.email)
        if channel := CHANNELS.get(chosen):
            yield _letter(booking, kind, channel, now)


def _letter(booking: SlotBooking, kind: str, channel: MessageChannel, now: datetime) -> Message:
    """Without the name: anybody could have typed it beside anybody's address."""
    return compose(
        office=booking.office,
        kind=kind,
        template=kind,
        context={
            "office": booking.office,
            "category": booking.category,
            "moment": format_moment(booking.starts_at, booking.office.zone),
            "url": booking_link(booking),
        },
        channel=channel,
        recipient=booking.email if channel is MessageChannel.EMAIL else booking.phone,
        dedupe_key=f"booking:{booking.pk}:{kind}",
        now=now,
    )


def open_booking(about: str, _recipient: str, _now: datetime) -> str:
    """What the link in a letter about a booking becomes as the letter leaves."""
    return booking_url(token_of(SlotBooking.objects.get(public_id=UUID(about))))
