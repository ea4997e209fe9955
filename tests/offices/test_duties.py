"""What somebody may do follows from the appointments in force on the office's local date."""

from datetime import UTC, date, datetime, timedelta

import pytest

from offices.duties import (
    Duties,
    duties_of,
    heads_by_unit,
    heads_of_unit,
    heads_to_ask,
    holders_by_office,
    office_heads,
)
from offices.enums import AppointmentKind, Role
from offices.models import Staff

PLH, PLT = AppointmentKind.PLH, AppointmentKind.PLT


def names(appointments):
    return [appointment.staff.username for appointment in appointments]


def test_officer_has_the_role_and_signs_with_its_title(mataram, appoint, now):
    duties = duties_of(appoint(mataram, Role.CSO, "siti"), now)
    assert duties.office_id == mataram.pk
    assert duties.roles == {Role.CSO}
    assert duties.titles[Role.CSO] == "Petugas CSO"
    assert duties.has_role(Role.OFFICE_HEAD, Role.CSO)
    assert not duties.has_role(Role.RECEPTIONIST)
    assert duties.headed_unit_ids == frozenset()


def test_unit_head_heads_only_that_unit(mataram, appoint, now):
    duties = duties_of(appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK"), now)
    bank, vera = mataram.units.get(code="BANK"), mataram.units.get(code="VERA")
    assert duties.headed_unit_ids == {bank.pk}
    assert duties.heads(bank.pk)
    assert not duties.heads(vera.pk)
    assert duties.unit_titles == {bank.pk: "Kepala Seksi Bank"}


def test_stand_in_signs_as_one(mataram, appoint, now):
    wayan = appoint(
        mataram, Role.UNIT_HEAD, "wayan", unit="BANK", kind=PLH, since="2026-11-20", until="2026-11-23"
    )
    duties = duties_of(wayan, now)
    assert duties.titles[Role.UNIT_HEAD] == "Plh. Kepala Seksi Bank"
    assert duties_of(wayan, now + timedelta(days=1)) == Duties(office_id=mataram.pk)


def test_head_of_one_unit_may_stand_in_for_another_and_for_the_office(mataram, appoint, now):
    appoint(mataram, Role.UNIT_HEAD, "budi", unit="VERA")
    appoint(mataram, Role.OFFICE_HEAD, "budi", kind=PLT)
    duties = duties_of(appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK", kind=PLH), now)
    assert set(duties.unit_titles.values()) == {
        "Kepala Seksi Verifikasi dan Akuntansi",
        "Plh. Kepala Seksi Bank",
    }
    assert duties.titles[Role.OFFICE_HEAD] == "Plt. Kepala KPPN"
    assert duties.roles == {Role.UNIT_HEAD, Role.OFFICE_HEAD}


@pytest.mark.parametrize(
    ("moment", "in_force"),
    [
        pytest.param(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), False, id="23.59 WITA the day before"),
        pytest.param(datetime(2026, 11, 22, 16, 0, tzinfo=UTC), True, id="00.00 WITA of the first day"),
        pytest.param(datetime(2026, 11, 24, 15, 59, tzinfo=UTC), True, id="23.59 WITA of the last day"),
        pytest.param(datetime(2026, 11, 24, 16, 0, tzinfo=UTC), False, id="00.00 WITA the day after"),
    ],
)
def test_first_and_last_day_count_on_the_local_date(mataram, appoint, moment, in_force):
    staff = appoint(mataram, Role.CSO, "siti", since="2026-11-23", until="2026-11-24")
    assert duties_of(staff, moment).has_role(Role.CSO) is in_force


def test_offices_turn_the_day_at_their_own_midnight(mataram, jayapura, appoint):
    moment = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # 23.30 WITA, 00.30 WIT
    west = appoint(mataram, Role.CSO, "siti", since="2026-11-23")
    east = appoint(jayapura, Role.CSO, "yohana", since="2026-11-23")
    assert not duties_of(west, moment).roles
    assert duties_of(east, moment).roles
    assert set(holders_by_office([mataram.pk, jayapura.pk], Role.CSO, moment)) == {jayapura.pk}


def test_inactive_staff_have_no_duties(mataram, appoint, now):
    staff = appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
    staff.is_active = False
    staff.save()
    assert not duties_of(staff, now).roles
    assert heads_by_unit([mataram.pk], now) == {}


def test_somebody_without_office_has_no_duties_and_no_scope(db, now, django_assert_num_queries):
    root = Staff.objects.create_superuser("root", full_name="Root", email="", password="kata-sandi-uji-1")
    with django_assert_num_queries(0):
        assert duties_of(root, now) == Duties(office_id=0)


def test_appointments_of_an_office_since_left_no_longer_count(mataram, tanjung_selor, appoint, now):
    staff = appoint(mataram, Role.CSO, "siti")
    staff.office = tanjung_selor
    staff.save()
    assert duties_of(staff, now) == Duties(office_id=tanjung_selor.pk)


def test_who_left_for_another_office_heads_its_unit_no_more(mataram, tanjung_selor, appoint, now):
    head = appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
    appoint(mataram, Role.OFFICE_HEAD, "kepala")
    head.office = tanjung_selor
    head.save()
    bank = mataram.units.get(code="BANK")
    assert names(heads_to_ask(bank, now.date())) == ["kepala"]
    assert heads_by_unit([mataram.pk], now) == {}


def test_duties_take_one_query_however_many_appointments(mataram, appoint, now, django_assert_num_queries):
    appoint(mataram, Role.CSO, "budi")
    appoint(mataram, Role.UNIT_HEAD, "budi", unit="VERA")
    staff = Staff.objects.get(pk=appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK", kind=PLH).pk)
    with django_assert_num_queries(1):
        duties_of(staff, now)


def test_definitive_head_is_told_first_and_stand_in_beside(mataram, tanjung_selor, appoint):
    appoint(mataram, Role.UNIT_HEAD, "wayan", unit="BANK", kind=PLH, until="2026-11-23")
    appoint(mataram, Role.UNIT_HEAD, "budi", unit="BANK")
    appoint(mataram, Role.UNIT_HEAD, "dewi", unit="VERA")
    appoint(tanjung_selor, Role.UNIT_HEAD, "andi", unit="BANK")
    bank = mataram.units.get(code="BANK")
    assert names(heads_of_unit(bank, date(2026, 11, 23))) == ["budi", "wayan"]
    assert names(heads_of_unit(bank, date(2026, 11, 24))) == ["budi"]


def test_office_heads_are_those_of_the_office_on_the_day(mataram, tanjung_selor, appoint):
    appoint(mataram, Role.OFFICE_HEAD, "kepala", until="2026-11-22")
    appoint(mataram, Role.OFFICE_HEAD, "pengganti", kind=PLT, since="2026-11-23")
    appoint(tanjung_selor, Role.OFFICE_HEAD, "lain")
    assert names(office_heads(mataram, date(2026, 11, 22))) == ["kepala"]
    assert names(office_heads(mataram, date(2026, 11, 23))) == ["pengganti"]


def test_heads_of_all_offices_take_one_query(mataram, tanjung_selor, appoint, now, django_assert_num_queries):
    for office, head in ((mataram, "budi"), (tanjung_selor, "andi")):
        appoint(office, Role.UNIT_HEAD, head, unit="BANK")
        appoint(office, Role.OFFICE_HEAD, f"kepala-{head}")
    offices = [mataram.pk, tanjung_selor.pk]
    with django_assert_num_queries(2):
        by_unit, by_office = heads_by_unit(offices, now), holders_by_office(offices, Role.OFFICE_HEAD, now)
        told = {
            unit: [(each.title, each.staff.username) for each in heads] for unit, heads in by_unit.items()
        }
    assert told == {
        mataram.units.get(code="BANK").pk: [("Kepala Seksi Bank", "budi")],
        tanjung_selor.units.get(code="BANK").pk: [("Kepala Seksi Bank", "andi")],
    }
    assert names(by_office[mataram.pk]) == ["kepala-budi"]
