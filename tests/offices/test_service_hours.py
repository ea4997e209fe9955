"""Hours as visitors read them: with breaks, with the dates that keep others, and open or closed at this moment."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from offices.enums import ServiceKind
from offices.models import Office, ServiceHours, SpecialHours
from offices.service_hours import hours_in_words, opening_states

WITA = ZoneInfo("Asia/Makassar")
QUEUE = ServiceKind.QUEUE
RAMADAN = (date(2027, 2, 8), date(2027, 3, 9))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


@pytest.fixture
def office(mataram):
    """Its counter rests at noon, and longer on Friday; its online service does not."""
    for weekday in range(5):
        noon, again = (time(11, 30), time(13, 30)) if weekday == 4 else (time(12), time(13))
        for opens_at, closes_at in ((again, time(15)), (time(8), noon)):
            ServiceHours.objects.create(
                office=mataram, service=QUEUE, weekday=weekday, opens_at=opens_at, closes_at=closes_at
            )
    return mataram


@pytest.fixture
def keep(office):
    """Special hours of the counter; `hours` are weekday, opening and closing."""

    def keep(name, first, last, *hours):
        special = SpecialHours.objects.create(
            office=office, service=QUEUE, name=name, starts_on=first, ends_on=last
        )
        for weekday, opens_at, closes_at in hours:
            special.intervals.create(weekday=weekday, opens_at=opens_at, closes_at=closes_at)

    return keep


def words(office, today):
    return hours_in_words(Office.objects.get(pk=office.pk), today)


def state(office, moment):
    return opening_states(Office.objects.get(pk=office.pk), at(moment))[0]


def test_breaks_are_read_with_the_days_that_share_them(office):
    assert words(office, date(2026, 11, 23)) == [
        "Layanan tatap muka: Senin s.d. Kamis pukul 08.00–12.00 dan 13.00–15.00, Jumat pukul 08.00–11.30 dan 13.30–15.00 WITA",
        "Layanan online: Senin s.d. Jumat pukul 08.00–17.00 WITA",
    ]


def test_special_hours_are_told_from_two_weeks_before_to_their_last_day(office, keep):
    keep("Ramadan 1448 H", *RAMADAN, *[(weekday, time(8), time(14)) for weekday in range(5)])
    told = "Layanan tatap muka, Ramadan 1448 H (8 Februari 2027 s.d. 9 Maret 2027): Senin s.d. Jumat pukul 08.00–14.00 WITA"
    for day, is_told in (
        (date(2027, 1, 24), False),
        (date(2027, 1, 25), True),
        (RAMADAN[0], True),
        (RAMADAN[1], True),
        (date(2027, 3, 10), False),
    ):
        assert (told in words(office, day)) is is_told


def test_a_date_and_a_closed_counter_are_told_in_the_order_of_their_days(office, keep):
    keep("cuti bersama petugas", date(2026, 12, 28), date(2026, 12, 31))
    keep("setengah hari", date(2026, 12, 24), date(2026, 12, 24), (3, time(8), time(11)))
    assert state(office, "2026-12-23T10:00").special == [
        "setengah hari (24 Desember 2026): Kamis pukul 08.00–11.00 WITA",
        "cuti bersama petugas (28 Desember 2026 s.d. 31 Desember 2026): tutup",
    ]


@pytest.mark.parametrize(
    ("moment", "is_open", "text"),
    [
        ("2026-11-23T07:59", False, "Tutup, buka lagi hari ini pukul 08.00 WITA"),
        ("2026-11-23T11:59", True, "Sedang buka, sampai pukul 12.00 WITA, lalu buka lagi pukul 13.00"),
        ("2026-11-23T12:00", False, "Sedang istirahat, buka lagi hari ini pukul 13.00 WITA"),
        ("2026-11-23T13:00", True, "Sedang buka, sampai pukul 15.00 WITA"),
        ("2026-11-27T12:00", False, "Sedang istirahat, buka lagi hari ini pukul 13.30 WITA"),
        ("2026-11-27T15:00", False, "Tutup, buka lagi Senin pukul 08.00 WITA"),
    ],
)
def test_a_break_is_no_closing(office, moment, is_open, text):
    found = state(office, moment)
    assert (found.is_open, found.text) == (is_open, text)


def test_the_state_follows_special_hours_and_says_why_a_day_is_closed(office, keep):
    keep("setengah hari", date(2026, 11, 23), date(2026, 11, 23), (0, time(9), time(11)))
    keep("rapat kerja", date(2026, 11, 24), date(2026, 11, 24))
    assert state(office, "2026-11-23T08:30").text == "Tutup, buka lagi hari ini pukul 09.00 WITA"
    assert state(office, "2026-11-23T11:00").text == "Tutup, buka lagi Rabu pukul 08.00 WITA"
    assert state(office, "2026-11-24T10:00").text == (
        "Tutup, buka lagi besok pukul 08.00 WITA; hari ini layanan tatap muka tutup (rapat kerja)"
    )


def test_the_hours_are_read_in_one_query_and_kept(office, keep, django_assert_num_queries):
    keep("Ramadan 1448 H", *RAMADAN, (0, time(8), time(14)), (1, time(8), time(14)))
    fresh = Office.objects.get(pk=office.pk)
    with django_assert_num_queries(1):
        assert len(hours_in_words(fresh, RAMADAN[0])) == 3
        assert len(hours_in_words(fresh, RAMADAN[0])) == 3
