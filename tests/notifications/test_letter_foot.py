"""The foot of a letter to a stakeholder: on every channel, whatever words the office has chosen."""

import pytest

from consultations import actors, lifecycle
from consultations.my_consultations import send_list_link
from consultations.sweep import sweep
from consultations.tracking import send_link
from frontdesk.letters import about
from notifications.channels.whatsapp import LONGEST_TEXT, payload
from notifications.enums import LetterKind
from notifications.foot import FREE_OF_CHARGE
from notifications.models import Message, MessageText
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, SlotBookingFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """It has worded every letter in the fewest words that can be stored."""
    office = OfficeFactory()
    MessageText.objects.bulk_create(
        MessageText(office=office, kind=kind, subject="Halo", body="Halo {nama}, {tautan}")
        for kind in LetterKind
    )
    return office


@pytest.fixture
def officer(office):
    return actors.officer(StaffFactory(office=office, role=Role.CSO))


@pytest.fixture
def consultation(office, officer, now):
    return ConsultationFactory(office=office, officer=officer.staff, now=now)


def spoken(message):
    """The letter's text as WhatsApp carries it."""
    return payload(message)["template"]["components"][0]["parameters"][2]["text"]


def foot_of(message):
    return message.body.rstrip().rpartition("\n\n")[2]


def test_no_wording_removes_number_status_due_moment_and_that_it_is_free(consultation):
    message = Message.objects.get(kind="received")
    assert message.body.startswith(f"Halo {consultation.contact_name}, http")
    assert f"Konsultasi {consultation.number}, status Baru, tenggat jawaban " in foot_of(message)
    assert "WITA. Layanan ini tidak dipungut biaya (Rp0)." in foot_of(message)
    assert spoken(message).endswith(foot_of(message))


def test_the_answer_is_always_resolved(consultation, officer, now):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=now)
    message = Message.objects.get(kind="resolved")
    assert foot_of(message) == (
        f"Konsultasi {consultation.number}, status Selesai (Resolved). {FREE_OF_CHARGE}"
    )
    assert spoken(message).endswith(foot_of(message))


def test_a_due_moment_that_has_passed_is_said_to_have_passed(office, officer, now):
    ConsultationFactory(office=office, late=True, officer=officer.staff, now=now)
    assert "(terlewati). Layanan" in foot_of(Message.objects.get(kind="received"))


def test_every_letter_of_every_way_has_it(consultation, officer, office, now):
    send_link(consultation.number, consultation.contact_email, now=now)
    send_list_link(consultation.contact_email, now=now)
    sweep(consultation.due_at)
    (booking,) = about([SlotBookingFactory(office=office, now=now)], "booking_reminder", now)
    letters = [*Message.objects.exclude(dedupe_key__contains=":staff-"), booking]
    assert {"received", "tracking_link", "my_consultations", "booking_made"} <= {
        each.kind for each in letters
    }
    assert [each.kind for each in letters if FREE_OF_CHARGE not in foot_of(each)] == []


def test_letters_to_staff_have_none(consultation, now):
    sweep(consultation.due_at)
    assert Message.objects.filter(dedupe_key__contains=":staff-").exists()
    assert not Message.objects.filter(dedupe_key__contains=":staff-", body__contains=FREE_OF_CHARGE).exists()


def test_a_long_text_is_cut_on_whatsapp_before_the_foot(office, consultation, officer, now):
    MessageText.objects.filter(office=office, kind="replied").update(body="{isi}\n\n{tautan}")
    lifecycle.reply(consultation, "kata " * 900, by=officer, now=now)
    message = Message.objects.get(kind="replied")
    assert spoken(message).endswith(f"… {foot_of(message)}")
    assert len(spoken(message)) == LONGEST_TEXT
