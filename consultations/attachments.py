"""Files from people: what may be stored, and how it becomes an attachment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.storage import default_storage

from consultations.models import Attachment

if TYPE_CHECKING:
    from django.core.files import File

    from consultations.models import Consultation, DocumentItem, Entry


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file found to be what it claims: type by content, size in bytes, sha256 in hex."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: File[bytes]

    def as_attachment(
        self, consultation: Consultation, *, entry: Entry, item: DocumentItem | None
    ) -> Attachment:
        """Store the content under a name nobody can guess; the row is still to be saved."""
        self.content.seek(0)
        stored = default_storage.save(f"{consultation.office.slug}/{uuid4().hex}", self.content)
        return Attachment(
            consultation=consultation,
            entry=entry,
            item=item,
            file=stored,
            name=self.name,
            content_type=self.content_type,
            size=self.size,
            sha256=self.sha256,
        )
