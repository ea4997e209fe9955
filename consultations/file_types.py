"""The kinds of file the desk accepts, and what a file must be to count as one of them.

Every check opens the content with a parser and within limits; none decodes a picture or runs anything.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET

from django.core.exceptions import ValidationError
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PIXELS = 80_000_000  # under the number at which Pillow begins to warn
MAX_PDF_OBJECTS = 20_000
MAX_PARTS = 2_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_CONTENT_TYPES_BYTES = 1024 * 1024

UNWANTED = "Jenis berkas tidak dapat diterima. Silakan kirim sebagai PDF, JPEG, PNG, XLSX, atau DOCX."
LOCKED = "Berkas PDF dikunci kata sandi. Silakan kirim versi yang tidak dikunci."
ACTIVE_PDF = (
    "Berkas PDF memuat skrip, perintah, atau berkas lain di dalamnya. "
    "Silakan cetak ulang ke PDF biasa, lalu unggah kembali."
)
MACROS = "Berkas memuat makro atau objek aktif. Silakan simpan tanpa makro, atau kirim sebagai PDF."
TOO_LARGE_INSIDE = "Isi berkas terlalu besar setelah dibuka. Silakan kirim bagian yang diperlukan saja."

# A name in a PDF that makes a reader run, open or carry something.
ACTIVE_NAMES = frozenset(
    {"/JS", "/JavaScript", "/Launch", "/EF", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA"}
)
# Words of a part's content type in an Office file that make the application run something.
ACTIVE_PARTS = ("vbaproject", "vbadata", "macroenabled", "macrosheet", "activex", "oleobject")


@dataclass(frozen=True, slots=True)
class FileType:
    """`examine` raises ValidationError, or whatever the parser raises on a file that is not what it claims."""

    label: str
    content_type: str
    extensions: tuple[str, ...]
    examine: Callable[[IO[bytes]], None]


def type_of(content: IO[bytes]) -> FileType:
    """The type a file has by its content, whatever its name says; raises ValidationError for any other type."""
    content.seek(0)
    head = content.read(8)
    if head.startswith(b"PK\x03\x04"):
        return _office_type(content)
    for signature, file_type in SIGNATURES.items():
        if head.startswith(signature):
            return file_type
    raise ValidationError(UNWANTED, code="type")


def _examine_image(content: IO[bytes]) -> None:
    """Read the header and, of a PNG, the checksums. Decoding is left out: a small file can cost minutes."""
    with Image.open(content, formats=["JPEG", "PNG"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValidationError(TOO_LARGE_INSIDE, code="too_large_inside")
        image.verify()


def _examine_pdf(content: IO[bytes]) -> None:
    """Refuse what cannot be read through, and whatever in it is more than pages."""
    try:
        reader = PdfReader(content, xref_stream_maximum_entries=5 * MAX_PDF_OBJECTS)
    except DependencyError:  # an encryption that pypdf alone does not know
        raise ValidationError(LOCKED, code="locked") from None
    if reader.is_encrypted:
        raise ValidationError(LOCKED, code="locked")
    if _has_active_name(reader.trailer):
        raise ValidationError(ACTIVE_PDF, code="active")
    if not reader.pages:
        raise ValueError("A PDF without pages.")


def _has_active_name(trailer: PdfObject) -> bool:
    """Whether any object a reader can come to from the trailer has one of the names above."""
    seen: set[tuple[int, int]] = set()
    waiting: list[PdfObject | None] = [trailer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > MAX_PDF_OBJECTS:
                raise ValidationError(TOO_LARGE_INSIDE, code="too_large_inside")
            found = found.get_object()
        if isinstance(found, NameObject):
            if found in ACTIVE_NAMES:
                return True
        elif isinstance(found, DictionaryObject):
            if not ACTIVE_NAMES.isdisjoint(found):
                return True
            waiting.extend(found.values())
        elif isinstance(found, ArrayObject):
            waiting.extend(found)
    return False


def _office_type(content: IO[bytes]) -> FileType:
    with zipfile.ZipFile(content) as archive:
        declared = _content_types(archive)
    for content_type in declared:
        if any(word in content_type.lower() for word in ACTIVE_PARTS):
            raise ValidationError(MACROS, code="active")
    for main_part, file_type in MAIN_PARTS.items():
        if main_part in declared:
            return file_type
    raise ValidationError(UNWANTED, code="type")


def _content_types(archive: zipfile.ZipFile) -> set[str]:
    """What an Office file's parts are, by the list it must open with; empty for any other archive."""
    name = "[Content_Types].xml"
    if name not in archive.namelist():
        return set()
    if archive.getinfo(name).file_size > MAX_CONTENT_TYPES_BYTES:
        raise ValidationError(TOO_LARGE_INSIDE, code="too_large_inside")
    text = archive.read(name)
    if b"<!" in text:  # no DOCTYPE, hence no entities
        raise ValidationError(UNWANTED, code="type")
    root = ET.fromstring(text, ET.XMLParser(encoding="utf-8"))  # noqa: S314 - nothing in it can expand
    return {part.get("ContentType", "") for part in root}


def _examine_office(content: IO[bytes]) -> None:
    """Unpack every part once, within bounds, so that its checksum is known to be right."""
    with zipfile.ZipFile(content) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise ValidationError(TOO_LARGE_INSIDE, code="too_large_inside")
        broken = archive.testzip()
        if broken is not None:
            raise ValueError(f"Part {broken} has a wrong checksum.")


PDF = FileType("PDF", "application/pdf", (".pdf",), _examine_pdf)
JPEG = FileType("JPEG", "image/jpeg", (".jpg", ".jpeg", ".jfif"), _examine_image)
PNG = FileType("PNG", "image/png", (".png",), _examine_image)
XLSX = FileType(
    "XLSX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    (".xlsx",),
    _examine_office,
)
DOCX = FileType(
    "DOCX",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx",),
    _examine_office,
)
SIGNATURES = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
MAIN_PARTS = {f"{file_type.content_type}.main+xml": file_type for file_type in (XLSX, DOCX)}
ACCEPTED = (PDF, JPEG, PNG, XLSX, DOCX)
