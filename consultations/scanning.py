"""The quarantine: a file is handed out when ClamAV has found it clean, and never when it has not.

The rows in quarantine are the queue; the broker only makes their scan sooner.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction

from consultations import clamd
from consultations.enums import FileState
from consultations.lifecycle import withhold_file
from consultations.models import Attachment

if TYPE_CHECKING:
    from datetime import datetime

    from consultations.models import HeldFile

logger = logging.getLogger(__name__)

MOST_PER_RUN: Final = 200
RUN_SECONDS: Final = 60  # a run begins no scan after them
LONGEST_RUN: Final = timedelta(minutes=5)  # by then the queue's hard limit has ended it
PAUSE_AFTER_FAILURE: Final = timedelta(minutes=10)
LONGEST_FINDING: Final = 200


def scan_files(now: datetime, *, limit: int = MOST_PER_RUN) -> int:
    """Scan what waits in quarantine at an aware moment, longest waiting first; returns how many files were tried.

    Any number of runs may be at work at once, and any may be killed. While clamd does not answer, every file waits as it
    is. A file that it cannot judge is tried again after a pause and holds up no other; when clamd is lost over a file
    the run ends too, so that a scanner that hangs does not hold the worker.
    """
    tried, until = 0, time.monotonic() + RUN_SECONDS
    if Attachment.objects.to_scan(now).exists() and _clamd_answers():
        while tried < limit and time.monotonic() < until and _scan_next(now):
            tried += 1
    _delete_infected()
    return tried


def may_be_opened(file: HeldFile) -> bool:
    """Whether a held sending's file may be handed out: where there is a scanner, once that finds it clean here and now."""
    if not settings.CLAMD_URL:
        return True
    try:
        with file.file.open("rb") as content:
            return not clamd.find_malware(content)
    except (clamd.ScanError, OSError) as error:
        logger.warning("Held file %s is not handed out: %s", file.pk, error)
        return False


def _clamd_answers() -> bool:
    if settings.CLAMD_URL and clamd.answers():
        return True
    logger.warning("No clamd answers; files stay in quarantine.")
    return False


def _scan_next(now: datetime) -> bool:
    """Settle the file that waits longest, or put it off; False when the run is to end. No lock is held meanwhile."""
    attachment = _take_next(now)
    if attachment is None:
        return False
    try:
        with attachment.file.open("rb") as content:
            finding = clamd.find_malware(content)
        _settle(attachment, finding, now)
    except Exception as error:
        logger.warning("File %s stays in quarantine: %s", attachment.pk, error, exc_info=True)
        Attachment.objects.quarantined().filter(pk=attachment.pk).update(scan_at=now + PAUSE_AFTER_FAILURE)
        return not isinstance(error, (ConnectionError, TimeoutError, SoftTimeLimitExceeded))
    return True


@transaction.atomic
def _take_next(now: datetime) -> Attachment | None:
    """The file that waits longest, kept from other runs for as long as this one may take; whoever is killed loses it."""
    due = Attachment.objects.to_scan(now).select_related("consultation", "entry")
    attachment = due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if attachment is not None:
        attachment.scan_at = now + LONGEST_RUN
        attachment.save(update_fields=["scan_at"])
    return attachment


@transaction.atomic
def _settle(attachment: Attachment, finding: str, now: datetime) -> None:
    """Write down what was found, unless another run has done so meanwhile."""
    still = Attachment.objects.quarantined().select_for_update(no_key=True).filter(pk=attachment.pk)
    if still.first() is None:
        return
    if finding:
        withhold_file(attachment, finding[:LONGEST_FINDING], now=now)
    else:
        attachment.state, attachment.scan_at = FileState.READY, None
        attachment.save(update_fields=["state", "scan_at"])


def _delete_infected() -> None:
    """Delete the content of infected files, also that which a killed run left behind."""
    for attachment in Attachment.objects.infected_and_stored()[:MOST_PER_RUN]:
        attachment.file.delete(save=False)
        Attachment.objects.filter(pk=attachment.pk).update(file="")
