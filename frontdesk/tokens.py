"""The visitor's key to a number or a booking: 128 bits, rebuilt from the secret key, stored only as a hash."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from consultations.tokens import TOKEN_BYTES, hash_token
from notifications.links import PrivateLink

if TYPE_CHECKING:
    from uuid import UUID

    from frontdesk.models import QueueTicket, SlotBooking


def new_token(public_id: UUID) -> str:
    """The token of a row that is being stored: 22 URL-safe characters."""
    return _derive(public_id, settings.SECRET_KEY)


def token_of(row: QueueTicket | SlotBooking) -> str:
    """The token again, also when the secret key has been rotated since.

    Raises ValueError when neither the key nor its fallbacks made the stored hash.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(row.public_id, secret)
        if hash_token(token) == row.token_hash:
            return token
    raise ValueError(f"No secret key at hand made the token of {row.public_id}.")


def follow_url(token: str) -> str:
    """The whole address under which a visitor follows a number, as the QR code holds it."""
    return f"{settings.SITE_URL}{reverse('queue_follow', args=[token])}"


def booking_url(token: str) -> str:
    """The whole address of a booking, as the messages about it hold it when they leave."""
    return f"{settings.SITE_URL}{reverse('booking', args=[token])}"


def booking_link(booking: SlotBooking) -> PrivateLink:
    """The same in a letter that is being written."""
    return PrivateLink.to("booking", booking.public_id.hex)


def _derive(public_id: UUID, secret: str) -> str:
    digest = salted_hmac("frontdesk.visitor", public_id.bytes, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")
