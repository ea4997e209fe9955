"""Who acts on a consultation, and how the timeline names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consultations.enums import ActorKind

if TYPE_CHECKING:
    from offices.models import Staff


@dataclass(frozen=True, slots=True)
class Actor:
    """`title` is the capacity shown to the stakeholder; staff also see the person's name."""

    kind: ActorKind
    title: str
    staff: Staff | None = None


STAKEHOLDER = Actor(ActorKind.STAKEHOLDER, "Stakeholder")
SYSTEM = Actor(ActorKind.SYSTEM, "Sistem")


def officer(staff: Staff) -> Actor:
    """A CSO officer, or a receptionist taking a question down."""
    return Actor(ActorKind.OFFICER, "Petugas CSO", staff)


def head(staff: Staff, title: str) -> Actor:
    """A unit's head or who stands in, signing as in 'Plh. Kepala Seksi Bank'."""
    return Actor(ActorKind.HEAD, title, staff)
