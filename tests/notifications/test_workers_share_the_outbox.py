"""Two workers at once: no message twice, none waited for."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection, transaction

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.outbox import deliver_due

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work, *args):
    try:
        return work(*args)
    finally:
        connection.close()


def test_four_workers_deliver_each_message_once(queued, now):
    for _ in range(40):
        queued()
    start = threading.Barrier(4)

    def deliver():
        start.wait(timeout=10)
        return deliver_due(now)

    with ThreadPoolExecutor(4) as workers:
        counts = list(workers.map(in_thread, [deliver] * 4))
    assert sum(counts) == 40
    assert set(Counter(sent.extra_headers["Message-ID"] for sent in mail.outbox).values()) == {1}


def test_a_message_in_another_workers_hands_is_skipped_not_waited_for(queued, now):
    held, other = queued(), queued()
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=held.pk)
        with ThreadPoolExecutor(1) as worker:
            assert worker.submit(in_thread, deliver_due, now).result(timeout=10) == 1
    other.refresh_from_db()
    assert other.status == MessageStatus.SENT
    assert deliver_due(now) == 1


def test_what_waits_is_found_by_an_index_however_much_was_sent(letter, now):
    rows = [letter(f"sent-{n}") for n in range(3000)]
    for row in rows:
        row.status, row.sent_at, row.next_attempt_at = "terkirim", now, None
    Message.objects.bulk_create([*rows, letter("waiting")])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_message")
    assert "message_queued" in Message.objects.due(now)[:1].explain()
