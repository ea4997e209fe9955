"""What a stakeholder can do behind the link, and that nothing typed is lost when it is refused."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from consultations import lifecycle
from consultations.enums import Act, DocumentStatus, Source, Status
from consultations.models import Consultation, DocumentItem, Entry
from consultations.views import tracking
from tests import samples

UNPROCESSABLE = 422
MEGABYTE = 1024 * 1024
ACTS = ("track_reply", "track_reopen", "track_close", "track_further")


@pytest.fixture
def send(client):
    """`send("track_reply", token, text="...")` posts what the page's form would."""

    def post(name, token, *args, **answers):
        return client.post(reverse(name, args=[token, *args]), {"page": str(uuid.uuid4()), **answers})

    return post


def requested(officer, consultation, *names):
    request = lifecycle.request_documents(consultation, names, by=officer, now=consultation.recorded_at)
    return list(request.items.all())


def test_a_message_reaches_the_timeline_with_its_files(send, client, opened):
    consultation, token = opened(taken=True)
    response = send(
        "track_reply", token, text="Nomor SP2D 123.", attachments=samples.upload("sp2d.pdf", samples.pdf())
    )

    assert response.url == reverse("track", args=[token])
    entry = consultation.entries.get(act=Act.MESSAGE)
    assert (entry.text, entry.attachments.get().name) == ("Nomor SP2D 123.", "sp2d.pdf")
    text = client.get(response.url).content.decode()
    assert "Pesan Bapak/Ibu telah kami terima" in text
    assert "Nomor SP2D 123." in text


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "a\0b", "a" * 5_001, "a" * MEGABYTE])
def test_a_message_that_can_not_be_kept_is_refused_at_its_field(send, opened, text):
    consultation, token = opened(taken=True)
    response = send("track_reply", token, text=text)

    assert response.status_code == UNPROCESSABLE
    assert list(response.context["message_form"].errors) == ["text"]
    assert not consultation.entries.filter(act=Act.MESSAGE).exists()


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧 🇮🇩", "\u202eגבא", "'; DROP TABLE x; --", "<img src=x onerror=alert(1)>"]
)
def test_a_message_in_any_script_is_kept_and_shown_as_text(send, client, opened, text):
    consultation, token = opened(taken=True)
    send("track_reply", token, text=text)

    assert consultation.entries.get(act=Act.MESSAGE).text == text
    assert "<img src=x" not in client.get(reverse("track", args=[token])).content.decode()


def test_a_bad_file_keeps_the_message(send, opened):
    _, token = opened(taken=True)
    response = send(
        "track_reply", token, text="Terlampir.", attachments=samples.upload("a.exe", b"MZ\x90\x00")
    )

    assert response.status_code == UNPROCESSABLE
    assert "Terlampir.</textarea>" in response.content.decode()
    assert "“a.exe”" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "state"), [("track_reply", {"taken": True}), ("track_reopen", {"resolved": True})]
)
def test_a_file_sent_with_the_wish_for_none_is_kept(send, opened, name, state):
    consultation, token = opened(**state)
    paper = samples.upload("sp2d.pdf", samples.pdf())
    send(name, token, text="Terlampir.", **{"attachments": paper, "attachments-clear": "on"})

    assert consultation.attachments.get().name == "sp2d.pdf"


def test_a_message_that_comes_after_the_answer_is_offered_as_the_reason_to_reopen(send, opened):
    consultation, token = opened(resolved=True)
    response = send("track_reply", token, text="Sebelum saya sempat membaca jawabannya.")

    text = response.content.decode()
    assert response.status_code == UNPROCESSABLE
    assert f"konsultasi {consultation.number} berstatus Selesai (Resolved)" in text
    assert reverse("track_reopen", args=[token]) in text
    assert "Sebelum saya sempat membaca jawabannya.</textarea>" in text


def test_a_message_on_a_cancelled_consultation_can_still_be_copied(send, opened, officer):
    consultation, token = opened(taken=True)
    lifecycle.cancel(consultation, "Ganda", by=officer, now=consultation.recorded_at)
    response = send("track_reply", token, text="Tulisan yang panjang.")

    assert response.status_code == UNPROCESSABLE
    assert "Tulisan yang panjang." in response.content.decode()


