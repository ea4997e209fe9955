"""Delivering what waits: retries, refusals, and no message in another's way."""

import email
import socket
from datetime import timedelta
from email import policy

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from notifications import outbox, signals
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.outbox import deliver_due, resend

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def parsed(raw):
    return email.message_from_bytes(raw, policy=policy.default)


def test_a_waiting_message_leaves_and_is_marked_sent(queued, now):
    message = queued()
    assert deliver_due(now) == 1
    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.SENT, 1)
    assert now < message.sent_at < now + MINUTE
    sent = mail.outbox[0]
    assert sent.subject == "Nomor MTU-2026-000001"
    assert sent.to == ["Budi Santoso <budi@example.com>"]
    assert sent.from_email == "KPPN Mataram <cso@localhost>"
    assert sent.reply_to == ["cso@mataram.example"]
    assert sent.extra_headers["Message-ID"] == message.provider_id


def test_a_message_leaves_once(queued, now):
    queued()
    assert [deliver_due(now), deliver_due(now)] == [1, 0]
    assert len(mail.outbox) == 1


def test_a_message_does_not_leave_before_its_time(queued, now):
    queued(now=now + MINUTE)
    assert deliver_due(now) == 0
    assert deliver_due(now + MINUTE) == 1


def test_a_run_is_bounded_and_takes_the_longest_waiting_first(queued, now):
    late = queued(recipient="late@example.com")
    early = queued(recipient="early@example.com", now=now - HOUR)
    assert deliver_due(now, limit=1) == 1
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.status, late.status) == (MessageStatus.SENT, MessageStatus.QUEUED)


def test_a_run_that_takes_long_leaves_the_rest_to_the_next(queued, now, monkeypatch):
    queued(), queued()
    monkeypatch.setattr(outbox, "RUN_SECONDS", 0)
    assert [deliver_due(now), deliver_due(now), deliver_due(now)] == [1, 1, 0]


def test_after_each_failure_the_pause_grows_and_the_sixth_attempt_is_the_last(queued, now, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", free_port()
    message = queued()
    pauses = []
    for _ in range(5):
        assert deliver_due(now) == 0
        message.refresh_from_db()
        assert message.status == MessageStatus.QUEUED
        pauses.append(message.next_attempt_at - now)
        now = message.next_attempt_at
    least = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR]
    assert all(pause <= taken <= pause * 1.1 for pause, taken in zip(least, pauses, strict=True))
    deliver_due(now)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.next_attempt_at) == (MessageStatus.FAILED, 6, None)
    assert message.last_error.startswith("Server surel tidak dapat dihubungi: ")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_while_the_server_is_gone_only_one_message_a_run_uses_up_an_attempt(queued, now, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", free_port()
    for _ in range(3):
        queued()
    deliver_due(now)
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"budi@example.com": "550 5.1.1 tidak dikenal"}, "Alamat penerima ditolak: 550 5.1.1 tidak dikenal"),
        ({"text": "554 5.7.1 ditolak"}, "Server surel menolak: 554 5.7.1 ditolak"),
    ],
)
def test_a_refusal_for_good_fails_at_once_with_the_servers_reason(queued, now, smtp_server, answers, reason):
    smtp_server.answers = answers
    message = queued()
    assert deliver_due(now) == 0
    message.refresh_from_db()
    assert (message.status, message.attempts, message.last_error) == (MessageStatus.FAILED, 1, reason)


@pytest.mark.parametrize(
    "answers",
    [{"budi@example.com": "450 4.2.1 penuh"}, {"text": "451 4.3.0 coba lagi"}, {"text": "hang up"}],
)
def test_a_refusal_for_now_is_tried_again(queued, now, smtp_server, answers):
    smtp_server.answers = answers
    message = queued()
    deliver_due(now)
    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED
    smtp_server.answers = {}
    assert deliver_due(message.next_attempt_at) == 1
    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.SENT, "")


@pytest.mark.parametrize(
    "address", ["", "bukan alamat", "a@b@c", "a@example.com\nBcc: x@example.com", "a" * 300]
)
def test_an_impossible_address_fails_at_once(queued, now, address):
    message = queued(recipient=address)
    assert deliver_due(now) == 0
    message.refresh_from_db()
    assert (message.status, message.last_error) == (MessageStatus.FAILED, "Alamat surel tidak valid.")
    assert mail.outbox == []


class PoisonedBackend(EmailBackend):
    """Fails in an unforeseen way at one message."""

    def send_messages(self, messages):
        if "racun" in messages[0].body:
            raise RuntimeError("tidak terduga")
        return super().send_messages(messages)


