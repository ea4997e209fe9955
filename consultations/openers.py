"""What the private links in letters about consultations become as the letter leaves.

A key goes to nobody but the present contact person: a letter that leaves after the contact was corrected leads its
former address to the page that sends the link anew.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from consultations.invitations import rating_url, survey_url
from consultations.models import Consultation
from consultations.my_consultations import list_url
from consultations.tokens import tracking_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from notifications.links import Opener

    Address = Callable[[Consultation, str, datetime], str]

ADDRESSES: Final[dict[str, Address]] = {
    "track": lambda found, _recipient, _now: tracking_url(found),
    "rate_answer": lambda found, _recipient, _now: rating_url(found),
    "survey_invited": lambda found, _recipient, _now: survey_url(found),
    "my_consultations": list_url,
}


def openers() -> dict[str, Opener]:
    return {kind: partial(_opened, address) for kind, address in ADDRESSES.items()}


def _opened(address: Address, about: str, recipient: str, now: datetime) -> str:
    found = Consultation.objects.select_related("office").defer("search").get(public_id=UUID(about))
    if recipient.lower() not in (found.contact_email.lower(), found.contact_phone):
        return f"{settings.SITE_URL}{reverse('track_find')}"
    return address(found, recipient, now)