def test_a_document_is_sent_for_its_item(send, opened, officer):
    consultation, token = opened(taken=True)
    letter, statement = requested(officer, consultation, "Surat ralat", "Rekening koran")
    files = [samples.upload("1.png", samples.image("PNG")), samples.upload("2.png", samples.image("PNG"))]
    response = send("track_upload", token, letter.pk, attachments=files)

    assert response.url == reverse("track", args=[token])
    statuses = dict(DocumentItem.objects.values_list("name", "status"))
    assert statuses == {"Surat ralat": DocumentStatus.RECEIVED, "Rekening koran": DocumentStatus.REQUESTED}
    assert letter.attachments.count() == 2
    assert not statement.attachments.exists()


def test_sending_again_replaces_what_is_not_accepted_yet(send, opened, officer):
    consultation, token = opened(taken=True)
    (letter,) = requested(officer, consultation, "Surat ralat")
    for name in ("salah.png", "benar.png"):
        send("track_upload", token, letter.pk, attachments=samples.upload(name, samples.image("PNG")))

    assert list(letter.attachments.values_list("name", flat=True)) == ["salah.png", "benar.png"]


@pytest.mark.parametrize(
    ("files", "said"),
    [([], "paling sedikit satu berkas"), ([samples.upload("a.pdf", b"MZ")], "“a.pdf”: Jenis berkas")],
)
def test_a_document_that_is_none_is_refused_beside_its_item(send, opened, officer, files, said):
    consultation, token = opened(taken=True)
    letter, statement = requested(officer, consultation, "Surat ralat", "Rekening koran")
    response = send("track_upload", token, statement.pk, attachments=files)

    text = response.content.decode()
    assert response.status_code == UNPROCESSABLE
    assert said in text
    assert f'href="#id_{statement.pk}_attachments"' in text
    assert f'href="#id_{letter.pk}_attachments"' not in text


def test_a_document_no_longer_needed_says_so(send, opened, officer):
    consultation, token = opened(taken=True)
    (letter,) = requested(officer, consultation, "Surat ralat")
    lifecycle.review_document(letter, lifecycle.Verdict.WAIVE, by=officer, now=consultation.recorded_at)
    response = send(
        "track_upload", token, letter.pk, attachments=samples.upload("a.png", samples.image("PNG"))
    )

    assert response.status_code == UNPROCESSABLE
    assert "sudah tidak diperlukan" in response.content.decode()


@pytest.mark.parametrize("item", [0, 2**31, 2**63, 10**40])
def test_a_document_that_was_never_asked_for_is_not_found(client, opened, item):
    _, token = opened(taken=True)

    assert client.post(f"/lacak/{token}/unggah/{item}/").status_code == 404


def test_a_document_of_another_consultation_is_not_found(send, opened, officer):
    other, _ = opened(taken=True)
    (letter,) = requested(officer, other, "Surat ralat")
    _, token = opened(taken=True)
    response = send(
        "track_upload", token, letter.pk, attachments=samples.upload("a.png", samples.image("PNG"))
    )

    assert response.status_code == 404


def test_the_stakeholder_confirms_the_answer(send, opened):
    consultation, token = opened(resolved=True)
    send("track_close", token)

    consultation.refresh_from_db()
    assert consultation.status == Status.CLOSED


def test_confirming_what_is_not_answered_says_why_not(send, client, opened):
    consultation, token = opened()
    response = send("track_close", token)

    assert "berstatus Baru" in client.get(response.url).content.decode()
    consultation.refresh_from_db()
    assert consultation.status == Status.NEW


def test_the_stakeholder_reopens_with_a_reason(send, opened):
    consultation, token = opened(resolved=True)
    assert send("track_reopen", token, text="").status_code == UNPROCESSABLE
    send("track_reopen", token, text="Ralat kami ditolak.")

    consultation.refresh_from_db()
    assert consultation.status == Status.IN_PROGRESS
    assert consultation.entries.get(act=Act.REOPEN).text == "Ralat kami ditolak."


def test_a_further_question_opens_a_linked_consultation_with_its_own_receipt(send, opened):
    consultation, token = opened(closed=True)
    response = send("track_further", token, text="Bagaimana bila rekeningnya valas?")

    further = Consultation.objects.exclude(pk=consultation.pk).get()
    assert further.links.get().to == consultation
    assert response.url.endswith("/tanda-terima/")
    assert token not in response.url


def test_a_further_question_sent_twice_is_asked_once(send, opened):
    _, token = opened(closed=True)
    page = str(uuid.uuid4())
    first, second = (send("track_further", token, page=page, text="Bila valas?").url for _ in range(2))

    assert first == second
    assert Consultation.objects.count() == 2


