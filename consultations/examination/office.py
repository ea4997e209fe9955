"""What an Office file must be to be taken: a text or a table, and nothing in it that runs, carries or reaches out."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Final
from xml.etree import ElementTree as ET

from consultations.examination.fields import refuse_fields, refuse_formulas
from consultations.examination.links import is_harmless, is_on_own_disk, leads_to_share
from consultations.examination.refused import RefusedError
from consultations.file_types import DOCX, XLSX, FileType, Refusal

MEGABYTE = 1024 * 1024
MAX_PARTS: Final = 2_000
MAX_UNPACKED_BYTES: Final = 100 * MEGABYTE
MAX_LIST_BYTES: Final = MEGABYTE  # of the lists of parts and of relationships
MAX_CHARTS: Final = 50
PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CONTENT_TYPES = "[content_types].xml"
MAIN_PARTS = {f"{file_type.content_type}.main+xml": file_type for file_type in (XLSX, DOCX)}

# Words of a part's content type, or of the relationship that leads to it.
ACTIVE_PARTS: Final[dict[str, Refusal]] = {
    **dict.fromkeys(
        (
            "vbaproject",
            "vbadata",
            "macroenabled",
            "macrosheet",
            "activex",
            "/control",
            "ui/extensibility",
            "ui/usercustomization",
            "webextension",
            "attachedtoolbars",
        ),
        Refusal.MACROS,
    ),
    **dict.fromkeys(("oleobject", "afchunk"), Refusal.OBJECTS),
    **dict.fromkeys(("externallink", "connections", "querytable"), Refusal.LINKED_OFFICE),
}
# What a part begins with that is a file of its own: OLE, a program, a PDF, RTF, a packed archive.
OWN_FILES = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"%PDF-", b"{\\rtf", b"PK\x03\x04")
NOWHERE = "NULL"  # what Office writes for a picture that is gone
DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.-]+)""")
ENCODINGS = frozenset({b"utf-8", b"utf-16", b"us-ascii"})
WIDE_ENCODINGS = {(b"\xff\xfe", b"\xfe\xff"): "utf-16", (b"<\0",): "utf-16-le", (b"\0<",): "utf-16-be"}
OUTSIDE_PICTURE = re.compile(rb"""[\s:](?:src|href)\s*=\s*["']\s*(?:\\\\|//|file:|smb:)""", re.IGNORECASE)


def examine_office(content: IO[bytes]) -> FileType:
    """Unpack every part once, within bounds, and look into it."""
    return _examine(content, depth=0)


def _examine(content: IO[bytes], depth: int) -> FileType:
    with zipfile.ZipFile(content) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise RefusedError(Refusal.TOO_LARGE_INSIDE)
        if any(part.compress_type not in PACKINGS for part in parts):
            raise ValueError("A part packed as no Office program packs.")
        names = {part.filename.lower().lstrip("/"): part for part in parts}
        if CONTENT_TYPES not in names:
            raise RefusedError(Refusal.TYPE)
        if len(names) < len(parts):
            raise ValueError("Two parts of one name.")
        file_type = _type_by(_listed(archive, names[CONTENT_TYPES]))
        charted = _charted(archive, names)
        for name, part in names.items():
            data = archive.read(part)
            if depth == 0 and PurePosixPath(name).name in charted:
                _examine(BytesIO(data), depth + 1)
            else:
                _examine_part(data, file_type)
    return file_type


def _listed(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> ET.Element:
    """A list that the package is held together by."""
    if part.file_size > MAX_LIST_BYTES:
        raise RefusedError(Refusal.TOO_LARGE_INSIDE)
    text = as_utf8(archive.read(part))
    refuse_entities(text)
    return ET.fromstring(text, ET.XMLParser(encoding="utf-8"))  # noqa: S314 - nothing in it can expand


def _type_by(content_types: ET.Element) -> FileType:
    declared = {part.get("ContentType", "").lower() for part in content_types}
    for content_type in declared:
        _refuse_kind(content_type)
    for main_part, file_type in MAIN_PARTS.items():
        if main_part in declared:
            return file_type
    raise RefusedError(Refusal.TYPE)


def _refuse_kind(kind: str) -> None:
    """By a content type or a kind of relationship, in small letters."""
    for word, refusal in ACTIVE_PARTS.items():
        if word in kind:
            raise RefusedError(refusal)


def _charted(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> set[str]:
    """Judge every relationship; the parts that hold a chart's own figures, which are packages themselves."""
    charted: set[str] = set()
    for name, part in names.items():
        if name.endswith(".rels"):
            for relationship in _listed(archive, part):
                attributes = {key.lower(): value for key, value in relationship.attrib.items()}
                kind, target = attributes.get("type", "").lower(), attributes.get("target", "")
                is_outside = attributes.get("targetmode", "").lower() == "external" or ":" in target
                if is_outside or leads_to_share(target):
                    _refuse_outside(kind, target)
                    continue
                _refuse_kind(kind)
                if kind.endswith("/package"):
                    if "/charts/" not in name:
                        raise RefusedError(Refusal.OBJECTS)
                    charted.add(PurePosixPath(target.lower()).name)
    if len(charted) > MAX_CHARTS:
        raise RefusedError(Refusal.TOO_LARGE_INSIDE)
    return charted


def _refuse_outside(kind: str, target: str) -> None:
    """A link that somebody may choose, and a template on the writer's own machine, fetch nothing."""
    may_stay = target == NOWHERE
    if kind.endswith("/hyperlink"):
        may_stay = is_harmless(target)
    elif kind.endswith("/attachedtemplate"):
        may_stay = is_on_own_disk(target)
    if not may_stay:
        raise RefusedError(Refusal.LINKED_OFFICE)


def _examine_part(data: bytes, file_type: FileType) -> None:
    text = as_utf8(data)
    if not text.lstrip().startswith(b"<"):
        if data.startswith(OWN_FILES):
            raise RefusedError(Refusal.OBJECTS)
        return
    refuse_entities(text)
    if OUTSIDE_PICTURE.search(text):
        raise RefusedError(Refusal.LINKED_OFFICE)
    refuse_fields(text)
    if file_type is XLSX:
        refuse_formulas(text)


def as_utf8(data: bytes) -> bytes:
    """A part's text in the one encoding that is searched. Raises ValueError for an encoding that Office does not write."""
    for beginnings, encoding in WIDE_ENCODINGS.items():
        if data.startswith(beginnings):
            return data.decode(encoding).encode()
    text = data.removeprefix(b"\xef\xbb\xbf")
    declared = DECLARED_ENCODING.match(text[:300].lstrip())
    if declared and declared[1].lower() not in ENCODINGS:
        raise ValueError("A part in an unusual encoding.")
    return text


def refuse_entities(text: bytes) -> None:
    """No part of an Office file has a DOCTYPE, and without one there are no entities."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise RefusedError(Refusal.DAMAGED)
