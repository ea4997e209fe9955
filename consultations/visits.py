"""Who keeps the service sessions of face to face consultations: the floor above joins here when it is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from consultations.actors import Actor
    from consultations.models import Consultation

keepers: list[Callable[[Consultation, Actor], None]] = []


def note_visit(consultation: Consultation, by: Actor) -> None:
    """Tell, in the transaction that records it, of a consultation that was taken down outside a session."""
    for keep in keepers:
        keep(consultation, by)
