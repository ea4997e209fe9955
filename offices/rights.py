"""Who may do what: every right of the desk, and who holds it.

The matrix says which kinds of people may use an address at all. Which rows they find there is the querysets' part
(`visible_to`): always those of their own office, for a unit's head the escalations of that unit, for a receptionist
the receipts they wrote.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from offices.enums import Role

if TYPE_CHECKING:
    from collections.abc import Mapping


class Right(Enum):
    """One thing that can be done; the sentences say what each covers beyond its name."""

    SIGN_IN = auto()
    ACCOUNT = auto()  # one's own password, also of who was let in and has no appointment any more
    DESK = auto()  # the desk's first page and one's own notices

    READ_QUEUE = auto()
    RUN_QUEUE = auto()
    SERVE = auto()  # service sessions and what they record

    RECORD_CONSULTATIONS = auto()
    PRINT_RECEIPTS = auto()
    READ_CONSULTATIONS = auto()  # with their files, their letters and what is held
    ACT_ON_CONSULTATIONS = auto()  # a unit's head: on those escalated to the unit
    HANDLE_CONSULTATIONS = auto()  # all of the office: progress, held questions, letters that failed

    READ_ESCALATIONS = auto()
    ASK_HEADS = auto()
    ANSWER_ESCALATIONS = auto()  # the office's head: while nobody is appointed to the unit
    FORWARD_ESCALATIONS = auto()

    READ_ANSWERS = auto()
    PUBLISH_ANSWERS = auto()  # to change and to withdraw them, too

    READ_REPORTS = auto()
    READ_HEALTH = auto()
    READ_REGULATIONS = auto()

    READ_SETTINGS = auto()  # the office, its calendar, units, staff and standard
    CHANGE_SETTINGS = auto()
    CHANGE_LETTERS = auto()
    CHANGE_SHARED = (
        auto()
    )  # what all offices cite or count on: regulations, satker, national days, offices as such


class Everybody(Enum):
    """Who holds rights without a role: whoever is signed in, and the system administrator."""

    SIGNED_IN = auto()
    SUPERUSER = auto()


R, C, U, H, A = Role.RECEPTIONIST, Role.CSO, Role.UNIT_HEAD, Role.OFFICE_HEAD, Role.OFFICE_ADMIN
S = Everybody.SUPERUSER

MATRIX: Final[Mapping[Right, frozenset[Role | Everybody]]] = {
    Right.SIGN_IN: frozenset({R, C, U, H, A, S}),
    Right.ACCOUNT: frozenset({Everybody.SIGNED_IN}),
    Right.DESK: frozenset({R, C, U, H, A}),
    Right.READ_QUEUE: frozenset({R, C, U, H, A}),
    Right.RUN_QUEUE: frozenset({R, C}),
    Right.SERVE: frozenset({R, C}),
    Right.RECORD_CONSULTATIONS: frozenset({R, C}),
    Right.PRINT_RECEIPTS: frozenset({R, C, U, H, A}),
    Right.READ_CONSULTATIONS: frozenset({C, U, H, A}),
    Right.ACT_ON_CONSULTATIONS: frozenset({C, U}),
    Right.HANDLE_CONSULTATIONS: frozenset({C}),
    Right.READ_ESCALATIONS: frozenset({C, U, H, A}),
    Right.ASK_HEADS: frozenset({C}),
    Right.ANSWER_ESCALATIONS: frozenset({U, H}),
    Right.FORWARD_ESCALATIONS: frozenset({U, H}),
    Right.READ_ANSWERS: frozenset({C, U, H, A}),
    Right.PUBLISH_ANSWERS: frozenset({C}),
    Right.READ_REPORTS: frozenset({C, U, H, A}),
    Right.READ_HEALTH: frozenset({R, C, U, H, A, S}),
    Right.READ_REGULATIONS: frozenset({R, C, U, H, A, S}),
    Right.READ_SETTINGS: frozenset({H, A, S}),
    Right.CHANGE_SETTINGS: frozenset({A, S}),
    Right.CHANGE_LETTERS: frozenset({A}),
    Right.CHANGE_SHARED: frozenset({S}),
}
