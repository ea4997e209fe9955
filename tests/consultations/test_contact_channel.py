"""How news reaches a stakeholder: e-mail, WhatsApp, or an officer's call until it is recorded."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from consultations import actors, lifecycle
from consultations.enums import ContactChannel, ProgressChannel, Source
from consultations.errors import RuleError
from consultations.models import Consultation
from consultations.reach import settle_channel
from notifications.enums import MessageChannel
from notifications.models import Message
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, StaffFactory

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MOBILE, LANDLINE, EMAIL = "+6281234567890", "+62370633744", "siti@contoh.id"


@pytest.fixture
def office(db):
    return OfficeFactory(sends_whatsapp=True, whatsapp_phone_number_id="106540352242922")


@pytest.fixture
def officer(office):
    return actors.officer(StaffFactory(office=office, role=Role.CSO))


def asked(office, phone="", email="", channel="", **steps):
    contact = lifecycle.Contact("Siti", phone, email, channel)
    return ConsultationFactory(office=office, contact=contact, now=NOW, **steps)


def to_stakeholder(consultation):
    letters = Message.objects.filter(reference=consultation.number, dedupe_key__endswith=":stakeholder")
    return [(letter.kind, letter.channel, letter.recipient) for letter in letters.order_by("pk")]


@pytest.mark.parametrize(
    ("phone", "email", "wanted", "settled"),
    [
        (MOBILE, EMAIL, "", ContactChannel.EMAIL),
        (MOBILE, EMAIL, ContactChannel.WHATSAPP, ContactChannel.WHATSAPP),
        (MOBILE, "", "", ContactChannel.WHATSAPP),
        (MOBILE, "", ContactChannel.EMAIL, ContactChannel.WHATSAPP),
        (LANDLINE, "", ContactChannel.WHATSAPP, ContactChannel.PHONE),
        (LANDLINE, EMAIL, ContactChannel.WHATSAPP, ContactChannel.EMAIL),
        ("", "", "", ContactChannel.PHONE),
    ],
)
def test_news_takes_the_channel_that_was_chosen_and_has_an_address(office, phone, email, wanted, settled):
    assert settle_channel(office, phone=phone, email=email, wanted=wanted) == settled


def test_where_the_office_has_no_whatsapp_a_mobile_number_alone_means_a_call(db):
    assert settle_channel(OfficeFactory(empty=True), phone=MOBILE, email="") == ContactChannel.PHONE


def test_who_chose_whatsapp_is_written_to_there_and_progress_says_so(office, officer):
    consultation = asked(office, MOBILE, EMAIL, ContactChannel.WHATSAPP, officer=officer.staff)
    lifecycle.post_progress(consultation, "Masih kami telaah.", by=officer, now=NOW)
    assert to_stakeholder(consultation) == [
        ("received", MessageChannel.WHATSAPP, MOBILE),
        ("progress", MessageChannel.WHATSAPP, MOBILE),
    ]
    assert consultation.progress_updates.get().channel == ProgressChannel.WHATSAPP


def test_who_has_only_a_landline_is_to_be_called_until_the_call_is_recorded(office, officer):
    consultation = asked(office, LANDLINE, officer=officer.staff)
    assert to_stakeholder(consultation) == []
    assert list(Consultation.objects.to_call()) == [consultation]
    lifecycle.record_call(consultation, by=officer, now=NOW)
    assert not Consultation.objects.to_call().exists()
    assert consultation.progress_updates.get().channel == ProgressChannel.PHONE


def test_a_progress_told_by_word_of_mouth_is_the_call(office, officer):
    consultation = asked(office, LANDLINE, officer=officer.staff)
    lifecycle.post_progress(
        consultation, "Sedang ditelaah.", by=officer, now=NOW, told_through=ProgressChannel.PHONE
    )
    assert not Consultation.objects.to_call().exists()


def test_a_progress_is_not_sent_to_whom_no_message_reaches(office, officer):
    consultation = asked(office, LANDLINE, officer=officer.staff)
    with pytest.raises(RuleError, match="tidak dapat dikirimi pesan"):
        lifecycle.post_progress(consultation, "Sedang ditelaah.", by=officer, now=NOW)


def test_an_answer_that_no_message_brings_is_owed_a_call_even_after_the_end(office, officer):
    consultation = asked(office, LANDLINE, officer=officer.staff)
    lifecycle.record_call(consultation, by=officer, now=NOW)
    lifecycle.resolve(consultation, "Silakan ajukan ulang.", by=officer, now=NOW)
    lifecycle.close(consultation, by=actors.STAKEHOLDER, now=NOW)
    assert Consultation.objects.to_call().get() == consultation
    lifecycle.record_call(consultation, "Jawaban dibacakan.", by=officer, now=NOW)
    assert not Consultation.objects.to_call().exists()


def test_who_was_answered_on_the_spot_needs_no_call(office, officer):
    stakeholder = asked(office, MOBILE, EMAIL).stakeholder
    intake = lifecycle.Intake(
        source=Source.COUNTER,
        category=office.categories.get(code="RETUR"),
        stakeholder=stakeholder,
        contact=lifecycle.Contact("Siti", LANDLINE),
        question="Mengapa SP2D diretur?",
        received_at=NOW,
    )
    lifecycle.receive_at_desk(
        office, intake, by=officer, now=NOW, resolution=lifecycle.Resolution("Rekening tidak aktif.")
    )
    assert not Consultation.objects.to_call().exists()


def test_an_office_that_gives_up_whatsapp_calls_whom_it_wrote_to(office, officer):
    consultation = asked(office, MOBILE, officer=officer.staff)
    office.sends_whatsapp = False
    office.save()
    lifecycle.reply(consultation, "Mohon menunggu.", by=officer, now=NOW)
    assert [kind for kind, *_ in to_stakeholder(consultation)] == ["received"]
    assert Consultation.objects.to_call().exists()


def test_whom_an_office_without_mail_knows_by_mail_alone_is_left_to_an_officer(office, officer):
    consultation = asked(office, email=EMAIL, taken=True)
    office.sends_email = False
    office.save()
    lifecycle.resolve(consultation, "Rekening tidak aktif.", by=officer, now=NOW)
    consultation.refresh_from_db()
    assert consultation.to_call_since == NOW


def test_a_new_contact_brings_its_own_channel(office, officer):
    consultation = asked(office, LANDLINE, officer=officer.staff)
    changed = lifecycle.record_contact(
        consultation, lifecycle.Contact("Siti", LANDLINE, EMAIL), by=officer, now=NOW
    )
    assert changed.contact_channel == ContactChannel.EMAIL


@pytest.mark.parametrize("channel", [ContactChannel.EMAIL, ContactChannel.WHATSAPP, "burung"])
def test_the_database_knows_no_channel_without_its_address(office, channel):
    consultation = asked(office, LANDLINE)
    changes = {"contact_channel": channel, "contact_phone": "", "contact_email": ""}
    with (
        pytest.raises(IntegrityError, match="consultation_contact_channel_has_address"),
        transaction.atomic(),
    ):
        Consultation.objects.filter(pk=consultation.pk).update(
            **changes, source="loket", channel="tatap_muka"
        )


def test_whatsapp_needs_the_offices_sender(db):
    with pytest.raises(IntegrityError, match="office_whatsapp_has_its_sender"), transaction.atomic():
        OfficeFactory(empty=True, sends_whatsapp=True)
