"""Questions that look like spam wait for an officer: never dropped, never answered with a lie."""

from __future__ import annotations

import re
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse

from consultations import actors
from consultations.attachments import CheckedFile, ReceivedFile, judge
from consultations.enums import Doubt
from consultations.errors import RuleError
from consultations.lifecycle import note
from consultations.models import HeldFile, HeldSubmission
from consultations.proof import doubts_about_work
from consultations.submissions import Submission, open_submission
from consultations.sweep import catch_up
from consultations.tokens import hash_token, new_token
from notifications import notices
from notifications.models import Notice
from offices.dates import format_date, to_local
from offices.duties import holders_by_office
from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from consultations.models import Consultation, HeldSubmissionQuerySet
    from offices.models import Office, Staff

MANY_LINKS = 4
LINK = re.compile(r"(?:https?://|www\.)([^\s/:]+)", re.IGNORECASE)
REJECTED_KEPT_FOR = timedelta(days=30)  # time to ask why, and to have it accepted after all
FILES_KEPT_FOR = timedelta(days=60)  # while nobody decides; the question itself waits on
MOST_BYTES = 1024**3  # of all files held for one office
MOST_FORGOTTEN = 500


def doubts_about(
    submission: Submission, *, challenge: str, solution: str, trap: str, now: datetime
) -> list[Doubt]:
    """What makes a sending look like a program's; nothing for who uses the form with a browser of today.

    `trap` is what stood in the field that nobody sees. Marks the solution as spent: at most one statement, to be
    called outside a transaction.
    """
    doubts = [Doubt.TRAP] if trap else []
    hosts = [host.lower() for host in LINK.findall(submission.asked.question)]
    if sum(not host.endswith(".go.id") for host in hosts) >= MANY_LINKS:
        doubts.append(Doubt.LINKS)
    return doubts + doubts_about_work(challenge, solution, submission.submission_id, now)


def hold(office: Office, submission: Submission, doubts: Sequence[Doubt]) -> HeldSubmission:
    """Keep a sending with its files, unopened, until an officer has looked at it; sent again, it is the same row.

    Raises RuleError when there is no room for its files; one without files always finds room.
    """
    public_id = uuid.uuid4()
    held = HeldSubmission(
        office=office,
        category=submission.category,
        reference=f"{office.number_prefix}-T{public_id.hex[:8].upper()}",
        public_id=public_id,
        token_hash=hash_token(new_token(public_id)),
        submission_id=submission.submission_id,
        submitted_at=submission.submitted_at,
        wakes_at=submission.submitted_at,
        sweep_at=submission.submitted_at,
        doubts=list(doubts),
        payload=asdict(submission.asked),
    )
    stored: list[str] = []
    try:
        with transaction.atomic():
            held.save(force_insert=True)
            _make_room(office, sum(file.size for file in submission.files), submission.submitted_at)
            HeldFile.objects.bulk_create(_stored(held, file, stored) for file in submission.files)
            notices.post(_notices(held))
    except IntegrityError:
        _discard(stored)
        earlier = HeldSubmission.objects.filter(office=office, submission_id=submission.submission_id).first()
        if earlier is None:
            raise
        return earlier
    except BaseException:
        _discard(stored)
        raise
    return held


def _stored(held: HeldSubmission, file: ReceivedFile, stored: list[str]) -> HeldFile:
    file.content.seek(0)
    name = default_storage.save(f"{held.office.slug}/{uuid.uuid4().hex}", file.content)
    stored.append(name)
    return HeldFile(
        submission=held,
        file=name,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
    )


