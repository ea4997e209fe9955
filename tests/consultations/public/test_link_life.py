"""A link to a consultation holds until it is exchanged, and lets its holder write for half a year after the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consultations import lifecycle
from consultations.enums import Act, Source
from consultations.errors import RuleError
from consultations.held import accept
from consultations.models import Consultation
from consultations.tokens import new_token, token_of
from consultations.writing_end import WRITES_FOR
from notifications.links import with_keys
from notifications.models import Message
from surveys.services import rate
from tests.factories import HeldSubmissionFactory

NEUTRAL = "Minta tautan yang berlaku"
PAGES = ("track", "public_receipt", "track_print", "track_topic")
NEW = lifecycle.Contact("Siti", "+6281234567890", "baru@contoh.id")


def pages(client, token):
    return [client.get(reverse(page, args=[token])) for page in PAGES]


def links():
    return Message.objects.filter(kind="tracking_link")


def correct(consultation, officer, contact=NEW):
    return lifecycle.record_contact(consultation, contact, by=officer, now=timezone.now())


def test_after_the_contact_was_corrected_the_old_link_shows_nothing_new(client, opened, officer):
    consultation, old = opened(officer=officer.staff)
    corrected = correct(consultation, officer)
    lifecycle.reply(corrected, "Balasan yang hanya untuk kontak baru.", by=officer, now=timezone.now())

    for response in pages(client, old):
        assert response.status_code == 404
        assert NEUTRAL in response.text
        assert consultation.number not in response.text
        assert "hanya untuk kontak baru" not in response.text
    new = token_of(Consultation.objects.get(pk=consultation.pk))
    assert "hanya untuk kontak baru" in client.get(reverse("track", args=[new])).text


def test_the_new_contact_is_sent_the_new_link(opened, officer):
    consultation, _ = opened()
    corrected = correct(consultation, officer)
    letter = links().get()
    assert letter.recipient == "baru@contoh.id"
    assert token_of(corrected) in with_keys(letter, timezone.now()).body


def test_a_link_that_never_was_and_one_that_was_exchanged_are_answered_the_same(client, opened, officer):
    consultation, old = opened()
    correct(consultation, officer)
    never = "A" * len(old)
    assert {page.status_code for token in (old, never) for page in pages(client, token)} == {404}
    for old_page, never_page in zip(pages(client, old), pages(client, never), strict=True):
        assert without_csrf(old_page.text) == without_csrf(never_page.text)


def without_csrf(text):
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize(
    ("contact", "holds"),
    [
        (lifecycle.Contact("Nama lain", "+6281234567890", "Siti@contoh.id"), True),
        (lifecycle.Contact("Siti", "+6281234567890"), False),
        (lifecycle.Contact("Siti", "+6281299999999", "siti@contoh.id"), False),
        (lifecycle.Contact("Siti", "", "siti@contoh.id"), False),
    ],
)
def test_a_link_is_exchanged_when_an_address_it_may_have_gone_to_is_replaced(opened, officer, contact, holds):
    known = lifecycle.Contact("Siti", "+6281234567890", "siti@contoh.id")
    consultation, old = opened(contact=known)
    assert (token_of(correct(consultation, officer, contact)) == old) is holds


def test_an_address_that_is_added_leaves_the_link_as_it_is(opened, officer):
    consultation, old = opened(contact=lifecycle.Contact("Siti", "+6281234567890"))
    both = lifecycle.Contact("Siti", "+6281234567890", "siti@contoh.id")
    assert token_of(correct(consultation, officer, both)) == old


def test_who_reports_a_link_ends_it_and_the_contact_and_the_desk_are_told(client, opened, officer):
    consultation, old = opened(officer=officer.staff)
    response = client.post(reverse("track_report", args=[old]), follow=True)
    assert (
        "Tautan tadi tidak berlaku lagi. Tautan yang baru kami kirim ke kontak yang tercatat" in response.text
    )
    assert client.get(reverse("track", args=[old])).status_code == 404
    assert consultation.contact_email not in response.text  # whoever reports it may be anybody
    assert links().get().recipient == consultation.contact_email
    assert Message.objects.filter(kind="link_reported", recipient=officer.staff.email).count() == 1
    assert consultation.entries.filter(act=Act.RENEW_LINK).count() == 1
    assert client.post(reverse("track_report", args=[old])).status_code == 404


def test_an_officer_exchanges_a_link_with_a_reason_the_stakeholder_reads(client, opened, officer):
    consultation, old = opened()
    client.force_login(officer.staff)
    address = f"/meja/konsultasi/{consultation.number}/ganti-tautan/"
    response = client.post(address, {"reason": "Terkirim ke rekan kantor."}, follow=True)
    new = token_of(Consultation.objects.get(pk=consultation.pk))
    assert "Tautan lama tidak berlaku lagi." in response.text
    assert new not in response.text
    assert new != old
    assert "Terkirim ke rekan kantor." in client.get(reverse("track", args=[new])).text


def test_what_was_opened_with_the_old_link_is_not_written_with_it(opened, officer):
    """Between opening the page and the lock the link was exchanged."""
    consultation, _ = opened()
    correct(consultation, officer)
    with pytest.raises(RuleError, match="baru saja diganti"):
        lifecycle.message(consultation, "Halo", now=timezone.now())


def test_an_exchanged_link_stays_as_it_is_when_the_secret_key_rotates(opened, officer, settings):
    consultation, _ = opened()
    new = token_of(correct(consultation, officer))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, [settings.SECRET_KEY]
    assert token_of(Consultation.objects.get(pk=consultation.pk)) == new


def test_the_senders_own_pages_do_not_lead_to_an_exchanged_link(client, office, officer, form_url, answers):
    """Neither the page of what was held nor the form sent once more: whoever sent it may not be the contact."""
    held = HeldSubmissionFactory(office=office)
    taken = accept(held, by=officer.staff, now=timezone.now())
    first = client.post(form_url, answers)
    asked = Consultation.objects.get(source=Source.FORM, contact_name=answers["name"], held_submission=None)
    assert token_of(asked) in first.url
    for each in (taken, asked):
        new = token_of(correct(each, officer))
        assert new not in client.get(reverse("held_receipt", args=[new_token(held.public_id)])).text
        assert client.post(form_url, answers).url in (reverse("track_find"), first.url)
    assert client.post(form_url, answers).url == reverse("track_find")


def test_the_number_of_a_form_at_the_desk_brings_nobody_its_link(client, office, form_url, answers, opened):
    client.post(form_url, answers)
    Consultation.objects.update(source=Source.PHONE)
    assert client.post(form_url, answers).url == reverse("track_find")


class TestHalfAYearAfterTheEnd:
    @pytest.fixture
    def closed(self, opened):
        return opened(closed=True, now=timezone.now() - WRITES_FOR - timedelta(minutes=1))

    def test_the_page_is_read_and_offers_nothing_to_write(self, client, closed):
        consultation, token = closed
        text = client.get(reverse("track", args=[token])).text
        assert "hanya dapat dibaca" in text
        assert "Rekening penerima tidak aktif." in text
        assert all(reverse(name, args=[token]) not in text for name in ("track_further", "track_topic"))
        assert consultation.number in client.get(reverse("track_print", args=[token])).text

    def test_nothing_that_is_sent_is_taken(self, client, closed, answers):
        consultation, token = closed
        said = {"page": answers["page"], "text": "Masih ada?"}
        for name in ("track_reply", "track_reopen", "track_further"):
            response = client.post(reverse(name, args=[token]), said)
            assert response.status_code == 422, name
            assert "Masih ada?" in response.text
        topic = {"page": answers["page"], "category": "RETUR", "question": "Lagi?"}
        assert (
            client.post(reverse("track_topic", args=[token]), topic).url
            == f"/{consultation.office.slug}/konsultasi/"
        )
        with pytest.raises(RuleError, match="hanya dapat dibaca"):
            rate(consultation, 4, "", now=timezone.now())
        with pytest.raises(RuleError, match="hanya dapat dibaca"):
            lifecycle.ask_another(consultation, "Lagi?", consultation.category, now=timezone.now())
        assert Consultation.objects.count() == 1

    def test_the_link_can_still_be_reported(self, client, closed):
        _, token = closed
        client.post(reverse("track_report", args=[token]))
        assert client.get(reverse("track", args=[token])).status_code == 404

    def test_until_then_a_further_question_is_taken(self, client, opened, answers):
        _, token = opened(closed=True, now=timezone.now() - WRITES_FOR + timedelta(hours=1))
        said = {"page": answers["page"], "text": "Masih ada?"}
        assert client.post(reverse("track_further", args=[token]), said).status_code == 302
        assert Consultation.objects.count() == 2
