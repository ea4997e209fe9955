"""The staff pages' frame: who is signed in, in which capacity, and where their duties lead them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from offices.enums import Role

if TYPE_CHECKING:
    from offices.duties import Duties
    from offices.http import DeskRequest


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url_name: str
    roles: frozenset[Role]


EVERYONE = frozenset(Role)
NAVIGATION = (
    NavigationItem("Meja kerja", "desk", EVERYONE),
    NavigationItem("Antrean", "queue_desk", EVERYONE),
    NavigationItem("Konsultasi baru", "intake", frozenset({Role.RECEPTIONIST, Role.CSO})),
    NavigationItem("Tertahan", "held_list", EVERYONE - {Role.RECEPTIONIST}),
    NavigationItem("Eskalasi", "escalation_inbox", EVERYONE - {Role.RECEPTIONIST}),
    NavigationItem("Peraturan", "regulation_list", EVERYONE),
    NavigationItem("Tanya jawab", "answer_list", EVERYONE - {Role.RECEPTIONIST}),
    NavigationItem("Pesan", "message_list", EVERYONE - {Role.RECEPTIONIST}),
    NavigationItem("Survei", "survey_report", EVERYONE),
    NavigationItem("Teks pesan", "message_text_list", frozenset({Role.OFFICE_ADMIN})),
    NavigationItem("Administrasi", "admin:index", frozenset({Role.OFFICE_ADMIN, Role.OFFICE_HEAD})),
)


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """`capacity` reads as the person signs, 'Plh. Kepala Seksi Bank'; `home` is the page they start on."""

    capacity: str
    navigation: list[NavigationItem]
    home: str


def desk_frame(duties: Duties) -> DeskFrame:
    """The frame that fits the duties; whoever has none, such as a system administrator, starts in the admin."""
    titles = [title for role, title in duties.titles.items() if role is not Role.UNIT_HEAD]
    home = "desk" if duties.roles else "admin:index"
    return DeskFrame(
        capacity=", ".join([*duties.unit_titles.values(), *titles]) or "Tanpa penugasan",
        navigation=[item for item in NAVIGATION if duties.has_role(*item.roles)],
        home="escalation_inbox" if duties.has_role(Role.UNIT_HEAD) else home,
    )


def desk(request: DeskRequest) -> dict[str, object]:
    """Template context: `desk`, worked out only by the pages that show it."""
    return {"desk": SimpleLazyObject(lambda: desk_frame(request.duties))}
