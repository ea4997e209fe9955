"""How an examination says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consultations.file_types import Refusal


class RefusedError(Exception):
    """The file is not to be taken, for this reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal
