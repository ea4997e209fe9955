"""The way back to a consultation whose link was lost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import lifecycle
from consultations import tracking as rules
from consultations.enums import ContactChannel
from consultations.link_requests import answer_requests
from consultations.my_consultations import list_token
from consultations.tokens import new_token
from consultations.views import tracking
from notifications.enums import MessageChannel
from notifications.links import with_keys
from notifications.models import Message
from tests.factories import HeldSubmissionFactory, StakeholderFactory

URL = "/lacak/"


@pytest.fixture
def asked(office, opened):
    """A consultation asked with an e-mail address and a telephone number, and the token that opens it."""
    person = StakeholderFactory(office=office, email="Siti@contoh.id", phone="+6281234567890")
    return opened(stakeholder=person)


def links():
    """What was sent once a worker has looked up what was asked."""
    answer_requests()
    return Message.objects.filter(kind="tracking_link")


@pytest.mark.parametrize("contact", ["Siti@contoh.id", "siti@CONTOH.id", "081234567890", "+62 812-3456-7890"])
def test_the_link_is_mailed_to_the_address_given_with_the_question(client, asked, contact):
    consultation, token = asked
    client.post(URL, {"number": f" {consultation.number.lower()} ", "contact": contact})

    message = links().get()
    assert (message.recipient, message.reference) == ("Siti@contoh.id", consultation.number)
    assert f"/lacak/{token}/" in with_keys(message, timezone.now()).body


def test_a_stranger_is_answered_the_same_and_nothing_is_sent(client, asked):
    consultation, _ = asked
    answers = set()
    for number, contact in (
        (consultation.number, "siti@contoh.id"),
        (consultation.number, "lain@contoh.id"),
        (consultation.number, "081999999999"),
        ("ZZZ-2026-000001", "siti@contoh.id"),
    ):
        response = client.post(URL, {"number": number, "contact": contact})
        page = client.get(response.url)
        answers.add((response.status_code, response.url, str(*page.context["messages"])))

    assert len(answers) == 1
    assert links().count() == 1


def test_who_chose_whatsapp_gets_the_link_there(client, office, opened):
    office.sends_whatsapp, office.whatsapp_phone_number_id = True, "106540352242922"
    office.save()
    contact = lifecycle.Contact("Siti", "+6281234567890", "siti@contoh.id", ContactChannel.WHATSAPP)
    consultation, token = opened(contact=contact)
    client.post(URL, {"number": consultation.number, "contact": "siti@contoh.id"})

    message = links().get()
    assert (message.channel, message.recipient) == (MessageChannel.WHATSAPP, "+6281234567890")
    assert f"/lacak/{token}/" in with_keys(message, timezone.now()).body


def test_a_question_asked_with_a_telephone_number_alone_sends_nothing(client, office, opened):
    consultation, _ = opened(stakeholder=StakeholderFactory(office=office, email=""))
    client.post(URL, {"number": consultation.number, "contact": consultation.contact_phone})

    assert not links().exists()


def test_nobodys_mailbox_is_flooded_with_links(client, asked, monkeypatch):
    monkeypatch.setattr(rules, "LINKS_PER_HOUR", 2)
    for _ in range(4):
        client.post(URL, {"number": asked[0].number, "contact": "siti@contoh.id"})

    assert links().count() == 2


def test_searching_without_end_is_stopped(client, asked, monkeypatch):
    monkeypatch.setattr(tracking, "SEARCHES_PER_ADDRESS", 1)
    statuses = [client.post(URL, {"link": "x"}).status_code for _ in range(2)]

    assert statuses == [422, 429]


@pytest.mark.parametrize(
    "pasted",
    ["{token}", " {token} ", "https://layanan.contoh.go.id/lacak/{token}/", "/lacak/{token}/tanda-terima/"],
)
def test_a_pasted_link_or_its_token_opens_the_consultation(client, asked, pasted):
    _, token = asked

    assert client.post(URL, {"link": pasted.format(token=token)}).url == reverse("track", args=[token])


@pytest.mark.parametrize(
    "pasted", ["{path}", " https://layanan.contoh.go.id{path} ", "https://lain.contoh{path}?sebelum=3"]
)
def test_a_pasted_link_to_a_held_sending_opens_its_page(client, office, pasted):
    path = reverse("held_receipt", args=[new_token(HeldSubmissionFactory(office=office).public_id)])
    response = client.post(URL, {"link": pasted.format(path=path)})

    assert response.url == path
    assert client.get(path).status_code == 200


def test_a_pasted_link_to_all_consultations_opens_them(client, asked):
    consultation, _ = asked
    path = reverse("my_consultations", args=[list_token(consultation, "siti@contoh.id", timezone.now())])
    response = client.post(URL, {"link": f"https://layanan.contoh.go.id{path}"})

    assert response.url == path
    assert consultation.number in client.get(path).content.decode()


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "https://contoh.go.id/lacak/saya/",
        "https://contoh.go.id/lacak/saya/../",
        "https://contoh.go.id/lacak/tertahan/singkat/",
        "/lacak/tertahan//jahat.contoh/" + "A" * 22,
        "A" * 22,
        "https://jahat.contoh/lacak/" + "A" * 22,
        "https://contoh.go.id",
        "a\0b",
        "👩‍👧",
        "a" * 1024 * 1024,
        "<script>alert(1)</script>",
    ],
)
def test_a_link_that_opens_nothing_is_refused_at_its_field(client, asked, pasted):
    response = client.post(URL, {"link": pasted})

    assert response.status_code == 422
    assert list(response.context["link_form"].errors) == ["link"]


@pytest.mark.parametrize("number", ["", "MTR", "MTR-2026-1", "'; --", "a\0b", "9" * 500, "👩‍👧", "<b>"])
@pytest.mark.parametrize(
    "contact", ["", "siti", "siti@", "12", "a\0@contoh.id", "<b>@contoh.id", "a" * 1024 * 1024]
)
def test_what_can_be_no_number_or_contact_is_refused_at_its_field(client, db, number, contact):
    response = client.post(URL, {"number": number, "contact": contact})

    assert response.status_code == 422
    assert set(response.context["find_form"].errors) == {"number", "contact"}


def test_the_page_can_be_read(client, db):
    assert client.get(URL).status_code == 200
