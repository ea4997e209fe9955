"""A reply, documents, a head's word: rows say so until an officer has acted."""

import pytest
from django.db import IntegrityError, transaction

from consultations import actors, lifecycle
from consultations.enums import Act, ActorKind, ContactChannel, LinkKind, News, ProgressChannel
from consultations.lifecycle import Contact, Verdict
from consultations.models import Consultation, DocumentItem
from consultations.news import ASIDE
from consultations.recount import follow_calendars
from consultations.scanning import scan_files
from consultations.sweep import sweep
from consultations.transitions import TRANSITIONS
from escalations import services as escalations
from tests.clamserver import VIRUS
from tests.factories import ConsultationFactory, paper

pytestmark = pytest.mark.django_db
DESK, LIST, INBOX = "/meja/", "/meja/konsultasi/", "/eskalasi/"


@pytest.fixture
def said(consultation):
    """What rows say of the consultation now."""

    def said():
        consultation.refresh_from_db()
        return [News(each).label for each in consultation.news]

    return said


@pytest.fixture
def reply(consultation, at):
    def reply(now=None):
        lifecycle.message(consultation, "Ada perubahan.", now=now or at(23, 8))

    return reply


@pytest.fixture
def head(unit_head):
    return actors.head(unit_head, "Kepala Seksi Bank")


@pytest.fixture
def asked(consultation, officer, at):
    unit = consultation.category.unit
    return escalations.escalate(consultation, unit, "Mohon arahan.", by=officer, now=at(20, 11))


@pytest.fixture
def items(consultation, officer, at):
    lifecycle.request_documents(consultation, ["Rekening koran", "SPM"], by=officer, now=at(20, 11))
    return list(DocumentItem.objects.order_by("pk"))


def send(consultation, *items, now, content=b"isi"):
    lifecycle.receive_documents(consultation, {item: [paper(content=content)] for item in items}, now=now)


def test_a_reply_shows_on_the_desk_and_in_the_list_with_the_longest_waiting_first(
    desk, office, cso, consultation, reply, at
):
    earlier = ConsultationFactory(office=office, now=at(20), officer=cso)
    lifecycle.message(earlier, "Halo?", now=at(20, 12))
    reply()
    sections = {section.group.key: section for section in desk.get(DESK).context["sections"]}
    rows = sections["kabar"].rows
    assert [(row.number, row.news) for row in rows] == [
        (earlier.number, ["balasan masuk"]),
        (consultation.number, ["balasan masuk"]),
    ]
    listed = desk.get(sections["kabar"].url)
    assert {row.number for row in listed.context["rows"]} == {earlier.number, consultation.number}
    assert listed.content.decode().count('<span class="news">balasan masuk</span>') == 2


@pytest.mark.parametrize("page", [DESK, LIST, "ticket", "/meja/progres/"])
def test_every_page_of_the_officer_says_it(desk, page, consultation, page_of, reply):
    reply()
    page = page_of(consultation) if page == "ticket" else page
    assert '<span class="news">balasan masuk</span>' in desk.get(page).content.decode()


def test_documents_are_complete_once_none_is_outstanding(consultation, items, said, at):
    send(consultation, items[0], now=at(23, 8))
    assert said() == ["dokumen masuk"]
    send(consultation, items[1], now=at(23, 9))
    assert said() == ["dokumen lengkap"]
    assert consultation.news_since == at(23, 8)


def test_documents_are_not_complete_any_more_when_a_file_is_withheld(consultation, items, said, clam, at):
    send(consultation, items[0], now=at(23, 8))
    send(consultation, items[1], now=at(23, 8), content=VIRUS)
    assert said() == ["dokumen lengkap"]
    scan_files(at(23, 9))
    assert said() == ["dokumen masuk"]


def test_a_heads_word_shows_whichever_it_is(consultation, asked, head, officer, said, at):
    escalations.give_back(asked, "Bukan kewenangan kami.", by=head, now=at(20, 12))
    assert said() == ["dikembalikan kepala"]
    again = escalations.escalate(
        consultation, consultation.category.unit, "Mohon arahan.", by=officer, now=at(20, 13)
    )
    escalations.answer(again, "Tidak dapat.", by=head, now=at(20, 14))
    assert said() == ["arahan kepala"]


def test_a_question_opened_again_shows(consultation, officer, said, at):
    lifecycle.resolve(consultation, "Bisa.", by=officer, now=at(20, 11))
    lifecycle.reopen(consultation, "Masih gagal.", by=actors.STAKEHOLDER, now=at(20, 12))
    assert said() == ["dibuka kembali"]


def test_what_came_in_stands_together_in_one_order(consultation, asked, head, reply, said, at):
    escalations.answer(asked, "Tidak dapat.", by=head, now=at(20, 12))
    reply()
    reply(at(23, 8, 30))
    assert said() == ["balasan masuk", "arahan kepala"]
    assert consultation.news_since == at(20, 12)


