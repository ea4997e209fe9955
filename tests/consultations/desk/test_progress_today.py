"""The progress owed today, told from one page with a click each."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from consultations import actors, lifecycle
from consultations.enums import Act, ProgressChannel, Status
from consultations.errors import RuleError
from consultations.models import Consultation, ProgressUpdate
from consultations.views.progress import PAGE_SIZE
from notifications.models import Message
from tests.factories import ConsultationFactory, paper

pytestmark = pytest.mark.django_db
PAGE = "/meja/progres/"
HTMX = {"HX-Request": "true"}
TEXT = "Rekening sedang kami periksa bersama bank."


@pytest.fixture
def send(desk):
    def send(consultation, text=TEXT, way="kirim", **more):
        return desk.post(f"{PAGE}{consultation.number}/", {"text": text, "told_through": way}, **more)

    return send


@pytest.fixture
def landline(office, cso, at):
    """Only a call reaches the contact person."""
    contact = lifecycle.Contact("Siti", "+62370633744", "")
    return ConsultationFactory(office=office, now=at(20), officer=cso, contact=contact)


def numbers(response):
    return [task.consultation.number for task in response.context["tasks"]]


def letters():
    return Message.objects.filter(kind="progress")


def test_the_message_begins_with_what_happened_since_the_last_one(
    desk, consultation, officer, at, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    lifecycle.post_progress(consultation, "Kami pelajari.", by=officer, now=at(20, 11))
    lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=at(20, 12))
    item = consultation.document_requests.get().items.get()
    lifecycle.receive_documents(consultation, {item: [paper()]}, now=at(20, 13))
    (task,) = desk.get(PAGE).context["tasks"]
    text = task.form["text"].value()
    assert text.startswith("Perkembangan per 23 November 2026: dokumen dari Bapak/Ibu telah kami terima")
    assert "ditangani petugas" not in text


def test_one_click_sends_the_message_as_it_was_edited(send, consultation):
    response = send(consultation)
    assert response.headers["Location"] == PAGE
    assert letters().get().body.count(TEXT) == 1
    update = consultation.progress_updates.get()
    assert (update.entry.text, update.channel) == (TEXT, ProgressChannel.EMAIL)


def test_what_was_told_leaves_the_list(send, desk, consultation):
    send(consultation)
    response = desk.get(PAGE)
    assert numbers(response) == []
    assert "Semua progres hari ini sudah disampaikan." in response.content.decode()
    assert "Tidak ada progres yang perlu disampaikan." in response.content.decode()


def test_whom_only_a_call_reaches_is_called_and_the_same_text_recorded(desk, send, landline):
    (task,) = desk.get(PAGE).context["tasks"]
    assert [way.value for way in task.ways] == [ProgressChannel.PHONE]
    assert 'href="tel:+62370633744"' in desk.get(PAGE).content.decode()
    send(landline, way="telepon")
    update = landline.progress_updates.get()
    assert (update.channel, update.entry.text) == (ProgressChannel.PHONE, TEXT)
    assert not letters().exists()
    assert not Consultation.objects.to_call().exists()


def test_who_can_be_sent_a_message_may_have_been_called_as_well(desk, consultation):
    (task,) = desk.get(PAGE).context["tasks"]
    assert [way.value for way in task.ways] == ["kirim", ProgressChannel.PHONE]
    assert task.sent_to == f"surel ke {consultation.contact_email}"


def test_a_question_that_is_nobodys_becomes_the_one_of_whoever_tells(desk, send, office, cso, at):
    new = ConsultationFactory(office=office, now=at(20))
    assert "mulai kami tangani" in desk.get(PAGE).context["tasks"][0].form["text"].value()
    send(new)
    new.refresh_from_db()
    assert (new.officer, new.status) == (cso, Status.IN_PROGRESS)
    assert [entry.act for entry in new.entries.all()][-2:] == [Act.TAKE, Act.POST_PROGRESS]


def test_a_question_whose_progress_is_refused_stays_nobodys(send, office, at):
    new = ConsultationFactory(office=office, now=at(20))
    assert send(new, text=" ").status_code == 422
    new.refresh_from_db()
    assert new.officer is None


def test_ones_own_stand_first_then_the_nearest_deadline(desk, office, cso, colleague, at):
    theirs_late = ConsultationFactory(office=office, now=at(17), officer=colleague)
    mine_late = ConsultationFactory(office=office, now=at(19), officer=cso)
    mine_later = ConsultationFactory(office=office, now=at(20), officer=cso)
    nobodys = ConsultationFactory(office=office, now=at(20))
    expected = [mine_late.number, mine_later.number, theirs_late.number, nobodys.number]
    assert numbers(desk.get(PAGE)) == expected


@pytest.mark.parametrize("not_owed", ["received today", "resolved", "told today"])
def test_only_what_owes_progress_today_is_listed(desk, office, cso, officer, at, not_owed):
    moment = at(23, 8) if not_owed == "received today" else at(20)
    found = ConsultationFactory(office=office, now=moment, officer=cso, resolved=not_owed == "resolved")
    if not_owed == "told today":
        lifecycle.post_progress(found, TEXT, by=officer, now=at(23, 8))
    assert numbers(desk.get(PAGE)) == []


def test_nothing_of_another_office_is_listed_or_told(client, consultation, other_cso):
    client.force_login(other_cso)
    assert numbers(client.get(PAGE)) == []
    answer = client.post(f"{PAGE}{consultation.number}/", {"text": TEXT, "told_through": "kirim"})
    assert answer.status_code == 404


def test_every_page_goes_on_where_the_last_one_ended(desk, office, cso, colleague, at):
    for number in range(PAGE_SIZE + 3):
        ConsultationFactory(office=office, now=at(20), officer=colleague if number % 2 else cso)
    first = desk.get(PAGE)
    assert len(numbers(first)) == PAGE_SIZE
    second = desk.get(PAGE, {"sesudah": first.context["next_place"]})
    shown = [*numbers(first), *numbers(second)]
    assert len(set(shown)) == len(shown) == PAGE_SIZE + 3
    assert second.context["next_place"] == ""


@pytest.mark.parametrize("place", ["2_2026-11-20T10:00:00+00:00_1", "0_kemarin_1", "x", "0_", "0__-1"])
def test_a_place_that_makes_no_sense_is_the_beginning(desk, consultation, place):
    assert numbers(desk.get(PAGE, {"sesudah": place})) == [consultation.number]


def test_a_refused_one_keeps_what_was_typed_and_the_others_their_drafts(send, office, cso, consultation, at):
    other = ConsultationFactory(office=office, now=at(20), officer=cso)
    response = send(consultation, way="merpati")
    assert response.status_code == 422
    kept, drafted = sorted(response.context["tasks"], key=lambda task: task.consultation == other)
    assert kept.form["text"].value() == TEXT
    assert drafted.form["text"].value().startswith("Perkembangan per")
    assert not ProgressUpdate.objects.exists()


def test_a_refused_one_from_a_later_page_is_shown_all_the_same(send, office, cso, colleague, at):
    for _ in range(PAGE_SIZE):
        ConsultationFactory(office=office, now=at(17), officer=cso)
    last = ConsultationFactory(office=office, now=at(20), officer=colleague)
    assert numbers(send(last, text=""))[0] == last.number


def test_what_a_colleague_told_meanwhile_is_said_and_not_told_again(send, consultation, colleague, at):
    lifecycle.post_progress(
        consultation, "Sudah kami kabari.", by=actors.officer(colleague), now=at(23, 8, 30)
    )
    response = send(consultation)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Progres sudah disampaikan oleh Rekan Petugas pukul 08.30 WITA." in page
    assert TEXT in page
    assert letters().count() == 1


def test_what_has_ended_meanwhile_is_said(send, consultation, officer, at):
    lifecycle.resolve(consultation, "Sudah dijawab.", by=officer, now=at(23, 8, 30))
    page = send(consultation).content.decode()
    assert "Progres tidak lagi diperlukan: konsultasi berstatus Selesai (Resolved)." in page


def test_with_htmx_a_row_becomes_its_result_and_the_count_follows(send, office, cso, consultation, at):
    ConsultationFactory(office=office, now=at(20), officer=cso)
    answer = send(consultation, headers=HTMX).content.decode()
    assert "Progres telah dikirim kepada stakeholder." in answer
    assert re.search(r'hx-swap-oob="innerHTML:#progress-count">1 konsultasi menunggu', answer)
    assert "<html" not in answer


def test_with_htmx_a_refused_row_comes_back_with_its_text(send, consultation):
    response = send(consultation, way="merpati", headers=HTMX)
    answer = response.content.decode()
    assert response.status_code == 422
    assert TEXT in answer
    assert f'id="progres-{consultation.pk}_text"' in answer
    assert "<html" not in answer


def test_with_htmx_too_a_colleagues_progress_is_said(send, consultation, colleague, at):
    lifecycle.post_progress(consultation, "Sudah.", by=actors.officer(colleague), now=at(23, 8, 30))
    answer = send(consultation, headers=HTMX).content.decode()
    assert "Progres sudah disampaikan oleh Rekan Petugas" in answer
    assert "<textarea" not in answer


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_once_the_stakeholder_hears_one(consultation, cso, colleague, at):
    barrier = Barrier(2)

    def tell(staff):
        barrier.wait(10)
        try:
            lifecycle.post_progress(
                consultation, TEXT, by=actors.officer(staff), now=at(23, 9), only_if_owed=True
            )
        except RuleError as error:
            return str(error)
        finally:
            connection.close()
        return "told"

    with ThreadPoolExecutor(2) as both:
        outcomes = sorted(both.map(tell, (cso, colleague)))
    assert outcomes == ["Progres hari ini sudah disampaikan.", "told"]
    assert letters().count() == 1


def test_the_desk_leads_there_with_the_count(desk, consultation):
    (link,) = re.findall(
        r'<a [^>]*href="/meja/progres/">.*?</a>', desk.get("/meja/").content.decode(), re.DOTALL
    )
    assert 'Sampaikan progres <span class="section-count">1</span>' in link


def test_who_may_not_tell_is_not_led_there(client, unit_head, consultation):
    client.force_login(unit_head)
    assert PAGE not in client.get("/meja/").content.decode()


@pytest.mark.parametrize("rows", [1, 6])
def test_the_page_makes_nine_statements_however_many_rows(
    desk, office, cso, at, django_assert_num_queries, rows
):
    for _ in range(rows):
        ConsultationFactory(office=office, now=at(20), officer=cso)
    with django_assert_num_queries(9):
        desk.get(PAGE)
