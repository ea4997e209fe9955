"""What waits in the database is read whatever version of the form stored it, and nothing of it is lost."""

import pytest
from django.utils import timezone

from consultations import held
from consultations.asked import UNREADABLE, Asked
from consultations.models import HeldSubmission
from tests.factories import HeldSubmissionFactory

STORED = {
    "kind": "penyedia",
    "name": "Siti Rahma",
    "question": "Mengapa SP2D kami diretur?",
    "organisation": "CV Maju",
    "email": "siti@contoh.id",
}


def without(name, **more):
    return {key: value for key, value in STORED.items() if key != name} | more


def test_what_this_version_stored_is_read_as_it_was():
    assert Asked.read(STORED) == Asked(**STORED)


def test_a_field_since_renamed_goes_to_the_question():
    asked = Asked.read(without("organisation", company="CV Maju"))
    assert asked.organisation == ""
    assert asked.question.startswith("Mengapa SP2D kami diretur?\n")
    assert asked.question.endswith("company: CV Maju")


@pytest.mark.parametrize("name", ["name", "question"])
def test_what_every_question_needs_is_never_empty(name):
    assert getattr(Asked.read(without(name)), name) == UNREADABLE


@pytest.mark.parametrize(
    "stored",
    [
        without("kind"),
        without("kind", kind="koperasi"),
        without("kind", kind="satker", satker_name="BALAI UJI"),
    ],
)
def test_a_kind_that_cannot_stand_becomes_another(stored):
    asked = Asked.read(stored)
    assert (asked.kind, asked.satker_name) == ("lainnya", "")
    assert asked.organisation == "CV Maju"


def test_a_value_of_another_type_is_text():
    assert Asked.read(STORED | {"role": None, "phone": 62}).phone == "62"


@pytest.mark.django_db
def test_an_older_held_sending_is_shown_and_becomes_a_consultation(client, office, cso):
    submission = HeldSubmissionFactory(office=office)
    old = {**without("organisation"), "company": "CV Maju", "position": "Direktur"}
    HeldSubmission.objects.filter(pk=submission.pk).update(payload=old, doubts=["ip_terkenal"])
    client.force_login(cso)
    page = client.get("/meja/tertahan/").content.decode()
    assert "company: CV Maju" in page
    assert "ip_terkenal" in page

    submission.refresh_from_db()
    consultation = held.accept(submission, by=cso, now=timezone.now())
    assert consultation.question.endswith("company: CV Maju\nposition: Direktur")
    assert consultation.contact_email == "siti@contoh.id"
