from datetime import date, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from offices.enums import HolidayKind
from offices.models import Holiday
from offices.national_days import sync_national_days


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("due_date", *arguments, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


def test_prints_the_due_moment_and_then_the_trace(mataram):
    sync_national_days([2026])
    lines, err = run("mataram", "2026-12-23T09:00")
    assert lines[0] == "2026-12-30T17:00:00+08:00"
    assert lines[1] == "Rabu, 23 Desember 2026: pertanyaan diterima, hari ke-0"
    assert lines[2] == "Kamis, 24 Desember 2026: cuti bersama Hari Raya Natal, tidak dihitung"
    assert lines[-1] == "Rabu, 30 Desember 2026: hari kerja ke-3, batas waktu jawaban pukul 17.00 WITA"
    assert err == ""


def test_the_trace_explains_special_hours(mataram):
    ramadan = mataram.special_hours.create(
        service="online", name="Ramadan 1448 H", starts_on=date(2027, 2, 8), ends_on=date(2027, 3, 9)
    )
    for weekday in range(5):
        for opens_at, closes_at in ((time(8), time(12)), (time(12, 30), time(15))):
            ramadan.intervals.create(weekday=weekday, opens_at=opens_at, closes_at=closes_at)
    lines, _ = run("mataram", "2027-02-03T10:00")
    assert lines[0] == "2027-02-08T15:00:00+08:00"
    assert lines[-1] == (
        "Senin, 8 Februari 2027: jam khusus Ramadan 1448 H (pukul 08.00–12.00 dan 12.30–15.00), "
        "hari kerja ke-3, batas waktu jawaban pukul 15.00 WITA"
    )


def test_moment_without_zone_is_read_on_the_wall_of_the_office(jayapura):
    assert run("jayapura", "2026-11-22T23:30")[0][0] == "2026-11-25T17:00:00+09:00"


def test_moment_with_offset_is_turned_into_the_office_date(mataram):
    assert run("mataram", "2026-11-22T15:30Z")[0][0] == "2026-11-25T17:00:00+08:00"
    assert run("mataram", "2026-11-22T16:30+00:00")[0][0] == "2026-11-26T17:00:00+08:00"


def test_counts_the_working_days_of_the_standard_then_in_force(mataram):
    mataram.standards.update(answer_working_days=2)
    newer = mataram.standards.get()
    newer.pk, newer.valid_from, newer.answer_working_days = None, date(2026, 11, 20), 5
    newer.save()
    assert run("mataram", "2026-11-19T10:00")[0][0] == "2026-11-23T17:00:00+08:00"
    assert run("mataram", "2026-11-20T10:00")[0][0] == "2026-11-27T17:00:00+08:00"
    assert run("mataram", "2022-03-04T10:00")[0][0] == "2022-03-08T17:00:00+08:00"


def test_warns_when_the_year_has_no_national_days(mataram):
    Holiday.objects.create(date=date(2029, 12, 25), name="Natal", kind=HolidayKind.NATIONAL)
    _, err = run("mataram", "2029-12-31T10:00")
    assert "sync_holidays --years 2030" in err
    assert "2029" not in err


@pytest.mark.parametrize(
    "moment", ["hari ini", "", "2026-13-01T00:00", "9999-12-31T10:00", "0001-01-01T00:00+14:00"]
)
def test_unreadable_moment_exits_2_with_one_line(mataram, moment):
    with pytest.raises(CommandError) as refused:
        run("mataram", moment)
    assert refused.value.returncode == 2
    assert str(refused.value).startswith(f"Waktu {moment!r} ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("slug", ["surabaya", "", "x\udcff", "' OR 1=1 --"])
def test_unknown_office_exits_2_and_names_the_known_ones(mataram, slug):
    with pytest.raises(CommandError, match="tidak dikenal; yang ada: mataram") as refused:
        run(slug, "2026-11-22T10:00")
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_without_any_office_it_says_how_to_load_them():
    with pytest.raises(CommandError, match="jalankan load_offices") as refused:
        run("mataram", "2026-11-22T10:00")
    assert refused.value.returncode == 2


def test_office_without_standard_is_refused(mataram):
    mataram.standards.all().delete()
    with pytest.raises(CommandError, match="belum memiliki standar pelayanan") as refused:
        run("mataram", "2026-11-22T10:00")
    assert refused.value.returncode == 2
