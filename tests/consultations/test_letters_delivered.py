"""A letter to a stakeholder that fails for good is nobody's secret, and one that leaves late counts when it left."""

import pytest
from django.urls import reverse

from consultations import lifecycle
from consultations.enums import Act
from consultations.models import Consultation
from notifications.models import Message, Notice
from notifications.outbox import LONGEST_BODY, deliver_due, resend
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


@pytest.fixture
def send_again():
    """What failed is corrected, and leaves."""

    def send_again(moment):
        letter = Message.objects.get(status="gagal")
        Message.objects.filter(pk=letter.pk).update(body="Sedang kami susun.")
        assert resend(letter, moment, recipient="benar@contoh.id")
        deliver_due(moment)
        return letter

    return send_again


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


def test_that_it_failed_is_on_the_timeline_for_the_desk_alone(consultation, officer, fail, at):
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=officer, now=at(23, 8))
    fail(at(23, 9))
    entry = consultation.entries.get(act=Act.FAIL_LETTER)
    letter = Message.objects.latest("pk")
    assert (
        entry.text
        == f"“{letter.subject}” kepada {letter.recipient}: Isi pesan terlalu panjang untuk dikirim."
    )
    assert not entry.is_public


def test_once_the_corrected_letter_leaves_its_progress_counts_again(
    consultation, officer, fail, send_again, at
):
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=officer, now=at(23, 8))
    fail(at(23, 9))
    letter = send_again(at(23, 10))
    assert not owed(at).exists()
    assert consultation.entries.get(act=Act.DELIVER_LETTER).text == (
        f"“{letter.subject}” telah dikirim kepada benar@contoh.id."
    )


@pytest.mark.parametrize("has_failed", [True, False])
def test_a_progress_counts_on_the_day_its_letter_left(
    consultation, officer, fail, send_again, at, has_failed
):
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=officer, now=at(23, 16))
    if has_failed:
        fail(at(23, 16, 30))
        send_again(at(24, 7))
    else:
        deliver_due(at(24, 7))
    consultation.refresh_from_db()
    assert consultation.last_progress_on == at(24).date()


def test_a_letter_that_leaves_as_it_should_leaves_no_trace_on_the_timeline(consultation, officer, at):
    lifecycle.post_progress(consultation, "Sedang kami susun.", by=officer, now=at(23, 8))
    before = consultation.entries.count()
    deliver_due(at(23, 9))
    assert consultation.entries.count() == before


@pytest.mark.parametrize("ending", [lifecycle.resolve, lifecycle.cancel])
def test_the_letter_that_ended_it_may_fail_too(consultation, officer, fail, at, ending):
    ending(consultation, "Sudah jelas.", by=officer, now=at(23, 8))
    fail(at(23, 9))
    assert consultation.entries.filter(act=Act.FAIL_LETTER).exists()
