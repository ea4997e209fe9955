"""Where an office's standard departs from the words of its decree, on purpose and for everybody to see.

A correction is one line that begins with the corrected words: '“dari kata ini”: naskah keputusan menyebut ...'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CORRECTED = re.compile(r"“([^”]+)”: \S")


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a standard, and the numbers of the corrections in it, from 1."""

    text: str
    notes: list[int]


def lines_of(text: str) -> list[str]:
    """The points of a text that holds one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def points_of(text: str, corrections: str) -> list[Point]:
    """The points of a text, each with the corrections whose words stand in it."""
    words = [corrected_words(line) for line in lines_of(corrections)]
    return [
        Point(line, [number for number, each in enumerate(words, start=1) if each and each in line])
        for line in lines_of(text)
    ]


def corrected_words(correction: str) -> str:
    """The words that a correction is about; empty when it names none."""
    found = CORRECTED.match(correction)
    return found[1] if found else ""
