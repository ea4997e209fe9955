"""Bring the database and the static files up to this version of the desk."""

from __future__ import annotations

import hashlib
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection

from config.terminal import step

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

MIGRATION_LOCK = 20_260_101


class Command(BaseCommand):
    help = "Menyiapkan tabel, berkas tampilan, kantor, hari libur, dan peraturan; aman diulang."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="juga mengisi hari peragaan dan mencetak akunnya"
        )

    def handle(self, *, demo: bool, **_: Any) -> None:
        try:
            with step("Menyiapkan tabel"):
                migrate()
        except OperationalError as error:
            raise CommandError(
                f"Basis data tidak dapat dihubungi ({error}). Periksa DATABASE_URL."
            ) from error
        with step("Menyiapkan berkas tampilan"):
            collect_static()
        with step("Memuat kantor, hari libur, dan peraturan"):
            for command in ("load_offices", "sync_holidays", "load_regulations"):
                call_command(command, verbosity=0, stdout=StringIO())
        if demo:
            with step("Mengisi hari peragaan"):
                call_command("seed_demo", verbosity=0, stdout=StringIO())
            call_command("demo_logins", stdout=self.stdout)


def migrate() -> None:
    """Apply the migrations; whoever comes second waits, and then finds nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def collect_static() -> None:
    """Collect only when a source file has come, gone or changed since the last time."""
    listing = sorted(
        (name, storage.size(name), storage.get_modified_time(name).isoformat())
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    digest = hashlib.sha256(repr(listing).encode()).hexdigest()
    stamp = settings.STATIC_ROOT / "sources.sha256"
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest)
