"""The whole correspondence on paper: everything meant for the stakeholder, in the order it happened."""

import pytest
from django.urls import reverse

from consultations import lifecycle
from consultations.lifecycle import Verdict
from tests.factories import RegulationFactory, paper


@pytest.fixture
def printed(client):
    def get(token):
        return client.get(reverse("track_print", args=[token]))

    return get


def test_everything_said_stands_in_the_order_it_happened(printed, opened, officer, at, time_machine):
    consultation, token = opened(now=at(20, 9), taken=True, question="Mengapa SP2D diretur?")
    time_machine.move_to(at(20, 12))
    lifecycle.reply(consultation, "Sedang kami telaah.", by=officer, now=at(20, 10))
    lifecycle.resolve(consultation, "Silakan ralat rekening.", by=officer, now=at(20, 11))
    text = printed(token).content.decode()

    places = [
        text.index(f"<p>{said}")
        for said in ("Mengapa SP2D", "Sedang kami telaah.", "Silakan ralat rekening.")
    ]
    assert places == sorted(places)
    assert "Dicetak Jumat, 20 November 2026 pukul 12.00 WITA" in text


def test_files_citations_and_documents_are_named(printed, opened, officer):
    consultation, token = opened(taken=True)
    now, regulation = consultation.recorded_at, RegulationFactory()
    (item,) = lifecycle.request_documents(consultation, ["Rekening koran"], by=officer, now=now).items.all()
    lifecycle.receive_documents(consultation, {item: [paper("koran.pdf")]}, now=now)
    lifecycle.review_document(item, Verdict.REJECT, reason="Tidak terbaca", by=officer, now=now)
    lifecycle.reply(consultation, "Silakan.", regulations=[regulation], by=officer, now=now)
    text = printed(token).content.decode()

    for part in (
        "koran.pdf",
        regulation.citation,
        "Rekening koran</span>: Belum sesuai. Alasan: Tidak terbaca",
    ):
        assert part in text


def test_nothing_internal_and_no_officers_name_is_printed(printed, opened, officer, cso):
    consultation, token = opened(officer=cso)
    lifecycle.note(consultation, "Rahasia dapur", by=officer, now=consultation.recorded_at)
    text = printed(token).content.decode()

    assert "Rahasia dapur" not in text
    assert cso.full_name not in text


def test_the_paper_holds_no_link_of_its_own(printed, opened):
    """A printed page is shown around; the address stays in the browser's own back link."""
    _, token = opened()

    assert printed(token).content.decode().count(token) == 1


def test_the_page_is_kept_like_the_one_it_is_printed_from(printed, opened):
    headers = printed(opened()[1]).headers

    assert "no-store" in headers["Cache-Control"]
    assert "noindex" in headers["X-Robots-Tag"]


def test_a_wrong_token_prints_nothing(printed, db):
    assert printed("A" * 22).status_code == 404


@pytest.mark.parametrize("length", [0, 6])
def test_the_page_costs_the_same_whatever_its_length(
    printed, opened, officer, django_assert_num_queries, length
):
    consultation, token = opened(taken=True, files=[paper()])
    now = consultation.recorded_at
    for n in range(length):
        lifecycle.reply(
            consultation, "Balasan", by=officer, now=now, files=[paper()], regulations=[RegulationFactory()]
        )
        lifecycle.request_documents(consultation, [f"Dokumen {n}"], by=officer, now=now)

    with django_assert_num_queries(6):
        printed(token)
