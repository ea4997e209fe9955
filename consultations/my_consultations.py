"""Everything somebody has asked, behind a link that is sent to the contact it was asked with.

The link names no contact: it carries one consultation, the hash of its contact and an end, signed. When that
consultation's contact is corrected, the link is void.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.crypto import salted_hmac

from consultations.enums import Status
from consultations.letters import addressee
from consultations.models import Consultation
from consultations.rows import due_in_words
from consultations.tokens import tracking_path
from notifications.enums import LetterKind, MessageChannel
from notifications.links import PrivateLink
from notifications.outbox import compose, enqueue
from notifications.texts import own_texts
from offices.calendars import calendars_of
from offices.dates import format_duration
from stakeholders.identity import has_whatsapp
from throttle import limits

if TYPE_CHECKING:
    from collections.abc import Collection

    from consultations.deadlines import Nearness
    from consultations.models import ConsultationQuerySet

VALID_FOR = timedelta(minutes=30)
LINKS_PER_HOUR = 3
HASH_BYTES = 16
SHOWN = (
    "number",
    "public_id",
    "key_version",
    "token_hash",
    "subject",
    "status",
    "due_at",
    "late_at",
    "resolved_at",
    "ended_at",
    "office__name",
    "office__time_zone",
)


@dataclass(frozen=True, slots=True)
class Mine:
    """One consultation as a line; `due` says when it is to be answered, or how it ended."""

    number: str
    path: str
    subject: str
    office: str
    status: str
    status_label: str
    is_open: bool
    due: Nearness


def send_list_link(contact: str, *, now: datetime) -> None:
    """Send the link to everything asked with a contact, to that contact itself, if an office can.

    `contact` is an e-mail address in small letters or a telephone number in E.164. The letter is the office's that
    was asked last, of those that send through the contact's channel. Whoever asks learns nothing from it; a contact
    gets at most three links an hour.
    """
    latest = _reachable(contact).select_related("office").defer("search").order_by("-pk").first()
    if latest is None or limits.hit(
        "my_consultations.contact", contact, limit=LINKS_PER_HOUR, per=timedelta(hours=1), now=now
    ):
        return
    office, kind = latest.office, LetterKind.MY_CONSULTATIONS
    message = compose(
        office=office,
        kind=kind,
        template=kind,
        context={
            "office": office,
            "name": addressee(latest),
            "url": PrivateLink.to("my_consultations", latest.public_id.hex),
            "valid_for": format_duration(VALID_FOR),
        },
        channel=MessageChannel.EMAIL if "@" in contact else MessageChannel.WHATSAPP,
        recipient=contact,
        recipient_name=addressee(latest),
        dedupe_key=f"{kind}:{_hash(contact)}:{now.isoformat()}",
        now=now,
        own=own_texts([(office.pk, kind)]).get((office.pk, kind)),
    )
    with transaction.atomic():
        enqueue([message])


def list_url(consultation: Consultation, contact: str, now: datetime) -> str:
    """The whole address of everything asked with a contact, as its letter holds it when it leaves."""
    return f"{settings.SITE_URL}{reverse('my_consultations', args=[list_token(consultation, contact, now)])}"


def list_token(consultation: Consultation, contact: str, now: datetime) -> str:
    """The key to everything asked with a contact that one of its consultations has."""
    until = int((now + VALID_FOR).timestamp())
    return _signer().sign_object([consultation.public_id.hex, _hash(contact), until])


def contact_behind(token: str, now: datetime) -> str | None:
    """The contact that a link was sent to; None once it has expired. Raises Http404 for what is no link of ours."""
    try:
        public_id, hashed, until = _signer().unsign_object(token)
    except BadSignature:
        raise Http404 from None
    if now >= datetime.fromtimestamp(until, UTC):
        return None
    found = get_object_or_404(
        Consultation.objects.only("contact_email", "contact_phone"), public_id=UUID(public_id)
    )
    for contact in (found.contact_email.lower(), found.contact_phone):
        if contact and _hash(contact) == hashed:
            return contact
    raise Http404


def my_lines(found: Collection[Consultation], now: datetime) -> list[Mine]:
    """The lines of consultations read `with_my_parts`; two queries whatever their number."""
    calendars = calendars_of({each.office for each in found})
    return [
        Mine(
            number=each.number,
            path=tracking_path(each),
            subject=each.subject,
            office=each.office.name,
            status=each.status,
            status_label=Status(each.status).label,
            is_open=each.is_open,
            due=due_in_words(each, calendars[each.office_id], now),
        )
        for each in found
    ]


def with_my_parts(found: ConsultationQuerySet) -> ConsultationQuerySet:
    """The same consultations, read with what a line shows and no more."""
    return found.select_related("office").only(*SHOWN)


def _reachable(contact: str) -> ConsultationQuerySet:
    found = Consultation.objects.of_contact(contact)
    if "@" in contact:
        return found.filter(office__sends_email=True)
    return found.filter(office__sends_whatsapp=True) if has_whatsapp(contact) else found.none()


def _hash(contact: str) -> str:
    digest = salted_hmac("consultations.contact", contact, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:HASH_BYTES]).decode().rstrip("=")


def _signer() -> Signer:
    return Signer(sep=".", salt="consultations.my_consultations")
