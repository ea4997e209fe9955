"""How to reach an office, as links a telephone can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import phonenumbers
from phonenumbers import PhoneNumberFormat

if TYPE_CHECKING:
    from offices.models import Office


@dataclass(frozen=True, slots=True)
class Contact:
    label: str
    text: str
    href: str
    icon: str


def contacts_of(office: Office) -> list[Contact]:
    """The contacts an office has entered; short codes such as 14090 are dialled as they stand."""
    contacts = []
    if office.phone:
        text, dialled = _spellings(office.phone)
        contacts.append(Contact("Telepon", text, f"tel:{dialled}", "phone"))
    if office.whatsapp:
        text, dialled = _spellings(office.whatsapp)
        contacts.append(
            Contact("WhatsApp", text, f"https://wa.me/{dialled.removeprefix('+')}", "message-circle")
        )
    if office.email:
        contacts.append(Contact("Surel", office.email, f"mailto:{office.email}", "mail"))
    if office.website:
        contacts.append(Contact("Situs", _without_scheme(office.website), office.website, "globe"))
    return contacts


def map_url(office: Office) -> str:
    """A search for the office on a map, which phones open in their own application."""
    place = f"{office.name}, {office.address} {office.postal_code}".strip()
    return f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': place})}"


def _without_scheme(url: str) -> str:
    return url.partition("://")[2].rstrip("/")


def _spellings(number: str) -> tuple[str, str]:
    """A number as it is read, '0811-3800-0222', and as it is dialled, '+6281138000222'."""
    try:
        parsed = phonenumbers.parse(number, "ID")
    except phonenumbers.NumberParseException:
        return number, number
    if not phonenumbers.is_valid_number(parsed):
        return number, number
    return (
        phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL),
        phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
    )
