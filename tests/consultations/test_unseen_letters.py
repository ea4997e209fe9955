"""Until an officer has taken a question, its letters hold nothing that was typed: the address may be anybody's."""

from uuid import uuid4

import pytest
from django.utils import timezone

from consultations import actors, lifecycle
from consultations.enums import Source
from consultations.link_requests import answer_requests
from notifications.models import Message, MessageText
from notifications.outbox import deliver_due
from tests.factories import ConsultationFactory, SlotBookingFactory, StakeholderFactory

pytestmark = pytest.mark.django_db
TYPED = "Selamat Anda Menang"


@pytest.fixture
def typed(office):
    """Somebody's address, beside which another typed a name and a question."""
    return StakeholderFactory(office=office, name=TYPED, email="korban@contoh.id")


@pytest.fixture
def asked(office, typed):
    """`asked(question=...)` came through the public form, whose page has a number of its own."""
    return lambda **said: ConsultationFactory(office=office, stakeholder=typed, submission_id=uuid4(), **said)


def letters():
    return Message.objects.filter(recipient="korban@contoh.id").order_by("pk")


def test_the_first_letter_to_an_address_names_nobody_and_quotes_nothing(asked, mailoutbox):
    asked(question=f"{TYPED} di jahat.com")
    (letter,) = letters()
    assert letter.recipient_name == ""
    assert letter.body.startswith("Yth. Bapak/Ibu,\n")
    deliver_due(timezone.now())
    (mail,) = mailoutbox
    assert mail.to == ["korban@contoh.id"]
    whole = mail.message().as_string() + mail.body
    assert TYPED not in whole
    assert "jahat.com" not in whole


def test_so_it_is_in_an_offices_own_words(office, asked):
    MessageText.objects.create(
        office=office, kind="received", subject="{perihal}", body="Halo {nama}: {perihal} {tautan} {janji}"
    )
    asked(question=TYPED)
    (letter,) = letters()
    assert letter.subject == "Retur SP2D"
    assert letter.body.startswith("Halo: Retur SP2D http")


def test_the_letters_that_bring_a_lost_link_are_no_way_around_it(client, typed, asked):
    consultation = asked(question=TYPED)
    client.post("/lacak/", {"number": consultation.number, "contact": typed.email})
    client.post("/lacak/", {"mine": typed.email})
    answer_requests()
    assert [letter.kind for letter in letters()] == ["received", "tracking_link", "my_consultations"]
    assert not any(TYPED in letter.body + letter.subject + letter.recipient_name for letter in letters())


def test_once_an_officer_has_taken_it_the_person_is_named(asked, officer):
    consultation = asked()
    taken = lifecycle.take(consultation, by=officer, now=timezone.now())
    lifecycle.reply(taken, "Sedang kami periksa.", by=officer, now=timezone.now())
    reply = letters().last()
    assert (reply.recipient_name, reply.body.splitlines()[0]) == (TYPED, f"Yth. Bapak/Ibu {TYPED},")


def test_what_an_officer_took_down_names_the_person_at_once(office, typed, cso):
    ConsultationFactory(office=office, stakeholder=typed, source=Source.PHONE, by=actors.officer(cso))
    assert TYPED in letters().get().body


def test_letters_about_a_booking_never_hold_the_name(office):
    SlotBookingFactory(office=office, name=TYPED, email="korban@contoh.id")
    (letter,) = letters()
    assert TYPED not in letter.body + letter.recipient_name
