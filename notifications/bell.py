"""The bell in the frame of the staff's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from notifications.notices import bell_of

if TYPE_CHECKING:
    from offices.http import DeskRequest


def bell(request: DeskRequest) -> dict[str, object]:
    """Template context: `bell`, counted only by the pages that show it."""
    return {"bell": SimpleLazyObject(lambda: bell_of(request.user))}
