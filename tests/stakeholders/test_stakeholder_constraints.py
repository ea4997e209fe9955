"""What the database itself refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from stakeholders.models import Satker, Stakeholder


@pytest.fixture
def person(mataram, now):
    return Stakeholder(office=mataram, kind="masyarakat", name="Budi", created_at=now, updated_at=now)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("kind", "satker", "stakeholder_satker_for_kind_satker_only"),
        ("kind", "alien", "stakeholder_kind_known"),
        ("name", "", "stakeholder_name_not_blank"),
        ("phone", "081234567890", "stakeholder_phone_e164"),
        ("nip", "150307928", "stakeholder_nip_18_digits"),
        ("nip", "198609262015051001\n"[1:], "stakeholder_nip_18_digits"),
    ],
)
def test_a_stakeholder_with_a_wrong_value_is_refused(person, field, value, constraint):
    setattr(person, field, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        person.save()


def test_a_satker_belongs_to_a_stakeholder_of_kind_satker_only(person, university):
    person.satker = university
    with pytest.raises(IntegrityError, match="stakeholder_satker_for_kind_satker_only"), transaction.atomic():
        person.save()
    person.kind = "satker"
    person.save()


@pytest.mark.django_db
def test_a_wrong_satker_code_is_explained():
    with pytest.raises(ValidationError) as refusal:
        Satker(code="12345", name="X").full_clean()
    assert refusal.value.messages == ["Kode satker terdiri atas 6 digit angka, contoh 123456."]


@pytest.mark.django_db
def test_the_project_list_loads_twice_to_the_same_rows(capsys):
    call_command("load_satker")
    first = list(Satker.objects.values_list("code", "name"))
    call_command("load_satker")
    assert list(Satker.objects.values_list("code", "name")) == first
    assert len(first) > 40
    assert capsys.readouterr().out == f"{len(first)} satuan kerja dimuat dari satker.csv.\n" * 2


@pytest.mark.django_db
def test_an_offices_own_list_replaces_what_a_stakeholder_typed(tmp_path, capsys):
    Satker.objects.create(code="012345", name="salah ketik", is_listed=False)
    own = tmp_path / "satker.csv"
    own.write_text("code,name\n012345,SATKER CONTOH\n", encoding="utf-8")
    call_command("load_satker", str(own))
    assert Satker.objects.values_list("code", "name", "is_listed").get() == ("012345", "SATKER CONTOH", True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"code,name\n012345,SATKER CONTOH\n12345,PENDEK\n",
            "Baris 3: Kode satker terdiri atas 6 digit angka",
        ),
        (b"code,name\n012345,\n", "Baris 2: "),
        (b"apa saja\nx\n", "Baris 2: "),
        (b"\xff\xfe\x00", "satker.csv: "),
        (b"code,name\n012345,A\x00B\n", "Baris 2: "),
    ],
)
@pytest.mark.django_db
def test_a_list_with_a_wrong_line_is_refused_whole_and_the_line_named(tmp_path, content, sentence):
    own = tmp_path / "satker.csv"
    own.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("load_satker", str(own))
    assert not Satker.objects.exists()


def test_a_missing_list_is_named():
    with pytest.raises(CommandError, match=r"tidak-ada\.csv"):
        call_command("load_satker", "/tidak-ada.csv")
