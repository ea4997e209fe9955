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
from consultations.file_types import ACCEPTED, FileType, type_of
from consultations.models import Attachment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.files import File
    from django.core.files.uploadedfile import UploadedFile

    from consultations.models import Consultation, DocumentItem, Entry, HeldFile

MEGABYTE = 1024 * 1024
MAX_BYTES = 5 * MEGABYTE
MAX_FILES = 5
MAX_TOTAL_BYTES = 15 * MEGABYTE
MAX_NAME = 160


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


def inspect_upload(upload: UploadedFile[bytes]) -> CheckedFile:
    """Accept an upload that is one of the known types by its content and by its name, and does nothing when opened.

    Raises ValidationError with an Indonesian sentence that names the file.
    """
    name = clean_name(upload.name or "")
    try:
        file_type = _examine(upload)
        _refuse_disguise(name, file_type)
    except ValidationError as error:
        raise ValidationError(f"“{name}”: {error.message}", code=error.code) from None
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return CheckedFile(name, file_type.content_type, upload.size or 0, digest.hexdigest(), upload)


def _examine(upload: UploadedFile[bytes]) -> FileType:
    if not upload.size:
        raise ValidationError("Berkas kosong. Silakan periksa dan pilih kembali berkasnya.", code="empty")
    if upload.size > MAX_BYTES:
        raise ValidationError("Ukuran berkas melebihi 5 MB.", code="too_large")
    try:
        file_type = type_of(upload)
        upload.seek(0)
        file_type.examine(upload)
    except ValidationError:
        raise
    except Exception:  # noqa: BLE001 - parsers fail in countless ways on broken and hostile files; all mean the same
        raise ValidationError(
            "Berkas rusak atau tidak lengkap. Silakan simpan ulang, lalu unggah kembali.", code="damaged"
        ) from None
    return file_type


def _refuse_disguise(name: str, file_type: FileType) -> None:
    if PurePosixPath(name).suffix.lower() not in file_type.extensions:
        raise ValidationError(
            f"Isi berkas adalah {file_type.label}, tetapi namanya tidak berakhiran {file_type.extensions[0]}. "
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
    """Several uploads of one submission, cleaned to a list of CheckedFile; every bad file is named."""

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

    def clean(self, data: Any, _initial: Any = None) -> list[CheckedFile]:
        uploads = [upload for upload in data or [] if upload]
        if not uploads and self.required:
            raise ValidationError("Silakan pilih paling sedikit satu berkas.", code="required")
        if len(uploads) > MAX_FILES:
            raise ValidationError(f"Paling banyak {MAX_FILES} berkas dalam satu kiriman.", code="too_many")
        if sum(upload.size for upload in uploads) > MAX_TOTAL_BYTES:
            raise ValidationError("Jumlah ukuran seluruh berkas melebihi 15 MB.", code="too_large_together")
        return _inspect_all(uploads)


def _inspect_all(uploads: Sequence[UploadedFile[bytes]]) -> list[CheckedFile]:
    checked, errors = [], []
    for upload in uploads:
        try:
            checked.append(inspect_upload(upload))
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return checked


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
