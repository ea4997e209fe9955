"""What everybody reads, finds and says about public answers."""

from datetime import date

import pytest

from answers.forms import PAGE_SIZE
from answers.services import withdraw
from answers.views.public import LOOKS_PER_ADDRESS
from tests.factories import ConsultationFactory, PublicAnswerFactory, RegulationFactory

pytestmark = pytest.mark.django_db
PAGE = "/mataram/tanya-jawab/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def answer(office):
    return PublicAnswerFactory(office=office, question="Mengapa SP2D diretur?")


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_list_shows_the_latest_and_leads_to_each(client, office, answer):
    page = text_of(client.get(PAGE))
    assert answer.question in page
    assert f'href="{PAGE}{answer.slug}/"' in page


def test_the_office_page_and_every_public_page_lead_there(client, office):
    assert f'href="{PAGE}"' in text_of(client.get("/mataram/"))
    assert f'href="{PAGE}"' in text_of(client.get("/mataram/konsultasi/"))


def test_an_office_without_answers_says_so_and_leads_to_the_form(client, office):
    page = text_of(client.get(PAGE))
    assert "Belum ada tanya jawab di sini" in page
    assert 'href="/mataram/konsultasi/"' in page


def test_a_category_narrows_the_list(client, office, answer):
    PublicAnswerFactory(
        office=office, category=office.categories.get(code="PEMBAYARAN"), question="Kapan SPM?"
    )
    page = text_of(client.get(PAGE, {"kategori": "RETUR"}))
    assert answer.question in page
    assert "Kapan SPM?" not in page


def test_every_answer_stands_on_exactly_one_page(client, office):
    for number in range(2 * PAGE_SIZE + 3):
        PublicAnswerFactory(office=office, question=f"Pertanyaan {number}?")
    seen, query = [], ""
    while query is not None:
        response = client.get(f"{PAGE}?{query}")
        seen += [answer.pk for answer in response.context["answers"]]
        query = response.context["following"] or None
    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 3


@pytest.mark.parametrize(
    "place", ["x", "2026-11-20_1", "_", "2026-11-20T00:00:00+00:00_999999999999999999999", "9" * 60]
)
def test_a_place_that_makes_no_sense_is_no_error(client, office, answer, place):
    assert client.get(PAGE, {"sesudah": place}).status_code == 200


def test_a_search_marks_the_words_and_escapes_the_text_around_them(client, office):
    PublicAnswerFactory(office=office, summary="Pembayaran 3 < 5 & <script>alert(1)</script> selesai.")
    page = text_of(client.get(PAGE, {"cari": "membayar"}))
    assert "<mark>Pembayaran</mark>" in page
    assert "3 &lt; 5 &amp;" in page
    assert "<script>alert" not in page


def test_more_is_shown_on_request(client, office):
    for _ in range(PAGE_SIZE + 1):
        PublicAnswerFactory(office=office)
    first = client.get(PAGE, {"cari": "retur"})
    assert len(first.context["found"]) == PAGE_SIZE
    assert len(client.get(f"{PAGE}?{first.context['more']}").context["found"]) == PAGE_SIZE + 1


def test_an_answer_shows_its_basis_validity_and_review(client, office):
    rule = RegulationFactory(number="7", source="https://jdih.kemenkeu.go.id/contoh", is_verified=True)
    unchecked = RegulationFactory(number="8", status="perlu_dicek", source="daftar internal")
    answer = PublicAnswerFactory(
        office=office,
        regulations=[rule, unchecked],
        valid_until=date(2027, 1, 31),
        review_on=date(2027, 1, 4),
    )
    page = text_of(client.get(f"{PAGE}{answer.slug}/"))
    assert '<a href="https://jdih.kemenkeu.go.id/contoh" rel="noopener noreferrer">PMK 7 Tahun 2023' in page
    assert "daftar internal" not in page
    assert "Perlu dicek" in page
    assert page.count("belum diverifikasi") == 1
    assert "sampai dengan 31 Januari 2027" in page
    assert "4 Januari 2027" in page


def test_nobody_learns_where_an_answer_came_from(client, office):
    source = ConsultationFactory(office=office, resolved=True)
    answer = PublicAnswerFactory(office=office, source=source, question="Mengapa bank meretur?")
    for url in (PAGE, f"{PAGE}?cari=bank", f"{PAGE}{answer.slug}/"):
        page = client.get(url).content.decode()
        assert source.number not in page
        assert source.stakeholder.name not in page
        assert answer.published_by.full_name not in page


