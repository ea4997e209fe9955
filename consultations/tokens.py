"""The stakeholder's key to a consultation: 128 bits, rebuilt from the secret key, stored only as a hash."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from notifications.links import PrivateLink

if TYPE_CHECKING:
    from uuid import UUID

    from consultations.models import Consultation

TOKEN_BYTES = 16


def new_token(public_id: UUID) -> str:
    """The token of a consultation that is being opened: 22 URL-safe characters."""
    return _derive(public_id, settings.SECRET_KEY)


def hash_token(token: str) -> str:
    """What the database keeps of a token; a copy of the database opens no page."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(consultation: Consultation) -> str:
    """The token again, for a link in a message, also when the secret key has been rotated since.

    Raises ValueError when neither the key nor its fallbacks made the stored hash.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(consultation.public_id, secret)
        if hash_token(token) == consultation.token_hash:
            return token
    raise ValueError(f"No secret key at hand made the token of {consultation.number}.")


def tracking_path(consultation: Consultation) -> str:
    """The address of the stakeholder's page, or of the one that finds it when its key is no longer at hand."""
    try:
        return reverse("track", args=[token_of(consultation)])
    except ValueError:
        return reverse("track_find")


def tracking_url(consultation: Consultation) -> str:
    """`tracking_path` as a link outside the site needs it, whole."""
    return f"{settings.SITE_URL}{tracking_path(consultation)}"


def tracking_link(consultation: Consultation) -> PrivateLink:
    """The same in a letter, which gets its key as it leaves."""
    return PrivateLink.to("track", consultation.public_id.hex)


def _derive(public_id: UUID, secret: str) -> str:
    digest = salted_hmac(
        "consultations.tracking", public_id.bytes, secret=secret, algorithm="sha256"
    ).digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")
