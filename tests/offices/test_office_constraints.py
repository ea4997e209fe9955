"""What the database itself refuses, whoever asks."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import URLResolver, get_resolver

from offices.enums import AppointmentKind, HolidayKind, Role, ServiceKind
from offices.models import Appointment, Holiday, ServiceHours, ServiceStandard
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
    ServiceHours.objects.create(weekday=0, opens_at=time(8), closes_at=time(15), **hours)
    with refuses("service_hours_once_per_weekday"), transaction.atomic():
        ServiceHours.objects.create(weekday=0, opens_at=time(9), closes_at=time(15), **hours)


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
