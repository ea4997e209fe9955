"""Everything asked with one contact, behind a link that only the contact is sent."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import my_consultations as rules
from consultations.enums import ContactChannel
from consultations.lifecycle import Contact
from consultations.link_requests import answer_requests
from consultations.models import Consultation
from consultations.tokens import token_of
from consultations.views import my_consultations
from notifications.enums import MessageChannel
from notifications.links import with_keys
from notifications.models import Message
from notifications.outbox import deliver_due
from tests.factories import ConsultationFactory, OfficeFactory, StakeholderFactory

URL = "/lacak/"
EMAIL, PHONE = "siti@contoh.id", "+6281234567890"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def asked(office):
    """`asked(office=...)` is a consultation of Siti's, at any office."""

    def make(office=office, email="Siti@contoh.id", phone=PHONE, **traits):
        person = StakeholderFactory(office=office, email=email, phone=phone)
        return ConsultationFactory(office=office, stakeholder=person, **traits)

    return make


@pytest.fixture
def opened_list(client):
    """The page that the key to a consultation's contact opens."""

    def get(consultation, now, contact=EMAIL, **query):
        token = rules.list_token(consultation, contact, now)
        return client.get(reverse("my_consultations", args=[token]), query)

    return get


def links():
    """What was sent once a worker has looked up what was asked."""
    answer_requests()
    return Message.objects.filter(kind="my_consultations")


def path_in(message):
    return re.search(r"http://[^/\s]+(/lacak/saya/\S+/)", with_keys(message, timezone.now()).body)[1]


@pytest.mark.parametrize("typed", ["Siti@contoh.id", " siti@CONTOH.id "])
def test_the_link_goes_to_the_address_itself_and_opens_the_list(client, asked, typed):
    consultation = asked()
    client.post(URL, {"mine": typed})

    message = links().get()
    assert (message.channel, message.recipient) == (MessageChannel.EMAIL, EMAIL)
    assert message.reference == ""
    assert consultation.number in client.get(path_in(message)).content.decode()


def test_a_number_gets_its_link_by_whatsapp(client, office, asked):
    office.sends_whatsapp, office.whatsapp_phone_number_id = True, "106540352242922"
    office.save()
    asked(contact=Contact("Siti", PHONE, "lain@contoh.id", ContactChannel.WHATSAPP))
    client.post(URL, {"mine": "0812-3456-7890"})

    message = links().get()
    assert (message.channel, message.recipient) == (MessageChannel.WHATSAPP, PHONE)


def test_a_number_never_sends_the_link_to_an_address_that_somebody_wrote_beside_it(client, asked):
    asked(email="penipu@contoh.id")
    client.post(URL, {"mine": PHONE})

    assert not links().exists()


def test_an_office_that_sends_no_mail_leaves_the_letter_to_one_that_does(client, office, asked):
    asked()
    silent = OfficeFactory(sends_email=False)
    asked(office=silent)
    client.post(URL, {"mine": EMAIL})

    assert links().get().office == office


def test_whoever_asks_learns_nothing(client, asked):
    asked()
    answers = set()
    for contact in (EMAIL, "lain@contoh.id", "081999999999"):
        response = client.post(URL, {"mine": contact})
        page = client.get(response.url)
        answers.add((response.status_code, response.url, str(*page.context["messages"])))

    assert len(answers) == 1
    assert links().count() == 1


def test_nobodys_mailbox_is_flooded(client, asked):
    asked()
    for _ in range(rules.LINKS_PER_HOUR + 2):
        client.post(URL, {"mine": EMAIL})

    assert links().count() == rules.LINKS_PER_HOUR == 3


def test_asking_without_end_is_stopped(client, db, monkeypatch):
    monkeypatch.setattr("consultations.views.tracking.SEARCHES_PER_ADDRESS", 1)
    statuses = [client.post(URL, {"mine": f"siti{n}@contoh.id"}).status_code for n in range(2)]

    assert statuses == [302, 429]


@pytest.mark.parametrize("contact", ["", "siti", "siti@", "12", "a\0@contoh.id", "<b>@contoh.id", "👩‍👧"])
def test_what_can_be_no_contact_is_refused_at_its_field(client, db, contact):
    response = client.post(URL, {"mine": contact})

    assert response.status_code == 422
    assert list(response.context["list_form"].errors) == ["mine"]


def test_the_letter_gets_its_key_as_it_leaves_and_keeps_none(client, asked, now, mailoutbox):
    """Half an hour begins when the letter leaves, however long it had to wait."""
    asked()
    client.post(URL, {"mine": EMAIL})
    assert "/lacak/saya/…/" in links().get().body
    later = now + timedelta(days=1)
    deliver_due(later)
    (mail,) = [each for each in mailoutbox if "/lacak/saya/" in each.body]
    token = re.search(r"/lacak/saya/(\S+)/", mail.body)[1]

    assert rules.contact_behind(token, later + timedelta(minutes=29)) == EMAIL
    assert token not in links().get().body