def acts_of_an_officer():
    """Each act on an open consultation, by its name."""
    called = {"told_through": ProgressChannel.PHONE}
    return {
        Act.REPLY: lambda c, **who: lifecycle.reply(c, "Baik.", **who),
        Act.NOTE: lambda c, **who: lifecycle.note(c, "Sudah dibaca.", **who),
        Act.REQUEST_DOCUMENTS: lambda c, **who: lifecycle.request_documents(c, ["SPM"], **who),
        Act.POST_PROGRESS: lambda c, **who: lifecycle.post_progress(c, "Ditelaah.", **called, **who),
        Act.RECORD_CALL: lifecycle.record_call,
        Act.ESCALATE: lambda c, **who: escalations.escalate(c, c.category.unit, "Mohon.", **who),
        Act.RESOLVE: lambda c, **who: lifecycle.resolve(c, "Bisa.", **who),
        Act.REFER: lambda c, **who: lifecycle.refer(c, "KPP", "loket", **who),
        Act.CANCEL: lambda c, **who: lifecycle.cancel(c, "Ganda.", **who),
    }


@pytest.mark.parametrize("act", acts_of_an_officer())
def test_an_officers_act_settles_it(consultation, officer, reply, said, at, act):
    reply()
    acts_of_an_officer()[act](consultation, by=officer, now=at(23, 9))
    assert said() == []
    assert consultation.news_since is None


def test_a_look_at_a_document_settles_it(consultation, items, officer, said, at):
    send(consultation, *items, now=at(23, 8))
    lifecycle.review_document(items[0], Verdict.ACCEPT, by=officer, now=at(23, 9))
    assert said() == []


def test_acts_that_leave_the_matter_itself_alone_settle_nothing(
    consultation, office, officer, colleague, reply, said, at
):
    reply()
    contact = Contact("Siti", "+6281234567890", "", ContactChannel.PHONE)
    lifecycle.take_over(consultation, by=actors.officer(colleague), now=at(23, 9))
    lifecycle.categorise(consultation, office.categories.get(code="PEMBAYARAN"), by=officer, now=at(23, 9))
    lifecycle.record_contact(consultation, contact, by=officer, now=at(23, 9))
    other = ConsultationFactory(office=office, now=at(20))
    lifecycle.link(consultation, other, LinkKind.RELATED, by=officer, now=at(23, 9))
    assert said() == ["balasan masuk"]


def test_a_reply_to_a_question_nobody_has_still_shows_once_it_is_taken(office, officer, at):
    consultation = ConsultationFactory(office=office, now=at(20))
    lifecycle.message(consultation, "Ada tambahan.", now=at(20, 12))
    lifecycle.take(consultation, by=officer, now=at(23, 9))
    assert Consultation.objects.with_news().get() == consultation


def test_a_head_who_accepts_the_question_settles_nothing(asked, head, reply, said, at):
    reply()
    escalations.accept(asked, by=head, now=at(23, 8, 30))
    assert said() == ["balasan masuk"]


def test_neither_the_clock_nor_a_look_settles_it(desk, page_of, consultation, reply, said, at):
    reply()
    follow_calendars(at(23, 9))
    for day in (23, 24, 25, 26):
        sweep(at(day, 8))
        sweep(at(day, 17))
    desk.get(page_of(consultation))
    assert said() == ["balasan masuk"]


def test_what_has_ended_has_no_news_whoever_ended_it(consultation, asked, head, reply, said, at):
    reply()
    lifecycle.resolve(consultation, "Bisa.", by=head, now=at(23, 9))
    assert said() == []


def test_acts_left_aside_are_acts_an_officer_has():
    assert all(ActorKind.OFFICER in TRANSITIONS[act].by for act in ASIDE)


def test_the_head_who_is_asked_sees_it_in_the_inbox(client, consultation, asked, unit_head, reply):
    reply()
    client.force_login(unit_head)
    assert '<span class="news">balasan masuk</span>' in client.get(INBOX).content.decode()


def test_nothing_of_another_office_shows(client, other_cso, reply):
    reply()
    client.force_login(other_cso)
    assert "balasan masuk" not in client.get(DESK).content.decode()
    assert "balasan masuk" not in client.get(f"{LIST}?kabar=on").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"news": ["balasan"], "news_since": None},
        {"news": [], "news_since": "2026-11-23T00:00Z"},
        {"news": ["gosip"], "news_since": "2026-11-23T00:00Z"},
        {
            "news": ["balasan"],
            "news_since": "2026-11-23T00:00Z",
            "status": "resolved",
            "resolved_at": "2026-11-23T00:00Z",
        },
    ],
)
def test_the_database_refuses_news_without_a_moment_or_after_the_end(consultation, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=consultation.pk).update(**wrong)


@pytest.mark.parametrize("rows", [1, 6])
def test_the_list_of_news_costs_the_same_however_long(desk, office, cso, at, django_assert_num_queries, rows):
    for _ in range(rows):
        lifecycle.message(ConsultationFactory(office=office, now=at(20), officer=cso), "Halo?", now=at(23, 8))
    with django_assert_num_queries(8):
        desk.get(f"{LIST}?kabar=on")
