"""The invitations to judge that an answered consultation brings, each behind a key of its own that only a letter holds.

That to the satisfaction survey is signed and not stored, and says nothing of the consultation: whoever keeps the responses
cannot lead one back. That to rate the answer opens the rating alone, for as long as the consultation's own link holds.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.crypto import salted_hmac

from consultations.models import Consultation
from notifications.links import PrivateLink

if TYPE_CHECKING:
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


def rating_url(consultation: Consultation) -> str:
    """The whole address at which the stakeholder rates the answer."""
    token = _rating_signer().sign(f"{consultation.public_id.hex}-{consultation.key_version}")
    return f"{settings.SITE_URL}{reverse('rate_answer', args=[token])}"


def rating_link(consultation: Consultation) -> PrivateLink:
    """The same in a letter, which gets its key as it leaves."""
    return PrivateLink.to("rate_answer", consultation.public_id.hex)


def consultation_to_rate(token: str) -> Consultation:
    """The consultation that the key of a letter lets rate; raises Http404, also once its link was exchanged."""
    try:
        public_id, version = _rating_signer().unsign(token).split("-")
    except BadSignature:
        raise Http404 from None
    found = Consultation.objects.select_related("office").defer("search")
    return get_object_or_404(found, public_id=UUID(public_id), key_version=int(version))


def _rating_signer() -> Signer:
    return Signer(salt="consultations.rating", sep=".")


def _signer(office: Office) -> Signer:
    return Signer(salt=f"consultations.survey.{office.pk}", sep=".")
