"""Several topics: each gets a consultation of its own, without giving one's identity again."""

import uuid

import pytest
from django.urls import reverse

from consultations import lifecycle
from consultations.enums import LinkKind, Source
from consultations.models import Consultation
from consultations.views import public
from tests import samples
from tests.factories import ConsultationFactory

UNPROCESSABLE = 422


@pytest.fixture
def ask(client):
    """`ask(token, question="...")` posts what the page of another topic would."""

    def post(token, **said):
        answers = {"page": str(uuid.uuid4()), "category": "PEMBAYARAN", "question": "Dan SPM-nya?"}
        return client.post(reverse("track_topic", args=[token]), answers | said)

    return post


@pytest.mark.parametrize("page", ["public_receipt", "track"])
def test_another_topic_is_offered_where_the_first_was_sent_and_is_followed(client, opened, page):
    _, token = opened()

    assert reverse("track_topic", args=[token]) in client.get(reverse(page, args=[token])).content.decode()


def test_the_page_says_for_whom_it_asks_and_asks_only_for_the_question(client, opened):
    consultation, token = opened()
    response = client.get(reverse("track_topic", args=[token]))

    text = response.content.decode()
    assert consultation.contact_name in text
    assert consultation.contact_email in text
    asked = [field.name for field in response.context["form"].visible_fields()]
    assert asked == ["category", "question", "attachments"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_it_becomes_a_linked_consultation_of_the_same_person_with_its_own_receipt(client, ask, opened):
    first, token = opened(taken=True)
    response = ask(token, attachments=samples.upload("spm.pdf", samples.pdf()))

    second = Consultation.objects.exclude(pk=first.pk).get()
    assert (second.question, second.category.code) == ("Dan SPM-nya?", "PEMBAYARAN")
    assert (second.stakeholder, second.contact_email) == (first.stakeholder, first.contact_email)
    assert second.attachments.get().name == "spm.pdf"
    assert second.links.get().to == first
    assert token not in response.url
    receipt = client.get(response.url)
    assert receipt.context["consultation"] == second
    assert receipt.context["related"] == [first.number]


def test_a_file_sent_with_the_wish_for_none_is_kept(ask, opened):
    first, token = opened()
    ask(token, **{"attachments": samples.upload("spm.pdf", samples.pdf()), "attachments-clear": "on"})

    assert Consultation.objects.exclude(pk=first.pk).get().attachments.get().name == "spm.pdf"


def test_a_receipt_names_nobody_elses_consultation(client, office, officer, opened):
    consultation, token = opened(taken=True)
    someone_elses = ConsultationFactory(office=office)
    lifecycle.link(consultation, someone_elses, LinkKind.RELATED, by=officer, now=consultation.recorded_at)

    assert client.get(reverse("public_receipt", args=[token])).context["related"] == []


def test_sent_twice_it_is_asked_once(ask, opened):
    _, token = opened()
    page = str(uuid.uuid4())
    first, second = (ask(token, page=page).url for _ in range(2))

    assert first == second
    assert Consultation.objects.count() == 2


@pytest.mark.parametrize("refused", ["category", "question"])
def test_what_is_missing_is_named_and_nothing_typed_is_lost(ask, opened, refused):
    _, token = opened()
    response = ask(token, **{"question": "Dan SPM-nya?", refused: ""})

    assert response.status_code == UNPROCESSABLE
    assert list(response.context["form"].errors) == [refused]
    assert ("Dan SPM-nya?" in response.content.decode()) == (refused != "question")
    assert Consultation.objects.count() == 1


def test_a_question_behind_a_link_counts_as_one_of_its_contact(ask, opened, monkeypatch):
    monkeypatch.setattr(public, "QUESTIONS_PER_CONTACT", 1)
    _, token = opened()
    ask(token)
    response = ask(token, question="Dan satu lagi?")

    assert response.status_code == UNPROCESSABLE
    assert "Terlalu banyak kiriman" in response.content.decode()
    assert "Dan satu lagi?" in response.content.decode()
    assert Consultation.objects.count() == 2


def test_who_left_no_contact_is_led_to_the_form_that_asks_for_one(client, ask, office, opened):
    unreached, token = opened(contact=lifecycle.Contact("Siti"), source=Source.COUNTER)
    form_url = reverse("public_form", args=[office.slug])

    assert client.get(reverse("track_topic", args=[token])).url == form_url
    assert ask(token).url == form_url
    assert Consultation.objects.get() == unreached