def test_each_message_has_the_moment_at_which_it_left_itself(queued, now):
    first, second = queued(now=now - HOUR), queued()
    deliver_due(now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert now < first.sent_at < second.sent_at


def test_an_error_that_no_channel_knows_is_logged_with_its_places(queued, now, settings, caplog):
    settings.EMAIL_BACKEND = f"{__name__}.{PoisonedBackend.__name__}"
    queued(context={"text": "racun"})
    deliver_due(now)
    assert "RuntimeError" in caplog.text
    assert "send_messages" in caplog.text


@pytest.fixture
def stumbling_receiver():
    """A floor above that fails at what it hears, after having written."""

    def stumble(message, now, **_):
        Message.objects.filter(pk=message.pk).update(subject="Setengah jadi")
        raise RuntimeError("tidak terduga")

    signals.failed.connect(stumble)
    yield
    signals.failed.disconnect(stumble)


def test_what_follows_from_a_failed_message_holds_up_no_other(queued, now, stumbling_receiver, caplog):
    failed = queued(recipient="bukan alamat", now=now - HOUR)
    queued()
    assert deliver_due(now) == 1
    failed.refresh_from_db()
    assert (failed.status, failed.subject) == (MessageStatus.FAILED, "Nomor MTU-2026-000001")
    assert f"What follows from message {failed.pk} could not be recorded" in caplog.text


def test_one_poisonous_message_stops_no_other(queued, now, settings):
    settings.EMAIL_BACKEND = f"{__name__}.{PoisonedBackend.__name__}"
    poison = queued(context={"text": "racun"}, now=now - HOUR)
    for _ in range(3):
        queued()
    assert deliver_due(now) == 3
    poison.refresh_from_db()
    assert (poison.status, poison.last_error) == (
        MessageStatus.QUEUED,
        "Pesan tidak dapat dikirim: tidak terduga",
    )


def test_a_server_that_hangs_up_on_one_message_still_gets_the_others(queued, now, smtp_server):
    smtp_server.answers = {"racun@example.com": "421 4.3.2 sampai jumpa"}
    queued(recipient="racun@example.com", now=now - HOUR)
    for _ in range(3):
        queued()
    assert deliver_due(now) == 3


def test_the_mail_on_the_wire_has_one_head_whatever_was_typed(queued, now, smtp_server):
    queued(
        context={"number": "1\r\nBcc: korban@example.com", "name": "Ñurul", "text": ".\r\nbaris\n.\n"},
        recipient_name='Budi" <x@y.z>\r\nBcc: korban@example.com',
    )
    assert deliver_due(now) == 1
    received = parsed(smtp_server.received[0])
    assert received["Bcc"] is None
    assert received["Subject"] == "Nomor 1"
    assert [address.addr_spec for address in received["To"].addresses] == ["budi@example.com"]
    assert received["Auto-Submitted"] == "auto-generated"
    assert "Ñurul" in received.get_body(("plain",)).get_content()


def test_messages_that_failed_together_come_back_apart(queued, now, smtp_server):
    smtp_server.answers = {"text": "451 4.3.0 coba lagi"}
    for _ in range(20):
        queued()
    deliver_due(now)
    assert len(set(Message.objects.values_list("next_attempt_at", flat=True))) > 1


def test_a_huge_message_fails_with_a_reason_and_the_others_leave(queued, now):
    huge = queued(context={"text": "x" * 100_001}, now=now - HOUR)
    queued()
    assert deliver_due(now) == 1
    huge.refresh_from_db()
    assert (huge.status, huge.last_error) == (
        MessageStatus.FAILED,
        "Isi pesan terlalu panjang untuk dikirim.",
    )


def test_a_mail_server_that_never_answers_costs_one_wait_a_run(queued, now, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = 0.1
        for _ in range(3):
            queued()
        assert deliver_due(now) == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_a_mail_server_that_falls_silent_costs_one_wait_a_run(queued, now, smtp_server, settings):
    smtp_server.answers = {"text": "hang"}
    settings.EMAIL_TIMEOUT = 0.1
    for _ in range(3):
        queued()
    assert deliver_due(now) == 0
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Message.objects.get(attempts=1).last_error.startswith("Server surel tidak menjawab")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_after_sending_repeats_that_message_under_the_same_message_id(queued, now):
    queued()
    with transaction.atomic():
        assert deliver_due(now) == 1
        transaction.set_rollback(True)
    assert deliver_due(now) == 1
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == second


def test_two_occasions_have_two_message_ids(queued, now):
    queued()
    queued()
    deliver_due(now)
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 2


def test_a_failed_message_can_be_sent_again(queued, now):
    message = queued(recipient="bukan alamat")
    deliver_due(now)
    Message.objects.update(recipient="budi@example.com")
    assert resend(message, now + HOUR)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.last_error) == (MessageStatus.QUEUED, 0, "")
    assert deliver_due(now + HOUR) == 1


def test_only_a_failed_message_is_sent_again(queued, now):
    message = queued()
    assert not resend(message, now)
    deliver_due(now)
    assert not resend(message, now)
    assert deliver_due(now) == 0
