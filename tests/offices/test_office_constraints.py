"""What the database itself refuses, whoever asks."""

from contextlib import contextmanager
from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import URLResolver, get_resolver

from offices.enums import AppointmentKind, HolidayKind, Role, ServiceKind
from offices.models import Appointment, Holiday, ServiceHours, ServiceStandard, SpecialHours, SpecialInterval
from offices.models.office import RESERVED_SLUGS

PLH, PLT = AppointmentKind.PLH, AppointmentKind.PLT


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def test_unit_belongs_to_unit_heads_and_to_nobody_else(mataram, appoint):
    with refuses("appointment_unit_for_unit_head_only"), transaction.atomic():
        appoint(mataram, Role.UNIT_HEAD, "budi")
    with refuses("appointment_unit_for_unit_head_only"), transaction.atomic():
        appoint(mataram, Role.CSO, "siti", unit="BANK")


def test_only_heads_have_stand_ins(mataram, appoint):
    with refuses("appointment_stand_in_heads_only"):
        appoint(mataram, Role.CSO, "siti", kind=PLH)


def test_appointment_does_not_end_before_it_begins(mataram, appoint):
    with refuses("appointment_ends_after_start"):
        appoint(mataram, Role.CSO, "siti", since="2026-11-23", until="2026-11-22")


def test_roles_and_kinds_are_the_known_ones(mataram, appoint):
    with refuses("appointment_role_and_kind_known"), transaction.atomic():
        appoint(mataram, "raja", "siti")
    with refuses("appointment_role_and_kind_known"), transaction.atomic():
        appoint(mataram, Role.OFFICE_HEAD, "budi", kind="pjs")


def test_unit_has_one_definitive_head_at_a_time(mataram, tanjung_selor, appoint):
    appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK", until="2026-06-30")
    with refuses("appointment_one_unit_head"), transaction.atomic():
        appoint(mataram, Role.UNIT_HEAD, "dewi", unit="BANK", since="2026-06-30")
    appoint(mataram, Role.UNIT_HEAD, "dewi", unit="BANK", since="2026-07-01")
    appoint(mataram, Role.UNIT_HEAD, "wayan", unit="BANK", kind=PLH)
    appoint(mataram, Role.UNIT_HEAD, "ketut", unit="BANK", kind=PLT)
    appoint(mataram, Role.UNIT_HEAD, "budi", unit="VERA")
    appoint(tanjung_selor, Role.UNIT_HEAD, "andi", unit="BANK")
    assert Appointment.objects.count() == 6


def test_office_has_one_definitive_head_at_a_time(mataram, tanjung_selor, appoint):
    appoint(mataram, Role.OFFICE_HEAD, "kepala")
    with refuses("appointment_one_office_head"), transaction.atomic():
        appoint(mataram, Role.OFFICE_HEAD, "saingan", since="2026-11-23")
    appoint(mataram, Role.OFFICE_HEAD, "pengganti", kind=PLH, since="2026-11-23")
    appoint(tanjung_selor, Role.OFFICE_HEAD, "lain")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"ends_on": date(2026, 11, 1)}, "ends_on", "Tanggal akhir tidak boleh sebelum tanggal mulai."),
        ({"role": Role.CSO}, "__all__", "Unit diisi untuk Kepala unit, dan hanya untuk Kepala unit."),
        ({}, "__all__", "Unit ini sudah memiliki kepala definitif pada tanggal tersebut."),
    ],
)
def test_form_says_in_indonesian_what_is_wrong(mataram, appoint, changes, field, message):
    staff = appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
    values = {
        "office": mataram,
        "staff": staff,
        "role": Role.UNIT_HEAD,
        "unit": mataram.units.get(code="BANK"),
        "starts_on": date(2026, 11, 23),
    }
    with pytest.raises(ValidationError) as refused:
        Appointment(**values | changes).full_clean()
    assert message in refused.value.message_dict[field]


def test_appointment_stays_within_one_office(mataram, tanjung_selor, appoint):
    siti = appoint(tanjung_selor, Role.CSO, "siti")
    stranger = Appointment(office=mataram, staff=siti, role=Role.CSO, starts_on=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="tidak bertugas di kantor tersebut"):
        stranger.full_clean()
    budi = appoint(mataram, Role.RECEPTIONIST, "budi")
    foreign_unit = Appointment(
        office=mataram,
        staff=budi,
        role=Role.UNIT_HEAD,
        unit=tanjung_selor.units.get(code="BANK"),
        starts_on=date(2026, 1, 1),
    )
    with pytest.raises(ValidationError, match="bukan bagian dari kantor tersebut"):
        foreign_unit.full_clean()


