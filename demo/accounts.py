"""The people of the demo: one account for every role of each office, with a password that everybody knows.

Their addresses end in `.invalid`, a domain that never receives mail; production refuses to start with such accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from offices.enums import AppointmentKind, Role
from offices.models import Appointment, Office, Staff

PASSWORD = "peragaan-meja-cso"  # noqa: S105 - meant to be known
SINCE = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Account:
    """`name` starts the sign-in name, which ends in the office's slug."""

    name: str
    role: Role
    full_names: dict[str, str]
    unit: str = ""
    kind: AppointmentKind = AppointmentKind.DEFINITIF

    def username(self, office: Office) -> str:
        return f"{self.name}.{office.slug}"


ACCOUNTS = (
    Account(
        "resepsionis",
        Role.RECEPTIONIST,
        {"mataram": "Lalu Rizki Pratama", "tanjung-selor": "Nur Aisyah Rahmadani"},
    ),
    Account("cso", Role.CSO, {"mataram": "Baiq Nurhaliza Astuti", "tanjung-selor": "Yohanes Lencau"}),
    Account("cso2", Role.CSO, {"mataram": "I Gede Suardana", "tanjung-selor": "Fitriani Abdullah"}),
    Account(
        "umum", Role.UNIT_HEAD, {"mataram": "Hartini Wulandari", "tanjung-selor": "Markus Ajang"}, "UMUM"
    ),
    Account("pd", Role.UNIT_HEAD, {"mataram": "Ahmad Fauzan", "tanjung-selor": "Rina Oktaviani"}, "PD"),
    Account(
        "mski", Role.UNIT_HEAD, {"mataram": "Dewi Kartikasari", "tanjung-selor": "Bambang Irawan"}, "MSKI"
    ),
    Account(
        "bank",
        Role.UNIT_HEAD,
        {"mataram": "Sri Mulyaningsih", "tanjung-selor": "Hendra Saputra"},
        "BANK",
        AppointmentKind.PLH,
    ),
    Account("vera", Role.UNIT_HEAD, {"mataram": "Agus Setiawan", "tanjung-selor": "Lusiana Tandi"}, "VERA"),
    Account("kepala", Role.OFFICE_HEAD, {"mataram": "Maya Anggraini", "tanjung-selor": "Ridwan Kamaruddin"}),
    Account("admin", Role.OFFICE_ADMIN, {"mataram": "Taufik Hidayatullah", "tanjung-selor": "Siska Pare"}),
)


def create_accounts(office: Office) -> None:
    """Give an office its demo staff; those it has already stay as they are."""
    for account in ACCOUNTS:
        username = account.username(office)
        if Staff.objects.filter(username=username).exists():
            continue
        staff = Staff.objects.create_user(
            username,
            email=f"{username}@desk.invalid",
            password=PASSWORD,
            office=office,
            full_name=account.full_names.get(office.slug, f"{account.role.label} {office.name}"),
        )
        unit = office.units.get(code=account.unit) if account.unit else None
        Appointment.objects.create(
            office=office, staff=staff, role=account.role, unit=unit, kind=account.kind, starts_on=SINCE
        )
