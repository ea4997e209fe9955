"""How news reaches a contact person: by e-mail, by WhatsApp, or by an officer's call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consultations.enums import ContactChannel
from stakeholders.identity import display_phone, has_whatsapp

if TYPE_CHECKING:
    from consultations.models import Consultation
    from offices.models import Office


def sending_channels(office: Office) -> list[ContactChannel]:
    """The channels the office sends news through; whoever has chosen none of them is called."""
    chosen = ((ContactChannel.EMAIL, office.sends_email), (ContactChannel.WHATSAPP, office.sends_whatsapp))
    return [channel for channel, is_used in chosen if is_used]


def settle_channel(office: Office, *, phone: str, email: str, wanted: str = "") -> ContactChannel:
    """The channel that was wanted where there is an address for it, else e-mail, else WhatsApp, else a call."""
    usable = [
        channel
        for channel in sending_channels(office)
        if (email if channel is ContactChannel.EMAIL else has_whatsapp(phone))
    ]
    return next((channel for channel in usable if channel == wanted), [*usable, ContactChannel.PHONE][0])


def address_of(consultation: Consultation) -> tuple[ContactChannel, str] | None:
    """The channel that news takes to the contact person and the address there; None when only a call reaches them."""
    channel = ContactChannel(consultation.contact_channel)
    if channel not in sending_channels(consultation.office):
        return None
    by_email = channel is ContactChannel.EMAIL
    return channel, consultation.contact_email if by_email else consultation.contact_phone


def address_in_words(consultation: Consultation) -> str:
    """'surel ke siti@contoh.id'; empty when only a call reaches the contact person."""
    found = address_of(consultation)
    if found is None:
        return ""
    channel, address = found
    return (
        f"surel ke {address}" if channel is ContactChannel.EMAIL else f"WhatsApp ke {display_phone(address)}"
    )
