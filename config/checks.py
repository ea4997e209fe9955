"""What production refuses besides the settings that `config.settings.production` refuses itself."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register, run_checks
from django.db import OperationalError, connection

from config import addresses
from offices.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence


def no_demo_accounts(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Demo accounts have well-known passwords; their addresses end in a domain that can never receive mail."""
    if not databases or not Staff.objects.filter(email__endswith=".invalid", is_active=True).exists():
        return []
    return [
        Error(
            "Akun demo masih aktif di basis data ini.",
            hint="Pakai basis data kosong untuk produksi, atau nonaktifkan akun beralamat surel .invalid.",
            id="desk.E001",
        )
    ]


def clamd_has_an_address(**_: Any) -> list[CheckMessage]:
    """An address that cannot be reached would keep every file in quarantine."""
    if not settings.CLAMD_URL or re.fullmatch(r"tcp://[^/]+:\d{1,5}|unix:///.+", settings.CLAMD_URL):
        return []
    return [
        Error(
            f"CLAMD_URL tidak dapat dibaca: {settings.CLAMD_URL}",
            hint="Contoh: tcp://clamav:3310 atau unix:///run/clamav/clamd.ctl. Kosongkan apabila tanpa ClamAV.",
            id="desk.E002",
        )
    ]


register(no_demo_accounts, Tags.database, deploy=True)
register(clamd_has_an_address)


def refuse_unsafe(**_: Any) -> None:
    """End the process with one line for each thing that makes the desk unsafe.

    Outside production only demo accounts do, on a desk that other machines can reach.
    """
    if not settings.GUARDED and addresses.is_of_this_machine_alone(settings.HOST):
        return
    try:
        if settings.GUARDED:
            found = run_checks(include_deployment_checks=True, databases=["default"])
        else:
            found = no_demo_accounts(["default"])
    except OperationalError as error:
        sys.exit(f"Basis data tidak dapat dihubungi ({error}). Periksa DATABASE_URL.")
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined] # PostgreSQL's has one; its threads would not survive a fork
    if serious := [message for message in found if message.is_serious(WARNING)]:
        sys.exit("\n".join(str(message) for message in serious))
