"""No stored letter holds a key that opens somebody's page: it is added as the letter leaves, for its recipient alone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.utils import timezone

from consultations import actors, lifecycle
from consultations.invitations import survey_url
from consultations.tokens import token_of, tracking_url
from frontdesk.tokens import token_of as token_of_visit
from notifications.enums import MessageStatus
from notifications.links import with_keys, without_private_links
from notifications.models import Message
from notifications.outbox import deliver_due
from offices.enums import Role
from tests.factories import ConsultationFactory, OfficeFactory, SlotBookingFactory, StaffFactory

pytestmark = pytest.mark.django_db
MIGRATION = import_module("frontdesk.migrations.0004_letters_without_keys")
KEY = "Zm9vYmFyYmF6cXV4MTIzNA"


@pytest.fixture
def office():
    return OfficeFactory()


def mails_to(address):
    return [each.body for each in mail.outbox if each.to[0].endswith(f"<{address}>")]


def test_no_letter_of_a_consultations_life_is_stored_with_a_key_and_each_leaves_with_it(office):
    consultation = ConsultationFactory(office=office, closed=True, awaiting_documents=True)
    letters = Message.objects.filter(recipient=consultation.contact_email)
    keys = token_of(consultation), survey_url(consultation).split("/")[-2]
    assert not any(key in letter.body for letter in letters for key in keys)
    deliver_due(timezone.now())
    bodies = mails_to(consultation.contact_email)
    assert len(bodies) == letters.count() > 2
    assert all(tracking_url(consultation) in body for body in bodies)
    assert not any(key in letter.body for letter in letters.all() for key in keys)


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "HTTP_X_SCRIPT_NAME", "HTTP_X_FORWARDED_PREFIX"])
def test_no_header_of_a_client_changes_the_links_of_a_letter(client, office, settings, header):
    consultation = ConsultationFactory(office=office, now=timezone.now())
    Message.objects.all().delete()
    headers = {header: "/jahat", "HTTP_X_FORWARDED_HOST": "jahat.example"}
    page = client.get(f"/{office.slug}/", **headers)
    assert "/jahat" not in page.text
    assert "jahat.example" not in page.text
    client.post(f"/lacak/{token_of(consultation)}/topik/", {}, **headers)
    client.post(f"/lacak/{token_of(consultation)}/balas/", {}, **headers)
    further = lifecycle.ask_another(consultation, "Bagaimana?", consultation.category, now=timezone.now())
    assert str(Message.objects.get(recipient=further.contact_email).links) == str(
        {f"{settings.SITE_URL}/lacak/…/": ["track", further.public_id.hex]}
    )


def test_a_letter_that_leaves_after_the_contact_was_corrected_gives_its_former_address_no_key(office):
    consultation = ConsultationFactory(office=office)
    officer = actors.officer(StaffFactory(office=office, role=Role.CSO))
    wrong = consultation.contact_email
    lifecycle.record_contact(
        consultation, lifecycle.Contact("Siti", email="benar@contoh.id"), by=officer, now=timezone.now()
    )
    deliver_due(timezone.now())
    (body,) = mails_to(wrong)
    consultation.refresh_from_db()
    assert token_of(consultation) not in body
    assert "/lacak/\n" in body


@pytest.mark.parametrize(
    "start",
    ["", "https://desk.example", "https://desk.example/depan", "//x/y/z", "tautan:", "http://[::1]:80/a b"],
)
@pytest.mark.parametrize(
    "page", ["lacak/", "lacak/saya/", "lacak/tertahan/", "antrean/", "antrean/pesanan/", "mataram/survei/"]
)
def test_a_key_in_a_text_is_cut_whatever_stands_before_it(start, page):
    assert without_private_links(f"Lihat {start}/{page}{KEY}/ ya") == f"Lihat {start}/{page}…/ ya"


def test_letters_stored_before_lose_their_keys_and_those_waiting_leave_with_them(office, settings):
    consultation = ConsultationFactory(office=office, closed=True)
    booking = SlotBookingFactory(office=office)
    old = f"{settings.SITE_URL}/jahat"  # a client had named another beginning
    key, survey = token_of(consultation), survey_url(consultation).split("/")[-2]
    booked = token_of_visit(booking)
    about = Message.objects.filter(reference=consultation.number, dedupe_key__endswith=":stakeholder")
    about.update(body=f"Buka {old}/lacak/{key}/\n{old}/{office.slug}/survei/{survey}/", links={})
    Message.objects.filter(kind="booking_made").update(body=f"{old}/antrean/pesanan/{booked}/", links={})
    sent = about.first()
    about.filter(pk=sent.pk).update(status=MessageStatus.SENT, sent_at=timezone.now(), next_attempt_at=None)
    with connection.schema_editor() as editor:
        MIGRATION.forget_keys(apps, editor)

    kept = " ".join(Message.objects.values_list("body", flat=True))
    assert not any(each in kept for each in (key, survey, booked))
    waiting = about.exclude(pk=sent.pk).latest("pk")
    now = timezone.now()
    assert with_keys(waiting, now).body == f"Buka {tracking_url(consultation)}\n{survey_url(consultation)}"
    assert f"/antrean/pesanan/{booked}/" in with_keys(Message.objects.get(kind="booking_made"), now).body
