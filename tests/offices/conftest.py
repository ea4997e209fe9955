"""Two offices with their people; each rule is tried by somebody who may, and by the other office."""

from datetime import UTC, date, datetime, time

import pytest

from offices.enums import AppointmentKind, Role, ServiceKind, TimeZone, UnitKind
from offices.models import Appointment, Category, Office, ServiceHours, ServiceStandard, Staff, Unit


@pytest.fixture
def now():
    """Monday 23 November 2026, 10.00 WITA."""
    return datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def _office(slug, prefix, zone=TimeZone.WITA):
    office = Office.objects.create(
        slug=slug,
        number_prefix=prefix,
        name=f"KPPN {slug.replace('-', ' ').title()}",
        full_name=f"Kantor Pelayanan Perbendaharaan Negara Tipe A1 {slug}",
        kanwil="Kantor Wilayah",
        address="Jl. Langko No. 40",
        time_zone=zone,
    )
    for weekday in range(5):
        ServiceHours.objects.create(
            office=office, service=ServiceKind.ONLINE, weekday=weekday, opens_at=time(8), closes_at=time(17)
        )
    for code, name in (("BANK", "Seksi Bank"), ("VERA", "Seksi Verifikasi dan Akuntansi")):
        Unit.objects.create(office=office, code=code, kind=UnitKind.SEKSI, name=name)
    Category.objects.create(
        office=office, code="RETUR", name="Retur SP2D", unit=office.units.get(code="BANK"), documents="SPTJM"
    )
    texts = dict.fromkeys(
        (
            "requirements",
            "procedure_face_to_face",
            "procedure_online",
            "completion_time",
            "cost",
            "products",
            "complaint_channels",
        ),
        "Sesuai keputusan.",
    )
    ServiceStandard.objects.create(
        office=office, decree_number="KEP-57/PB/2023", valid_from=date(2023, 1, 1), **texts
    )
    return office


@pytest.fixture
def mataram(db):
    return _office("mataram", "MTR")


@pytest.fixture
def tanjung_selor(db):
    return _office("tanjung-selor", "TJS")


@pytest.fixture
def jayapura(db):
    return _office("jayapura", "JAP", TimeZone.WIT)


@pytest.fixture
def appoint(db):
    """Appoint somebody: `appoint(office, Role.CSO, "siti")`; a person named twice is the same one."""

    def appoint(
        office, role, username, *, unit=None, kind=AppointmentKind.DEFINITIF, since="2026-01-01", until=None
    ):
        staff = Staff.objects.filter(username=username).first() or Staff.objects.create_user(
            username, full_name=username.title(), office=office, password="kata-sandi-uji-1"
        )
        Appointment.objects.create(
            office=office,
            staff=staff,
            role=role,
            unit=office.units.get(code=unit) if unit else None,
            kind=kind,
            starts_on=date.fromisoformat(since),
            ends_on=date.fromisoformat(until) if until else None,
        )
        return staff

    return appoint


@pytest.fixture
def administrator(appoint, mataram):
    return appoint(mataram, Role.OFFICE_ADMIN, "admin-mataram")
