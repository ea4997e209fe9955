"""Finding a person or a satker while typing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stakeholders.models import Satker, Stakeholder
from stakeholders.services import (
    remember_satker,
    satker_by_code,
    satker_of_code,
    save_stakeholder,
    search_people,
    search_satker,
)
from tests.plans import settle


@pytest.fixture
def nurul(mataram, university, now):
    return save_stakeholder(
        mataram,
        kind="satker",
        name="Baiq Nurul Hidayati",
        satker=university,
        phone="+6281234567890",
        email="nurul@unram.example",
        nip="198609262015051001",
        now=now,
    )


@pytest.mark.parametrize(
    "typed",
    [
        "Bai",
        "nurul",
        "HIDAY",
        "baiq hid",
        "0812-34",
        "+62812",
        "62812",
        "0812 3456 7890",
        "198609",
        "Nurul@unr",
    ],
)
def test_a_person_is_found_by_any_beginning(mataram, nurul, typed):
    assert search_people(mataram, typed) == [nurul]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "b",
        "1",
        "ba",
        "b n h",
        "08",
        "081",
        "+628",
        "19",
        "nu@",
        "urul",
        "baiq santoso",
        "0813",
        "%",
        "__",
        "@",
        "unram.example",
    ],
)
def test_nobody_is_found_by_anything_else(mataram, nurul, typed):
    assert search_people(mataram, typed) == []


HOSTILE = [
    "\x00",
    "ba\x00iq",
    "' OR 1=1 --",
    "a & | ! ( ) :* <->",
    "'''",
    "\\",
    "💰💰",
    "\u202eabc",
    "x" * 1_000_000,
]
HOSTILE += ["a@%", "a@\x00b", "++", "²²", "a b c d e f g h i j k l m n o p q r s t u v w x y z"]


@pytest.mark.parametrize("typed", HOSTILE)
def test_anything_may_be_typed_into_a_lookup(mataram, nurul, typed):
    assert search_people(mataram, typed) == []
    assert search_satker(typed) == []


def test_another_office_finds_nobody(tanjung_selor, nurul):
    assert search_people(tanjung_selor, "nurul") == []


def test_a_lookup_shows_the_first_eight_by_name(mataram, now):
    for letter in "jihgfedcba":
        save_stakeholder(mataram, kind="masyarakat", name=f"Siti {letter}", now=now)
    assert [person.name for person in search_people(mataram, "siti")] == [f"Siti {x}" for x in "abcdefgh"]


def test_a_lookup_and_its_satker_cost_one_query(mataram, nurul, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [person.affiliation for person in search_people(mataram, "nurul")] == [
            "UNIVERSITAS MATARAM (023704)"
        ]


@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ("nurul", "stakeholder_name_words"),
        ("0812-345", "stakeholder_phone"),
        ("nurul@unr", "stakeholder_email"),
    ],
)
def test_a_lookup_among_thousands_is_answered_from_an_index(mataram, now, typed, index):
    Stakeholder.objects.bulk_create(
        Stakeholder(
            office=mataram,
            kind="masyarakat",
            name=f"Orang{n} Keluarga{n % 97}",
            phone=f"+6285{n:09}",
            email=f"orang{n}@example.com",
            created_at=now,
            updated_at=now,
        )
        for n in range(5000)
    )
    settle()
    with connection.cursor() as cursor:
        with CaptureQueriesContext(connection) as queries:
            search_people(mataram, typed)
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        assert index in "\n".join(line for (line,) in cursor.fetchall())


def test_a_satker_is_found_by_code_or_words(university, police):
    assert search_satker("0237") == [university]
    assert search_satker("univ mat") == [university]
    assert search_satker("mataram") == [police, university]
    assert str(university) == "UNIVERSITAS MATARAM (023704)"


def test_an_unknown_satker_is_kept_as_typed_but_not_suggested_to_others(db):
    satker = remember_satker("123456", "Satker Baru")
    assert remember_satker("123456", "Nama Lain") == satker
    assert satker_by_code("123456").name == "Satker Baru"
    assert search_satker("satker baru") == []
    assert not satker.is_listed


def test_a_code_that_anybody_typed_is_no_satker_until_an_officer_names_it(db):
    typed = satker_of_code("123456")
    assert satker_of_code("123456") == typed
    assert satker_by_code("123456") is None
    assert remember_satker("123456", "Satker Baru") == typed == satker_by_code("123456")


def test_a_code_nobody_knows_gives_no_satker(university):
    assert satker_by_code("999999") is None
    assert Satker.objects.count() == 1