def test_category_stays_within_one_office(mataram, tanjung_selor):
    category = mataram.categories.get()
    category.unit = tanjung_selor.units.get(code="BANK")
    with pytest.raises(ValidationError, match="bukan bagian dari kantor tersebut"):
        category.full_clean()


def test_who_held_which_unit_cannot_be_deleted_away(mataram, appoint):
    staff = appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
    with pytest.raises(ProtectedError):
        staff.delete()
    with pytest.raises(ProtectedError):
        mataram.units.get(code="BANK").delete()


def test_day_has_one_row_nationally_and_one_for_each_office(mataram, tanjung_selor):
    day = {"date": date(2026, 12, 24), "name": "Natal", "kind": HolidayKind.COLLECTIVE_LEAVE}
    for office in (None, mataram, tanjung_selor):
        Holiday.objects.create(office=office, **day)
    for office in (None, mataram):
        with refuses("holiday_one_row_a_day"), transaction.atomic():
            Holiday.objects.create(office=office, **day)


def test_local_days_belong_to_an_office(mataram):
    for kind in (HolidayKind.LOCAL, HolidayKind.CLOSED):
        with refuses("holiday_local_kinds_need_office"), transaction.atomic():
            Holiday.objects.create(date=date(2026, 12, 17), name="HUT NTB", kind=kind)
        Holiday.objects.filter(office=mataram).delete()
        Holiday.objects.create(office=mataram, date=date(2026, 12, 17), name="HUT NTB", kind=kind)
    with refuses("holiday_kind_known"):
        Holiday.objects.create(office=mataram, date=date(2026, 12, 18), name="Libur", kind="lain")


def test_service_opens_before_it_closes_on_a_day_of_the_week(mataram):
    hours = {"office": mataram, "service": ServiceKind.QUEUE}
    with refuses("service_hours_open_before_close"), transaction.atomic():
        ServiceHours.objects.create(weekday=0, opens_at=time(15), closes_at=time(15), **hours)
    with refuses("service_hours_weekday_known"), transaction.atomic():
        ServiceHours.objects.create(weekday=7, opens_at=time(8), closes_at=time(15), **hours)
    with refuses("service_hours_service_known"), transaction.atomic():
        ServiceHours.objects.create(
            office=mataram, service="telepon", weekday=0, opens_at=time(8), closes_at=time(15)
        )


@contextmanager
def at_once():
    """Constraints that wait for the end of the transaction are checked at the end of the block."""
    with transaction.atomic(), connection.cursor() as cursor:
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_intervals_of_a_day_may_meet_but_not_overlap(mataram, tanjung_selor):
    def opened(opens_at, closes_at, office=mataram, service=ServiceKind.QUEUE, weekday=0):
        with at_once():
            return ServiceHours.objects.create(
                office=office,
                service=service,
                weekday=weekday,
                opens_at=time(opens_at),
                closes_at=time(closes_at),
            )

    opened(8, 12)
    opened(12, 15)
    opened(9, 10, weekday=1)
    opened(9, 10, office=tanjung_selor)
    for opens_at, closes_at in ((11, 13), (9, 10), (7, 16), (8, 12)):
        with refuses("service_hours_apart"):
            opened(opens_at, closes_at)
    assert ServiceHours.objects.filter(service=ServiceKind.QUEUE).count() == 4


def test_intervals_of_a_day_can_be_moved_one_by_one(mataram):
    both = [
        ServiceHours.objects.create(
            office=mataram, service=ServiceKind.QUEUE, weekday=0, opens_at=time(a), closes_at=time(b)
        )
        for a, b in ((8, 12), (13, 15))
    ]
    with at_once():
        for row, (opens_at, closes_at) in zip(both, ((8, 14), (14, 15)), strict=True):
            row.opens_at, row.closes_at = time(opens_at), time(closes_at)
            row.save()


@pytest.fixture
def special(mataram):
    def special(first, last, office=mataram, service=ServiceKind.ONLINE, name="Ramadan"):
        with transaction.atomic():
            return SpecialHours.objects.create(
                office=office,
                service=service,
                name=name,
                starts_on=date(2027, *first),
                ends_on=date(2027, *last),
            )

    return special


def test_special_hours_end_after_they_start_within_a_year(special):
    with refuses("special_hours_end_after_start"):
        special((3, 9), (2, 8))
    with refuses("special_hours_within_a_year"):
        SpecialHours.objects.create(
            office=special((2, 8), (3, 9)).office,
            service=ServiceKind.QUEUE,
            name="Ramadan",
            starts_on=date(2027, 1, 1),
            ends_on=date(2028, 1, 2),
        )


