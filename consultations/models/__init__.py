"""A consultation, its timeline, the documents asked for, the progress told, and the clock's appointments."""

from consultations.models.clock import AppliedCalendar, Promise, Timer, TimerQuerySet
from consultations.models.consultation import (
    HAS_CONTACT,
    Consultation,
    ConsultationQuerySet,
    Link,
    NumberCounter,
)
from consultations.models.documents import Attachment, DocumentItem, DocumentItemQuerySet, DocumentRequest
from consultations.models.held import HeldFile, HeldSubmission, HeldSubmissionQuerySet, SpentProof
from consultations.models.link_requests import LinkRequest
from consultations.models.timeline import Citation, Entry, ProgressUpdate

__all__ = [
    "HAS_CONTACT",
    "AppliedCalendar",
    "Attachment",
    "Citation",
    "Consultation",
    "ConsultationQuerySet",
    "DocumentItem",
    "DocumentItemQuerySet",
    "DocumentRequest",
    "Entry",
    "HeldFile",
    "HeldSubmission",
    "HeldSubmissionQuerySet",
    "Link",
    "LinkRequest",
    "NumberCounter",
    "ProgressUpdate",
    "Promise",
    "SpentProof",
    "Timer",
    "TimerQuerySet",
]
