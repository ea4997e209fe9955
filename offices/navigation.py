"""The staff pages' frame: who is signed in, in which capacity, and where their duties lead them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from offices.enums import Role
from offices.rights import Right

if TYPE_CHECKING:
    from offices.duties import Duties
    from offices.http import DeskRequest


@dataclass(frozen=True, slots=True)
class NavigationItem:
    label: str
    url_name: str
    right: Right


NAVIGATION = (
    NavigationItem("Meja kerja", "desk", Right.DESK),
    NavigationItem("Antrean", "queue_desk", Right.READ_QUEUE),
    NavigationItem("Konsultasi baru", "intake", Right.RECORD_CONSULTATIONS),
    NavigationItem("Tertahan", "held_list", Right.READ_CONSULTATIONS),
    NavigationItem("Eskalasi", "escalation_inbox", Right.READ_ESCALATIONS),
    NavigationItem("Peraturan", "regulation_list", Right.READ_REGULATIONS),
    NavigationItem("Tanya jawab", "answer_list", Right.READ_ANSWERS),
    NavigationItem("Pesan", "message_list", Right.READ_CONSULTATIONS),
    NavigationItem("Survei", "survey_report", Right.READ_REPORTS),
    NavigationItem("Teks pesan", "message_text_list", Right.CHANGE_LETTERS),
    NavigationItem("Administrasi", "admin:index", Right.READ_SETTINGS),
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
    home = "desk" if duties.may(Right.DESK) else "admin:index"
    return DeskFrame(
        capacity=", ".join([*duties.unit_titles.values(), *titles]) or "Tanpa penugasan",
        navigation=[item for item in NAVIGATION if duties.may(item.right)],
        home="escalation_inbox" if duties.has_role(Role.UNIT_HEAD) else home,
    )


def desk(request: DeskRequest) -> dict[str, object]:
    """Template context: `desk`, worked out only by the pages that show it."""
    return {"desk": SimpleLazyObject(lambda: desk_frame(request.duties))}
