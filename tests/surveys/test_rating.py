"""One question after the answer: how the stakeholder rates it."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from consultations import actors, lifecycle
from consultations.errors import RuleError
from consultations.invitations import rating_url, survey_url
from consultations.tokens import token_of
from notifications.outbox import deliver_due
from surveys.enums import Score
from surveys.models import Rating
from surveys.services import rate
from tests.factories import ConsultationFactory


@pytest.fixture
def resolved(office, cso, at):
    return ConsultationFactory(office=office, officer=cso, now=at(20), resolved=True)


@pytest.fixture
def page(resolved):
    return reverse("track", args=[token_of(resolved)])


@pytest.fixture
def address(resolved):
    return rating_url(resolved).removeprefix(settings.SITE_URL)


def test_an_answer_is_rated_with_a_word_on_it(resolved, at):
    rate(resolved, Score.GOOD, "Cepat.", now=at(20, 11))
    rating = Rating.objects.get(promise__consultation=resolved)
    assert (rating.score, rating.comment, rating.rated_at) == (3, "Cepat.", at(20, 11))


def test_an_answer_is_rated_once(resolved, at):
    rate(resolved, Score.GOOD, "", now=at(20, 11))
    with pytest.raises(RuleError, match="sudah"):
        rate(resolved, Score.POOR, "", now=at(20, 12))
    assert Rating.objects.get().score == Score.GOOD


def test_a_question_without_an_answer_is_not_rated(office, cso, at):
    open_one = ConsultationFactory(office=office, officer=cso, now=at(20))
    with pytest.raises(RuleError, match="setelah pertanyaan dijawab"):
        rate(open_one, Score.GOOD, "", now=at(20, 11))


def test_the_answer_to_a_reopened_question_is_rated_anew(resolved, cso, at):
    rate(resolved, Score.POOR, "", now=at(20, 11))
    reopened = lifecycle.reopen(resolved, "Masih gagal.", by=actors.STAKEHOLDER, now=at(20, 12))
    again = lifecycle.resolve(reopened, "Silakan dicoba kembali.", by=actors.officer(cso), now=at(20, 13))
    rate(again, Score.EXCELLENT, "", now=at(20, 14))
    assert list(Rating.objects.order_by("rated_at").values_list("score", flat=True)) == [1, 4]


def test_the_letter_that_brings_the_answer_asks_with_a_key_of_its_own(
    client, resolved, address, at, mailoutbox
):
    deliver_due(at(20))
    (letter,) = [mail.body for mail in mailoutbox if "Selesai (Resolved)" in mail.subject]
    assert address in letter
    assert "Bagaimana penilaian Bapak/Ibu atas jawaban kami?" in client.get(address).text
    assert token_of(resolved) not in client.get(address).text


def test_who_holds_the_tracking_link_alone_can_neither_rate_nor_answer_the_survey(
    client, page, address, resolved
):
    text = client.get(page).text
    assert "melalui tautan tersendiri dalam surat jawaban" in text
    assert address not in text
    assert urlsplit(survey_url(resolved)).path not in text
    assert client.post(f"{page}nilai/", {"score": 4}).status_code == 404
    assert client.post(reverse("rate_answer", args=[token_of(resolved)]), {"score": 4}).status_code == 404
    assert not Rating.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 22, "0" * 32 + "-1.AAAA", "é", "..", "a-b.c"])
def test_a_key_that_was_not_issued_rates_nothing(client, resolved, token):
    response = client.get(reverse("rate_answer", args=[token]))
    assert response.status_code == 404
    assert "Minta tautan yang berlaku" in response.text


def test_a_key_exchanged_with_the_link_rates_nothing(client, resolved, cso, address, at):
    lifecycle.renew_link(resolved, "Diketahui orang lain.", by=actors.officer(cso), now=at(20, 11))
    assert client.post(address, {"score": 1}).status_code == 404
    assert not Rating.objects.exists()


def test_the_page_does_not_ask_before_the_answer(client, office, at):
    waiting = ConsultationFactory(office=office, now=at(20))
    response = client.get(reverse("track", args=[token_of(waiting)]))
    assert "dalam surat jawaban" not in response.text
    assert "Kirim penilaian" not in client.get(rating_url(waiting).removeprefix(settings.SITE_URL)).text


def test_the_page_shows_what_was_said_and_asks_no_more(client, page, address):
    response = client.post(address, {"score": 4, "comment": ""}, follow=True)
    assert "Terima kasih atas penilaian Bapak/Ibu." in response.text
    for text in (response.text, client.get(page).text):
        assert "<strong>Sangat baik</strong>" in text
        assert "Kirim penilaian" not in text


def test_a_rating_without_a_score_is_refused_and_keeps_the_comment(client, address):
    response = client.post(address, {"comment": "Terima kasih banyak."})
    assert response.status_code == 422
    assert "Silakan pilih salah satu penilaian." in response.text
    assert "Terima kasih banyak." in response.text


@pytest.mark.parametrize("score", ["0", "5", "-1", "sangat", "3.5"])
def test_a_score_that_does_not_exist_is_refused(client, address, score):
    assert client.post(address, {"score": score}).status_code == 422
    assert not Rating.objects.exists()


def test_a_second_rating_is_answered_kindly(client, address):
    client.post(address, {"score": 4})
    response = client.post(address, {"score": 1}, follow=True)
    assert "sudah Bapak/Ibu nilai" in response.text


def test_it_costs_the_answered_page_one_statement(client, page, resolved, at, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        client.get(page)


def test_the_officer_reads_the_rating_with_the_consultation(client, resolved, cso, at):
    rate(resolved, Score.EXCELLENT, "Sangat jelas.", now=at(20, 11))
    client.force_login(cso)
    text = client.get(resolved.get_absolute_url()).text
    assert "Sangat baik</strong> (4 dari 4)" in text
    assert "Sangat jelas." in text
