"""The library: what a citation reads, what loads, what the database refuses."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from regulations.models import Regulation


@pytest.mark.parametrize(
    ("kind", "number", "year", "citation"),
    [
        ("PMK", "62", 2023, "PMK 62 Tahun 2023 tentang Uji"),
        ("PMK", "210/PMK.05/2022", 2022, "PMK 210/PMK.05/2022 tentang Uji"),
        ("PER-DJPb", "PER-3/PB/2014", 2014, "PER-3/PB/2014 tentang Uji"),
        ("Peraturan BSSN", "4", 2021, "Peraturan BSSN 4 Tahun 2021 tentang Uji"),
    ],
)
def test_a_citation_reads_as_letters_quote_it(kind, number, year, citation):
    assert Regulation(kind=kind, number=number, year=year, title="Uji").citation == citation


@pytest.mark.django_db
def test_the_library_loads_twice_to_the_same_rows(capsys):
    call_command("load_regulations")
    first = list(Regulation.objects.values_list("pk", "number", "status"))
    call_command("load_regulations")
    assert list(Regulation.objects.values_list("pk", "number", "status")) == first
    assert len(first) == 53
    assert capsys.readouterr().out == "53 peraturan dimuat dari regulations.json.\n" * 2


@pytest.mark.django_db
def test_nothing_is_verified_until_an_administrator_says_so_and_then_loading_leaves_it():
    call_command("load_regulations", verbosity=0)
    assert not Regulation.objects.filter(is_verified=True).exists()
    checked = Regulation.objects.get(kind="PMK", number="62", year=2023)
    checked.status, checked.is_verified = "berlaku", True
    checked.save()
    call_command("load_regulations", verbosity=0)
    checked.refresh_from_db()
    assert checked.status == "berlaku"


RULE = {"kind": "PMK", "number": "1", "year": 2020, "title": "Uji"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            json.dumps([RULE, RULE | {"number": "2", "year": 1800}]),
            "Baris 2: Tahun peraturan antara 1945 dan 2100",
        ),
        (json.dumps([RULE | {"status": "entah"}]), "Baris 1: "),
        (json.dumps([{"kind": "PMK"}]), "Baris 1: "),
        (json.dumps([RULE | {"year": "dua ribu"}]), "Baris 1: "),
        (json.dumps(["PMK 1"]), "Baris 1: "),
        (json.dumps(RULE), "daftar"),
        ("[", "rules.json: "),
    ],
)
@pytest.mark.django_db
def test_a_wrong_file_is_refused_whole_with_the_row_named(tmp_path, content, sentence):
    path = tmp_path / "rules.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        call_command("load_regulations", str(path))
    assert not Regulation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, "regulation_once_per_number"),
        ({"number": "2", "status": "x"}, "regulation_status_known"),
        ({"number": "2", "year": 1800}, "regulation_year_plausible"),
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_a_wrong_or_repeated_rule(changes, constraint):
    Regulation.objects.create(**RULE)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Regulation.objects.create(**RULE | changes)