def test_an_expired_answer_says_so_and_is_kept_out_of_search_engines(client, office):
    answer = PublicAnswerFactory(office=office, valid_until=date(2026, 11, 19))
    page = text_of(client.get(f"{PAGE}{answer.slug}/"))
    assert "sudah tidak berlaku" in page
    assert "Apakah ini menjawab pertanyaan Bapak/Ibu?" not in page
    assert '<meta name="robots" content="noindex">' in page
    assert answer.question not in text_of(client.get(PAGE))


def test_a_withdrawn_answer_is_gone_without_its_text(client, answer, cso, at):
    withdraw(answer, "Keliru", by=cso, now=at(20))
    response = client.get(f"{PAGE}{answer.slug}/")
    assert response.status_code == 410
    assert answer.summary not in text_of(response)
    assert "Keliru" not in text_of(response)


def test_an_answer_of_another_office_is_not_found_here(client, office):
    foreign = PublicAnswerFactory()
    assert client.get(f"{PAGE}{foreign.slug}/").status_code == 404


def test_pages_may_be_kept_a_minute_but_not_what_staff_see(client, answer, cso):
    assert "max-age=60" in client.get(PAGE)["Cache-Control"]
    client.force_login(cso)
    assert "no-store" in client.get(PAGE)["Cache-Control"]


def test_the_form_is_helped_without_scripts_by_a_link(client, office):
    assert "Cari di tanya jawab" in text_of(client.get("/mataram/konsultasi/"))


def helped(answer):
    answer.refresh_from_db()
    return answer.helped


def test_a_helped_reader_is_counted_and_thanked_without_a_cookie(client, answer):
    response = client.post(f"{PAGE}{answer.slug}/membantu/", follow=True)
    assert "Terima kasih" in text_of(response)
    assert helped(answer) == 1
    assert not client.cookies


def test_the_same_address_counts_once_a_day(client, answer, time_machine, at):
    for _ in range(3):
        client.post(f"{PAGE}{answer.slug}/membantu/")
    assert helped(answer) == 1
    time_machine.move_to(at(21, 10, 1), tick=False)
    client.post(f"{PAGE}{answer.slug}/membantu/")
    assert helped(answer) == 2


def test_a_withdrawn_answer_helps_nobody_any_more(client, answer, cso, at):
    withdraw(answer, "Keliru", by=cso, now=at(20))
    client.post(f"{PAGE}{answer.slug}/membantu/")
    assert helped(answer) == 0


def ask(client, text):
    return client.post(f"{PAGE}mirip/", {"question": text}, headers=HTMX)


def test_what_may_answer_comes_up_while_the_question_is_written(client, answer):
    page = text_of(ask(client, "SP2D kami diretur bank"))
    assert answer.question in page
    assert "Apakah ini menjawab pertanyaan Bapak/Ibu?" in page
    assert "<html" not in page


@pytest.mark.parametrize("text", ["", "SP2D", "harga tiket kapal laut"])
def test_nothing_comes_up_for_what_says_nothing(client, answer, text):
    assert text_of(ask(client, text)).strip() == ""


def test_what_is_written_is_kept_by_no_cache(client, answer):
    assert "no-store" in ask(client, "SP2D diretur")["Cache-Control"]


def test_similar_answers_may_also_be_asked_for_by_an_address(client, answer):
    assert answer.question in text_of(client.get(f"{PAGE}mirip/", {"q": "SP2D retur"}))


def test_too_many_looks_from_one_address_bring_nothing_more(client, answer):
    for _ in range(LOOKS_PER_ADDRESS):
        ask(client, "x")
    assert ask(client, "SP2D diretur").status_code == 204


@pytest.mark.parametrize("name", ["sesudah", "kategori", "cari", "tampil"])
@pytest.mark.parametrize("value", ["\x00", "<script>alert(1)</script>", "-1", "9" * 30, "'\"", "💰"])
def test_whatever_stands_in_the_address_is_no_error(client, answer, name, value):
    response = client.get(PAGE, {name: value})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_the_pages_cost_the_same_however_many_answers_there_are(
    client, office, django_assert_max_num_queries
):
    rules = [RegulationFactory(), RegulationFactory()]
    answer = PublicAnswerFactory(office=office, regulations=rules)
    for _ in range(2):
        with django_assert_max_num_queries(5):
            client.get(PAGE)
        with django_assert_max_num_queries(6):
            client.get(PAGE, {"cari": "retur", "kategori": "RETUR"})
        with django_assert_max_num_queries(5):
            client.get(f"{PAGE}{answer.slug}/")
        with django_assert_max_num_queries(3):
            ask(client, "SP2D diretur bank")
        for _ in range(6):
            PublicAnswerFactory(office=office)