def test_the_address_names_no_contact(asked, now):
    consultation = asked()
    token = rules.list_token(consultation, EMAIL, now)

    assert "siti" not in rules._signer().unsign(token)  # noqa: SLF001 (what is written there in clear)
    assert rules._signer().unsign_object(token)[1] != EMAIL  # noqa: SLF001


def test_the_list_holds_every_office_and_nobody_elses(opened_list, asked, now):
    mine = [asked(), asked(office=OfficeFactory(), closed=True), asked(phone="")]
    other = asked(email="lain@contoh.id", phone="+6281999999999")
    text = opened_list(mine[0], now).content.decode()

    for consultation in mine:
        assert consultation.number in text
        assert consultation.office.name in text
        assert f'href="/lacak/{token_of(consultation)}/"' in text
    assert other.number not in text


def test_a_numbers_list_holds_what_was_asked_with_the_number(opened_list, asked, now):
    by_both, by_number, by_mail = asked(), asked(email=""), asked(phone="")
    response = opened_list(by_both, now, contact=PHONE)

    shown = {line.number for line in response.context["lines"]}
    assert shown == {by_both.number, by_number.number}
    assert by_mail.number not in shown


def test_each_line_says_when_it_is_due_or_how_it_ended(opened_list, asked, at, time_machine):
    time_machine.move_to(at(20, 11))
    consultation = asked(now=at(20, 10))
    asked(now=at(20, 10), resolved=True)
    asked(now=at(16, 10))
    labels = {line.due.label for line in opened_list(consultation, at(20, 11)).context["lines"]}

    assert labels == {"25 November 2026 pukul 17.00", "Dijawab 20 November 2026", "Terlambat 1 hari kerja"}


def test_the_link_serves_for_half_an_hour_and_as_often_as_wanted(client, asked, at, time_machine):
    consultation = asked(now=at(20, 10))
    url = reverse("my_consultations", args=[rules.list_token(consultation, EMAIL, at(20, 10))])
    time_machine.move_to(at(20, 10, 29))
    assert [client.get(url).status_code for _ in range(2)] == [200, 200]

    time_machine.move_to(at(20, 10, 30))
    response = client.get(url)
    assert response.url == URL
    assert "sudah tidak berlaku" in client.get(URL).content.decode()


def test_a_corrected_contact_voids_the_link(opened_list, asked, now):
    consultation = asked()
    Consultation.objects.filter(pk=consultation.pk).update(contact_email="benar@contoh.id")

    assert opened_list(consultation, now).status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "A" * 140, "a.b", "a" * 3_000, "%00", "👩‍👧", "' OR 1=1 --", "%ed%a0%80"]
)
def test_a_link_we_never_sent_is_not_found_and_reads_nothing(client, db, token, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(f"/lacak/saya/{token}/").status_code == 404


def test_a_changed_link_is_not_found(client, asked, now):
    token = rules.list_token(asked(), EMAIL, now)
    for changed in (f"{token}A", f"A{token}", token.swapcase()):
        assert client.get(reverse("my_consultations", args=[changed])).status_code == 404


def test_the_page_is_kept_from_caches_search_engines_and_other_sites(opened_list, asked, now):
    headers = opened_list(asked(), now).headers

    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_long_list_is_read_page_by_page(opened_list, asked, now, monkeypatch):
    monkeypatch.setattr(my_consultations, "PAGE_SIZE", 2)
    numbers = [asked().number for _ in range(5)]
    consultation = Consultation.objects.latest("pk")
    seen, place = [], {}
    while place is not None:
        context = opened_list(consultation, now, **place).context
        seen += [line.number for line in context["lines"]]
        place = {"sebelum": context["older"]} if context["older"] else None

    assert seen == numbers[::-1]


@pytest.mark.parametrize("place", ["", "x", "-1", "9" * 30, "1"])
def test_a_place_that_makes_no_sense_is_answered_calmly(opened_list, asked, now, place):
    assert opened_list(asked(), now, sebelum=place).status_code == 200


@pytest.mark.parametrize("length", [1, 6])
def test_the_list_costs_the_same_whatever_its_length(
    opened_list, asked, now, length, django_assert_num_queries
):
    for n in range(length):
        consultation = asked(office=OfficeFactory(), closed=n % 2 == 0)
    with django_assert_num_queries(4):
        opened_list(consultation, now)
