"""A page's figure is that of the page that was asked for, or there is none."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from demo.figures import pages
from demo.figures.pages import page_figures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def filled(monkeypatch):
    monkeypatch.setattr("demo.figures.figure.RUNS", 2)
    for command, options in (("load_offices", {}), ("seed_demo", {"consultations": 60, "open": 100})):
        call_command(command, verbosity=0, stdout=StringIO(), **options)


def test_every_page_is_measured():
    assert [figure.name for figure in page_figures()] == [
        "meja kerja",
        "daftar",
        "daftar disaring dan diurutkan",
        "cari, sebuah nama",
        "cari, kata umum",
        "konsultasi",
        "standar pelayanan",
        "formulir publik",
        "pelacakan",
    ]


@pytest.mark.parametrize(
    ("name", "value", "page"),
    [
        ("BY_DUE", "latest", "daftar disaring dan diurutkan"),
        ("COMMON_WORD", "tidakadakatanya", "cari, kata umum"),
        ("PAGE_SIZE", 3, "daftar"),
    ],
)
def test_a_page_that_is_not_what_was_asked_for_has_no_figure(monkeypatch, name, value, page):
    monkeypatch.setattr(pages, name, value)
    with pytest.raises(CommandError, match=f"{page}: 200, bukan yang diminta"):
        list(page_figures())
