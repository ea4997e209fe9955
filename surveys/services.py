"""Taking a rating and a survey response, each once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction

from consultations.enums import ANSWERED_STATUSES
from consultations.errors import RuleError
from consultations.models import Promise
from consultations.writing_end import require_writing
from surveys.models import Rating, SurveyResponse, UsedInvitation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from consultations.models import Consultation
    from offices.models import Office
    from surveys.enums import SurveySource


def rate(consultation: Consultation, score: int, comment: str, *, now: datetime) -> Rating:
    """Record how satisfied the stakeholder is with the latest answer, 1 to 4.

    Raises RuleError when the question is not answered (any more), long ago, or this answer has been rated.
    """
    require_writing(consultation, now)
    if consultation.status not in ANSWERED_STATUSES:
        raise RuleError("Penilaian dapat diberikan setelah pertanyaan dijawab.")
    answered = Promise.objects.filter(consultation=consultation, answered_at__isnull=False).latest("sequence")
    rating, is_new = Rating.objects.get_or_create(
        promise=answered, defaults={"score": score, "comment": comment, "rated_at": now}
    )
    if not is_new:
        raise RuleError("Jawaban ini sudah Bapak/Ibu nilai. Terima kasih.")
    return rating


def rating_of_answer(consultation: Consultation) -> Rating | None:
    """What the stakeholder said of the latest answer; one query."""
    rated = Rating.objects.filter(promise__consultation=consultation)
    return rated.filter(promise__answered_at=consultation.resolved_at).first()


def respond(
    office: Office, answers: Mapping[str, Any], *, source: SurveySource, key: str, now: datetime
) -> bool:
    """Record an anonymous response; False, and nothing is recorded, when its invitation has been answered.

    `key` is what the invitation, or the page that was filled in, is known by.
    """
    with transaction.atomic():
        _, is_new = UsedInvitation.objects.get_or_create(key_hash=_hash(office, key))
        if is_new:
            SurveyResponse.objects.create(office=office, on=office.local_date(now), source=source, **answers)
    return is_new


def is_used(office: Office, key: str) -> bool:
    return UsedInvitation.objects.filter(key_hash=_hash(office, key)).exists()


def _hash(office: Office, key: str) -> str:
    return hashlib.sha256(f"{office.pk}:{key}".encode()).hexdigest()
