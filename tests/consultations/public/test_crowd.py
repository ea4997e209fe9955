"""Many questions at once: beyond a ceiling they wait for an officer, none is refused, and browsers work harder."""

import itertools
import uuid

import pytest
from django.core.signing import Signer
from django.urls import reverse
from django.utils import timezone

from consultations import crowding, held, proof
from consultations.enums import Act, Doubt
from consultations.models import Consultation, HeldSubmission
from consultations.tokens import new_token
from tests import samples
from tests.factories import HeldSubmissionFactory, OfficeFactory, paper


@pytest.fixture
def send(client, form_url, answers):
    """Send a question of its own from an address; returns the page that it leads to."""
    numbers = itertools.count()

    def send(address, url=form_url, **change):
        number = next(numbers)
        own = {
            "page": str(uuid.uuid4()),
            "question": f"Pertanyaan {number}",
            "email": f"siti{number}@contoh.id",
        }
        return client.post(url, answers | samples.browser_work() | own | change, REMOTE_ADDR=address)

    return send


def opened():
    return Consultation.objects.count(), HeldSubmission.objects.count()


def test_many_networks_of_one_prefix_are_held_beyond_its_ceiling(send):
    for number in range(crowding.QUESTIONS_PER_NETWORK + 2):
        assert send(f"2001:db8:1:{number:x}::7").status_code == 302

    assert opened() == (crowding.QUESTIONS_PER_NETWORK, 2)
    assert {tuple(each.doubts) for each in HeldSubmission.objects.all()} == {(Doubt.NETWORK,)}
    assert send("2001:db8:2::7").url.endswith("/tanda-terima/")


def test_after_a_while_the_prefix_opens_again(send, time_machine):
    for number in range(crowding.QUESTIONS_PER_NETWORK + 1):
        send(f"2001:db8:1:{number:x}::7")
    time_machine.move_to(timezone.now() + crowding.NETWORK_WINDOW)

    assert send("2001:db8:1:ffff::7").url.endswith("/tanda-terima/")


def test_one_ipv4_address_is_one_visitor(send):
    for _ in range(crowding.QUESTIONS_PER_NETWORK + 2):
        send("192.0.2.7")

    assert opened() == (crowding.QUESTIONS_PER_NETWORK + 2, 0)


def test_beyond_an_offices_ceiling_each_is_held_and_another_office_goes_on(send, settings):
    settings.QUESTIONS_PER_OFFICE = 2
    for number in range(4):
        assert send(f"192.0.2.{number}").status_code == 302

    assert opened() == (2, 2)
    assert {tuple(each.doubts) for each in HeldSubmission.objects.all()} == {(Doubt.CROWD,)}
    elsewhere = reverse("public_form", args=[OfficeFactory().slug])
    assert send("192.0.2.9", elsewhere).url.endswith("/tanda-terima/")


def test_who_brings_no_work_uses_up_no_ceiling(send, settings):
    settings.QUESTIONS_PER_OFFICE = 1
    for number in range(3):
        send(f"192.0.2.{number}", solution="")

    assert send("192.0.2.9").url.endswith("/tanda-terima/")


def test_what_one_prefix_sends_too_much_of_uses_up_no_offices_ceiling(send, settings):
    settings.QUESTIONS_PER_OFFICE = crowding.QUESTIONS_PER_NETWORK + 1
    for number in range(crowding.QUESTIONS_PER_NETWORK + 3):
        send(f"2001:db8:1:{number:x}::7")

    assert send("192.0.2.9").url.endswith("/tanda-terima/")


def test_the_more_questions_come_the_more_work_is_asked_for(send, client, form_url, settings):
    settings.QUESTIONS_PER_OFFICE = 3

    def asked():
        return proof.Challenge.read(client.get(form_url).context["form"]["challenge"].value()).tries

    tries = [asked()]
    for number in range(3):
        send(f"192.0.2.{number}")
        tries.append(asked())
    assert tries == [proof.TRIES, proof.TRIES * 4, proof.TRIES * 16, proof.TRIES * 16]


def test_larger_work_is_done_and_believed(send):
    now = timezone.now() - 2 * proof.YOUNGEST
    challenge = proof.issue(now, proof.TRIES * 4)
    asked = proof.Challenge.read(challenge)
    solution = next(number for number in map(str, range(asked.tries)) if asked.is_solved_by(number))

    assert send("192.0.2.7", challenge=challenge, solution=solution).url.endswith("/tanda-terima/")


def test_a_page_opened_under_an_earlier_version_keeps_its_work():
    signed = Signer(salt="consultations.proof").sign("salt.hash.1790000000")

    assert proof.Challenge.read(signed).tries == proof.TRIES


def test_files_that_waited_long_are_deleted_and_the_question_stays(client, office, at):
    old = HeldSubmissionFactory(office=office, now=at(1, month=9), files=[paper()])
    young = HeldSubmissionFactory(office=office, now=at(2, month=11), files=[paper()])
    assert held.forget_unexamined_files(at(20)) == 1
    assert held.forget_unexamined_files(at(20)) == 0

    old.refresh_from_db()
    assert (old.is_waiting, old.files_forgotten_at, old.files.count()) == (True, at(20), 0)
    assert young.files.count() == 1
    page = client.get(reverse("held_receipt", args=[new_token(old.public_id)])).content.decode()
    assert "Berkas yang menyertai kiriman ini dihapus pada Jumat, 20 November 2026" in page


def test_held_files_have_a_bound_and_a_question_without_files_finds_room(send, office, monkeypatch):
    monkeypatch.setattr(held, "MOST_BYTES", 1100)
    waiting = HeldSubmissionFactory(office=office, files=[paper(content=b"x" * 1000)])
    response = send("192.0.2.7", solution="", attachments=samples.upload("surat.pdf", samples.pdf()))

    assert response.status_code == 422
    assert "Silakan kirim pertanyaan tanpa berkas" in response.content.decode()
    assert "Pertanyaan 0" in response.content.decode()
    assert send("192.0.2.7", solution="").url.startswith("/lacak/tertahan/")
    assert waiting.files.count() == 1


def test_rejected_files_give_way_the_oldest_first(office, cso, monkeypatch, at):
    monkeypatch.setattr(held, "MOST_BYTES", 2500)
    rejected = [HeldSubmissionFactory(office=office, files=[paper(content=b"x" * 1000)]) for _ in range(2)]
    for day, each in enumerate(rejected, start=20):
        held.reject(HeldSubmission.objects.filter(pk=each.pk), "Iklan.", by=cso, now=at(day))
    HeldSubmissionFactory(office=office, files=[paper(content=b"x" * 1000)])

    assert [each.files.count() for each in rejected] == [0, 1]
    given_up = HeldSubmission.objects.exclude(files_forgotten_at=None).get()
    assert given_up == rejected[0]
    consultation = held.accept(given_up, by=cso, now=timezone.now(), after_rejection=True)
    assert "Berkas kiriman telah dihapus pada" in consultation.entries.get(act=Act.NOTE).text
