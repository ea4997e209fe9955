"""A progress message to begin from: what has happened since the stakeholder last heard how things stand."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q

from consultations.enums import Act, Status
from consultations.models import Entry
from offices.dates import format_date, to_local

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from consultations.models import Consultation

HAPPENED = {
    Act.TAKE: "pertanyaan telah ditangani petugas",
    Act.TAKE_OVER: "pertanyaan dilanjutkan oleh petugas lain",
    Act.RECEIVE_DOCUMENTS: "dokumen dari Bapak/Ibu telah kami terima",
    Act.REVIEW_DOCUMENT: "dokumen yang diperlukan telah kami tinjau",
    Act.FORWARD_ESCALATION: "pertanyaan diteruskan kepada unit yang berwenang",
    Act.ANSWER_ESCALATION: "arahan pejabat terkait telah kami terima",
    Act.REOPEN: "pertanyaan dibuka kembali",
}
STANDING = {
    Status.NEW: "pertanyaan telah kami terima dan mulai kami tangani",
    Status.IN_PROGRESS: "jawaban sedang kami susun",
    Status.AWAITING_DOCUMENTS: "kami menunggu dokumen pendukung dari Bapak/Ibu",
    Status.ESCALATED: "pertanyaan sedang kami konfirmasikan kepada pejabat terkait",
}


def draft_progress(consultation: Consultation, entries: Iterable[Entry], now: datetime) -> str:
    """The text, in the words the desk uses; the letter adds until when we answer. `entries` is the whole timeline, the oldest first, read with their progress."""
    happened: list[str] = []
    for entry in entries:
        if hasattr(entry, "progress_update"):
            happened = []
        elif phrase := HAPPENED.get(Act(entry.act)):
            happened.append(phrase)
    standing = STANDING.get(Status(consultation.status))
    said = "; ".join(dict.fromkeys([*happened, *([standing] if standing else [])]))
    today = to_local(now, consultation.office.zone).date()
    return f"Perkembangan per {format_date(today)}: {said}."


def draft_all(consultations: Collection[Consultation], now: datetime) -> dict[int, str]:
    """A draft for each of these consultations, by its key; one query, however many there are."""
    timelines: dict[int, list[Entry]] = defaultdict(list)
    telling = Q(act__in=HAPPENED) | Q(progress_update__isnull=False)
    entries = Entry.objects.filter(telling, consultation__in=consultations).select_related("progress_update")
    for entry in entries.defer("text"):
        timelines[entry.consultation_id].append(entry)
    return {each.pk: draft_progress(each, timelines[each.pk], now) for each in consultations}
