"""What an office's page says in figures."""

import pytest

from reports.figures import figures_of
from surveys.elements import ELEMENTS
from surveys.enums import SurveySource
from surveys.models import SurveyResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def respond(office, at):
    """Responses of 16 November with "baik" for every element."""

    def store(count):
        said = dict.fromkeys((element.name for element in ELEMENTS), 3)
        SurveyResponse.objects.bulk_create(
            SurveyResponse(office=office, on=at(16).date(), source=SurveySource.POSTER, **said)
            for _ in range(count)
        )

    return store


@pytest.fixture
def page(client, office, at, time_machine):
    """The office's page of 20 November as text."""

    def read():
        time_machine.move_to(at(20))
        return " ".join(client.get(office.get_absolute_url()).text.split())

    return read


def test_the_figures_are_counted_once_in_a_while(office, answered, at, django_assert_num_queries):
    answered(at(16), at(16, 12))
    first = figures_of(office, at(20))
    with django_assert_num_queries(0):
        assert figures_of(office, at(20, 11)) == first


def test_the_page_says_where_there_is_no_figure_yet(page):
    text = page()

    assert "Janji layanan, November 2026" in text
    assert text.count("belum ada data") == 4


def test_the_page_shows_the_figures_of_the_month_and_the_index_of_the_year(page, answered, respond, at):
    answered(at(16, 9), at(16, 11))
    respond(5)
    text = page()

    assert "1 dari 1" in text
    assert "2 jam waktu layanan" in text
    assert "Indeks Kepuasan Masyarakat, tahun 2026" in text
    assert "75,00 (C, Kurang baik) dari 5 responden" in text
    assert "belum ada data" not in text


def test_fewer_than_five_respondents_are_not_made_an_index(page, respond):
    respond(4)

    assert "responden masih terlalu sedikit" in page()
