"""How long the link to a consultation lets its holder write: reply, send documents, reopen, rate, ask further."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from consultations.errors import RuleError

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.models import Consultation

# Half a year: two quarters of the satisfaction survey, in which whoever asked still comes back to the answer. A link
# found later, in an old mailbox or a passed-on phone, shows what was said and changes nothing.
WRITES_FOR: Final = timedelta(days=183)


def may_write(consultation: Consultation, now: datetime) -> bool:
    """Whether the holder of the link may still write at an aware moment; reading has no end."""
    return consultation.ended_at is None or now < consultation.ended_at + WRITES_FOR


def require_writing(consultation: Consultation, now: datetime) -> None:
    """Raises RuleError once the link only reads."""
    if not may_write(consultation, now):
        raise RuleError(
            f"Konsultasi {consultation.number} sudah lama berakhir, sehingga halaman ini hanya dapat dibaca. "
            "Pertanyaan baru silakan disampaikan melalui formulir konsultasi."
        )
