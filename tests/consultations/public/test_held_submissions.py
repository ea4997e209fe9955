"""What looks like spam waits for an officer: it is never dropped, and its deadline counts from when it was sent."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from consultations import held, proof
from consultations.enums import Doubt, Source
from consultations.models import Consultation, HeldSubmission, SpentProof
from consultations.tokens import new_token
from notifications.models import Message, Notice
from offices.enums import Role
from tests import samples
from tests.factories import HeldSubmissionFactory, OfficeFactory, StaffFactory, paper

LIST = "/meja/tertahan/"
LINKS = " ".join(f"https://toko{n}.example/obral" for n in range(4))


@pytest.fixture
def officer(office):
    return StaffFactory(office=office, role=Role.CSO)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def doubts(client, form_url, answers):
    """What makes the answers with this change be held."""

    def doubts(change):
        response = client.post(form_url, answers | change)
        assert response.url.startswith("/lacak/tertahan/")
        return HeldSubmission.objects.get().doubts

    return doubts


def reject(submission, officer, now=None):
    chosen = HeldSubmission.objects.filter(pk=submission.pk)
    return held.reject(chosen, "Spam", by=officer, now=now or timezone.now())


def stored():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"note": "https://contoh.id"}, Doubt.TRAP),
        ({"note": "\0"}, Doubt.TRAP),
        ({"solution": ""}, Doubt.NO_PROOF),
        ({"solution": "-1"}, Doubt.NO_PROOF),
        ({"solution": "9" * 5_000}, Doubt.NO_PROOF),
        ({"challenge": ""}, Doubt.NO_PROOF),
        ({"challenge": "a.b.1:c"}, Doubt.NO_PROOF),
        ({"challenge": "\0"}, Doubt.NO_PROOF),
        ({"question": LINKS}, Doubt.LINKS),
    ],
)
def test_what_a_program_does_is_held(doubts, change, doubt):
    assert doubts(change) == [doubt]
    assert not Consultation.objects.exists()


def test_links_to_government_pages_are_no_reason(client, form_url, answers):
    client.post(form_url, answers | {"question": LINKS.replace("example", "kemenkeu.go.id")})

    assert Consultation.objects.exists()


@pytest.mark.parametrize(
    ("opened", "doubt"), [(timedelta(0), Doubt.TOO_QUICK), (timedelta(days=1, minutes=1), Doubt.TOO_OLD)]
)
def test_a_form_sent_at_once_or_a_day_later_is_held(doubts, opened, doubt):
    work = samples.browser_work(timezone.now() - opened + timedelta(minutes=1))

    assert doubts(work) == [doubt]


def test_the_same_work_serves_one_question_only(client, form_url, answers):
    client.post(form_url, answers)
    client.post(form_url, answers | {"page": str(uuid.uuid4()), "question": "Beli sekarang"})

    assert HeldSubmission.objects.get().doubts == [Doubt.SPENT_PROOF]


def test_a_question_sent_again_the_next_day_leads_to_its_receipt(client, form_url, answers):
    receipt = client.post(form_url, answers).url

    assert client.post(form_url, answers | {"solution": "", "challenge": ""}).url == receipt
    assert not HeldSubmission.objects.exists()


def test_held_twice_is_held_once(client, form_url, answers):
    def send():
        file = samples.upload("surat.pdf", samples.pdf())
        return client.post(form_url, answers | {"solution": "", "attachments": file}).url

    assert send() == send()
    assert HeldSubmission.objects.count() == 1
    assert len(stored()) == 1


def test_the_same_page_held_by_two_offices_is_held_by_each(client, answers, office):
    offices = [office, OfficeFactory()]
    receipts = {
        client.post(reverse("public_form", args=[each.slug]), answers | {"solution": ""}).url
        for each in offices
    }

    assert len(receipts) == 2
    assert [held.office for held in HeldSubmission.objects.order_by("pk")] == offices


def test_the_sender_reads_where_the_question_is_and_whom_to_call(client, form_url, office, answers):
    office.phone = "(0370) 633744"
    office.save()
    response = client.post(form_url, answers | {"solution": ""})
    page = client.get(response.url)

    text = page.content.decode()
    assert "Menunggu pemeriksaan petugas" in text
    assert HeldSubmission.objects.get().reference in text
    assert "tel:+62370633744" in text
    assert (page["X-Robots-Tag"], "no-store" in page["Cache-Control"]) == ("noindex, nofollow", True)


def test_the_page_of_a_held_question_shows_nothing_of_it(client, office):
    submission = HeldSubmissionFactory(office=office)
    page = client.get(reverse("held_receipt", args=[new_token(submission.public_id)])).content.decode()

    assert "diretur" not in page
    assert "Siti" not in page
    assert "siti@contoh.id" not in page


def test_every_officer_of_the_office_is_told(office, officer):
    StaffFactory(role=Role.CSO)
    submission = HeldSubmissionFactory(office=office)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.reference, notice.url) == (officer, submission.reference, LIST)


def test_of_many_that_wait_the_officers_are_told_once_a_day(office, officer, at):
    HeldSubmissionFactory(office=office, now=at(19, 10))
    HeldSubmissionFactory(office=office, now=at(19, 23, 59))
    assert Notice.objects.count() == 1
    HeldSubmissionFactory(office=office, now=at(20, 0, 1))
    assert Notice.objects.count() == 2


def test_accepted_it_is_a_consultation_due_from_when_it_was_sent(client, office, officer, at, time_machine):
    time_machine.move_to(at(20, 9), tick=False)
    submission = HeldSubmissionFactory(office=office, files=[paper()])
    time_machine.move_to(at(24, 9), tick=False)
    held.accept(submission, by=officer, now=at(24, 9))

    consultation = Consultation.objects.get()
    assert (consultation.received_at, consultation.recorded_at) == (at(20, 9), at(24, 9))
    assert consultation.due_at == at(25, 17)
    assert (consultation.source, consultation.question) == (
        Source.FORM,
        "Mengapa SP2D kami diretur oleh bank?",
    )
    with consultation.attachments.get().file.open() as file:
        assert file.read() == paper().content.read()
    assert Message.objects.get().recipient == "siti@contoh.id"
    page = client.get(reverse("held_receipt", args=[new_token(submission.public_id)])).content.decode()
    assert consultation.number in page


def test_under_another_key_the_page_leads_to_where_a_link_is_found_again(client, office, officer, settings):
    submission = HeldSubmissionFactory(office=office)
    held.accept(submission, by=officer, now=timezone.now())
    address = reverse("held_receipt", args=[new_token(submission.public_id)])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key for the desk", []

    assert 'class="btn btn-primary" href="/lacak/"' in client.get(address).content.decode()


def test_what_became_a_consultation_is_kept_once(desk, office, django_capture_on_commit_callbacks):
    submission = HeldSubmissionFactory(office=office, files=[paper()])
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{LIST}{submission.pk}/terima/")

    submission.refresh_from_db()
    assert submission.payload == {}
    assert len(stored()) == 1


def test_a_decision_is_made_once(desk, office, officer):
    submission = HeldSubmissionFactory(office=office)
    held.accept(submission, by=officer, now=timezone.now())

    assert not reject(submission, officer)
    desk.post(f"{LIST}{submission.pk}/terima/")
    assert Consultation.objects.count() == 1


def test_what_was_rejected_is_forgotten_after_a_month_and_what_waits_is_not(office, officer):
    now = timezone.now()
    HeldSubmissionFactory(office=office)
    old = HeldSubmissionFactory(office=office, files=[paper()])
    reject(old, officer, now - timedelta(days=31))

    assert held.forget_rejected(now) == 1
    assert HeldSubmission.objects.get() != old


def test_spent_work_is_forgotten_when_it_is_too_old_to_be_brought_again(client, form_url, answers):
    client.post(form_url, answers)

    assert proof.forget_spent(timezone.now()) == 0
    assert proof.forget_spent(timezone.now() + timedelta(days=2)) == 1
    assert not SpentProof.objects.exists()
