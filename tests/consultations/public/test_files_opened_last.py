"""A file is opened when nothing cheaper has refused the sending, and what was spent on a refused one is asked for anew."""

import uuid

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from consultations import held
from consultations.attachments import AttachmentsField, FilesForm
from consultations.enums import Act
from consultations.errors import RuleError
from consultations.examiner import EXAMINER, Examiner
from consultations.file_types import Refusal
from consultations.models import Consultation, HeldSubmission
from consultations.views import public, tracking
from offices.enums import Role
from tests import samples
from tests.factories import HeldSubmissionFactory, StaffFactory, paper

LINKS = " ".join(f"https://toko{n}.example/obral" for n in range(4))
BAD = samples.pdf(samples.launching)


@pytest.fixture
def looked_at(monkeypatch):
    """What was claimed of each file that was opened."""
    seen, examine = [], EXAMINER.examine

    def note(claimed, content):
        seen.append(claimed.label)
        return examine(claimed, content)

    monkeypatch.setattr(EXAMINER, "examine", note)
    return seen


def file(content=None, name="surat.pdf"):
    return samples.upload(name, samples.pdf() if content is None else content)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"email": "bukan surel"},
        {"question": ""},
        {"email": "", "phone": ""},
        {"page": "x"},
        {"solution": ""},
        {"challenge": "", "solution": ""},
        {"note": "https://contoh.id"},
        {"question": LINKS},
    ],
    ids=["name", "email", "question", "contact", "page", "no work", "no challenge", "trap", "links"],
)
def test_what_is_incomplete_or_held_is_not_opened(client, form_url, answers, looked_at, change):
    client.post(form_url, answers | change | {"attachments": file()})

    assert looked_at == []
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"%PDF-" + bytes(5 * 1024 * 1024)])
def test_beside_a_file_that_is_refused_unopened_no_other_is_opened(
    client, form_url, answers, looked_at, content
):
    client.post(form_url, answers | {"attachments": [file(), file(content)]})

    assert looked_at == []


@pytest.mark.parametrize("limit", ["FORMS_PER_ADDRESS", "QUESTIONS_PER_CONTACT"])
def test_what_is_put_off_is_not_opened(client, form_url, answers, looked_at, limit, monkeypatch):
    monkeypatch.setattr(public, limit, 0)
    response = client.post(form_url, answers | {"attachments": file()})

    assert (response.status_code, looked_at) == (429, [])


def test_work_that_was_spent_opens_no_further_file(client, form_url, answers, looked_at):
    client.post(form_url, answers | {"attachments": file()})
    client.post(form_url, answers | {"page": str(uuid.uuid4()), "attachments": file()})

    assert looked_at == ["PDF"]
    assert HeldSubmission.objects.count() == 1


def test_who_chooses_another_file_after_a_refusal_is_not_taken_for_a_program(client, form_url, answers):
    response = client.post(form_url, answers | {"attachments": file(BAD)})
    assert response.status_code == 422
    form = response.context["form"]
    assert [error[:13] for error in form.errors["attachments"]] == ["“surat.pdf”: "]
    assert (form["solution"].value(), form["challenge"].value() != answers["challenge"]) == ("", True)
    assert form["question"].value() == answers["question"]

    response = client.post(form_url, answers | samples.browser_work() | {"attachments": file()})
    assert response.url.startswith("/lacak/")
    assert Consultation.objects.get().attachments.get().name == "surat.pdf"
    assert not HeldSubmission.objects.exists()


def test_behind_a_link_files_are_opened_last_too(client, opened, looked_at, monkeypatch):
    _, token = opened(taken=True)

    def send(name, **said):
        page = {"page": str(uuid.uuid4()), "category": "RETUR", "attachments": file()}
        return client.post(reverse(name, args=[token]), page | said).status_code

    assert send("track_reply", text="") == send("track_topic", question="") == 422
    monkeypatch.setattr(tracking, "count_question", lambda *_: timezone.now())
    assert send("track_topic", question="Dan SPM-nya?") == 422
    monkeypatch.setattr(tracking, "ACTS_PER_CONSULTATION", 0)
    assert send("track_reply", text="Terlampir.") == 422
    assert looked_at == []


def test_what_is_held_is_opened_by_whoever_decides_and_a_bad_file_stays_out(office, looked_at):
    officer = StaffFactory(office=office, role=Role.CSO)
    files = [paper("baik.pdf"), paper("buruk.pdf", BAD)]
    submission = HeldSubmissionFactory(office=office, files=files)
    assert looked_at == []
    consultation = held.accept(submission, by=officer, now=timezone.now())

    assert looked_at == ["PDF", "PDF"]
    assert consultation.attachments.get().name == "baik.pdf"
    note = consultation.entries.get(act=Act.NOTE)
    assert Refusal.ACTIVE_PDF.value in note.text
    assert ("buruk.pdf" in note.text, note.is_public) == (True, False)


def test_while_others_files_are_looked_at_a_held_sending_stays_as_it_is(office, monkeypatch):
    monkeypatch.setattr("consultations.attachments.EXAMINER", Examiner(places=0))
    officer = StaffFactory(office=office, role=Role.CSO)
    submission = HeldSubmissionFactory(office=office, files=[paper()])
    with pytest.raises(RuleError, match="banyak berkas"):
        held.accept(submission, by=officer, now=timezone.now())

    submission.refresh_from_db()
    assert submission.is_waiting


def test_an_officer_opens_no_held_file_that_acts(client, office):
    client.force_login(StaffFactory(office=office, role=Role.CSO))
    submission = HeldSubmissionFactory(office=office, files=[paper("buruk.pdf", BAD)])
    response = client.get(f"/meja/tertahan/berkas/{submission.files.get().pk}/", follow=True)

    assert Refusal.ACTIVE_PDF.value.split(".")[0] in response.content.decode()


def test_every_form_that_takes_files_opens_them_last():
    def all_of(form_class):
        for each in form_class.__subclasses__():
            yield each
            yield from all_of(each)

    takers = {
        each
        for each in all_of(forms.BaseForm)
        if any(isinstance(field, AttachmentsField) for field in getattr(each, "base_fields", {}).values())
    }
    assert len(takers) >= 10
    assert all(issubclass(each, FilesForm) for each in takers)
    assert all(each.is_valid is FilesForm.is_valid for each in takers)
    assert all(each.__mro__.index(FilesForm) < each.__mro__.index(forms.Form) for each in takers)
