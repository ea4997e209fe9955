"""What a PDF must be to be taken: pages that can be read, and nothing in it that acts, carries or reaches out."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from pypdf import PdfReader, overwrite_configuration
from pypdf.errors import DependencyError, LimitReachedError, PdfReadError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
    TextStringObject,
    read_object,
)

from consultations.examination.links import is_harmless, leads_to_share
from consultations.examination.refused import RefusedError
from consultations.file_types import PDF, FileType, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf.generic import PdfObject

MEGABYTE = 1024 * 1024
MAX_OBJECTS: Final = 20_000
MAX_ELEMENTS: Final = 50_000
# Decoded are only the streams that carry objects or their places, never a page's content or a picture.
overwrite_configuration(
    maximum_declared_stream_length=5 * MEGABYTE,
    array_based_stream_maximum_output_length=8 * MEGABYTE,
    array_maximum_element_count=MAX_ELEMENTS,
    dictionary_maximum_element_count=MAX_ELEMENTS,
    jbig2_maximum_output_length=MEGABYTE,
    lzw_maximum_output_length=8 * MEGABYTE,
    run_length_maximum_output_length=8 * MEGABYTE,
    zlib_maximum_output_length=16 * MEGABYTE,
    zlib_maximum_recovery_input_length=MEGABYTE,
    brotli_maximum_output_length=8 * MEGABYTE,
    stream_filters_maximum_length=4,
    stream_decoding_work_maximum_length=32 * MEGABYTE,
    page_tree_maximum_entries=MAX_OBJECTS,
    page_tree_maximum_page_entries=10 * MAX_OBJECTS,
    jbig2dec_binary=None,
    disable_legacy_handling=True,
)

# What makes a reader run, send, play, carry or open something, as the name of an action, an annotation or an entry.
NAMES: Final[dict[str, Refusal]] = {
    **dict.fromkeys(
        (
            "/JS",
            "/JavaScript",
            "/Launch",
            "/SubmitForm",
            "/ImportData",
            "/XFA",
            "/Rendition",
            "/RichMediaExecute",
            "/OnInstantiate",
        ),
        Refusal.ACTIVE_PDF,
    ),
    **dict.fromkeys(
        ("/EF", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/Movie", "/Sound", "/3D"),
        Refusal.FILES_IN_PDF,
    ),
    **dict.fromkeys(("/GoToR", "/GoToE"), Refusal.LINKED_PDF),
}
NAME_IN_TEXT = re.compile(
    rb"(?:%s)(?=[\s/<>()\[\]{}%%]|$)" % b"|".join(re.escape(name.encode()) for name in NAMES)
)
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
NO_TABLE: Final = b"\nstartxref\n0\n%%EOF"
FILE_NAMES = ("/F", "/UF", "/DOS", "/Unix", "/Mac")
PLACED = re.compile(rb"\s*+([0-9]{1,10})\s++([0-9]{1,5})\s++obj")
OBJECT = re.compile(rb"(?<![0-9])([0-9]{1,10})\s++([0-9]{1,5})\s++obj(?![a-z])")


def examine_pdf(content: IO[bytes]) -> FileType:
    """Refuse what cannot be read through, and whatever in it is more than pages."""
    try:
        reader = _read(content.read())
        if reader.is_encrypted:
            raise RefusedError(Refusal.LOCKED)
        _refuse_more_than_pages(reader)
        if not reader.pages:
            raise ValueError("A PDF without pages.")
    except DependencyError:  # an encryption that pypdf alone does not know
        raise RefusedError(Refusal.LOCKED) from None
    except LimitReachedError:
        raise RefusedError(Refusal.TOO_LARGE_INSIDE) from None
    return PDF


def _read(content: bytes) -> Reader:
    """What has no readable end is read by what stands before it, as viewers do."""
    try:
        return Reader(content)
    except PdfReadError:
        return Reader(content + NO_TABLE)


class Reader(PdfReader):
    """Finds the objects of a broken table by one look through the whole file, where pypdf would take one for each."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._places: dict[tuple[int, int], int] | None = None
        super().__init__(BytesIO(content), xref_stream_maximum_entries=5 * MAX_OBJECTS)

    @property
    def places(self) -> dict[tuple[int, int], int]:
        """Where each object begins by what the file itself says; of several versions the last."""
        if self._places is None:
            self._places = {}
            for found in OBJECT.finditer(self.content):
                self._places[int(found[1]), int(found[2])] = found.start()
                if len(self._places) > MAX_OBJECTS:
                    raise RefusedError(Refusal.TOO_LARGE_INSIDE)
        return self._places

    def is_placed(self, number: int, generation: int) -> bool:
        """Whether the file's table leads to this object."""
        if generation == 0 and number in self.xref_objStm:
            return True
        start = self.xref.get(generation, {}).get(number, -1)
        found = PLACED.match(self.content, start) if start >= 0 else None
        return found is not None and (int(found[1]), int(found[2])) == (number, generation)

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        if isinstance(indirect_reference, int):
            indirect_reference = IndirectObject(indirect_reference, 0, self)
        number, generation = indirect_reference.idnum, indirect_reference.generation
        if (generation, number) not in self.resolved_objects and not self.is_placed(number, generation):
            if (number, generation) not in self.places:
                return NullObject()
            self.xref.setdefault(generation, {})[number] = self.places[number, generation]
        return super().get_object(indirect_reference)

    def everything(self) -> Iterator[PdfObject]:
        """The trailer, what the table lists, and what stands in the file beside it: a reader that repairs may find that."""
        yield self.trailer
        for number in self.xref_objStm:
            yield IndirectObject(number, 0, self)
        for generation, places in self.xref.items():
            for number in places:
                yield IndirectObject(number, generation, self)
        listed = {place for places in self.xref.values() for place in places.values()}
        for found in OBJECT.finditer(self.content):
            if found.start() not in listed:
                self.stream.seek(found.end())
                try:
                    yield read_object(self.stream, self)
                except Exception:  # noqa: BLE001, S112 - what no reader can read does nothing
                    continue


