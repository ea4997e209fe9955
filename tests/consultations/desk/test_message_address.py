"""A message that could not be delivered gets the right address."""

import pytest
from django.core import mail
from django.utils import timezone

from consultations import actors, lifecycle
from notifications.enums import MessageStatus
from notifications.models import Message
from notifications.outbox import deliver_due
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    consultation = ConsultationFactory(office=OfficeFactory())
    message = Message.objects.get(reference=consultation.number)
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.FAILED, next_attempt_at=None, last_error="Alamat penerima ditolak: 550"
    )
    return consultation, Message.objects.get()


@pytest.fixture
def page(client, failed):
    consultation, message = failed
    client.force_login(StaffFactory(office=consultation.office, role=Role.CSO))
    return f"/meja/pesan/{message.pk}/alamat/"


def test_the_consultation_and_the_message_get_the_right_address_and_the_wrong_one_is_kept_on_record(
    client, failed, page
):
    consultation, message = failed
    assert "Perbaiki alamat" in client.get(page.removesuffix("alamat/")).content.decode()
    assert client.post(page, {"address": "benar@contoh.id"}).url == page.removesuffix("alamat/")
    consultation.refresh_from_db()
    assert consultation.contact_email == "benar@contoh.id"
    said = consultation.entries.get(act="note").text
    assert message.recipient in said
    assert "benar@contoh.id" in said
    assert deliver_due(timezone.now()) == 1
    assert "benar@contoh.id" in mail.outbox[0].to[0]
    assert Message.objects.count() == 1


def test_the_address_of_a_letter_that_ended_a_consultation_is_corrected_too(client, failed, page):
    consultation, message = failed
    officer = actors.officer(StaffFactory(office=consultation.office, role=Role.CSO))
    lifecycle.refer(consultation, "KPP Pratama Mataram", "Loket layanan", by=officer, now=timezone.now())
    referral = Message.objects.exclude(pk=message.pk).get()
    Message.objects.filter(pk=referral.pk).update(
        status=MessageStatus.FAILED, next_attempt_at=None, last_error="Alamat penerima ditolak: 550"
    )
    assert (
        client.post(f"/meja/pesan/{referral.pk}/alamat/", {"address": "benar@contoh.id"}).status_code == 302
    )
    referral.refresh_from_db()
    assert (referral.recipient, referral.status) == ("benar@contoh.id", MessageStatus.QUEUED)
    ticket = client.get(consultation.get_absolute_url()).content.decode()
    assert "Catat kontak person" not in ticket


@pytest.mark.parametrize("address", ["", "bukan alamat", "a\x00@contoh.id", "a" * 5000])
def test_an_impossible_address_is_refused_and_changes_nothing(client, failed, page, address):
    assert client.get(page).status_code == 200
    assert client.post(page, {"address": address}).status_code == 422
    assert Message.objects.get().status == MessageStatus.FAILED


def test_a_message_that_did_not_fail_has_no_address_to_correct(client, failed, page):
    Message.objects.update(status=MessageStatus.QUEUED, next_attempt_at=timezone.now(), last_error="")
    assert client.get(page).status_code == 404


def test_another_office_finds_nothing(client, failed, page):
    client.force_login(StaffFactory(role=Role.CSO))
    assert client.post(page, {"address": "benar@contoh.id"}).status_code == 404
