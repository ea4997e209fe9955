"""`manage.py load_regulations [FILE]`: fill the library of regulations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from regulations.models import Regulation

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT_LIST = Path(__file__).resolve().parents[2] / "data" / "regulations.json"


class Command(BaseCommand):
    help = "Memuat daftar peraturan. Baris yang sudah diverifikasi administrator tidak diubah."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=PROJECT_LIST, help="berkas JSON, satu daftar objek"
        )

    def handle(self, *, path: Path, **_options: Any) -> None:
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        if not isinstance(rows, list):
            raise CommandError(f"{path}: berkas harus memuat satu daftar objek.")
        with transaction.atomic():
            loaded = load_regulations(rows)
        self.stdout.write(f"{loaded} peraturan dimuat dari {path.name}.")


def load_regulations(rows: Iterable[dict[str, Any]]) -> int:
    """Add or renew one regulation a row, found by kind, number and year; rows already verified stay as they are.

    Returns how many were written; raises `CommandError` naming the first row that is wrong.
    """
    loaded = 0
    for number, row in enumerate(rows, start=1):
        try:
            loaded += _load(row)
        except (TypeError, ValidationError) as error:
            messages = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError(f"Baris {number}: {'; '.join(messages)}") from error
    return loaded


def _load(row: dict[str, Any]) -> bool:
    given = Regulation(**row)
    given.clean_fields()
    known = Regulation.objects.filter(kind=given.kind, number=given.number, year=given.year).first()
    regulation = known or given
    if regulation.is_verified:
        return False
    for name in row:
        setattr(regulation, name, getattr(given, name))
    regulation.full_clean()
    regulation.save()
    return True
