"""The life of a consultation as one table: which act, from which states, to which state, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consultations.enums import OPEN_STATUSES, Act, ActorKind, Status
from consultations.errors import TransitionNotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consultations.actors import Actor
    from consultations.models import Consultation

OFFICER, HEAD, STAKEHOLDER, SYSTEM = ActorKind
WORKED_ON = (Status.IN_PROGRESS, Status.AWAITING_DOCUMENTS, Status.ESCALATED)
EVERY_STATUS = tuple(Status)
DESK = (OFFICER, HEAD)  # a unit's head has all acts on what is escalated to the unit


@dataclass(frozen=True, slots=True)
class Transition:
    """`target` maps the state an act finds to the state it leaves; a state not named there stays."""

    sources: frozenset[Status]
    by: frozenset[ActorKind]
    target: dict[Status, Status]


def _to(target: Status, sources: Iterable[Status]) -> dict[Status, Status]:
    return dict.fromkeys(sources, target)


def _transition(
    sources: Iterable[Status], by: Iterable[ActorKind], target: dict[Status, Status] | None = None
) -> Transition:
    return Transition(frozenset(sources), frozenset(by), target or {})


# Asking for documents and escalating may both be open: the state shows what was waited for first.
# Whose turn it is after a stakeholder's answer or a head's depends on what is still open; `lifecycle` decides it.
TRANSITIONS: dict[Act, Transition] = {
    Act.TAKE: _transition([Status.NEW], [OFFICER], {Status.NEW: Status.IN_PROGRESS}),
    Act.TAKE_OVER: _transition(WORKED_ON, [OFFICER]),
    Act.REPLY: _transition(WORKED_ON, DESK),
    Act.NOTE: _transition(EVERY_STATUS, DESK),
    Act.MESSAGE: _transition(OPEN_STATUSES, [STAKEHOLDER]),
    Act.REQUEST_DOCUMENTS: _transition(WORKED_ON, DESK, {Status.IN_PROGRESS: Status.AWAITING_DOCUMENTS}),
    Act.RECEIVE_DOCUMENTS: _transition(OPEN_STATUSES, [STAKEHOLDER, *DESK]),
    Act.REVIEW_DOCUMENT: _transition(WORKED_ON, DESK),
    Act.WITHHOLD_FILE: _transition(EVERY_STATUS, [SYSTEM]),
    Act.POST_PROGRESS: _transition(WORKED_ON, DESK),
    Act.ESCALATE: _transition(WORKED_ON, [OFFICER], {Status.IN_PROGRESS: Status.ESCALATED}),
    Act.ACCEPT_ESCALATION: _transition(WORKED_ON, [HEAD]),
    Act.ANSWER_ESCALATION: _transition(WORKED_ON, [HEAD]),
    Act.RETURN_ESCALATION: _transition(WORKED_ON, [HEAD]),
    Act.FORWARD_ESCALATION: _transition(WORKED_ON, [HEAD]),
    Act.WITHDRAW_ESCALATION: _transition(WORKED_ON, [OFFICER]),
    Act.RESOLVE: _transition(WORKED_ON, DESK, _to(Status.RESOLVED, WORKED_ON)),
    Act.CLOSE: _transition([Status.RESOLVED], [STAKEHOLDER, SYSTEM], {Status.RESOLVED: Status.CLOSED}),
    Act.REOPEN: _transition([Status.RESOLVED], [STAKEHOLDER, OFFICER], {Status.RESOLVED: Status.IN_PROGRESS}),
    Act.REFER: _transition(OPEN_STATUSES, DESK, _to(Status.REFERRED, OPEN_STATUSES)),
    Act.CANCEL: _transition(OPEN_STATUSES, [OFFICER], _to(Status.CANCELLED, OPEN_STATUSES)),
    Act.CATEGORISE: _transition(OPEN_STATUSES, DESK),
    Act.RECORD_CONTACT: _transition(EVERY_STATUS, DESK),
    Act.RECORD_CALL: _transition(EVERY_STATUS, DESK),
    Act.LINK: _transition(EVERY_STATUS, [OFFICER, STAKEHOLDER]),
    Act.SHOW_LINK: _transition(EVERY_STATUS, [OFFICER]),
    Act.SEND_LINK: _transition(EVERY_STATUS, [OFFICER]),
    Act.RENEW_LINK: _transition(EVERY_STATUS, [OFFICER, STAKEHOLDER]),
    Act.REMIND_PROGRESS: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.MISS_PROGRESS: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.WARN_DEADLINE: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.MARK_LATE: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.REMIND_LATE: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.REMIND_DOCUMENTS: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.REMIND_HEAD: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.MOVE_DEADLINE: _transition(OPEN_STATUSES, [SYSTEM]),
    Act.FAIL_LETTER: _transition(EVERY_STATUS, [SYSTEM]),
    Act.DELIVER_LETTER: _transition(EVERY_STATUS, [SYSTEM]),
}


def allows(act: Act, status: str, by: ActorKind) -> bool:
    """Whether the table has this act for this state and kind of person."""
    transition = TRANSITIONS[act]
    return status in transition.sources and by in transition.by


def allowed_acts(consultation: Consultation, by: ActorKind) -> set[Act]:
    """What somebody may do now; buttons are made from it."""
    return {act for act in TRANSITIONS if allows(act, consultation.status, by)}


def enter(act: Act, consultation: Consultation, by: Actor) -> None:
    """Check an act against the table and move the consultation to its state.

    Raises TransitionNotAllowed, with the present state in words.
    """
    if not allows(act, consultation.status, by.kind):
        label = Status(consultation.status).label
        if by.kind == ActorKind.STAKEHOLDER:
            raise TransitionNotAllowed(
                f"Mohon maaf, hal ini tidak dapat dilakukan karena konsultasi {consultation.number} berstatus {label}. "
                "Silakan muat ulang halaman ini."
            )
        raise TransitionNotAllowed(
            f"Tindakan “{act.label}” tidak dapat dilakukan: konsultasi {consultation.number} berstatus {label}."
        )
    status = Status(consultation.status)
    consultation.status = TRANSITIONS[act].target.get(status, status)
