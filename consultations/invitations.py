"""The invitation to the satisfaction survey that an answered consultation brings.

It is signed and not stored, and says nothing of the consultation: whoever keeps the responses cannot lead one back.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import salted_hmac

from notifications.links import PrivateLink

if TYPE_CHECKING:
    from consultations.models import Consultation
    from offices.models import Office

KEY_BYTES = 12


def survey_url(consultation: Consultation) -> str:
    """The whole address at which the survey is answered once for this consultation."""
    digest = salted_hmac("consultations.survey", consultation.public_id.bytes, algorithm="sha256").digest()
    key = base64.urlsafe_b64encode(digest[:KEY_BYTES]).decode()
    token = _signer(consultation.office).sign(key)
    return f"{settings.SITE_URL}{reverse('survey_invited', args=[consultation.office.slug, token])}"


def survey_link(consultation: Consultation) -> PrivateLink:
    """The same in a letter, which gets its key as it leaves."""
    return PrivateLink.to("survey_invited", consultation.public_id.hex, consultation.office.slug)


def invitation_key(office: Office, token: str) -> str | None:
    """What an invitation is known by; None for one that this desk did not issue for the office."""
    try:
        return str(_signer(office).unsign(token))
    except BadSignature:
        return None


def _signer(office: Office) -> Signer:
    return Signer(salt=f"consultations.survey.{office.pk}", sep=".")
