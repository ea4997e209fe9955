"""The life of a consultation, act by act, as the design draws it."""

from types import SimpleNamespace

import pytest

from consultations import actors
from consultations.enums import OPEN_STATUSES, Act, ActorKind, Status
from consultations.errors import TransitionNotAllowed
from consultations.transitions import TRANSITIONS, allowed_acts, enter

OFFICER = SimpleNamespace(kind=ActorKind.OFFICER)
MOVES = [
    (Act.TAKE, Status.NEW, Status.IN_PROGRESS, OFFICER),
    (Act.REQUEST_DOCUMENTS, Status.IN_PROGRESS, Status.AWAITING_DOCUMENTS, OFFICER),
    (Act.ESCALATE, Status.IN_PROGRESS, Status.ESCALATED, OFFICER),
    (Act.RESOLVE, Status.IN_PROGRESS, Status.RESOLVED, OFFICER),
    (Act.RESOLVE, Status.AWAITING_DOCUMENTS, Status.RESOLVED, OFFICER),
    (Act.RESOLVE, Status.ESCALATED, Status.RESOLVED, OFFICER),
    (Act.CLOSE, Status.RESOLVED, Status.CLOSED, actors.SYSTEM),
    (Act.CLOSE, Status.RESOLVED, Status.CLOSED, actors.STAKEHOLDER),
    (Act.REOPEN, Status.RESOLVED, Status.IN_PROGRESS, actors.STAKEHOLDER),
    *((Act.REFER, status, Status.REFERRED, OFFICER) for status in OPEN_STATUSES),
    *((Act.CANCEL, status, Status.CANCELLED, OFFICER) for status in OPEN_STATUSES),
]


def consultation(status):
    return SimpleNamespace(status=status, number="MTR-2026-000001")


@pytest.mark.parametrize(("act", "before", "after", "by"), MOVES)
def test_an_act_moves_the_consultation_to_its_state(act, before, after, by):
    subject = consultation(before)
    enter(act, subject, by)
    assert subject.status == after


@pytest.mark.parametrize("act", [Act.REQUEST_DOCUMENTS, Act.ESCALATE])
@pytest.mark.parametrize("waiting", [Status.AWAITING_DOCUMENTS, Status.ESCALATED])
def test_the_state_keeps_showing_what_was_waited_for_first(act, waiting):
    subject = consultation(waiting)
    enter(act, subject, OFFICER)
    assert subject.status == waiting


REFUSED = [
    (act, status, kind)
    for act, transition in TRANSITIONS.items()
    for status in Status
    for kind in ActorKind
    if status not in transition.sources or kind not in transition.by
]


@pytest.mark.parametrize(("act", "status", "kind"), REFUSED)
def test_what_the_table_does_not_name_is_refused_and_changes_nothing(act, status, kind):
    subject = consultation(status)
    with pytest.raises(TransitionNotAllowed, match="MTR-2026-000001 berstatus"):
        enter(act, subject, SimpleNamespace(kind=kind))
    assert subject.status == status


@pytest.mark.parametrize("status", [Status.CLOSED, Status.REFERRED, Status.CANCELLED])
def test_an_ended_consultation_only_takes_what_changes_nothing_of_its_course(status):
    acts = set().union(*(allowed_acts(consultation(status), kind) for kind in ActorKind))
    assert acts == {
        Act.NOTE,
        Act.LINK,
        Act.SHOW_LINK,
        Act.SEND_LINK,
        Act.RENEW_LINK,
        Act.RECORD_CALL,
        Act.RECORD_CONTACT,
        Act.WITHHOLD_FILE,
        Act.FAIL_LETTER,
        Act.DELIVER_LETTER,
    }


def test_nothing_optional_stands_between_an_officer_and_the_answer():
    for status in (Status.IN_PROGRESS, Status.AWAITING_DOCUMENTS, Status.ESCALATED):
        assert Act.RESOLVE in allowed_acts(consultation(status), ActorKind.OFFICER)
