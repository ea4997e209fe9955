"""Public answers are found by word forms and by a regulation's number in any spelling, only while they are valid."""

from datetime import date

import pytest
from django.core.management import call_command

from answers.search import search_answers, similar
from answers.services import publish, withdraw
from regulations.models import Regulation
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def published(office, cso, content, at):
    def make(question, **said):
        return publish(office, content(question=question, **said), by=cso, now=at(20))

    return make


@pytest.fixture
def rule(db):
    call_command("load_regulations", verbosity=0)
    return Regulation.objects.defer("search").get


@pytest.fixture
def questions(office):
    def found(text, **options):
        return [each.answer.question for each in search_answers(office, text, today=TODAY, **options)]

    return found


@pytest.mark.parametrize("word", ["pembayaran", "membayar", "dibayarkan", "bayar", "BAYARLAH"])
def test_every_form_of_a_word_finds_the_answer(published, questions, word):
    published("Bagaimana pembayaran honor?")
    published("Mengapa SP2D diretur?")
    assert questions(word) == ["Bagaimana pembayaran honor?"]


@pytest.mark.parametrize(
    "spelling",
    [
        "62/2023",
        "PMK 62 Tahun 2023",
        "PMK No. 62/PMK.05/2023",
        "pmk nomor 62 tahun 2023",
        "62 / 2023",
        "PMK 62",
    ],
)
def test_a_cited_regulation_is_found_by_its_number_in_every_spelling(published, questions, rule, spelling):
    published("Berapa besar UP?", regulations=[rule(kind="PMK", number="62", year=2023)])
    published("Apa itu hibah?", regulations=[rule(number="99/PMK.05/2017")])
    assert questions(spelling) == ["Berapa besar UP?"]


@pytest.mark.parametrize(
    ("spelling", "number"),
    [
        ("KEP-57/PB/2023", "KEP-57/PB/2023"),
        ("per 9 2018", "PER-9/PB/2018"),
        ("210/PMK.05/2022", "210/PMK.05/2022"),
        ("PMK 210 Tahun 2022", "210/PMK.05/2022"),
    ],
)
def test_old_and_new_number_forms_find_the_same_answer(published, questions, rule, spelling, number):
    published("Apa dasarnya?", regulations=[rule(number=number)])
    assert questions(spelling) == ["Apa dasarnya?"]


@pytest.mark.parametrize("written", ["PMK No. 62/PMK.05/2023", "PMK 62 Tahun 2023", "62/2023"])
def test_a_regulation_that_is_only_named_in_the_text_is_found_too(published, questions, written):
    published("Berapa besar UP?", answer=f"Sesuai {written}, besarnya mengikuti pagu.")
    assert questions("62 tahun 2023") == ["Berapa besar UP?"]


def test_the_last_word_may_be_half_typed(published, questions):
    published("Bagaimana penyelesaian retur?")
    assert questions("penyelesaian ret") == ["Bagaimana penyelesaian retur?"]


def test_the_question_weighs_more_than_the_answer(published, questions):
    published("Apa itu UP?", answer="Bukan dispensasi, bukan pula dispensasi lain.")
    published("Bagaimana dispensasi diajukan?")
    assert questions("dispensasi")[0] == "Bagaimana dispensasi diajukan?"


def test_when_none_has_all_words_the_closest_are_shown(published, questions):
    published("Mengapa SP2D diretur?")
    assert questions("retur kapal terbang") == ["Mengapa SP2D diretur?"]


def test_an_expired_answer_leaves_the_search(published, questions):
    published("Mengapa SP2D diretur?", valid_until=date(2026, 11, 19))
    published("Apakah retur dibayar kembali?", valid_until=TODAY)
    assert questions("retur") == ["Apakah retur dibayar kembali?"]


def test_an_answer_that_is_not_valid_yet_is_not_found(published, questions):
    published("Mengapa SP2D diretur?", valid_from=date(2026, 11, 21))
    assert questions("retur") == []


def test_a_withdrawn_answer_leaves_the_search(published, questions, cso, at):
    withdraw(published("Mengapa SP2D diretur?"), "Keliru", by=cso, now=at(20))
    assert questions("retur") == []


def test_another_offices_answers_are_not_found(published):
    published("Mengapa SP2D diretur?")
    assert search_answers(OfficeFactory(), "retur", today=TODAY) == []


def test_a_search_stays_within_a_category_when_asked(published, questions, office):
    published("Mengapa SP2D diretur?")
    other = office.categories.get(code="PEMBAYARAN")
    assert questions("retur", category=other) == []


def test_the_snippet_marks_the_hits_and_nothing_else(published, office):
    published("Retur?", summary="Bila 3 < 5 & saldo > 0, pembayaran kembali <script>gagal.")
    (found,) = search_answers(office, "membayar", today=TODAY)
    assert ("pembayaran", True) in found.snippet
    assert [text for text, is_hit in found.snippet if is_hit] == ["pembayaran"]
    assert "3 < 5 & saldo > 0" in "".join(text for text, _ in found.snippet)


def test_signs_that_mark_hits_are_harmless_in_a_text(published, office):
    published("Retur?", summary="Aneh \ue000retur\ue001 \ue001 sekali \ue000")
    (found,) = search_answers(office, "retur", today=TODAY)
    assert not {"\ue000", "\ue001"} & set("".join(text for text, _ in found.snippet))


@pytest.mark.parametrize(
    "hostile",
    [
        "\x00",
        "'; DROP TABLE answers; --",
        "& | ! ( ) :* <->",
        "\\",
        "💰",
        "\ud800",
        "x" * 100_000,
        "1/a.1" * 100,
        "",
    ],
)
def test_anything_may_be_typed(published, questions, office, hostile):
    published("Mengapa SP2D diretur?")
    assert questions(hostile) == []
    assert similar(office, hostile, today=TODAY) == []


def test_a_search_costs_at_most_two_queries(published, questions, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        questions("tidak pernah ada")


def test_a_question_being_written_brings_up_what_may_answer_it(published, office):
    published("Apa yang dilakukan bila SP2D diretur bank?")
    published("Kapan LPJ bendahara disampaikan?")
    text = "Selamat pagi Bapak/Ibu, mohon izin bertanya, SP2D kami kok diretur ya oleh bank?"
    assert [str(each) for each in similar(office, text, today=TODAY)] == [
        "Apa yang dilakukan bila SP2D diretur bank?"
    ]


def test_a_long_greeting_does_not_hide_the_matter(published, office):
    published("Apa yang dilakukan bila SP2D diretur bank?")
    greeting = "Assalamualaikum, selamat pagi Bapak/Ibu yang kami hormati. " * 8
    assert similar(office, f"{greeting} SP2D diretur oleh bank", today=TODAY)


def test_one_common_word_alone_brings_nothing_up(published, office):
    published("Mengapa SP2D diretur?")
    assert similar(office, "Berapa lama gaji induk setelah SP2D cair", today=TODAY) == []


def test_at_most_five_are_similar_in_one_query(published, office, django_assert_num_queries):
    for _ in range(7):
        published("Mengapa SP2D diretur bank?")
    with django_assert_num_queries(1):
        assert len(similar(office, "SP2D diretur bank", today=TODAY)) == 5
