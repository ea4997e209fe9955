"""A letter to a stakeholder that fails for good is nobody's secret."""

import pytest
from django.urls import reverse

from consultations import lifecycle
from consultations.models import Consultation
from notifications.models import Message, Notice
from notifications.outbox import LONGEST_BODY, deliver_due
from tests.factories import ConsultationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(office, cso, at):
    opened = ConsultationFactory(office=office, now=at(20), officer=cso)
    deliver_due(at(20, 11))
    Notice.objects.all().delete()
    return opened


@pytest.fixture
def fail(at):
    """What waits cannot be delivered, by any server's will."""

    def fail(moment):
        Message.objects.filter(status="antre").update(body="a" * (LONGEST_BODY + 1))
        deliver_due(moment)

    return fail


def owed(at):
    return Consultation.objects.owing_progress(at(23).date())


def test_a_progress_that_could_not_be_delivered_is_owed_again(consultation, officer, fail, at):
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=officer, now=at(23, 8))
    assert not owed(at).exists()
    fail(at(23, 9))
    assert owed(at).get() == consultation


def test_the_progress_before_it_still_counts(consultation, officer, fail, at):
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=officer, now=at(23, 8))
    deliver_due(at(23, 8, 30))
    lifecycle.post_progress(consultation, "Hampir selesai.", by=officer, now=at(23, 9))
    fail(at(23, 10))
    assert not owed(at).exists()


def test_its_officer_is_told_and_led_to_the_letter(consultation, officer, cso, fail, at):
    lifecycle.reply(consultation, "Mohon menunggu.", by=officer, now=at(23, 8))
    fail(at(23, 9))
    notice = Notice.objects.get()
    assert (notice.recipient, notice.reference) == (cso, consultation.number)
    assert notice.url == reverse("message_detail", args=[Message.objects.latest("pk").pk])


def test_a_letter_to_staff_rings_no_bell_about_stakeholders(consultation, cso, at, fail):
    lifecycle.message(consultation, "Ada tambahan.", now=at(23, 8))
    Notice.objects.all().delete()
    fail(at(23, 9))
    assert not Notice.objects.exists()
