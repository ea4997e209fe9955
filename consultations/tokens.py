"""The stakeholder's key to a consultation: 128 bits, rebuilt from the secret key, stored only as a hash."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from consultations.enums import Source
from notifications.links import PrivateLink

if TYPE_CHECKING:
    from uuid import UUID

    from consultations.models import Consultation

TOKEN_BYTES = 16
FIRST: Final = 1


def new_token(public_id: UUID) -> str:
    """The token of a consultation that is being opened: 22 URL-safe characters."""
    return _derive(public_id, FIRST, settings.SECRET_KEY)


def renew_key(consultation: Consultation) -> None:
    """Give a consultation, locked and not written yet, its next token; the one before opens nothing any more."""
    consultation.key_version += 1
    token = _derive(consultation.public_id, consultation.key_version, settings.SECRET_KEY)
    consultation.token_hash = hash_token(token)


def hash_token(token: str) -> str:
    """What the database keeps of a token; a copy of the database opens no page."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(consultation: Consultation) -> str:
    """The token again, for a link in a message, also when the secret key has been rotated since.

    Raises ValueError when neither the key nor its fallbacks made the stored hash.
    """
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derive(consultation.public_id, consultation.key_version, secret)
        if hash_token(token) == consultation.token_hash:
            return token
    raise ValueError(f"No secret key at hand made the token of {consultation.number}.")


def tracking_path(consultation: Consultation, page: str = "track") -> str:
    """The address of the stakeholder's page, or of the one that finds it when its key is no longer at hand."""
    try:
        return reverse(page, args=[token_of(consultation)])
    except ValueError:
        return reverse("track_find")


def senders_path(consultation: Consultation, page: str = "public_receipt") -> str:
    """A page of the consultation for whoever sent its form, as long as its first token holds.

    A later one is for the contact person alone, who has it sent; so is one that was not asked through the form.
    """
    if consultation.source == Source.FORM and consultation.key_version == FIRST:
        return tracking_path(consultation, page)
    return reverse("track_find")


def tracking_url(consultation: Consultation) -> str:
    """`tracking_path` as a link outside the site needs it, whole."""
    return f"{settings.SITE_URL}{tracking_path(consultation)}"


def tracking_link(consultation: Consultation) -> PrivateLink:
    """The same in a letter, which gets its key as it leaves."""
    return PrivateLink.to("track", consultation.public_id.hex)


def _derive(public_id: UUID, version: int, secret: str) -> str:
    occasion = public_id.bytes if version == FIRST else public_id.bytes + version.to_bytes(4, "big")
    digest = salted_hmac("consultations.tracking", occasion, secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode().rstrip("=")