def test_special_hours_are_for_a_known_service(special):
    with refuses("special_hours_service_known"):
        special((2, 8), (3, 9), service="telepon")


def test_periods_of_one_service_do_not_overlap_and_a_date_lies_in_a_period_once(special, tanjung_selor):
    special((2, 8), (3, 9))
    special((3, 10), (3, 12))
    special((3, 1), (3, 1))
    special((2, 8), (3, 9), service=ServiceKind.QUEUE)
    special((2, 8), (3, 9), office=tanjung_selor)
    for first, last in (((3, 9), (3, 20)), ((1, 1), (12, 31)), ((2, 20), (2, 21))):
        with refuses("special_hours_periods_apart"):
            special(first, last)
    with refuses("special_hours_once_a_date"):
        special((3, 1), (3, 1))
    assert SpecialHours.objects.count() == 5


def test_special_intervals_are_checked_like_the_usual_ones(special):
    ramadan = special((2, 8), (3, 9))
    ramadan.intervals.create(weekday=0, opens_at=time(8), closes_at=time(12))
    for name, weekday, opens_at, closes_at in (
        ("special_interval_weekday_known", 7, 8, 12),
        ("special_interval_open_before_close", 1, 12, 12),
        ("special_interval_apart", 0, 11, 13),
    ):
        with refuses(name), at_once():
            ramadan.intervals.create(weekday=weekday, opens_at=time(opens_at), closes_at=time(closes_at))
    with pytest.raises(ValidationError) as refused:
        SpecialInterval(
            special=special((12, 24), (12, 24)), weekday=2, opens_at=time(8), closes_at=time(12)
        ).full_clean()
    assert refused.value.message_dict == {"weekday": ["Hari Rabu tidak ada pada 24 Desember 2027."]}


def test_forms_compare_heads_and_hours_within_one_unit_and_one_office(mataram, tanjung_selor, appoint):
    appoint(mataram, Role.OFFICE_HEAD, "kepala")
    appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
    since = {"starts_on": date(2026, 11, 23), "kind": AppointmentKind.DEFINITIF}
    there, here = (
        appoint(office, Role.CSO, name) for office, name in ((tanjung_selor, "andi"), (mataram, "ani"))
    )
    Appointment(office=tanjung_selor, staff=there, role=Role.OFFICE_HEAD, **since).full_clean()
    vera = mataram.units.get(code="VERA")
    Appointment(office=mataram, staff=here, role=Role.UNIT_HEAD, unit=vera, **since).full_clean()
    hours = {"service": ServiceKind.QUEUE, "weekday": 0, "opens_at": time(8), "closes_at": time(15)}
    ServiceHours.objects.create(office=mataram, **hours)
    ServiceHours(office=tanjung_selor, **hours).full_clean()
    with pytest.raises(ValidationError, match="bertumpang tindih"):
        ServiceHours(office=mataram, **hours).full_clean()


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("session_minutes", 0, "standard_minutes_within_bounds"),
        ("session_warning_minutes", 21, "standard_minutes_within_bounds"),
        ("answer_working_days", 0, "standard_working_days_within_bounds"),
        ("answer_working_days", 61, "standard_working_days_within_bounds"),
        ("progress_every_working_days", 0, "standard_working_days_within_bounds"),
        ("close_after_working_days", 0, "standard_working_days_within_bounds"),
    ],
)
def test_standard_promises_only_what_can_be_counted(mataram, field, value, constraint):
    with refuses(constraint):
        ServiceStandard.objects.update(**{field: value})


def test_standard_in_force_is_the_latest_that_has_begun(mataram, tanjung_selor):
    newer = mataram.standards.get()
    newer.pk, newer.decree_number, newer.valid_from = None, "KEP-83/PB/2025", date(2026, 1, 1)
    newer.save()

    def in_force(day):
        return {str(standard) for standard in ServiceStandard.objects.on(day)}

    assert in_force(date(2022, 12, 31)) == set()
    assert in_force(date(2025, 12, 31)) == {
        "KEP-57/PB/2023 (KPPN Mataram)",
        "KEP-57/PB/2023 (KPPN Tanjung Selor)",
    }
    assert in_force(date(2026, 1, 1)) == {
        "KEP-83/PB/2025 (KPPN Mataram)",
        "KEP-57/PB/2023 (KPPN Tanjung Selor)",
    }


def test_no_office_can_have_an_address_of_the_desk_itself():
    first_words = {str(pattern.pattern).split("/")[0] for pattern in flat(get_resolver().url_patterns)}
    own = {word for word in first_words if word and not word.startswith("<")}
    assert own <= {*RESERVED_SLUGS}


def flat(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "":
            yield from flat(pattern.url_patterns)
        else:
            yield pattern
