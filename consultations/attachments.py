"""Files from people: what may be stored, how it becomes an attachment, and how it is handed out again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from consultations.enums import FileState
from consultations.examiner import EXAMINER, BusyError
from consultations.file_types import ACCEPTED, SIGNATURE_BYTES, FileType, Refusal, types_begun_by
from consultations.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.core.files import File
    from django.core.files.uploadedfile import UploadedFile

    from consultations.models import Consultation, DocumentItem, Entry, HeldFile

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_FILES = 5
MAX_TOTAL_BYTES = 15 * MEGABYTE
MAX_NAME = 160
BUSY = (
    "Saat ini banyak berkas sedang diperiksa. Isian Bapak/Ibu tidak hilang; silakan pilih kembali berkasnya dan kirim lagi "
    "beberapa saat lagi."
)


@dataclass(frozen=True)
class ReceivedFile:
    """A file that nobody has opened yet: type by its name and first bytes, size in bytes, sha256 in hex."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: File[bytes]


@dataclass(frozen=True)
class CheckedFile(ReceivedFile):
    """A file that was opened and found to be what it claims, and to do nothing by itself."""

    def as_attachment(
        self, consultation: Consultation, *, entry: Entry, item: DocumentItem | None
    ) -> Attachment:
        """Store the content under a name nobody can guess; the row is still to be saved.

        Where there is a virus scanner it is in quarantine first.
        """
        scanned = bool(settings.CLAMD_URL)
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
            state=FileState.QUARANTINED if scanned else FileState.READY,
            scan_at=entry.recorded_at if scanned else None,
        )


@contextmanager
def discarded_on_error(attachments: Sequence[Attachment]) -> Iterator[None]:
    """Delete the stored content of these attachments again when the transaction begun inside fails."""
    try:
        yield
    except BaseException:
        for attachment in attachments:
            attachment.file.delete(save=False)
        raise


def receive(upload: UploadedFile[bytes]) -> ReceivedFile:
    """Accept an upload by what can be known unopened: its size, its name and its first bytes.

    Raises ValidationError with an Indonesian sentence that names the file.
    """
    name = clean_name(upload.name or "")
    if not upload.size:
        raise _refused(name, Refusal.EMPTY)
    if upload.size > MAX_BYTES:
        raise _refused(name, Refusal.TOO_LARGE)
    upload.seek(0)
    possible = types_begun_by(upload.read(SIGNATURE_BYTES))
    if not possible:
        raise _refused(name, Refusal.TYPE)
    file_type = _claimed(name, possible)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return ReceivedFile(name, file_type.content_type, upload.size, digest.hexdigest(), upload)


def examine(files: Sequence[ReceivedFile]) -> list[CheckedFile]:
    """Open the files of one sending, each in a process of its own and within its limits.

    Dear, and to be done outside a transaction and after every other check. Raises ValidationError that names every bad
    file; of one that takes too much the others are not opened any more.
    """
    checked, errors = [], []
    for file, error in judge(files):
        if error is None:
            checked.append(CheckedFile(**vars(file)))
        else:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return checked


def judge(files: Sequence[ReceivedFile]) -> list[tuple[ReceivedFile, ValidationError | None]]:
    """Each file with the reason for which it is not taken, if any; raises ValidationError when there is no time for it now."""
    judged: list[tuple[ReceivedFile, ValidationError | None]] = []
    if not files:
        return judged
    try:
        with EXAMINER.turn():
            for file in files:
                judged.append((file, _examined(file)))  # noqa: PERF401 - ends in the middle
    except BusyError:
        raise ValidationError(BUSY, code="busy") from None
    return judged


def _examined(file: ReceivedFile) -> ValidationError | None:
    if isinstance(file, CheckedFile):
        return None
    claimed = next(kind for kind in ACCEPTED if kind.content_type == file.content_type)
    file.content.seek(0)
    found = EXAMINER.examine(claimed, file.content.read())
    if isinstance(found, Refusal):
        return _refused(file.name, found)
    return None if found is claimed else _disguised(file.name, (found,))


def opened(files: Sequence[ReceivedFile]) -> list[CheckedFile]:
    """The same files, of which it is known that they were opened; raises TypeError for one that was not."""
    for file in files:
        if not isinstance(file, CheckedFile):
            raise TypeError(f"{file.name} was never opened.")
    return [file for file in files if isinstance(file, CheckedFile)]