def _refuse_more_than_pages(reader: Reader) -> None:
    """Look at every object there is, once."""
    seen: set[tuple[int, int]] = set()
    looked_at = 0
    for beginning in list(reader.everything()):
        waiting: list[PdfObject | None] = [beginning]
        while waiting:
            found = waiting.pop()
            if isinstance(found, IndirectObject):
                place = (found.idnum, found.generation)
                if place in seen:
                    continue
                seen.add(place)
                found = found.get_object()
            looked_at += 1
            if len(seen) > MAX_OBJECTS or looked_at > 50 * MAX_OBJECTS:
                raise RefusedError(Refusal.TOO_LARGE_INSIDE)
            if isinstance(found, NameObject):
                _refuse_name(found)
            elif isinstance(found, DictionaryObject):
                _refuse_dictionary(found)
                waiting.extend(found.values())
            elif isinstance(found, ArrayObject):
                waiting.extend(found)


def _refuse_name(name: str) -> None:
    if refusal := NAMES.get(name):
        raise RefusedError(refusal)


def _refuse_dictionary(found: DictionaryObject) -> None:
    for key in found:
        _refuse_name(key)
    if not is_harmless(_text(found, "/URI")) or leads_to_share(_text(found, "/Base")):
        raise RefusedError(Refusal.LINKED_PDF)
    if any(leads_to_share(_text(found, key)) for key in FILE_NAMES) or _is(found, "/FS", "/URL"):
        raise RefusedError(Refusal.LINKED_PDF)
    referred = _value(found, "/Ref")  # a page's part that stands in another file
    if isinstance(referred, DictionaryObject) and "/F" in referred:
        raise RefusedError(Refusal.LINKED_PDF)
    events = _value(found, "/AA")
    by_itself = [_value(events, event) for event in events] if isinstance(events, DictionaryObject) else []
    if _opens_address([_value(found, "/OpenAction"), *by_itself]):
        raise RefusedError(Refusal.ACTIVE_PDF)
    if isinstance(found, StreamObject):
        _refuse_stream(found)


def _refuse_stream(found: StreamObject) -> None:
    if "/F" in found:  # its content stands in another file
        raise RefusedError(Refusal.LINKED_PDF)
    if _is(found, "/Type", "/ObjStm"):
        said = ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), found.get_data())
        if name := NAME_IN_TEXT.search(said):
            _refuse_name(name[0].decode())


def _opens_address(actions: list[PdfObject | None]) -> bool:
    """Whether one of these actions, or of those that follow them, opens an address. A place in the file is no action."""
    waiting = [action for action in actions if isinstance(action, DictionaryObject)]
    seen: set[int] = set()
    while waiting:
        action = waiting.pop()
        if _is(action, "/S", "/URI"):
            return True
        if id(action) not in seen:
            seen.add(id(action))
            following = _value(action, "/Next")
            each = following if isinstance(following, ArrayObject) else [following]
            resolved = [item.get_object() if isinstance(item, IndirectObject) else item for item in each]
            waiting.extend(item for item in resolved if isinstance(item, DictionaryObject))
    return False


def _value(found: DictionaryObject, key: str) -> PdfObject | None:
    value = found.raw_get(key) if key in found else None
    return value.get_object() if isinstance(value, IndirectObject) else value


def _is(found: DictionaryObject, key: str, name: str) -> bool:
    value = _value(found, key)
    return isinstance(value, NameObject) and value == name


def _text(found: DictionaryObject, key: str) -> str:
    value = _value(found, key)
    if isinstance(value, ByteStringObject):
        return value.decode("latin-1")
    return str(value) if isinstance(value, TextStringObject) else ""
