"""Offices come from data files; a third office is a third file."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from offices.enums import ServiceKind
from offices.models import Category, Holiday, Office, ServiceStandard, Unit

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "offices" / "data"


@pytest.fixture
def directory(tmp_path):
    """A copy of the project's files, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def load(*arguments):
    out = StringIO()
    call_command("load_offices", *map(str, arguments), stdout=out)
    return out.getvalue()


def spoil(directory, file, old, new):
    path = directory / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_both_offices_come_with_units_categories_hours_and_standard():
    out = load()
    assert "KPPN Mataram: dibuat; 5 unit, 21 kategori." in out
    assert "KPPN Tanjung Selor: dibuat; 5 unit, 21 kategori." in out
    for office in Office.objects.all():
        assert office.zone_label == "WITA"
        assert set(office.units.values_list("code", flat=True)) == {"UMUM", "PD", "MSKI", "BANK", "VERA"}
        hours = set(office.service_hours.values_list("service", "opens_at__hour", "closes_at__hour"))
        assert hours == {(ServiceKind.QUEUE, 8, 15), (ServiceKind.ONLINE, 8, 17)}
        assert office.service_hours.count() == 10


def test_contacts_are_those_of_the_two_standards():
    load()
    mataram, tanjung_selor = Office.objects.get(slug="mataram"), Office.objects.get(slug="tanjung-selor")
    assert (mataram.phone, mataram.postal_code) == ("081138000222", "83125")
    assert mataram.website == "https://www.djpb.kemenkeu.go.id/kppn/mataram"
    assert (tanjung_selor.phone, tanjung_selor.postal_code) == ("05522034375", "77214")
    assert tanjung_selor.website == "https://djpb.kemenkeu.go.id/kppn/tanjungselor/id/"
    assert tanjung_selor.kanwil.endswith("Provinsi Kalimantan Utara")


def test_standard_promises_twenty_minutes_and_three_working_days_for_free():
    load()
    for standard in ServiceStandard.objects.all():
        assert standard.decree_number == "KEP-57/PB/2023"
        assert (standard.session_minutes, standard.answer_working_days) == (20, 3)
        assert standard.cost == "Tidak dipungut biaya"
        assert standard.completion_time == "20 menit per satu jenis layanan"
        assert len(standard.products.splitlines()) == 3
        assert len(standard.complaint_channels.splitlines()) == 4
        assert len(standard.requirements.splitlines()) == 2
        assert len(standard.procedure_online.splitlines()) == 6


def test_oddities_of_the_printed_standards_are_resolved():
    load()
    mataram, tanjung_selor = ServiceStandard.objects.order_by("office__slug")
    assert len(mataram.procedure_face_to_face.splitlines()) == 7
    assert mataram.procedure_face_to_face.startswith("Petugas layanan menerima identitas/profil Stakeholder")
    assert len(tanjung_selor.procedure_face_to_face.splitlines()) == 6
    assert tanjung_selor.procedure_face_to_face.startswith("Stakeholder menyampaikan pertanyaan")
    for standard in (mataram, tanjung_selor):
        assert "setelah konsultasi tatap muka dilaksanakan" in standard.procedure_face_to_face
        assert "setelah pertanyaan/permasalahan diterima" in standard.procedure_online
        assert "tatap muka" not in standard.procedure_online


@pytest.mark.parametrize(
    ("category", "unit"),
    [
        ("SAKTI_USER", "UMUM"),
        ("UP_TUP", "MSKI"),
        ("PEMBAYARAN", "PD"),
        ("RETUR", "BANK"),
        ("BENDAHARA_LPJ", "VERA"),
    ],
)
def test_categories_are_routed_to_the_unit_that_handles_them(category, unit):
    load()
    for each in Category.objects.filter(code=category):
        assert each.unit.code == unit
        assert each.unit.office == each.office
        assert each.document_names


def test_national_days_come_along():
    load()
    assert Holiday.objects.filter(office=None).exists()


def test_loading_again_changes_nothing_an_administrator_changed():
    load()
    Office.objects.filter(slug="mataram").update(phone="0370633744")
    Unit.objects.filter(office__slug="mataram", code="BANK").update(name="Seksi Bank dan Kas")
    Category.objects.get(office__slug="mataram", code="TKD").delete()
    assert "KPPN Mataram: sudah ada, tidak diubah" in load()
    mataram = Office.objects.get(slug="mataram")
    assert mataram.phone == "0370633744"
    assert mataram.units.get(code="BANK").name == "Seksi Bank dan Kas"
    assert not mataram.categories.filter(code="TKD").exists()


