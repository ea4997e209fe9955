"""What an address or a form says in text and the code needs as a number, a row's key or a moment: read here, bounded."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

LARGEST_KEY: Final = 2**63 - 1  # of a row, in PostgreSQL
LONGEST_PLACE: Final = 80


def read_number(text: str, largest: int = LARGEST_KEY) -> int | None:
    """A whole number from 0 on in ASCII digits; None for any other text. Never reads a text of any length."""
    if not re.fullmatch(r"[0-9]{1,19}", text):
        return None
    return number if (number := int(text)) <= largest else None


def read_place(text: str, separator: str) -> tuple[datetime, int] | None:
    """An aware moment and a row's key, as a list's address carries them; None when no page could have written it."""
    moment, _, key = text[:LONGEST_PLACE].partition(separator)
    number = read_number(key)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, number) if at.tzinfo and number else None
