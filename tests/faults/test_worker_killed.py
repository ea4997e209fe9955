"""A worker killed with -9 in the middle of its work: the next one finishes it, and nothing happens twice."""

from collections import Counter

import pytest

from consultations.enums import Act
from consultations.models import Promise, Timer
from notifications.enums import MessageStatus
from notifications.models import Message
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.faults
COUNT = 12
WORKER_PROCESSES = 2


@pytest.mark.parametrize("way", ["kill", "kill_children"])
def test_a_sweep_cut_short_is_done_once_by_the_next(fleet, office, cso, head, acts, all_left, way):
    late = [ConsultationFactory(office=office, officer=cso, late=True) for _ in range(COUNT)]
    with fleet.nobody_writes("consultations_entry"):
        fleet.start("beat")
        worker = fleet.start("worker")
        fleet.until(fleet.waiting, "a sweep is in the middle of its transaction")
        getattr(fleet, way)(worker)
    if way == "kill":
        fleet.start("worker")
    fleet.until(lambda: not Promise.objects.filter(late_at=None).exists(), "every deadline is marked")
    all_left()
    marked = Counter(acts(Act.MARK_LATE).values_list("consultation", flat=True))
    assert marked == {consultation.pk: 1 for consultation in late}
    assert Timer.objects.filter(kind="deadline", fired_at__isnull=False, failures=0).count() == COUNT
    told = Counter(Message.objects.filter(kind="late").values_list("recipient", flat=True))
    assert told == {cso.email: COUNT, head.email: COUNT}


@pytest.mark.parametrize("way", ["kill", "kill_children"])
def test_of_a_delivery_cut_short_only_what_was_in_the_mail_servers_hands_arrives_again_under_the_same_id(
    fleet, office, mail, all_left, way
):
    for _ in range(COUNT):
        ConsultationFactory(office=office)
    mail.may_answer.clear()
    fleet.start("beat")
    worker = fleet.start("worker")
    fleet.until(lambda: mail.received, "the mail server has a text it has not answered")
    in_hand = {each.id for each in mail.received}
    getattr(fleet, way)(worker)
    mail.may_answer.set()
    if way == "kill":
        fleet.start("worker")
    all_left()
    messages = list(Message.objects.filter(kind="received"))
    assert len(messages) == COUNT
    assert {(message.status, message.attempts) for message in messages} == {(MessageStatus.SENT, 1)}
    arrived = Counter(each.id for each in mail.received)
    assert set(arrived) == {message.provider_id for message in messages}
    again = {key: times for key, times in arrived.items() if times > 1}
    assert in_hand <= set(again)
    assert set(again.values()) == {2}
    assert len(again) <= WORKER_PROCESSES  # each had one message in hand at most