def test_update_writes_the_file_over_the_office_and_removes_nothing():
    load()
    mataram = Office.objects.get(slug="mataram")
    Office.objects.filter(slug="mataram").update(phone="0370633744")
    Unit.objects.create(office=mataram, code="PDMS", kind="seksi", name="Seksi PDMS")
    rows = Category.objects.count(), ServiceStandard.objects.count()
    assert "KPPN Mataram: diperbarui; 6 unit" in load("--update")
    mataram.refresh_from_db()
    assert mataram.phone == "081138000222"
    assert (Category.objects.count(), ServiceStandard.objects.count()) == rows


def test_third_office_is_a_third_file(directory):
    (directory / "jayapura.toml").write_text(
        """
        [office]
        slug = "jayapura"
        number_prefix = "JAP"
        name = "KPPN Jayapura"
        full_name = "Kantor Pelayanan Perbendaharaan Negara Tipe A1 Jayapura"
        kanwil = "Kantor Wilayah Direktorat Jenderal Perbendaharaan Provinsi Papua"
        address = "Jl. Ahmad Yani No. 8, Jayapura"
        time_zone = "Asia/Jayapura"

        [[hours]]
        service = "online"
        weekdays = [0]
        opens_at = 08:00:00
        closes_at = 16:00:00

        [[units]]
        code = "PDMS"
        kind = "seksi"
        name = "Seksi Pencairan Dana dan Manajemen Satker"

        [[categories]]
        code = "PEMBAYARAN"
        name = "Pembayaran"
        unit = "PDMS"

        [standard]
        procedure_face_to_face = ["Stakeholder menyampaikan pertanyaan"]
        answer_working_days = 2
        """
    )
    assert "KPPN Jayapura: dibuat; 1 unit, 1 kategori." in load("--directory", directory)
    jayapura = Office.objects.get(slug="jayapura")
    assert jayapura.zone_label == "WIT"
    assert jayapura.service_hours.count() == 1
    assert jayapura.standards.get().answer_working_days == 2
    assert jayapura.standards.get().cost == "Tidak dipungut biaya"


BREAKS_AND_RAMADAN = """
[[hours]]
service = "online"
weekdays = [0, 1]
opens_at = 08:00:00
closes_at = 12:00:00

[[hours]]
service = "online"
weekdays = [0]
opens_at = 13:00:00
closes_at = 17:00:00

[[special_hours]]
service = "online"
name = "Ramadan 1448 H"
starts_on = 2027-02-08
ends_on = 2027-03-09
hours = [
    {weekdays = [0, 1, 2, 3], opens_at = 08:00:00, closes_at = 12:00:00},
    {weekdays = [0, 1, 2, 3], opens_at = 12:30:00, closes_at = 15:00:00},
]

[[special_hours]]
service = "tatap_muka"
name = "renovasi"
starts_on = 2026-12-28
ends_on = 2026-12-31
"""


