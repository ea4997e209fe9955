"""What the public form carries, as a consultation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from consultations.actors import STAKEHOLDER
from consultations.asked import Asked
from consultations.attachments import opened
from consultations.enums import Source
from consultations.errors import RuleError
from consultations.lifecycle import Contact, Intake, open_consultation
from stakeholders.services import satker_of_code, save_stakeholder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from consultations.attachments import ReceivedFile
    from consultations.models import Consultation
    from offices.models import Category, Office
    from stakeholders.models import Stakeholder


__all__ = ["Asked", "Submission", "open_submission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One sending of the form. Sent again it has the same `submission_id`."""

    asked: Asked
    category: Category
    submission_id: UUID
    submitted_at: datetime
    files: Sequence[ReceivedFile] = ()


def _saved(*args: Any, **details: Any) -> Stakeholder:
    """As `save_stakeholder`; what the rules of today refuse of a sending held since before is a RuleError."""
    try:
        return save_stakeholder(*args, **details)
    except ValidationError as error:
        raise RuleError(" ".join(error.messages)) from error


@transaction.atomic
def open_submission(
    office: Office, submission: Submission, *, now: datetime, was_held: bool = False
) -> Consultation:
    """Find or add the person and open the consultation; its deadline counts from when it was sent. Raises RuleError.

    For one that `was_held`, progress is owed from then, too.
    """
    asked = submission.asked
    satker = satker_of_code(asked.satker_code) if asked.satker_code else None
    person = _saved(
        office,
        kind=asked.kind,
        name=asked.name,
        role=asked.role,
        satker=satker,
        said_satker_name=asked.satker_name if satker is not None and not satker.name else "",
        organisation=asked.organisation,
        phone=asked.phone,
        email=asked.email,
        now=now,
    )
    intake = Intake(
        source=Source.FORM,
        category=submission.category,
        stakeholder=person,
        contact=Contact(asked.name, asked.phone, asked.email, asked.channel),
        question=asked.question,
        received_at=submission.submitted_at,
        submission_id=submission.submission_id,
        files=opened(submission.files),
        was_held=was_held,
    )
    return open_consultation(office, intake, by=STAKEHOLDER, now=now)
