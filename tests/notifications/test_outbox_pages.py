"""The outbox as the office's staff see it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.outbox import deliver_due
from offices.enums import Role
from tests.factories import OfficeFactory, StaffFactory, UnitFactory

LIST = "/meja/pesan/"


@pytest.fixture
def sign_in(client, office):
    """Enter as somebody with a role; without one, as somebody with no appointment."""

    def enter(role, office=office):
        unit = {"unit": UnitFactory(office=office)} if role == Role.UNIT_HEAD else {}
        client.force_login(StaffFactory(office=office, role=role, **unit))
        return client

    return enter


@pytest.fixture
def failed(queued):
    message = queued(recipient="salah@example.com")
    message.status, message.next_attempt_at, message.last_error = (
        MessageStatus.FAILED,
        None,
        "Alamat ditolak: 550",
    )
    message.save()
    return message


@pytest.fixture
def elsewhere(db):
    return OfficeFactory(empty=True)


@pytest.mark.parametrize("role", [Role.CSO, Role.UNIT_HEAD, Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
def test_readers_see_what_was_sent_and_why_it_failed(sign_in, failed, role):
    client = sign_in(role)
    page = client.get(LIST).content.decode()
    assert "Nomor MTU-2026-000001" in page
    assert "Alamat ditolak: 550" in page
    assert "Terima kasih." in client.get(f"{LIST}{failed.pk}/").content.decode()


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, None])
def test_others_of_the_office_do_not_read_messages(sign_in, failed, role):
    client = sign_in(role)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{failed.pk}/").status_code == 403


def test_without_signing_in_there_is_only_the_way_to_the_sign_in_page(client, failed):
    for path in (LIST, f"{LIST}{failed.pk}/"):
        assert client.get(path).url.startswith(reverse("sign_in"))


def test_another_office_finds_no_message_and_sends_none(sign_in, failed, elsewhere):
    client = sign_in(Role.CSO, office=elsewhere)
    assert "Nomor MTU" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{failed.pk}/").status_code == 404
    assert client.post(f"{LIST}{failed.pk}/kirim-ulang/").status_code == 404
    failed.refresh_from_db()
    assert failed.status == MessageStatus.FAILED


@pytest.mark.parametrize("pk", [0, 10**30])
def test_a_number_that_is_no_message_is_not_found(sign_in, pk):
    assert sign_in(Role.CSO).get(f"{LIST}{pk}/").status_code == 404


def test_the_officer_sends_a_failed_message_again(sign_in, failed):
    client = sign_in(Role.CSO)
    assert "Kirim ulang" in client.get(f"{LIST}{failed.pk}/").content.decode()
    answer = client.post(f"{LIST}{failed.pk}/kirim-ulang/", follow=True)
    assert "Pesan masuk antrean lagi" in answer.content.decode()
    failed.refresh_from_db()
    assert failed.status == MessageStatus.QUEUED


def test_a_message_that_has_not_failed_is_not_sent_again(sign_in, queued):
    message = queued()
    client = sign_in(Role.CSO)
    assert "Kirim ulang" not in client.get(f"{LIST}{message.pk}/").content.decode()
    answer = client.post(f"{LIST}{message.pk}/kirim-ulang/", follow=True)
    assert "Hanya pesan yang gagal dapat dikirim ulang." in answer.content.decode()


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.OFFICE_HEAD, Role.OFFICE_ADMIN])
def test_heads_and_administrators_only_read(sign_in, failed, role):
    client = sign_in(role)
    assert "Kirim ulang" not in client.get(f"{LIST}{failed.pk}/").content.decode()
    assert client.post(f"{LIST}{failed.pk}/kirim-ulang/").status_code == 403


def test_sending_again_is_never_a_link(sign_in, failed):
    assert sign_in(Role.CSO).get(f"{LIST}{failed.pk}/kirim-ulang/").status_code == 405


def test_the_list_is_narrowed_by_status_and_by_consultation(sign_in, queued, failed):
    queued(reference="MTU-2026-000777", recipient="lain@example.com")
    client = sign_in(Role.CSO)
    only_failed = client.get(LIST, {"status": "gagal"}).content.decode()
    assert "salah@example.com" in only_failed
    assert "lain@example.com" not in only_failed
    only_one = client.get(LIST, {"nomor": " mtu-2026-000777 "}).content.decode()
    assert "lain@example.com" in only_one
    assert "salah@example.com" not in only_one


@pytest.mark.parametrize(
    "query",
    [
        {"status": "entah"},
        {"nomor": "a\x00b"},
        {"nomor": "x" * 10_000},
        {"sebelum": "9" * 40},
        {"sebelum": "-1"},
        {"sebelum": "abc", "status": "' OR 1=1"},
    ],
)
def test_a_filter_that_makes_no_sense_filters_nothing(sign_in, failed, query):
    page = sign_in(Role.CSO).get(LIST, query)
    assert page.status_code == 200
    assert "salah@example.com" in page.content.decode()


def test_older_messages_are_a_page_away_and_keep_the_filter(sign_in, letter):
    Message.objects.bulk_create(letter(f"key-{n}", recipient=f"orang{n:02}@example.com") for n in range(60))
    client = sign_in(Role.CSO)
    seen = []
    query = "?status=antre&nomor=mtu-2026-000001"
    while query:
        page = client.get(LIST + query)
        seen += [message.recipient for message in page.context["page"]]
        query = f"?{page.context['older']}" if page.context["older"] else ""
        assert "status=antre" in query or not query
    assert seen == [f"orang{n:02}@example.com" for n in reversed(range(60))]


def test_the_list_costs_the_same_for_one_message_and_for_a_full_page(
    sign_in, letter, django_assert_num_queries
):
    client = sign_in(Role.CSO)
    Message.objects.bulk_create([letter("first")])
    with django_assert_num_queries(5):  # session, who, appointments, messages, bell
        client.get(LIST)
    Message.objects.bulk_create(letter(f"key-{n}") for n in range(30))
    with django_assert_num_queries(5):
        client.get(LIST)


def test_the_page_shows_typed_text_as_text_and_no_private_key(sign_in, queued):
    message = queued(
        context={"number": "<script>", "text": "<b>x</b> https://desk.example/lacak/Zm9vYmFyYmF6cXV4MTIzNA/"},
        recipient_name="<img src=x>",
    )
    page = sign_in(Role.CSO).get(f"{LIST}{message.pk}/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<img src=x>" not in page
    assert "Zm9vYmFyYmF6cXV4MTIzNA" not in page


def test_moments_are_told_on_the_wall_of_the_office(sign_in, queued):
    message = queued()
    page = sign_in(Role.CSO).get(f"{LIST}{message.pk}/").content.decode()
    assert "Senin, 23 November 2026 pukul 09.00 WITA" in page


def test_a_message_that_fails_again_can_be_sent_again(sign_in, queued, now):
    client = sign_in(Role.CSO)
    message = queued(recipient="bukan alamat")
    for attempt in range(1, 4):
        deliver_due(now + timedelta(hours=attempt))
        page = client.get(f"{LIST}{message.pk}/").content.decode()
        number = re.search(r'name="page" value="([^"]+)"', page)[1]
        client.post(f"{LIST}{message.pk}/kirim-ulang/", {"page": number})
        message.refresh_from_db()
        assert message.status == MessageStatus.QUEUED
        Message.objects.update(next_attempt_at=now)