def test_who_left_no_contact_is_led_to_the_form_instead_of_a_further_question(send, client, office, opened):
    unreached, token = opened(closed=True, contact=lifecycle.Contact("Siti"), source=Source.COUNTER)
    page = client.get(reverse("track", args=[token])).content.decode()

    assert reverse("track_further", args=[token]) not in page
    assert "ajukan konsultasi baru" in page
    form_url = reverse("public_form", args=[office.slug])
    assert client.get(reverse("track_topic", args=[token])).url == form_url
    assert send("track_further", token, text="Satu lagi.").url == form_url
    assert Consultation.objects.get() == unreached


def test_a_message_sent_twice_is_recorded_once(send, opened):
    consultation, token = opened(taken=True)
    page = str(uuid.uuid4())
    for _ in range(2):
        paper = samples.upload("sp2d.png", samples.image("PNG"))
        response = send("track_reply", token, page=page, text="Terlampir.", attachments=paper)

        assert response.url == reverse("track", args=[token])
    assert consultation.entries.get(act=Act.MESSAGE).attachments.count() == 1


def test_the_same_words_from_a_page_opened_anew_are_another_message(send, opened):
    consultation, token = opened(taken=True)
    for _ in range(2):
        send("track_reply", token, text="Mohon kabarnya.")

    assert consultation.entries.filter(act=Act.MESSAGE).count() == 2


def test_a_document_sent_twice_is_stored_once(send, opened, officer):
    consultation, token = opened(taken=True)
    (letter,) = requested(officer, consultation, "Surat ralat")
    page = str(uuid.uuid4())
    for _ in range(2):
        paper = samples.upload("1.png", samples.image("PNG"))
        send("track_upload", token, letter.pk, page=page, attachments=paper)

    assert letter.attachments.count() == 1


def test_a_reopening_sent_twice_leads_to_the_reopened_page(send, opened):
    consultation, token = opened(resolved=True)
    page = str(uuid.uuid4())
    sent = [send("track_reopen", token, page=page, text="Ralat kami ditolak.").url for _ in range(2)]

    assert sent == [reverse("track", args=[token])] * 2
    assert consultation.entries.filter(act=Act.REOPEN).count() == 1


def test_a_further_question_before_the_end_is_kept_as_a_message(send, opened):
    _, token = opened(taken=True)
    response = send("track_further", token, text="Satu lagi.")

    assert response.status_code == UNPROCESSABLE
    assert reverse("track_reply", args=[token]) in response.content.decode()
    assert "Satu lagi.</textarea>" in response.content.decode()


@pytest.mark.parametrize("name", ACTS)
def test_an_acts_address_opened_like_a_page_leads_to_the_page_and_changes_nothing(client, opened, name):
    _, token = opened(resolved=True)
    entries = Entry.objects.count()
    response = client.get(reverse(name, args=[token]))

    assert response.url == reverse("track", args=[token])
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("name", ACTS)
def test_an_act_with_a_wrong_token_is_not_found(send, opened, name):
    opened(resolved=True)

    assert send(name, "A" * 22, text="x").status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_an_act_needs_its_csrf_token(opened, name):
    _, token = opened(resolved=True)

    assert Client(enforce_csrf_checks=True).post(reverse(name, args=[token])).status_code == 403


def test_a_flood_of_messages_is_put_off_with_the_text_kept(send, opened, monkeypatch):
    monkeypatch.setattr(tracking, "ACTS_PER_CONSULTATION", 1)
    consultation, token = opened(taken=True)
    send("track_reply", token, text="Satu")
    response = send("track_reply", token, text="Dua")

    assert "Terlalu banyak kiriman" in response.content.decode()
    assert "Dua</textarea>" in response.content.decode()
    assert consultation.entries.filter(act=Act.MESSAGE).count() == 1


def test_who_was_answered_on_the_spot_reopens_with_a_contact(send, client, opened):
    visit, token = opened(contact=lifecycle.Contact("Siti"), source=Source.COUNTER)
    assert 'name="phone"' in client.get(reverse("track", args=[token])).content.decode()
    refused = send("track_reopen", token, text="Masih diretur.")
    assert refused.status_code == UNPROCESSABLE
    assert "Masih diretur.</textarea>" in refused.content.decode()
    assert list(refused.context["message_form"].errors) == ["phone"]
    send("track_reopen", token, text="Masih diretur.", phone="0812-3456-7890")
    visit.refresh_from_db()
    assert (visit.status, visit.contact_phone) == (Status.IN_PROGRESS, "+6281234567890")


def test_who_can_be_reached_is_not_asked_again(client, opened):
    _, token = opened(resolved=True)
    assert 'name="phone"' not in client.get(reverse("track", args=[token])).content.decode()
