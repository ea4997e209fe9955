"""Writing a message: in the act's own transaction, once per occasion, whatever the broker does."""

import os
import subprocess
import sys

import pytest
from celery import current_app
from django.db import transaction

from notifications.models import Message
from notifications.outbox import enqueue


def test_the_first_line_of_a_template_is_the_subject_and_the_rest_the_body(letter):
    message = letter()
    assert message.subject == "Nomor MTU-2026-000001"
    assert message.body == "Yth. Budi,\nTerima kasih.\n"


def test_a_letter_is_plain_text_and_escapes_nothing(letter):
    message = letter(context={"name": "<b>Budi</b> & Co", "text": "1 < 2"})
    assert message.body == "Yth. <b>Budi</b> & Co,\n1 < 2\n"


@pytest.mark.parametrize("injected", ["1\r\nBcc: korban@example.com", "1\nBcc: x", "1\x0bBcc", "1\u2028Bcc"])
def test_nothing_typed_adds_a_line_to_the_mails_head(letter, injected):
    message = letter(
        context={"number": injected},
        recipient_name=f"Budi {injected}",
        recipient=f"budi@example.com{injected}",
    )
    for value in (message.recipient, message.recipient_name):
        assert value.splitlines() == [value]
    assert message.subject.splitlines() == [message.subject]


def test_an_occasion_already_told_is_left_out(letter):
    enqueue([letter("received:1"), letter("received:2")])
    enqueue([letter("received:2"), letter("received:3")])
    assert sorted(Message.objects.values_list("dedupe_key", flat=True)) == [
        "received:1",
        "received:2",
        "received:3",
    ]


def test_any_number_of_messages_is_one_statement(letter, django_assert_num_queries):
    rows = [letter(f"received:{n}") for n in range(20)]
    with django_assert_num_queries(1):
        enqueue(rows)


def test_nothing_to_say_costs_nothing(db, django_assert_num_queries, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as kicks, django_assert_num_queries(0):
        enqueue([])
    assert kicks == []


@pytest.mark.django_db(transaction=True)
def test_a_message_of_an_act_that_fails_is_never_stored(letter):
    rows = [letter()]
    with transaction.atomic():
        enqueue(rows)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once_the_act_is_committed(letter, published):
    with transaction.atomic():
        enqueue([letter()])
        assert published == []
    assert published == ["notifications.tasks.deliver_messages"]
    current_app.loader.import_default_modules()
    assert published[0] in current_app.tasks


def test_a_broker_that_is_down_neither_hangs_nor_fails_the_act():
    call = "from notifications.outbox import wake_worker; wake_worker(); print('the act goes on')"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {call}"],
        env={
            **os.environ,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "The broker is unreachable" in done.stdout + done.stderr
    assert "the act goes on" in done.stdout
