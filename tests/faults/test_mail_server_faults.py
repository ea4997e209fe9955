"""A mail server that hangs, hangs up, refuses for now or for good, or is not there."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.outbox import PAUSES
from tests.factories import ConsultationFactory, StakeholderFactory
from tests.faults.mailserver import HANG, HANG_UP, MailServer

pytestmark = pytest.mark.faults
BAD = {
    "macet@contoh.id": HANG,
    "putus@contoh.id": HANG_UP,
    "nanti@contoh.id": "451 4.3.0 coba lagi",
    "tolak@contoh.id": "554 5.7.1 ditolak",
}


@pytest.fixture
def ask(office):
    """A question whose confirmation goes to an address; any if none is given."""

    def ask(address=None):
        who = StakeholderFactory(office=office, **({"email": address} if address else {}))
        return ConsultationFactory(office=office, stakeholder=who)

    return ask


@pytest.fixture
def delivering(fleet):
    fleet.start("beat")
    fleet.start("worker")


def let_time_pass():
    """To when the messages put off are tried again."""
    Message.objects.filter(status=MessageStatus.QUEUED).update(next_attempt_at=timezone.now())


def test_a_message_the_server_chokes_on_stops_no_other(fleet, ask, mail, delivering):
    mail.answers = BAD
    for address in BAD:
        ask(address)
    good = [ask().contact_email for _ in range(12)]
    untried = Message.objects.filter(attempts=0)
    fleet.until(lambda: not untried.exists(), "every message was tried")
    outcome = {
        address: (status, reason)
        for address, status, reason in Message.objects.values_list("recipient", "status", "last_error")
    }
    assert {outcome.pop(address) for address in good} == {(MessageStatus.SENT, "")}
    assert Counter(each.to for each in mail.received) == Counter(good)
    assert outcome.pop("tolak@contoh.id") == (
        MessageStatus.FAILED,
        "Server surel menolak: 554 5.7.1 ditolak",
    )
    assert {status for status, _ in outcome.values()} == {MessageStatus.QUEUED}
    assert outcome["nanti@contoh.id"][1] == "Server surel menolak: 451 4.3.0 coba lagi"
    assert outcome["macet@contoh.id"][1].startswith("Server surel tidak menjawab")
    assert outcome["putus@contoh.id"][1].startswith("Server surel")


def test_a_message_refused_for_now_waits_longer_each_time_and_fails_with_the_last_reason(
    fleet, ask, mail, delivering
):
    mail.answers = BAD
    ask("nanti@contoh.id")
    for attempt, pause in enumerate(PAUSES, 1):
        before = timezone.now()
        let_time_pass()
        fleet.until(Message.objects.filter(attempts=attempt).exists, f"attempt {attempt} was made")
        taken = Message.objects.get().next_attempt_at - before
        assert pause <= taken <= pause * 1.1 + timedelta(seconds=60)
    let_time_pass()
    fleet.until(Message.objects.filter(attempts=len(PAUSES) + 1).exists, "the last attempt was made")
    message = Message.objects.get()
    assert (message.status, message.last_error) == (
        MessageStatus.FAILED,
        "Server surel menolak: 451 4.3.0 coba lagi",
    )


def test_what_waits_while_nobody_answers_at_the_servers_address_leaves_once_when_somebody_does(
    fleet, ask, mail, delivering, all_left
):
    mail.stop()
    addresses = [ask().contact_email for _ in range(6)]
    fleet.until(Message.objects.filter(attempts=1).exists, "a message was tried")
    reason = Message.objects.filter(attempts=1).first().last_error
    with MailServer(mail.port) as back:
        let_time_pass()
        all_left()
        assert Counter(each.to for each in back.received) == Counter(addresses)
    assert reason.startswith("Server surel tidak dapat dihubungi")
