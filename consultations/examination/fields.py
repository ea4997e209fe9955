"""The fields of a text and the formulas of a table: which of them fetch or run something."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

from consultations.examination.links import is_harmless, is_on_own_disk
from consultations.examination.refused import RefusedError
from consultations.file_types import Refusal

FETCHING: Final = frozenset(
    {"DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE", "RD"}
)
DDE = re.compile(r"(?<![A-Z0-9_])DDE(?:AUTO)?(?![A-Z0-9_])", re.IGNORECASE)
FIRST_WORD = re.compile(r"\s*([A-Za-z]+)")
ADDRESS = re.compile(r"\s*(?:\"([^\"]*)\"|(\S+))")
PICTURE_ON_DISK = re.compile(r"\s*INCLUDEPICTURE\b(.*)", re.IGNORECASE | re.DOTALL)
LINK = re.compile(r"\s*HYPERLINK\b(.*)", re.IGNORECASE | re.DOTALL)
FETCHING_FUNCTION = re.compile(
    r"(?<![A-Z0-9_])(?:WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST)\s*\(", re.IGNORECASE
)
FORMULA_LINK = re.compile(r"[\"']\s*(?:\\\\[^\\\"'\s]|file:[/\\]|smb:/)", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
HAS_FORMULA = re.compile(rb"<(?:[\w.-]+:)?(?:f|formula[12]?|definedName)[\s>]")
WORTH_PARSING = re.compile(
    rb"\||&#|\\\\|file:|smb:|WEBSERVICE|IMAGE|RTD|CALL|REGISTER|EXEC|SQL\.REQUEST", re.IGNORECASE
)


class _Texts:
    """Collects what stands in the elements of some local names, and tells of the marks between them."""

    wanted: frozenset[str]
    marks: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.open: str = ""
        self.text: list[str] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def read(self, text: bytes) -> None:
        """Raises ExpatError for what is no XML."""
        self.parser.Parse(text, True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in self.wanted:
            self.open, self.text = name, []
        elif local in self.marks:
            self.mark(local, {key.rpartition(":")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        if name == self.open:
            self.open = ""
            self.found("".join(self.text))

    def characters(self, text: str) -> None:
        if self.open:
            self.text.append(text)

    def mark(self, local: str, attributes: dict[str, str]) -> None:
        """One of the marks begins."""

    def found(self, text: str) -> None:
        """One of the wanted elements ended."""
        raise NotImplementedError


class _Fields(_Texts):
    """A field's instruction may be cut into runs, and hold other fields."""

    wanted = frozenset({"instrText", "delInstrText"})
    marks = frozenset({"fldSimple", "fldChar"})

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[list[str]] = []

    def mark(self, local: str, attributes: dict[str, str]) -> None:
        if local == "fldSimple":
            refuse_field(attributes.get("instr", ""))
        elif local == "fldChar":
            kind = attributes.get("fldCharType")
            if kind == "begin":
                self.fields.append([])
            elif self.fields and kind in ("separate", "end"):
                refuse_field("".join(self.fields[-1]))
                if kind == "end":
                    self.fields.pop()

    def found(self, text: str) -> None:
        for field in self.fields:  # an inner one's text is part of the outer one's, too
            field.append(text)
        if not self.fields:
            refuse_field(text)


class _Formulas(_Texts):
    wanted = frozenset({"f", "formula", "formula1", "formula2", "definedName"})

    def found(self, text: str) -> None:
        said = QUOTED.sub("", text)
        if "|" in said or FETCHING_FUNCTION.search(said):  # DDE reads service|topic!item
            raise RefusedError(Refusal.COMMANDS)
        if FORMULA_LINK.search(text):
            raise RefusedError(Refusal.LINKED_OFFICE)


def refuse_fields(text: bytes) -> None:
    """Of a part in UTF-8: refuse fields that fetch something when the file is opened or printed."""
    if b"instr" in text or b"Instr" in text:
        _Fields().read(text)


def refuse_field(instruction: str) -> None:
    word = FIRST_WORD.match(instruction)
    if DDE.search(instruction):
        raise RefusedError(Refusal.COMMANDS)
    if link := LINK.match(instruction):
        address = ADDRESS.match(link[1])
        if address and not is_harmless(address[1] or address[2] or ""):
            raise RefusedError(Refusal.LINKED_OFFICE)
    elif picture := PICTURE_ON_DISK.match(instruction):
        address = ADDRESS.match(picture[1])
        if address is None or not is_on_own_disk(address[1] or address[2] or ""):
            raise RefusedError(Refusal.LINKED_OFFICE)
    elif word and word[1].upper() in FETCHING:
        raise RefusedError(Refusal.COMMANDS)


def refuse_formulas(text: bytes) -> None:
    """Of a part of a workbook in UTF-8: refuse formulas that fetch something or start a program."""
    if HAS_FORMULA.search(text) and WORTH_PARSING.search(text):
        _Formulas().read(text)
