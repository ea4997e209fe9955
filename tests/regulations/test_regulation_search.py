"""Finding a rule by its number in any spelling, or by what it is about."""

import pytest
from django.core.management import call_command

from regulations.search import search_regulations
from tests.factories import RegulationFactory


@pytest.fixture
def library(db):
    call_command("load_regulations", verbosity=0)


def regulation(number="1", year=2020, **fields):
    return RegulationFactory(number=number, year=year, **fields)


def citations(text, **options):
    return [found.short_citation for found in search_regulations(text, **options)]


@pytest.mark.parametrize(
    "spelling",
    [
        "62/2023",
        "62 / 2023",
        "PMK 62 Tahun 2023",
        "pmk no. 62/PMK.05/2023",
        "PMK Nomor 62 th 2023",
        "PMK 62 2023",
        "pmk 62",
        "62/PMK.05/20",
        "PMK 62 Tahun 2023 tentang Perencanaan Anggaran",
    ],
)
def test_a_number_is_understood_in_every_spelling(library, spelling):
    assert citations(spelling) == ["PMK 62 Tahun 2023"]


@pytest.mark.parametrize(
    ("spelling", "citation"),
    [
        ("KEP-57/PB/2023", "KEP-57/PB/2023"),
        ("kep 57 2023", "KEP-57/PB/2023"),
        ("57/2023", "KEP-57/PB/2023"),
        ("210/PMK.05/2022", "PMK 210/PMK.05/2022"),
        ("PMK 210 Tahun 2022", "PMK 210/PMK.05/2022"),
        ("per-9/pb/20", "PER-9/PB/2018"),
        ("UU 1/2004", "UU 1 Tahun 2004"),
    ],
)
def test_old_and_new_number_forms_find_the_same_rule(library, spelling, citation):
    assert citations(spelling) == [citation]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("retur sp2d", "PER-9/PB/2018"),
        ("TUP", "PMK 62 Tahun 2023"),
        ("sbm 2026", "PMK 32 Tahun 2025"),
        ("pelindungan data pribadi", "UU 27 Tahun 2022"),
        ("bagaimana cara penyelesaian retur", "PER-9/PB/2018"),
    ],
)
def test_words_find_what_a_rule_is_about(library, words, first):
    assert citations(words)[0] == first


def test_a_word_finds_its_indonesian_kin(library):
    assert "PMK 96/PMK.05/2017" in citations("membayar")


def test_the_last_word_may_be_half_typed(library):
    assert set(citations("lpj bend")) == {"PER-3/PB/2014", "PMK 162/PMK.05/2013"}


def test_when_no_rule_has_all_words_the_closest_comes_first(library):
    assert citations("retur sp2d ditolak bank")[0] == "PER-9/PB/2018"


def test_rules_in_force_come_before_those_to_check_and_revoked_ones(db):
    regulation("1", status="dicabut", title="Hibah hibah hibah")
    regulation("2", status="perlu_dicek", title="Hibah hibah")
    regulation("3", title="Hibah")
    assert citations("hibah") == ["PMK 3 Tahun 2020", "PMK 2 Tahun 2020", "PMK 1 Tahun 2020"]


def test_the_better_match_comes_first_among_rules_in_force(db):
    regulation("1", title="Rekening kas hibah")
    regulation("2", title="Hibah", subject="Hibah langsung")
    assert citations("hibah") == ["PMK 2 Tahun 2020", "PMK 1 Tahun 2020"]


def test_a_search_can_stay_within_a_category(library):
    assert citations("pembayaran", category_code="KKP_DIGIPAY") == ["PMK 196/PMK.05/2018"]


def test_without_words_the_newest_rules_in_force_are_shown(db):
    regulation("1", 2019)
    regulation("2", 2024)
    regulation("3", 2025, status="dicabut")
    assert citations("", limit=2) == ["PMK 2 Tahun 2024", "PMK 1 Tahun 2019"]


def test_no_more_than_the_limit_is_found(library):
    assert len(search_regulations("pmk", limit=3)) == 3


@pytest.mark.parametrize(
    "hostile",
    [
        "\x00",
        "ret\x00ur",
        "'; DROP TABLE regulations_regulation; --",
        "& | ! ( ) :* <->",
        "'''",
        "\\",
        "💰💰",
        "\u202eabc",
        "\ud800",
        "²²",
        "x" * 1_000_000,
        "9" * 1_000,
        "/" * 1_000,
        "1/a.1" * 100,
    ],
)
def test_anything_may_be_typed(library, hostile):
    assert isinstance(search_regulations(hostile), list)


def test_a_search_costs_at_most_two_queries(library, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        search_regulations("retur yang tidak pernah ada")


def test_a_corrected_title_is_found_at_once(db):
    rule = regulation(title="Hibah")
    rule.title = "Kontrak"
    rule.save()
    assert search_regulations("kontrak") == [rule]
    assert search_regulations("hibah") == []