def test_breaks_and_special_hours_are_loaded_and_written_over(directory):
    mataram = directory / "mataram.toml"
    mataram.write_text(mataram.read_text() + BREAKS_AND_RAMADAN)
    for arguments in ((), ("--update",)):
        load("--directory", directory, *arguments)
        office = Office.objects.get(slug="mataram")
        hours = office.service_hours.values_list("weekday", "opens_at__hour", "closes_at__hour")
        assert list(hours) == [(0, 8, 12), (0, 13, 17), (1, 8, 12)]
        closed, ramadan = office.special_hours.order_by("starts_on")
        assert (closed.service, closed.intervals.count()) == ("tatap_muka", 0)
        assert (ramadan.service, ramadan.intervals.count()) == ("online", 8)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("13:00:00", "11:00:00", "mataram.toml: hours[2].__all__: Jam ini bertumpang tindih"),
        ("12:30:00", "11:30:00", "special_hours[1].hours[2].__all__: Jam ini bertumpang tindih"),
        ("[0, 1, 2, 3], opens_at = 08", "[7], opens_at = 08", "special_hours[1].hours[1].weekday"),
        ("[0, 1, 2, 3], opens_at = 08", '["x"], opens_at = 08', "special_hours[1].hours[1].weekday"),
        ("weekdays = [0, 1]", 'weekdays = ["x"]', "mataram.toml: hours[1].weekday"),
        ("2027-03-09", "2027-02-07", "mataram.toml: special_hours[1].ends_on"),
        ("2027-03-09", '"nanti"', "mataram.toml: special_hours[1]"),
        ('name = "renovasi"\n', "", "mataram.toml: special_hours[2].name"),
        ("ends_on = 2026-12-31", "ends_on = 2026-12-31\nhours = [5]", "special_hours[2].hours: "),
    ],
)
def test_hours_that_cannot_be_are_refused_in_one_line(directory, old, new, named):
    mataram = directory / "mataram.toml"
    assert old in BREAKS_AND_RAMADAN
    mataram.write_text(mataram.read_text() + BREAKS_AND_RAMADAN.replace(old, new))
    with pytest.raises(CommandError) as refused:
        load("--directory", directory)
    assert named in str(refused.value)
    assert not Office.objects.exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        (
            "mataram.toml",
            'postal_code = "83125"',
            'postal_code = "831250"',
            "mataram.toml: office.postal_code",
        ),
        ("mataram.toml", 'slug = "mataram"', "", "mataram.toml: office.slug: belum diisi"),
        (
            "mataram.toml",
            'number_prefix = "MTR"',
            'number_prefix = "m1"',
            "mataram.toml: office.number_prefix",
        ),
        ("mataram.toml", 'number_prefix = "MTR"', 'number_prefix = "TJS"', "toml: office.number_prefix"),
        (
            "mataram.toml",
            'phone = "081138000222"',
            'fax = "1"',
            "mataram.toml: office.fax: kolom ini tidak dikenal",
        ),
        ("mataram.toml", 'phone = "081138000222"', "phone = [1, 2]", "office.phone: harus berupa satu nilai"),
        ("mataram.toml", 'phone = "081138000222"', 'phone = "\\u0000"', "office.phone: memuat karakter NUL"),
        ("mataram.toml", "[standard]", "[standar]", "mataram.toml: standar: bagian ini tidak dikenal"),
        ("mataram.toml", "[office]", "[[office]]", "mataram.toml: office: susunan bagian ini keliru"),
        ("mataram.toml", "[office]", "[office", "mataram.toml: tidak dapat dibaca"),
        ("common.toml", "Asia/Makassar", "Asia/Tokyo", "common.toml: office.time_zone"),
        (
            "common.toml",
            "answer_working_days = 3",
            "answer_working_days = 0",
            "common.toml: standard.answer_working_days",
        ),
        (
            "common.toml",
            "answer_working_days = 3",
            'answer_working_days = "tiga"',
            "standard.answer_working_days",
        ),
        ("common.toml", "valid_from = 2023-01-01", "valid_from = 2023", "nilai tidak sesuai"),
        (
            "common.toml",
            'unit = "VERA"',
            'unit = "VARA"',
            "common.toml: categories[12].unit: unit VARA tidak ada",
        ),
        (
            "common.toml",
            'code = "PD"',
            'code = "UMUM"',
            "common.toml: units[2].code: UMUM tertulis lebih dari sekali",
        ),
        ("common.toml", "closes_at = 15:00:00", "closes_at = 07:00:00", "Jam buka harus sebelum jam tutup"),
        ("common.toml", "weekdays = [0, 1, 2, 3, 4]", "weekdays = 5", "common.toml: hours[1].weekdays"),
        ("common.toml", "weekdays = [0, 1, 2, 3, 4]", "weekdays = [7]", "common.toml: hours[1].weekday"),
    ],
)
def test_broken_file_is_refused_in_one_line_that_names_file_and_field(directory, file, old, new, named):
    spoil(directory, file, old, new)
    with pytest.raises(CommandError) as refused:
        load("--directory", directory)
    assert refused.value.returncode == 2
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not Office.objects.exists()


def test_unreadable_bytes_and_empty_folder_are_refused(directory, tmp_path):
    (directory / "mataram.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match=r"mataram.toml: tidak dapat dibaca"):
        load("--directory", directory)
    with pytest.raises(CommandError, match="tidak ada berkas kantor"):
        load("--directory", tmp_path / "kosong")