def _claimed(name: str, possible: Iterable[FileType]) -> FileType:
    suffix = PurePosixPath(name).suffix.lower()
    for file_type in possible:
        if suffix in file_type.extensions:
            return file_type
    raise _disguised(name, possible)


def _refused(name: str, refusal: Refusal) -> ValidationError:
    return ValidationError(f"“{name}”: {refusal.value}", code=refusal.code)


def _disguised(name: str, truly: Iterable[FileType]) -> ValidationError:
    labels = " atau ".join(file_type.label for file_type in truly)
    endings = " atau ".join(file_type.extensions[0] for file_type in truly)
    return ValidationError(
        f"“{name}”: Isi berkas adalah {labels}, tetapi namanya tidak berakhiran {endings}. "
        "Silakan sesuaikan nama berkasnya.",
        code="disguised",
    )


def clean_name(raw: str) -> str:
    """A file's name without its path and without signs that show nothing, such as controls and bidi overrides."""
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rpartition("/")[2]
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else "" for sign in name)
    tidy = PurePosixPath(re.sub(r"\s+", " ", visible).strip(" ."))
    suffix = tidy.suffix[:20]
    return f"{tidy.stem[: MAX_NAME - len(suffix)].strip()}{suffix}" or "berkas"


class AttachmentsInput(forms.FileInput):
    """Several files at once; the browser offers only the accepted types."""

    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Several uploads of one submission, cleaned unopened to a list of ReceivedFile; every bad one is named.

    The form they are in is a `FilesForm`, which opens them.
    """

    widget = AttachmentsInput

    def __init__(self, *, label: str = "Berkas pendukung", **kwargs: Any) -> None:
        # Telephones go by the content type, and offer the camera for it; computers know the endings better.
        accepted = [name for kind in ACCEPTED for name in (kind.content_type, *kind.extensions)]
        kwargs.setdefault(
            "help_text",
            f"PDF, JPEG, PNG, XLSX, atau DOCX; paling banyak {MAX_FILES} berkas, masing-masing paling besar 5 MB, "
            "seluruhnya paling besar 15 MB.",
        )
        super().__init__(label=label, **kwargs)
        self.widget.attrs["accept"] = ",".join(accepted)

    def clean(self, data: Any, _initial: Any = None) -> list[ReceivedFile]:
        uploads = [upload for upload in data or [] if upload]
        if not uploads and self.required:
            raise ValidationError("Silakan pilih paling sedikit satu berkas.", code="required")
        if len(uploads) > MAX_FILES:
            raise ValidationError(f"Paling banyak {MAX_FILES} berkas dalam satu kiriman.", code="too_many")
        if sum(upload.size for upload in uploads) > MAX_TOTAL_BYTES:
            raise ValidationError("Jumlah ukuran seluruh berkas melebihi 15 MB.", code="too_large_together")
        return _receive_all(uploads)


def _receive_all(uploads: Sequence[UploadedFile[bytes]]) -> list[ReceivedFile]:
    received, errors = [], []
    for upload in uploads:
        try:
            received.append(receive(upload))
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return received


class FilesForm(forms.Form):
    """A form with `attachments`: the files are opened last, when everything else has been found good.

    A view with checks of its own, such as limits or a proof of work, makes them between `is_complete` and `is_valid`.
    """

    def is_complete(self) -> bool:
        """Whether the form is valid as far as can be known without opening a file."""
        return super().is_valid()

    def is_valid(self) -> bool:
        return self.is_complete() and self._open_files()

    def _open_files(self) -> bool:
        try:
            self.cleaned_data["attachments"] = examine(self.cleaned_data["attachments"])
        except ValidationError as error:
            self.add_error("attachments", error)
            return False
        return True


def download(attachment: Attachment | HeldFile) -> FileResponse:
    """Hand out a file that whoever asks has been found to be allowed to see: to be saved, never to be run.

    Raises Http404 for one that is withheld, and when the store has lost it. Of a held sending's file `scanning` is to be
    asked before.
    """
    if isinstance(attachment, Attachment) and not attachment.is_ready:
        raise Http404
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type=attachment.content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
