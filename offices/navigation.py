"""The staff pages' frame: who is signed in, in which capacity, and where their duties lead them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from offices.enums import Role

if TYPE_CHECKING:
    from offices.duties import Duties
    from offices.http import DeskRequest

HEADS = frozenset({Role.UNIT_HEAD, Role.OFFICE_HEAD})
DESK = frozenset({Role.RECEPTIONIST, Role.CSO})
EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url_name: str
    roles: frozenset[Role]


ADMINISTRATION = NavigationItem("Administrasi", "admin:index", frozenset({Role.OFFICE_ADMIN}))
NAVIGATION = (
    NavigationItem("Meja kerja", "desk", EVERYONE),
    NavigationItem("Konsultasi baru", "intake", DESK),
    NavigationItem("Eskalasi", "escalation_inbox", HEADS | {Role.CSO, Role.OFFICE_ADMIN}),
    NavigationItem("Peraturan", "regulation_list", EVERYONE),
    NavigationItem("Pesan", "message_list", EVERYONE),
    ADMINISTRATION,
)


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """`capacity` reads as the person signs, 'Plh. Kepala Seksi Bank'; `home` is the page they start on."""

    capacity: str
    navigation: list[NavigationItem]
    home: str


def desk_frame(duties: Duties) -> DeskFrame:
    """The frame that fits the duties; a system administrator, who belongs to no office, has only the admin."""
    if not duties.office_id:
        return DeskFrame("Administrator sistem", [ADMINISTRATION], ADMINISTRATION.url_name)
    titles = [title for role, title in duties.titles.items() if role is not Role.UNIT_HEAD]
    return DeskFrame(
        capacity=", ".join([*duties.unit_titles.values(), *titles]) or "Tanpa penugasan",
        navigation=[item for item in NAVIGATION if duties.has_role(*item.roles)],
        home="escalation_inbox" if duties.has_role(Role.UNIT_HEAD) else "desk",
    )


def desk(request: DeskRequest) -> dict[str, object]:
    """Template context: `desk`, worked out only by the pages that show it."""
    return {"desk": SimpleLazyObject(lambda: desk_frame(request.duties))}