def _notices(held: HeldSubmission) -> Iterator[Notice]:
    """For every officer of the office: a sender waits, and the deadline runs. Of a day's flood only the first is told."""
    midnight = to_local(held.submitted_at, held.office.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    of_today = HeldSubmission.objects.waiting().filter(office=held.office_id, submitted_at__gte=midnight)
    if of_today.exclude(pk=held.pk).exists():
        return
    officers = holders_by_office([held.office_id], Role.CSO, held.submitted_at)
    for appointment in officers.get(held.office_id, []):
        yield Notice(
            office=held.office,
            recipient=appointment.staff,
            reference=held.reference,
            title="Kiriman formulir menunggu pemeriksaan",
            text=f"Kategori {held.category.name}",
            url=reverse("held_list"),
            dedupe_key=f"held:{held.public_id}:{appointment.staff_id}",
            at=held.submitted_at,
        )


def _discard(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


Judged = list[tuple[ReceivedFile, ValidationError | None]]


@contextmanager
def judged_files(held: HeldSubmission) -> Iterator[Judged]:
    """Its files, open, each with the reason for which it is not taken, if any; dear, and to be done outside a transaction.

    Raises RuleError when there is no time for it now.
    """
    with ExitStack() as unclosed:
        received = [_received(file, unclosed) for file in held.files.all()]
        try:
            judged = judge(received)
        except ValidationError as error:
            raise RuleError(error.messages[0]) from None
        yield judged


def accept(held: HeldSubmission, *, by: Staff, now: datetime, after_rejection: bool = False) -> Consultation:
    """`accept_judged`, after its files have been looked at."""
    with judged_files(held) as judged:
        return accept_judged(held, judged, by=by, now=now, after_rejection=after_rejection)


@transaction.atomic
def accept_judged(
    held: HeldSubmission, judged: Judged, *, by: Staff, now: datetime, after_rejection: bool = False
) -> Consultation:
    """Open the consultation that was meant, with its `judged_files`. Its clock counts from when it was sent, not from now.

    The days without progress since then and a deadline that has passed are recorded at their moments, and raised, as if
    it had been open all along. A rejected one is opened only by whoever means to undo the rejection. A file that is not to
    be taken stays out, and an internal note says which and why. Raises RuleError.
    """
    held = _undecided(held, after_rejection=after_rejection)
    files = [CheckedFile(**vars(file)) for file, refusal in judged if refusal is None]
    consultation = open_submission(held.office, _submission(held, files), now=now, was_held=True)
    held.consultation, held.decided_by, held.decided_at = consultation, by, now
    held.wakes_at = held.sweep_at = None
    held.reason, held.payload = "", {}
    held.save()
    catch_up(consultation, now)
    if refused := [refusal.messages[0] for _, refusal in judged if refusal is not None]:
        text = "\n".join(["Berkas kiriman yang tidak disertakan:", *(f"- {why}" for why in refused)])
        note(consultation, text, by=actors.officer(by), now=now)
    if held.files_forgotten_at:
        on = format_date(held.office.local_date(held.files_forgotten_at))
        note(consultation, f"Berkas kiriman telah dihapus pada {on}.", by=actors.officer(by), now=now)
    _forget_files(list(held.files.all()))
    return consultation


def _received(file: HeldFile, unclosed: ExitStack) -> ReceivedFile:
    content = unclosed.enter_context(file.file.open("rb"))
    return ReceivedFile(file.name, file.content_type, file.size, file.sha256, content)


def refusal_of(file: HeldFile) -> str:
    """Why a held sending's file is not to be opened, in a sentence; "" for one that may be."""
    with ExitStack() as unclosed:
        try:
            ((_, refusal),) = judge([_received(file, unclosed)])
        except ValidationError as error:
            refusal = error
        except FileNotFoundError:  # there is nothing to open
            return ""
    return "" if refusal is None else str(refusal.messages[0])


def _submission(held: HeldSubmission, files: Sequence[CheckedFile]) -> Submission:
    return Submission(
        asked=held.asked,
        category=held.category,
        submission_id=held.submission_id,
        submitted_at=held.submitted_at,
        files=files,
    )


def _undecided(held: HeldSubmission, *, after_rejection: bool) -> HeldSubmission:
    still_so = HeldSubmission.objects.rejected() if after_rejection else HeldSubmission.objects.waiting()
    locked = (
        still_so.select_for_update(of=("self",), no_key=True)
        .select_related("office", "category")
        .filter(pk=held.pk)
        .first()
    )
    if locked is None:
        raise RuleError(f"Kiriman {held.reference} sudah diputuskan.")
    return locked


def reject(found: HeldSubmissionQuerySet, reason: str, *, by: Staff, now: datetime) -> int:
    """Reject those of them that still wait; returns how many. None is a question to this office; the senders can read why."""
    return found.waiting().update(reason=reason, decided_by=by, decided_at=now, wakes_at=None, sweep_at=None)


def _forget_files(files: Sequence[HeldFile]) -> None:
    HeldFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    transaction.on_commit(partial(_discard, [str(file.file) for file in files]))


def _make_room(office: Office, wanted: int, now: datetime) -> None:
    """Keep an office's held files below their bound: those rejected first give way, whoever still waits keeps theirs.

    Raises RuleError when that is not enough.
    """
    stored = HeldFile.objects.filter(submission__office=office)
    excess = (stored.aggregate(bytes=Sum("size"))["bytes"] or 0) + wanted - MOST_BYTES if wanted else 0
    if excess <= 0:
        return
    given_up = []
    rejected = HeldSubmission.objects.rejected().filter(office=office)
    for file in stored.filter(submission__in=rejected).order_by("submission__decided_at", "pk"):
        given_up.append(file)
        excess -= file.size
        if excess <= 0:
            _give_up(given_up, now)
            return
    raise RuleError(
        "Berkas belum dapat kami simpan karena banyak kiriman masih menunggu pemeriksaan. Silakan kirim pertanyaan "
        "tanpa berkas; petugas akan memintanya setelah kiriman diperiksa."
    )


@transaction.atomic
def forget_unexamined_files(now: datetime) -> int:
    """Delete the files that have waited long for a decision, and say so on their sendings; returns on how many."""
    old = HeldSubmission.objects.waiting().filter(
        Exists(HeldFile.objects.filter(submission=OuterRef("pk"))), submitted_at__lt=now - FILES_KEPT_FOR
    )
    found = list(
        old.select_for_update(of=("self",), skip_locked=True).order_by("submitted_at")[:MOST_FORGOTTEN]
    )
    _give_up(list(HeldFile.objects.filter(submission__in=found)), now)
    return len(found)


def _give_up(files: Sequence[HeldFile], now: datetime) -> None:
    """Delete files that nobody has decided on, or that had to make room, and say so on their sendings."""
    submissions = {file.submission_id for file in files}
    HeldSubmission.objects.filter(pk__in=submissions).update(files_forgotten_at=now)
    _forget_files(files)


@transaction.atomic
def forget_rejected(now: datetime) -> int:
    """Delete what was rejected long ago, with its files; returns how many there were. What is just accepted stays."""
    rejected = HeldSubmission.objects.rejected().filter(decided_at__lt=now - REJECTED_KEPT_FOR)
    old = list(rejected.select_for_update(skip_locked=True).order_by("decided_at")[:MOST_FORGOTTEN])
    _forget_files(list(HeldFile.objects.filter(submission__in=old)))
    HeldSubmission.objects.filter(pk__in=[held.pk for held in old]).delete()
    return len(old)
